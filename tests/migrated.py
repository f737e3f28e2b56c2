"""One migrated database for a whole run: every worker of every lane begins from a copy of it.

Migrating takes eight seconds of a core, copying next to none. Without MIGRATED, as when one module is run by hand,
each migrates its own.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg2
from django.db import connection

from tests.servers.processes import ROOT


@contextmanager
def on_sqlite() -> Iterator[dict[str, str]]:
    """Yield the environment of tests that copy a migrated SQLite file."""
    with TemporaryDirectory(prefix="migrated-") as folder:
        path = Path(folder) / "migrated.sqlite3"
        _migrate(f"sqlite:///{path}", folder)
        # A copy in memory can have no log beside it.
        with closing(sqlite3.connect(path)) as file:
            file.execute("PRAGMA journal_mode=DELETE")
        yield {"MIGRATED": str(path)}


@contextmanager
def on_postgres(url: str) -> Iterator[dict[str, str]]:
    """Yield the environment of tests that copy a migrated database of this server."""
    name = f"migrated_{os.getpid()}"
    _tell(url, f"CREATE DATABASE {name}")
    try:
        with TemporaryDirectory(prefix="migrated-") as folder:
            _migrate(urlsplit(url)._replace(path=f"/{name}").geturl(), folder)
        yield {"MIGRATED": name}
    finally:
        _tell(url, f"DROP DATABASE {name}")


def begin_from_copy() -> Iterator[None]:
    """Have the test database made from the run's migrated one; with MIGRATE off, `migrate` finds every table there."""
    if not (migrated := os.environ.get("MIGRATED")):
        yield
        return
    wanted = connection.settings_dict["TEST"]
    wanted["MIGRATE"] = False
    if connection.vendor == "postgresql":
        wanted["TEMPLATE"] = migrated
        yield
        return
    # One in memory lives as long as somebody is connected to it.
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as copy:
        with closing(sqlite3.connect(migrated)) as source:
            source.backup(copy)
        yield


def _migrate(url: str, folder: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url, "VAR_DIR": folder}, check=True)


def _tell(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(statement)
