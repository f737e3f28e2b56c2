"""Takes the database's refusals down for a moment, which only emptying a test's database may do."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def guards_lifted():
    """Drop SQLite's triggers and put them back; on PostgreSQL let none fire on this connection."""
    lift, restore = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()
    _run(lift)
    try:
        yield
    finally:
        _run(restore)


def _on_postgresql():
    return ["SET session_replication_role = replica"], ["SET session_replication_role = DEFAULT"]


def _on_sqlite():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _sql in kept], [sql for _name, sql in kept]


def _run(statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
