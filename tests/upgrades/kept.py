"""What a database holds, told without the portal's models: they know only how it is to be."""

from pathlib import Path

from django.db import connection

RELEASED = Path(__file__).parent
# Django's own bookkeeping, which an upgrade adds to.
GROWS = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}


def columns() -> dict[str, list[str]]:
    """Return {table: columns} of what must come through an upgrade."""
    with connection.cursor() as cursor:
        look = connection.introspection
        return {
            table: [column.name for column in look.get_table_description(cursor, table)]
            for table in look.table_names(cursor)
            if table not in GROWS
        }


def rows(known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return {table: rows as text, in order} of these columns; a table that has lost one of them is told as None."""
    found, now = {}, columns()
    with connection.cursor() as cursor:
        for table, names in known.items():
            if not set(names) <= set(now.get(table, ())):
                found[table] = None
                continue
            listed = ", ".join(map(connection.ops.quote_name, names))
            cursor.execute(f"SELECT {listed} FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(map(str, cursor.fetchall()))
    return found
