"""The frozen tree of a quarter: who stood where just before its end, and where what is left of ended units hangs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from organizations.models import Placement, Unit
from organizations.paths import path_of


@dataclass(slots=True)
class Place:
    """One unit of the frozen tree; `parent` is None for the root."""

    unit: int
    parent: int | None
    code: str
    name: str
    kind: str
    sort_key: str
    valid_from: date
    path: str = ""


@dataclass(slots=True)
class Tree:
    """`places` by unit id, parents before children; `homes` says for every unit, ended ones too, where it counts."""

    root: int
    places: dict[int, Place] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)

    def line(self, unit: int) -> Iterable[int]:
        """Return the unit and its ancestors, nearest first."""
        while unit is not None:
            yield unit
            unit = self.places[unit].parent


# The last edge of each unit that began before the day; of a unit founded later, its first one. Walked down from the
# root, past units that have ended, so that what they still hold is found.
_EDGES_BELOW = """
WITH RECURSIVE below (unit, parent) AS (
    SELECT CAST(%s AS BIGINT), CAST(NULL AS BIGINT)
    UNION
    SELECT p.unit_id, p.parent_id FROM organizations_placement p
    JOIN below b ON p.parent_id = b.unit
    JOIN organizations_unit u ON u.id = p.unit_id
    WHERE (p.valid_from < %s OR u.valid_from >= %s) AND NOT EXISTS (
        SELECT 1 FROM organizations_placement q WHERE q.unit_id = p.unit_id AND (
            (p.valid_from < %s AND q.valid_from < %s AND q.valid_from > p.valid_from)
            OR (p.valid_from >= %s AND q.valid_from < p.valid_from)
        )
    )
)
SELECT b.unit, b.parent, u.code, u.name, u.kind, u.sort_key, u.valid_from, u.valid_to
FROM below b JOIN organizations_unit u ON u.id = b.unit
"""


def frozen_tree(root: int, end_day: date) -> Tree:
    """Return the tree of one root as it stood just before `end_day`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_EDGES_BELOW, [root, *[connection.ops.adapt_datefield_value(end_day)] * 5])
        rows = cursor.fetchall()
    parents = {row[0]: row[1] for row in rows}
    standing = {row[0]: _place(row) for row in rows if _day(row[6]) < end_day and _stands(row[7], end_day)}
    tree = Tree(root)
    for unit in parents:
        tree.homes[unit] = _nearest_standing(unit, parents, standing)
    for place in standing.values():
        above = parents[place.unit]
        place.parent = _nearest_standing(above, parents, standing) if above is not None else None
    _lay_out(tree, standing)
    return tree


def roots_on(end_day: date) -> list[Unit]:
    """Return the roots of the trees that stood just before `end_day`: units with no standing unit above them."""
    standing = Unit.objects.filter(valid_from__lt=end_day).exclude(valid_to__lt=end_day)
    alone = standing.exclude(placements__valid_from__lt=end_day)
    orphans = standing.filter(placements__valid_from__lt=end_day, placements__parent__valid_to__lt=end_day)
    found = {unit.pk: unit for unit in alone}
    found |= {unit.pk: unit for unit in orphans if not _has_standing_above(unit.pk, end_day)}
    return sorted(found.values(), key=lambda unit: unit.code)


def is_root_on(unit: Unit, end_day: date) -> bool:
    """Whether a unit is one of `roots_on(end_day)`; no query unless its parent had ended (placements prefetched)."""
    if not stood(unit, end_day):
        return False
    earlier = [edge for edge in unit.placements.all() if edge.valid_from < end_day]
    last = max(earlier, key=lambda edge: edge.valid_from, default=None)
    return last is None or not (stood(last.parent, end_day) or _has_standing_above(unit.pk, end_day))


def stood(unit: Unit, end_day: date) -> bool:
    return unit.valid_from < end_day and _stands(unit.valid_to, end_day)


def _has_standing_above(unit: int, end_day: date) -> bool:
    seen = set()
    while unit not in seen:
        seen.add(unit)
        edge = Placement.objects.filter(unit=unit, valid_from__lt=end_day).select_related("parent")
        last = edge.order_by("valid_from").last()
        if last is None:
            return False
        above = last.parent
        if stood(above, end_day):
            return True
        unit = above.pk
    return False


def _place(row) -> Place:
    unit, parent, code, name, kind, sort_key, valid_from, _ = row
    return Place(unit, parent, code, name, kind, sort_key, _day(valid_from))


def _day(value) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _stands(valid_to, end_day: date) -> bool:
    return valid_to is None or _day(valid_to) >= end_day


def _nearest_standing(unit: int | None, parents: dict, standing: dict) -> int | None:
    while unit is not None and unit not in standing:
        unit = parents.get(unit)
    return unit


def _lay_out(tree: Tree, standing: dict[int, Place]) -> None:
    children: dict[int, list[Place]] = {}
    for place in standing.values():
        if place.parent is not None:
            children.setdefault(place.parent, []).append(place)
    waiting = [standing[tree.root]] if tree.root in standing else []
    while waiting:
        place = waiting.pop()
        above = tree.places[place.parent].path if place.parent is not None else ""
        place.path = above + path_of([place.unit])
        tree.places[place.unit] = place
        waiting.extend(children.get(place.unit, ()))
