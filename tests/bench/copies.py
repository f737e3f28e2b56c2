"""A province brought to its full size, and written again beside itself by the database: an archive would take hours."""

from contextlib import contextmanager

from django.db import connection, transaction

from models_registry.models import WorkItem
from organizations.models import Placement, Unit
from organizations.paths import STEP
from progress.models import Fact

ITEMS = 152_000
YEAR = 2023
# How far the ids of one province lie from those of the next; those of added works lie half as far from their own.
UNITS_APART, ITEMS_APART, FACTS_APART = 100_000, 1_000_000, 4_000_000
_SHIFTED = f"lpad((substr(path, {STEP} * n + 1, {STEP})::bigint + %(units)s)::text, {STEP}, '0')"
_SHIFTED_PATH = f"(SELECT string_agg({_SHIFTED}, '' ORDER BY n) FROM generate_series(0, length(path) / {STEP} - 1) n)"  # noqa: S608


def fill() -> int:
    """Add copies of the province's first plain works until it has ITEMS of the year; returns how many it has."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM models_registry_workitem WHERE year = %s", [YEAR])
        (count,) = cursor.fetchone()
        shift = {"items": ITEMS_APART // 2, "facts": FACTS_APART // 2, "year": YEAR, "missing": max(0, ITEMS - count)}
        first = "SELECT id FROM models_registry_workitem WHERE year = %(year)s AND plain ORDER BY id LIMIT %(missing)s"
        _copy(cursor, Fact, {"id": "id + %(facts)s", "item_id": "item_id + %(items)s"}, f"item_id IN ({first})", shift)
        _copy(cursor, WorkItem, {"id": "id + %(items)s", "code": "code || '+'"}, f"id IN ({first})", shift)
        _count_on(cursor)
    return WorkItem.objects.filter(year=YEAR).count()


def copy_province(number: int) -> None:
    """Write all units, works and facts of the first province once more, as province `number` (from 2 on)."""
    shift = {name: (number - 1) * apart for name, apart in _APART.items()}
    shift |= {f"first_{name}": apart for name, apart in _APART.items()}
    code = {"code": f"code || '-{number:02}'"}
    unit = {"unit_id": "unit_id + %(units)s"}
    moved = unit | {"first_unit_id": "first_unit_id + %(units)s"}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is copied refers to what is copied
        _copy(cursor, Unit, code | {"id": "id + %(units)s", "path": _SHIFTED_PATH}, "id < %(first_units)s", shift)
        parent = unit | {"id": "id + %(units)s", "parent_id": "parent_id + %(units)s"}
        _copy(cursor, Placement, parent, "id < %(first_units)s", shift)
        _copy(cursor, WorkItem, code | moved | {"id": "id + %(items)s"}, "id < %(first_items)s", shift)
        told = unit | {"id": "id + %(facts)s", "item_id": "item_id + %(items)s"}
        _copy(cursor, Fact, told, "id < %(first_facts)s", shift)
        cursor.execute("SET session_replication_role = origin")
        _count_on(cursor)


_APART = {"units": UNITS_APART, "items": ITEMS_APART, "facts": FACTS_APART}


@contextmanager
def without_indexes():
    """Leave out the indexes of works and facts that no constraint needs while the block writes.

    All come back but the one of the search, which no figure asks and which takes longer than all the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid IN ('models_registry_workitem'::regclass, 'progress_fact'::regclass) AND NOT indisunique"
        )
        found = dict(cursor.fetchall())
        for name in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for written in found.values():
            if " gin " not in written:
                cursor.execute(written)


def _copy(cursor, model, changes: dict[str, str], where: str, values: dict) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    written = ", ".join(changes.get(column, f'"{column}"') for column in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {written} FROM {table} WHERE {where}", values)  # noqa: S608


def _count_on(cursor) -> None:
    """Let what is written next be numbered after what stands."""
    for model in (Unit, Placement, WorkItem, Fact):
        table = model._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
