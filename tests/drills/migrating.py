"""A migration is killed in the middle, again and again: the next one ends it, and pages say plainly that they wait."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

from tests.drills.person import Person
from tests.drills.portal import manage
from tests.drills.registry import drill
from tests.servers.postgres import server
from tests.servers.processes import ROOT, python, status_of, until
from tests.servers.valkey import free_port

KILLS = 4
SEED = 2026


@drill(
    "migration-interrupted",
    "killed four times in the middle on each database: pages answer by a page of ours, the next migrate ends it",
)
def migration_interrupted() -> str:
    seen = []
    for name, when in (("PostgreSQL", _on_postgresql), ("SQLite", _on_sqlite)):
        seen.append(f"{name}: {when()}")
    return "; ".join(seen)


def _on_postgresql() -> str:
    with server() as database, tempfile.TemporaryDirectory(prefix="drill-") as folder:

        def connect():
            return psycopg2.connect(host=database.folder, user="postgres", dbname="postgres")

        return _interrupted({"DATABASE_URL": database.url, "VAR_DIR": folder, "REDIS_URL": ""}, connect)


def _on_sqlite() -> str:
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        file = f"{folder}/portal.sqlite3"
        environment = {"DATABASE_URL": f"sqlite:///{file}", "VAR_DIR": folder, "REDIS_URL": ""}
        return _interrupted(environment, lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True))


def _interrupted(environment: dict[str, str], connect: Callable) -> str:
    chance, reached = random.Random(SEED), []
    for _ in range(KILLS):
        reached.append(_killed(environment, connect, after=chance.randint(2, 9), wait=chance.uniform(0, 0.2)))
    told = _answered(environment)
    left = manage(environment, "migrate", "--check", check=False).returncode
    assert left, f"nothing was left to do after {reached}"
    manage(environment, "migrate", "-v0")
    manage(environment, "migrate", "--check")
    manage(environment, "load_samples")
    after = _answered(environment)
    assert (told <= {200, 503}, after) == (True, {200}), (told, after)
    pages = ", ".join(map(str, sorted(told)))
    steps = ", ".join(map(str, reached))
    return f"killed after {steps} steps, pages said {pages}; then migrate ended it, samples loaded, pages 200"


def _killed(environment: dict[str, str], connect: Callable, *, after: int, wait: float) -> int:
    """Kill `migrate` a moment after so many more of its steps stand; returns how many stand then."""
    aim = _applied(connect) + after
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, start_new_session=True)
    try:
        until(lambda: _applied(connect) >= aim or process.poll() is not None, within=120)
        time.sleep(wait)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return _applied(connect)


def _applied(connect: Callable) -> int:
    """Return how many steps of migrations stand in the database; 0 while it has no table of them."""
    with suppress(psycopg2.Error, sqlite3.Error), closing(connect()) as database, closing(database.cursor()) as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return cursor.fetchone()[0]
    return 0


class _Visited:
    """The portal of which only the web stands."""

    def __init__(self, address: str):
        self.address = address


def _answered(environment: dict[str, str]) -> set[int]:
    """Return the statuses of the first pages; raises where a failure is not told on a page of ours."""
    address, folder = f"127.0.0.1:{free_port()}", Path(environment["VAR_DIR"])
    web = f"-m gunicorn portal.wsgi --bind {address} --worker-class gthread --threads 4 --no-control-socket"
    with python(web, folder / "web.log", **environment):
        until(lambda: status_of(address, "/account/login/"), within=30)
        answers = [Person(_Visited(address), "").get(path) for path in ("/account/login/", "/account/login/?next=/")]
        time.sleep(0.1)
    assert all(answer.status == 200 or answer.is_ours for answer in answers), answers
    return {answer.status for answer in answers}
