"""What a database holds, in a few numbers and hashes: noted beside a backup, and compared where it was restored.

Plain SQL, so that a database of an older release can be asked too.
"""

from hashlib import sha256

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

AT_ONCE = 2000
# What closing sealed: their rows are compared to the last digit, not only counted.
SEALED = ("completion_revision", "completion_frozenunit", "completion_figure", "completion_figurepart")


def facts_of(connection) -> dict:
    """Return {"counts": {table: rows}, "sealed": {table: hash}, "head": the journal's, "migrations": {app: last}}.

    A few queries a table; the tables of sealed figures are read whole. Memory does not grow with them.
    """
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)))
        return {
            "counts": {table: _one(cursor, f'SELECT COUNT(*) FROM "{table}"') for table in tables},  # noqa: S608
            "sealed": {table: _hash(connection, table) for table in SEALED if table in tables},
            "head": _head(cursor) if "journal_link" in tables else None,
            "migrations": _migrations(cursor) if "django_migrations" in tables else {},
        }


def differences(noted: dict, found: dict) -> list[dict]:
    """Return where two databases' facts differ, as rows of what, name, noted and found."""
    rows = []
    for what in ("counts", "sealed", "migrations"):
        for name in sorted(noted[what].keys() | found[what].keys()):
            rows.append((what, name, noted[what].get(name), found[what].get(name)))
    rows.append(("head", "", noted["head"], found["head"]))
    return [{"what": what, "name": name, "noted": was, "found": now} for what, name, was, now in rows if was != now]


def files_named(connection) -> set[str]:
    """Return every file some row names, below MEDIA_ROOT; a query for each column of files there is."""
    named = set()
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table, column in _file_columns():
            if table in tables and f'"{column}"' in _columns(connection, table):
                cursor.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" <> %s', [""])  # noqa: S608
                named |= {name for (name,) in cursor.fetchall()}
    return named


def _file_columns() -> list[tuple[str, str]]:
    """Return (table, column) of every field of this release that names a file of the portal's own storage."""
    fields = (field for model in apps.get_models() for field in model._meta.local_fields)
    own = (field for field in fields if isinstance(field, FileField) and field.storage == default_storage)
    return [(field.model._meta.db_table, field.column) for field in own]


def _one(cursor, query: str):
    cursor.execute(query)
    return cursor.fetchone()[0]


def _head(cursor) -> str | None:
    cursor.execute("SELECT position, hash FROM journal_link ORDER BY position DESC LIMIT 1")
    row = cursor.fetchone()
    return f"{row[0]}:{row[1]}" if row else None


def _migrations(cursor) -> dict[str, str]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return dict(cursor.fetchall())


def _hash(connection, table: str) -> str:
    """Return the SHA-256 of a table's rows in the order of their ids, as this kind of database writes them."""
    digest, last = sha256(), -1
    columns = _columns(connection, table)
    text = "t::text" if connection.vendor == "postgresql" else " || '|' || ".join(f"quote({name})" for name in columns)
    # The rows of a table that was restored stand in another order on the disk, and its columns never do.
    query = f'SELECT id, {text} FROM "{table}" t WHERE id > %s ORDER BY id LIMIT {AT_ONCE}'  # noqa: S608
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, [last])
            rows = cursor.fetchall()
            if not rows:
                return digest.hexdigest()
            digest.update("\n".join(row for _id, row in rows).encode())
            last = rows[-1][0]


def _columns(connection, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [f'"{column.name}"' for column in connection.introspection.get_table_description(cursor, table)]
