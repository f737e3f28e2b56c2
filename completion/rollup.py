"""The set-based half of the figures: plain items judged in SQL. The only room for such SQL.

What differs between PostgreSQL and SQLite is in the small functions at the end; the rest is one text for both.
"""

from collections.abc import Sequence

from django.db import connection

from completion.bulk import as_array
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
_LISTED = """
SELECT unit_id, {lines}
FROM (
    SELECT unit_id, kind, id, code, completed_on, confirmed_at,
        {due} AS due,
        (confirmed_at < %(known)s AND completed_on IS NOT NULL) IS TRUE AS stands
    FROM models_registry_workitem
    WHERE year = %(year)s AND plain AND approved_at < %(approved_before)s AND {within}
) AS known
GROUP BY unit_id
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


def plain_lines(frame: Frame, units: Sequence[int]) -> list[tuple[int, str]]:
    """Return (unit, lines) of the plain items these units own, without the marks of checks; one query."""
    due = f"CASE WHEN ongoing THEN {_cast('%(ongoing)s', 'date')} ELSE due_in_force END"
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(due=due, lines=_lines(""), within=_within("unit_id")), _parameters(frame, units))
        return cursor.fetchall()


def not_plain_items(frame: Frame, units: Sequence[int]) -> list[int]:
    """Return ids of the items that need their facts read, and were ever owned within these units; one query."""
    owned = [way.format(_within(column)) for column, way in _OWNED.items()]
    sql = "UNION".join(_NOT_PLAIN.format(owned=way) for way in owned)
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(frame, units))
        return [pk for (pk,) in cursor.fetchall()]


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
        "units": as_array(list(units)),
    }


def _within(column: str) -> str:
    if connection.vendor == "postgresql":
        # Asked for by a query of its own, ten thousand numbers are not gone through once more for a plan.
        return f"{column} = ANY((SELECT %(units)s::bigint[])::bigint[])"
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
