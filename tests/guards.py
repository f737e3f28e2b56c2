"""Takes the database's refusals down for a moment, which only emptying a test's database may do."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def guards_lifted():
    """Drop SQLite's triggers and put them back; on PostgreSQL the TRUNCATE of a flush passes row triggers anyway."""
    kept = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = cursor.fetchall()
        for name, _sql in kept:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _name, sql in kept:
                cursor.execute(sql)
