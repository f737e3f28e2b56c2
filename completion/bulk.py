"""Many rows at once: named in a filter, seen in one state, inserted, updated; where the two databases differ."""

import io
import json
from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

_CHUNK = 2**17
_FOLDING = 7_305_141  # the number of the lock of whoever folds
_ESCAPED = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"))


def these(values: Iterable, *, kind: str = "bigint") -> RawSQL:
    """Return ids (or codes, with kind "text") as a subquery: `filter(unit__in=these(ids))` holds any number."""
    ids = list(values)
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [ids if kind == "text" else as_array(ids)])  # noqa: S611
    return RawSQL("SELECT value FROM json_each(%s)", [as_array(ids)])


def as_array(numbers: list) -> str:
    """Return an array as text: a driver that writes ten thousand numbers one by one takes as long as the answer."""
    text = json.dumps(numbers)
    return f"{{{text[1:-1]}}}" if connection.vendor == "postgresql" else text


@contextmanager
def snapshot():
    """Let every query of the block see one state of the database."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def take_turn() -> bool:
    """Whether nobody else folds at this moment; until the transaction ends nobody else will. One query."""
    if connection.vendor != "postgresql":
        return True  # a transaction is alone there anyway
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING])
        return cursor.fetchone()[0]


def insert_rows(model, attnames: Sequence[str], rows: Iterable[Sequence], *, progress=None) -> int:
    """Insert rows given as tuples by `attnames`, every other column by its field's default; returns how many.

    COPY on PostgreSQL, executemany on SQLite. Values are str, int, bool, Decimal, date, aware datetime or None.
    """
    given = dict.fromkeys(attnames)
    fields = {f.attname: f for f in model._meta.concrete_fields}
    rest = {
        name: f.get_default()
        for name, f in fields.items()
        if name not in given and not getattr(f, "primary_key", False)
    }
    columns = [fields[name].column for name in [*attnames, *rest]]
    constants = list(rest.values())
    if connection.vendor != "postgresql":
        return _insert_many(model._meta.db_table, columns, rows, constants, progress)
    worded = [place for place, name in enumerate(attnames) if not _reads_as_written(fields[name])]
    return _copy(model._meta.db_table, columns, rows, constants, progress, worded)


def update_rows(model, names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Set these integer columns of rows given as (id, *values), all of them in one statement a thousand rows."""
    rows = list(rows)
    if not (names and rows):
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            told = ", ".join(f'"{name}" = %s' for name in names)
            sql = f"UPDATE {table} SET {told} WHERE id = %s"  # noqa: S608 - names of our own columns
            cursor.executemany(sql, [(*values, pk) for pk, *values in rows])
            return
        told = ", ".join(f'"{name}" = fresh."{name}"' for name in names)
        columns = ", ".join(f'"{name}"' for name in ("id", *names))
        for batch in _batches(rows, 1_000):
            written = ", ".join(f"({', '.join(map(str, map(int, row)))})" for row in batch)
            fresh = f"(VALUES {written}) AS fresh ({columns})"
            cursor.execute(f"UPDATE {table} SET {told} FROM {fresh} WHERE {table}.id = fresh.id")  # noqa: S608


def analyze(*models) -> None:
    """Let the planner know what a bulk load has put into these tables; on SQLite it needs no telling."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {model._meta.db_table}")


def _insert_many(table: str, columns, rows, constants, progress) -> int:
    ops = connection.ops
    adapt = {
        "list": json.dumps,
        "dict": json.dumps,
        "datetime": ops.adapt_datetimefield_value,
        "date": ops.adapt_datefield_value,
        "Decimal": str,
    }

    def plain(value):
        change = adapt.get(type(value).__name__)
        return change(value) if change else value

    tail = [plain(value) for value in constants]
    places = ", ".join(["%s"] * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
                [[*map(plain, row), *tail] for row in batch],
            )
            count += len(batch)
            if progress:
                progress(count)
    return count


def _reads_as_written(field) -> bool:
    """Whether a column holds nothing but numbers, or words of the code, which COPY reads as Python writes them."""
    held = getattr(field, "target_field", field)
    return not field.null and (isinstance(held, IntegerField) or bool(field.choices))


def _copy(table: str, columns, rows, constants, progress, worded: Sequence[int]) -> int:
    tail = "".join(f"\t{_copied(value)}" for value in constants) + "\n"
    line = "\t".join(["%s"] * (len(columns) - len(constants))) + tail.replace("%", "%%")
    names = ", ".join(f'"{column}"' for column in columns)
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            ready = [_copied_at(worded, row) for row in batch] if worded else map(tuple, batch)
            text = "".join([line % row for row in ready]).encode()
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.BytesIO(text), _CHUNK)
            count += len(batch)
            if progress:
                progress(count)
    return count


def _copied_at(places: Sequence[int], row: Sequence) -> tuple:
    copied = list(row)
    for place in places:
        copied[place] = _copied(copied[place])
    return tuple(copied)


def _copied(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        for character, written in _ESCAPED:
            if character in value:
                value = value.replace(character, written)
        return value
    if isinstance(value, list | dict):
        return _copied(json.dumps(value))
    return str(value)


def _batches(rows: Iterable, size: int = 5_000):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
