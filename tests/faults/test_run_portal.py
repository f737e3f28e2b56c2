"""`make run` as a whole: one plain line for each refusal, a dead process restarted, nothing left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.processes import ROOT, end, python, status_of, until
from tests.servers.valkey import free_port

pytestmark = pytest.mark.fault
WORDS = ("celery -A portal worker", "celery -A portal beat", "gunicorn")
OLD_PYTHON = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n'


@pytest.fixture
def installation(tmp_path) -> dict[str, str]:
    """An installation of its own, without sample data, on the embedded database and broker."""
    folder = tmp_path / "var"
    embedded = {"DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3", "REDIS_URL": ""}
    return {"VAR_DIR": str(folder), "SAMPLES": "0", **embedded}


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    environment = os.environ | environment
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return run(sys.executable, "manage.py", *arguments, **environment)


def processes_of(folder: str) -> dict[int, str]:
    """Return {pid: command line} of the processes that work for this installation's folder."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={folder}\0" in (process / "environ").read_text():
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue
    return {pid: command for pid, command in found.items() if command}


def first_pid(folder: str, word: str) -> int | None:
    return min((pid for pid, command in processes_of(folder).items() if word in command), default=None)


def begins_anew(installation, port) -> list[int | None]:
    """Reload, and ask for a page until each kind of process is followed by another; returns what was answered."""
    folder, answers = installation["VAR_DIR"], []
    before = processes_of(folder)
    done = manage("reload_portal", **installation)
    assert (done.returncode, "4 tiến trình" in done.stdout) == (0, True), done.stderr

    def all_new() -> bool:
        answers.append(status_of(f"127.0.0.1:{port}", "/account/login/"))
        new = [command for pid, command in processes_of(folder).items() if pid not in before]
        return all(any(word in command for command in new) for word in WORDS)

    until(all_new, within=60)
    return answers


def test_the_dead_are_restarted_and_ctrl_c_leaves_nothing(installation, tmp_path):
    port, log, folder = free_port(), tmp_path / "run.log", installation["VAR_DIR"]
    manage("collectstatic", "--noinput", "-v0", **installation)
    # Into a file, as under a service manager: the address is told at once all the same.
    installation["PYTHONUNBUFFERED"] = ""
    with python(f"manage.py run_portal --port {port}", log, **installation) as portal:
        until(lambda: "Ctrl-C" in log.read_text(), within=120)
        for word in WORDS:
            killed = until(lambda word=word: first_pid(folder, word))
            os.kill(killed, signal.SIGKILL)
            until(lambda word=word, killed=killed: first_pid(folder, word) not in (None, killed), within=40)
        until(lambda: status_of(f"127.0.0.1:{port}", "/account/login/") == 200)
        assert {*begins_anew(installation, port)} == {200}
        assert end(portal, signal.SIGINT, patience=60) == 0
        assert log.read_text().splitlines()[-1] == "Đã dừng. / Stopped."
        assert processes_of(folder) == {}


def test_a_port_in_use_is_told_in_one_line(installation):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = manage("run_portal", "--port", str(port), **installation)
    assert (done.returncode, done.stderr.count("\n"), str(port) in done.stderr) == (1, 1, True), done.stderr


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_told_in_one_line(installation, port):
    done = manage("run_portal", **installation, PORT=port)
    assert (done.returncode, done.stderr.count("\n"), port in done.stderr) == (1, 1, True), done.stderr


@pytest.mark.parametrize(
    ("address", "named"),
    [("postgres://nobody@127.0.0.1:1/portal", "127.0.0.1"), ("sqlite:////sys/portal.sqlite3", "database file")],
)
def test_a_database_out_of_reach_is_told_in_one_line(installation, address, named):
    done = manage("run_portal", "--port", str(free_port()), **installation | {"DATABASE_URL": address})
    assert (done.returncode, done.stderr.count("\n"), named in done.stderr) == (1, 1, True), done.stderr


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"ALLOWED_HOSTS": "portal.example.vn", "SECRET_KEY": ""}, "SECRET_KEY"),
        ({"VAR_DIR": "/sys/portal"}, "/sys/portal"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(installation, wrong, named):
    done = manage("check", **installation | wrong)
    assert (done.returncode, done.stderr.count("\n"), named in done.stderr) == (1, 1, True), done.stderr


def setup_with(tmp_path: Path, python: str) -> subprocess.CompletedProcess:
    """Run a copy of deploy/setup where the only Python is this script; none at all when it is empty."""
    script = (ROOT / "deploy/setup").read_text().replace("/usr/bin/python3.11 /usr/local/bin/python3.11", "")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/setup").write_text(script)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "rm"):
        (programs / name).symlink_to(shutil.which(name))
    for name in ("python3", "python3.11") if python else ():
        (programs / name).write_text(python)
        (programs / name).chmod(0o755)
    return run(shutil.which("sh"), "deploy/setup", cwd=tmp_path, PATH=str(programs), PYTHON="")


@pytest.mark.parametrize(("python", "named"), [(OLD_PYTHON, "Python 3.9.2"), ("", "không có Python")])
def test_an_old_python_or_none_is_told_in_one_line(tmp_path, python, named):
    done = setup_with(tmp_path, python)
    assert (done.returncode, done.stderr.count("\n"), named in done.stderr) == (1, 1, True), done.stderr
