from django.core.management.base import BaseCommand
from django.db import connection

from portal.upgrading import WORDS, pending


class Command(BaseCommand):
    help = "Tells what the migrations that are still to be run would lock; changes nothing."

    def handle(self, **options):
        changes = pending()
        rows = rows_of({change.table for change in changes if change.table})
        for migration in dict.fromkeys(change.migration for change in changes):
            self.stdout.write(f"{migration.app_label} {migration.name}")
            own = [change for change in changes if change.migration is migration]
            for line in dict.fromkeys(told(change, rows) for change in own):
                self.stdout.write(f"    {line}")
            if own[0].told:
                self.stdout.write(f"    → {own[0].told}")
        if not changes:
            self.stdout.write("Không có bước nào khóa bảng. / Nothing to be run locks a table.")
        elif connection.vendor == "sqlite":
            self.stdout.write(
                "SQLite: cả cơ sở dữ liệu khóa trong lúc ấy, hãy dừng cổng trước. / Stop the portal first."
            )


def told(change, rows: dict[str, int]) -> str:
    size = f" ({rows[change.table]:,} dòng)".replace(",", ".") if change.table in rows else ""
    return f"{change.table}{size}: {WORDS[change.lock]}" if change.table else str(WORDS[change.lock])


def rows_of(tables: set[str]) -> dict[str, int]:
    """Return {table: about how many rows}; PostgreSQL's own estimate, one query, or one a table on SQLite."""
    there = tables & set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, GREATEST(reltuples, 0)::bigint FROM pg_class WHERE relname = ANY(%s)", [[*there]]
            )
            return dict(cursor.fetchall())
        counted = {}
        for table in there:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counted[table] = cursor.fetchone()[0]
        return counted
