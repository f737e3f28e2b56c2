"""The set-based half of the figures: plain items judged in SQL, rows written in bulk. The only room for such SQL.

What differs between PostgreSQL and SQLite is in the small functions at the end; the rest is one text for both.
"""

import io
import json
from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from completion.rates import Frame

# unit, kind, then n and N of the rates of plain items (they have no X), then their lines (completion/lines.py).
PLAIN_COUNTERS = (
    "r1_n", "r1_base", "r2_n", "r2_base", "r3_n", "r3_base", "r4_n", "r5_n", "r5_base", "r8_n", "r8_base",
)  # fmt: skip
_PLAIN = """
SELECT unit_id, kind,
    count(*) FILTER (WHERE done AND due >= %(first)s AND due < %(end)s),
    count(*) FILTER (WHERE due >= %(first)s AND due < %(end)s),
    count(*) FILTER (WHERE done AND due < %(end)s),
    count(*) FILTER (WHERE due < %(end)s),
    count(*) FILTER (WHERE done),
    count(*),
    count(*) FILTER (WHERE done AND due >= %(first)s AND due < %(end)s AND completed_on <= due),
    count(*) FILTER (WHERE done AND due < %(first)s AND NOT done_before),
    count(*) FILTER (WHERE due < %(first)s AND NOT done_before),
    count(*) FILTER (WHERE checked = 'passed'),
    count(checked),
    {lines}
FROM (
    SELECT unit_id, kind, id, code, completed_on, confirmed_at,
        {due} AS due,
        (confirmed_at < %(known)s AND completed_on IS NOT NULL) IS TRUE AS stands,
        (confirmed_at < %(known)s AND completed_on < %(end)s) IS TRUE AS done,
        (confirmed_at < %(known_before)s AND completed_on < %(end_before)s) IS TRUE AS done_before,
        {checked} AS checked
    FROM models_registry_workitem i
    WHERE year = %(year)s AND plain AND {which} AND approved_at < %(approved_before)s AND {within}
    {once}
) AS judged
GROUP BY unit_id, kind
"""
# The verdict of the quarter's check where one is owed ("" for none recorded), else NULL: rates._check in SQL.
_CHECKED = """CASE
    WHEN confirmed_at < %(known)s AND completed_on < %(first)s THEN NULL
    WHEN EXISTS (
        SELECT 1 FROM progress_fact f
        WHERE f.item_id = i.id AND f.kind = 'terminated' AND f.at < %(known)s AND f."on" < %(end)s
    ) THEN NULL
    ELSE coalesce((
        SELECT verdict FROM progress_quarterlycheck c
        WHERE c.item_id = i.id AND c.quarter = %(quarter)s AND c.recorded_at < %(known)s
        ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1
    ), '')
END"""
_LINE = (
    "kind || '|' || coalesce(code, '#' || id) || '|' || {due} || "
    "CASE WHEN stands THEN '|' || {completed} || '|' || {confirmed} || '|' ELSE '|||' END{marks}"
)
_MARKS = " || CASE WHEN checked IS NULL THEN '' WHEN checked = 'passed' THEN 'd' ELSE 'k' END"
# Three ways to have been owned within the units, each by its own index however many trees there are.
_NOT_PLAIN = """
SELECT id FROM models_registry_workitem
WHERE year = %(year)s AND NOT plain AND approved_at < %(approved_before)s AND {owned}
"""
_OWNED = {
    "unit_id": "{}",
    "first_unit_id": "{}",
    "f.unit_id": "id IN (SELECT item_id FROM progress_fact f WHERE f.kind = 'transferred' AND {})",
}


def plain_counts(frame: Frame, units: Sequence[int], *, lines: bool) -> list[tuple]:
    """Return (unit, kind, *PLAIN_COUNTERS, lines) of the plain items these units own; two queries.

    Ongoing work is asked for apart, so that nothing else pays for looking up checks: a unit and kind may come twice.
    """
    ongoing = _cast("%(ongoing)s", "date")
    cases = (
        ("NOT ongoing", "due_in_force", "CAST(NULL AS text)", "", ""),
        ("ongoing", ongoing, _CHECKED, _once(), _MARKS),
    )
    within, parameters, found = _within("unit_id"), _parameters(frame, units), []
    with connection.cursor() as cursor:
        for which, due, checked, once, marks in cases:
            written = _lines(marks) if lines else "''"
            sql = _PLAIN.format(which=which, due=due, checked=checked, once=once, within=within, lines=written)
            cursor.execute(sql, parameters)
            found += cursor.fetchall()
    return found


def not_plain_items(frame: Frame, units: Sequence[int]) -> list[int]:
    """Return ids of the items that need their facts read, and were ever owned within these units; one query."""
    owned = [way.format(_within(column)) for column, way in _OWNED.items()]
    sql = "UNION".join(_NOT_PLAIN.format(owned=way) for way in owned)
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(frame, units))
        return [pk for (pk,) in cursor.fetchall()]


def these(values: Iterable, *, kind: str = "bigint") -> RawSQL:
    """Return ids (or codes, with kind "text") as a subquery: `filter(unit__in=these(ids))` holds any number."""
    ids = list(values)
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [ids if kind == "text" else _array(ids)])  # noqa: S611
    return RawSQL("SELECT value FROM json_each(%s)", [_array(ids)])


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


# --- what differs -----------------------------------------------------------------------------------------------------


def _parameters(frame: Frame, units: Sequence[int]) -> dict:
    quarter, ops = frame.quarter, connection.ops
    return {
        "year": quarter.year,
        "quarter": quarter.number,
        "first": ops.adapt_datefield_value(quarter.first_day),
        "end": ops.adapt_datefield_value(quarter.end_day),
        "end_before": ops.adapt_datefield_value(quarter.before.end_day),
        "ongoing": ops.adapt_datefield_value(frame.ongoing_due),
        "approved_before": ops.adapt_datetimefield_value(frame.approved_before),
        "known": ops.adapt_datetimefield_value(frame.known_until),
        "known_before": ops.adapt_datetimefield_value(frame.before_known_until),
        "units": _array(list(units)),
    }


def _array(numbers: list) -> str:
    """Return an array as text: a driver that writes ten thousand numbers one by one takes as long as the answer."""
    text = json.dumps(numbers)
    return f"{{{text[1:-1]}}}" if connection.vendor == "postgresql" else text


def _within(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%(units)s)"
    return f"{column} IN (SELECT value FROM json_each(%(units)s))"  # noqa: S608


def _once() -> str:
    """Return what keeps PostgreSQL from looking a check up anew wherever it is named."""
    return "OFFSET 0" if connection.vendor == "postgresql" else ""


def _cast(value: str, kind: str) -> str:
    return f"{value}::{kind}" if connection.vendor == "postgresql" else value


def _lines(marks: str) -> str:
    if connection.vendor == "postgresql":
        days = {"due": "due::text", "completed": "completed_on::text", "confirmed": "confirmed_at::text"}
        line = _LINE.format(**days, marks=marks)
        return f"string_agg({line}, E'\\n')"
    # SQLite keeps "…:59" or "…:59.500000", PostgreSQL writes "…:59.5+00".
    whole = "CASE WHEN instr(confirmed_at, '.') THEN rtrim(confirmed_at, '0') ELSE confirmed_at END || '+00'"
    line = _LINE.format(due="due", completed="completed_on", confirmed=f"({whole})", marks=marks)
    return f"group_concat({line}, char(10))"


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


_CHUNK = 2**17
_FOLDING = 7_305_141  # the number of the lock of whoever folds
_ESCAPED = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"))


def _batches(rows: Iterable, size: int = 5_000):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
