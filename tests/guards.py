"""Empties a test's database, and takes its refusals down for that moment, which nothing else may do."""

from contextlib import contextmanager

from django.db import connection

# What `migrate` writes of the code alone.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_database() -> None:
    """Delete the rows of every table that has some, but of KEPT; a flush would make each table's files anew."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables))  # noqa: S608
        filled = [name for (name,) in cursor.fetchall()]
    with guards_lifted(), connection.constraint_checks_disabled():
        _run(f"DELETE FROM {name}" for name in filled)  # noqa: S608


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    # The role the portal may act as can do neither: who connected takes the refusals down.
    lift = ["SET ROLE NONE", "SET session_replication_role = replica"]
    return lift, ["SET session_replication_role = DEFAULT", f'SET ROLE "{role}"']


def _on_sqlite():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _sql in kept], [sql for _name, sql in kept]


def _run(statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
