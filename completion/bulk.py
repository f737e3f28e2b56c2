"""Many rows at once: named in a filter, seen in one state, inserted, updated; where the two databases differ."""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice

from django.db import connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

_CHUNK = 2**17
_FOLDING = 7_305_141  # the number of the lock of whoever folds
_END = "\x1f"  # between texts that are looked through together; nobody types it
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


def insert_rows(model, attnames: Sequence[str | tuple[str, ...]], rows: Iterable[Sequence], *, progress=None) -> int:
    """Insert rows given as tuples by `attnames`, every other column by its field's default; returns how many.

    COPY on PostgreSQL, executemany on SQLite. Values are str, int, bool, Decimal, date, aware datetime or None; where
    a tuple of names stands, integers that come as one sequence: figures repeat, and are then written once.
    """
    names = [name for said in attnames for name in (said if isinstance(said, tuple) else (said,))]
    given = dict.fromkeys(names)
    fields = {f.attname: f for f in model._meta.concrete_fields}
    rest = {
        name: f.get_default()
        for name, f in fields.items()
        if name not in given and not getattr(f, "primary_key", False)
    }
    columns = [fields[name].column for name in [*names, *rest]]
    constants = list(rest.values())
    together = [place for place, name in enumerate(attnames) if isinstance(name, tuple)]
    if connection.vendor != "postgresql":
        flat = _flattened(rows, together) if together else rows
        return _insert_many(model._meta.db_table, columns, flat, constants, progress)
    change = dict.fromkeys(together, _copied_together)
    for place, name in enumerate(attnames):
        if place not in change and not _reads_as_written(fields[name]):
            change[place] = _copied_column
    return _copy(model._meta.db_table, columns, rows, constants, progress, change, len(attnames))


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


def _copy(table: str, columns, rows, constants, progress, change: Mapping[int, Callable], width: int) -> int:
    """Write rows of `width` values, of which `change` says how those at some places become what COPY reads."""
    tail = "".join(f"\t{_copied(value)}" for value in constants) + "\n"
    line = "\t".join(["%s"] * width) + tail.replace("%", "%%")
    names = ", ".join(f'"{column}"' for column in columns)
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            text = "".join(map(line.__mod__, _ready(batch, change))).encode()
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.BytesIO(text), _CHUNK)
            count += len(batch)
            if progress:
                progress(count)
    return count


def _ready(batch: Sequence[Sequence], change: Mapping[int, Callable]) -> Iterable[tuple]:
    """Return rows as COPY reads them; changed by the column, as most columns need no change."""
    columns = list(zip(*batch, strict=True))
    for place, copied in change.items():
        columns[place] = copied(columns[place])
    return zip(*columns, strict=True)


def _flattened(rows: Iterable[Sequence], together: Sequence[int]) -> Iterable[list]:
    for row in rows:
        flat = list(row)
        for place in reversed(together):
            flat[place : place + 1] = row[place]
        yield flat


def _copied_together(values: Sequence[Sequence[int]]) -> list[str]:
    return [_joined(tuple(numbers)) for numbers in values]


@lru_cache(maxsize=2**12)
def _joined(numbers: tuple[int, ...]) -> str:
    return "\t".join(map(int.__repr__, numbers))


def _copied_column(values: Sequence) -> Sequence:
    """Return a column as COPY reads it; the same where that is how Python writes it."""
    types = set(map(type, values))
    if types == {int}:
        return values
    if types == {str}:
        text = _END.join(values)
        if text.count(_END) < len(values):
            copied = _copied(text)
            return values if copied is text else copied.split(_END)
    return list(map(_copied, values))


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
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
