"""Writing a database to one file and filling one from it: two kinds of database, the same four verbs.

Every function takes a Django connection; what PostgreSQL does is done by its own programs.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from portal.backups import programs
from portal.backups.facts import facts_of
from portal.backups.opening import opened
from portal.backups.refusals import BackupRefused

# What makes a database somebody's: without a row of these it was only migrated.
OWNED = ("organizations_person", "organizations_unit", "journal_event")
OTHERS = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
OTHERS += " AND backend_type = 'client backend'"
OWN_TABLES_AND_FUNCTIONS = """
    SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = current_schema()
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""


def dump(connection, path: Path) -> dict:
    """Write the database as it stands at one instant to a file; returns its facts at that instant."""
    return (_dump_postgresql if connection.vendor == "postgresql" else _dump_sqlite)(connection, path)


def load(connection, path: Path) -> None:
    """Put what such a file holds in the place of all the database holds: the whole of it, or nothing is changed.

    SQLite copies page by page, and goes back by itself when that ends half-way.
    """
    if connection.vendor == "postgresql":
        programs.replay(connection, path, after=_drops(connection))
        _analyze(connection)
        return
    with closing(_read_only(path)) as source:
        connection.ensure_connection()
        source.backup(connection.connection)


def refuse_unreadable(connection, path: Path) -> None:
    """Raise BackupRefused where no program here reads such a file into this server."""
    if connection.vendor == "postgresql":
        programs.fitting("psql", connection.pg_version // 10_000)
        programs.run("pg_restore", connection, "--list", str(path))
    else:
        _read_only(path).close()


def is_empty(connection) -> bool:
    """Whether nothing would be lost: no tables, or no person, unit or event in them."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in set(OWNED) & set(tables):
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            if cursor.fetchone():
                return False
        return bool(set(OWNED) & set(tables)) or not tables


def wipe(connection) -> None:
    """Delete every table and function of the portal; extensions stay. SQLite's go when another takes their place."""
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _drops(connection):
            cursor.execute(statement)


def others_connected(connection) -> int:
    """Return how many others work on the database now; SQLite does not know."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return cursor.fetchone()[0]


def _drops(connection) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(OWN_TABLES_AND_FUNCTIONS)
        return [statement for (statement,) in cursor.fetchall()]


def _dump_postgresql(connection, path: Path) -> dict:
    """The facts and the dump see one snapshot, whatever is written meanwhile; nobody waits for it."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        options = ["--format=custom", "--compress=3", "--no-owner", f"--file={path}"]
        programs.run("pg_dump", connection, *options, snapshot=snapshot)
        return facts_of(connection)


def _dump_sqlite(connection, path: Path) -> dict:
    """Copied in one step under one read lock, while others go on writing."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        # One file, with no log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
    told = {"ENGINE": connection.settings_dict["ENGINE"], "NAME": str(path)}
    with opened("copy", told) as written:
        return facts_of(written)


def _read_only(path: Path) -> sqlite3.Connection:
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        source.execute("SELECT COUNT(*) FROM sqlite_master")
    except sqlite3.DatabaseError as broken:
        source.close()
        raise BackupRefused(_("Tệp cơ sở dữ liệu trong bản sao lưu không đọc được: %s") % broken) from broken
    return source


def _analyze(connection) -> None:
    """A database just filled plans badly until it is told what it holds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
