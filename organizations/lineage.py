"""Walking what units came from and became, along merges and splits, however many decisions lie between."""

from collections.abc import Iterable

from django.db import connection, models
from django.db.models.expressions import RawSQL


def lineage(unit_id: int, found: str, given: str) -> RawSQL:
    """Return the ids of all units on one side of a unit, walking merges and splits from `given` to `found`.

    A renamed or moved unit stays the same, and leads nowhere.
    """
    return RawSQL(_LINEAGE.format(found=found, given=given), [unit_id])  # noqa: S611


def bearers(told) -> RawSQL:
    """Return the ids of the units renamed from a name, of those a unit so named became, and of what became of them."""
    bearer = models.Case(models.When(kind="rename", then="predecessor_id"), default="successor_id")
    sql, params = told.order_by().values_list(bearer).query.sql_with_params()
    return RawSQL(_BEARERS.format(told=sql), params)  # noqa: S611


_LINES = """
WITH RECURSIVE line (top, id) AS (
    SELECT id, id FROM organizations_unit WHERE id IN ({tops})
    UNION
    SELECT l.top, s.predecessor_id FROM organizations_succession s JOIN line l ON s.successor_id = l.id
    WHERE s.kind IN ('merge', 'split')
)
SELECT top, id FROM line
"""
_BEARERS = """
WITH RECURSIVE line (id) AS (
    {told}
    UNION
    SELECT s.successor_id FROM organizations_succession s JOIN line l ON s.predecessor_id = l.id
    WHERE s.kind IN ('merge', 'split')
)
SELECT id FROM line
"""


# UNION leaves out what was found before, so that a circle ends.
_LINEAGE = """
WITH RECURSIVE line (id) AS (
    SELECT {found}_id FROM organizations_succession WHERE {given}_id = %s AND kind IN ('merge', 'split')
    UNION
    SELECT s.{found}_id FROM organizations_succession s JOIN line l ON s.{given}_id = l.id
    WHERE s.kind IN ('merge', 'split')
)
SELECT id FROM line
"""


def lines_of(units: Iterable[int]) -> dict[int, set[int]]:
    """Return {id: the ones of these ids that it is, or that came from it by merging and splitting}; one query."""
    found: dict[int, set[int]] = {}
    tops = ", ".join(str(int(pk)) for pk in units) or "NULL"
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(tops=tops))
        for top, unit in cursor.fetchall():
            found.setdefault(unit, set()).add(top)
    return found
