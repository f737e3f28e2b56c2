"""What stands in deploy/ says of the portal what the portal says of itself."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from portal.processes import PROGRAMS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
ASKED = re.compile(r"""\benv(?:\.\w+)?\(\s*["']([A-Z_]+)["']""")


def unit(name: str) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None, delimiters="=")
    read.optionxform = str
    read.read(UNITS / name, encoding="utf-8")
    return read


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_unit_starts_what_run_portal_starts(name):
    command = PROGRAMS[name].format(python="/opt/portal/.venv/bin/python", address="127.0.0.1:8000")
    service = unit(f"portal-{name}.service")
    assert service["Service"]["ExecStart"] == command.replace("%", "%%")
    assert f"portal-{name}.service" in unit("portal.target")["Unit"]["Wants"].split()
    assert service["Unit"]["PartOf"] == service["Install"]["WantedBy"] == "portal.target"


def test_what_is_asked_of_a_process_that_ends_fits_into_the_time_it_is_given():
    graceful = int(re.search(r"--graceful-timeout (\d+)", PROGRAMS["web"]).group(1))
    assert int(unit("portal-web.service")["Service"]["TimeoutStopSec"]) > graceful


def test_stopping_the_target_waits_for_all_that_is_stopped():
    """Systemd ends what stands after a unit before the unit; else the stop returns while old code still runs."""
    for name in ("portal-.service.d/common.conf", "portal-web.socket"):
        assert "portal.target" in unit(name)["Unit"]["After"].split(), name
    assert "After" not in unit("portal.target")["Unit"]


def test_the_pool_is_told_to_the_pages_alone():
    told = {name for name in PROGRAMS if "EnvironmentFile" in unit(f"portal-{name}.service")["Service"]}
    assert told == {"web"}
    assert "EnvironmentFile" not in unit("portal-.service.d/common.conf")["Service"]
    kept = unit("portal-web.service")["Service"]["EnvironmentFile"]
    assert kept == "-/opt/portal/.env.web"
    for name in (".gitignore", ".dockerignore"):
        assert ".env.web" in (ROOT / name).read_text().split(), "it holds a password"


def test_the_font_that_is_installed_has_vietnamese_letters():
    """On Debian 12 `fonts-liberation` is 1.07, which draws boxes; 2.1 is called fonts-liberation2."""
    guide = ROOT / "docs/guide"
    for path in (DEPLOY / "Containerfile", guide / "operator.md", guide / "operator/install.md"):
        lines = [line for line in path.read_text().splitlines() if "libharfbuzz-subset0" in line]
        assert lines, path
        assert all(re.search(r"\bfonts-liberation2\b", line) for line in lines), path


def test_the_guide_lets_the_portal_try_its_backups_and_grants_before_it_starts():
    guide = ROOT / "docs/guide/operator"
    assert re.search(r"createuser .*--createdb", (guide / "install.md").read_text())
    steps = (guide / "upgrade.md").read_text()
    wanted = ["manage.py migrate", "manage.py journal_grants --apply", "systemctl start portal.target"]
    found = [steps.index(step) for step in wanted]
    assert found == sorted(found)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze on this machine")
def test_systemd_understands_the_units_and_finds_them_closed(tmp_path):
    there = shutil.copytree(UNITS, tmp_path / "units")
    for service in there.glob("*.service"):
        # Where it is verified nothing is installed.
        service.write_text(service.read_text().replace("/opt/portal/.venv/bin/python", "/bin/true"))
    names = [str(path) for path in there.iterdir() if path.is_file()]
    verified = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    for service in sorted(there.glob("*.service")):
        # Of ten, which is a process that may do anything.
        told = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", "--no-pager", service]
        judged = subprocess.run(told, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, judged.stdout.splitlines()[-1]


def test_the_example_names_every_variable_the_settings_read():
    written = "".join(path.read_text() for path in (ROOT / "portal").rglob("*.py"))
    example = (DEPLOY / "production.env.example").read_text()
    told = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    # Named only to be refused.
    assert set(ASKED.findall(written)) - {"ANTIVIRUS_COMMAND"} <= told
    assert {name for name in told if not re.search(rf"[\"']{name}[\"']", written)} == set(), "nobody reads these"


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_container_starts_what_run_portal_starts(name):
    if name == "web":
        written = re.search(r"^CMD \[(.*)\]$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    else:
        compose = (DEPLOY / "compose.yaml").read_text()
        written = re.search(rf"^  {name}:\n.*\n    command: \[(.*)\]$", compose, re.MULTILINE)
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|[^,\s]+', written.group(1))]
    assert words == PROGRAMS[name].format(python="", address="0.0.0.0:8000").split()
