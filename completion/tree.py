"""The frozen tree of a quarter: who stood where just before its end, and where what is left of ended units counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from completion.bulk import these
from organizations.models import Placement, Succession
from organizations.paths import path_of
from vietnamese.sorting import sort_key


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
    """`places` by unit id, parents before children; `homes` says for every unit, ended ones too, where it counts.

    What a merged unit held counts with its last successor as that one's own (`merged`, one step each); what any other
    ended unit left behind waits in the bucket of the nearest unit above that stands. `halves` are what units were split
    into.
    """

    root: int
    places: dict[int, Place] = field(default_factory=dict)
    homes: dict[int, int | None] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    halves: dict[int, set[int]] = field(default_factory=dict)

    @property
    def paths(self) -> dict[int, str]:
        return {unit: place.path for unit, place in self.places.items()}

    def line(self, unit: int | None) -> Iterable[int]:
        """Return the unit and its ancestors, nearest first."""
        while unit is not None:
            yield unit
            unit = self.places[unit].parent

    def last_successor(self, unit: int) -> int:
        """Return the unit itself, or the last of those it merged into one after the other."""
        if unit not in self.merged:
            return unit
        *_, last = self._merging(unit)
        return last

    def waits(self, unit: int) -> bool:
        """Whether what a unit holds counts in a bucket: nobody it merged into stands, and it does not stand itself."""
        return self.homes[unit] != self.last_successor(unit)

    def inherits(self, home: int, first: int) -> bool:
        """Whether what `first` registered came to `home` by merging and splitting."""
        if home == first or not (self.merged or self.halves):
            return False
        found, waiting = {first}, [first]
        while waiting:
            unit = waiting.pop()
            after = {self.merged.get(unit), *self.halves.get(unit, ())} - {None} - found
            found |= after
            waiting += after
        return home in found

    def _merging(self, unit: int) -> Iterator[int]:
        seen = set()
        while unit is not None and unit not in seen:
            yield unit
            seen.add(unit)
            unit = self.merged.get(unit)


# The last edge of each unit that began before the day; of a unit founded later, its first one. Walked down from the
# given units, past units that have ended, so that what they still hold is found. Moves recorded later are not known.
_EDGES_BELOW = """
WITH RECURSIVE below (unit, parent, code, name, kind, sort_key, valid_from, valid_to) AS (
    SELECT id, CAST(NULL AS BIGINT), code, name, kind, sort_key, valid_from, valid_to
    FROM organizations_unit WHERE id IN ({tops})
    UNION
    SELECT p.unit_id, p.parent_id, u.code, u.name, u.kind, u.sort_key, u.valid_from, u.valid_to
    FROM organizations_placement p
    JOIN below b ON p.parent_id = b.unit
    JOIN organizations_unit u ON u.id = p.unit_id
    WHERE (p.valid_from < %s OR u.valid_from >= %s) AND (p.recorded_at IS NULL OR p.recorded_at < %s)
    AND NOT EXISTS (
        SELECT 1 FROM organizations_placement q WHERE q.unit_id = p.unit_id AND (
            (p.valid_from < %s AND q.valid_from < %s AND q.valid_from > p.valid_from)
            OR (p.valid_from >= %s AND q.valid_from < p.valid_from)
        ) AND (q.recorded_at IS NULL OR q.recorded_at < %s)
    )
)
SELECT * FROM below
"""


@dataclass(slots=True)
class _Known:
    """What is known of units while a tree is laid: who stood, under whom each was last placed, and what merged."""

    parents: dict[int, int | None]
    standing: dict[int, Place]
    tree: Tree

    def home(self, unit: int) -> int | None:
        return self.nearest(self.tree.last_successor(unit))

    def nearest(self, unit: int | None, *, seen: Iterable[int] = ()) -> int | None:
        """Return the nearest that stands of a unit and those above it; above a merged unit stands its successor."""
        if unit in self.standing:
            return unit
        seen = set(seen)
        while unit is not None and unit not in self.standing:
            seen.add(unit)
            after = self.tree.merged.get(unit)
            unit = self.parents.get(unit) if after is None or after in seen else after
            if unit in seen:
                return None
        return unit


def frozen_tree(root: int, end_day: date, known_until: datetime, *, named: bool = True) -> Tree:
    """Return the tree of one root as it stood just before `end_day`, by the decisions recorded before an instant.

    Names and kinds are those of then, or of today unless `named`. Three queries, two for the latter, and some more
    where units merged across trees.
    """
    tree = Tree(root)
    read_successions(tree, end_day, known_until)
    rows = _rows_below(tree, end_day, known_until)
    standing = {row[0]: _place(row) for row in rows.values() if _day(row[6]) < end_day and _stands(row[7], end_day)}
    known = _Known({unit: row[1] for unit, row in rows.items()}, standing, tree)
    for place in standing.values():
        above = known.parents[place.unit]
        place.parent = known.nearest(above, seen=[place.unit]) if place.unit != root else None
    _lay_out(known)
    if named:
        _name_as_then(tree, end_day, known_until)
    for unit in rows:
        home = known.home(unit)
        tree.homes[unit] = home if home in tree.places else None
    return tree


def read_successions(tree: Tree, end_day: date, known_until: datetime) -> None:
    """Take in who merged and who was split; of one unit's merges the one recorded last counts.

    The merge of a root counts however late it was recorded: no unit above keeps what it held. One query.
    """
    placed = Exists(Placement.objects.filter(unit=OuterRef("predecessor")))
    found = Succession.objects.filter(~placed | Q(recorded_at__lt=known_until), effective_on__lt=end_day)
    rows = found.filter(kind__in=("merge", "split")).order_by("recorded_at", "id")
    for kind, unit, successor in rows.values_list("kind", "predecessor_id", "successor_id"):
        if kind == "merge":
            tree.merged[unit] = successor
        else:
            tree.halves.setdefault(unit, set()).add(successor)


def _rows_below(tree: Tree, end_day: date, known_until: datetime) -> dict[int, tuple]:
    """Return {unit: row of _EDGES_BELOW} below the root, and below whatever merged into it from other trees."""
    rows: dict[int, tuple] = {}
    tops = [tree.root]
    while tops:
        for row in _edges_below(tops, end_day, known_until):
            if row[0] not in rows or rows[row[0]][1] is None:  # its own place goes before being asked for
                rows[row[0]] = row
        tops = [unit for unit in tree.merged if unit not in rows and tree.last_successor(unit) in rows]
    return rows


def _edges_below(tops: Iterable[int], end_day: date, known_until: datetime) -> list[tuple]:
    ids = these(tops)
    day = connection.ops.adapt_datefield_value(end_day)
    known = connection.ops.adapt_datetimefield_value(known_until)
    with connection.cursor() as cursor:
        sql = _EDGES_BELOW.format(tops=ids.sql)
        cursor.execute(sql, [*ids.params, day, day, known, day, day, day, known])
        return cursor.fetchall()


def _name_as_then(tree: Tree, end_day: date, known_until: datetime) -> None:
    """Give units renamed later, or by what was not known yet, the name and kind they had; one query."""
    renamings = Succession.objects.filter(kind="rename")
    later = renamings.exclude(effective_on__lt=end_day, recorded_at__lt=known_until)
    rows = renamings.filter(predecessor__in=later.order_by().values("predecessor")).order_by(
        "effective_on", "recorded_at", "id"
    )
    history: dict[int, list[Succession]] = {}
    for row in rows:
        if row.predecessor_id in tree.places:
            history.setdefault(row.predecessor_id, []).append(row)
    for unit, told in history.items():
        place = tree.places[unit]
        for name in ("name", "kind"):
            then = _as_then(told, name, end_day, known_until)
            setattr(place, name, then or getattr(place, name))
        place.sort_key = sort_key(place.name)


def _as_then(told: list[Succession], name: str, end_day: date, known_until: datetime) -> str:
    """Return the last value that counted, else the one before the first change; "" where it never changed."""
    changes = [row for row in told if getattr(row, f"old_{name}")]
    counted = [row for row in changes if row.effective_on < end_day and row.recorded_at < known_until]
    if counted:
        return getattr(counted[-1], f"new_{name}")
    return getattr(changes[0], f"old_{name}") if changes else ""


def _place(row) -> Place:
    unit, parent, code, name, kind, key, valid_from, _ = row
    return Place(unit, parent, code, name, kind, key, _day(valid_from))


def _day(value) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _stands(valid_to, end_day: date) -> bool:
    return valid_to is None or _day(valid_to) >= end_day


def _lay_out(known: _Known) -> None:
    """Write the places from the root down; who came to stand under itself by a merge goes back to its own place."""
    tree, standing = known.tree, known.standing
    if tree.root not in standing:
        return
    while True:
        _lay_below(tree, standing)
        circling = [one for one in standing.values() if one.unit not in tree.places and _circles(one, standing)]
        placed = [(place, _by_place_alone(known, place.unit)) for place in circling]
        moved = [(place, above) for place, above in placed if above is not None and above != place.parent]
        if not moved:
            return
        for place, above in moved:
            place.parent = above


def _circles(place: Place | None, standing: dict[int, Place]) -> bool:
    seen = set()
    while place is not None and place.unit not in seen:
        seen.add(place.unit)
        place = standing.get(place.parent)
    return place is not None


def _by_place_alone(known: _Known, unit: int) -> int | None:
    unit = known.parents[unit]
    while unit is not None and unit not in known.standing:
        unit = known.parents.get(unit)
    return unit


def _lay_below(tree: Tree, standing: dict[int, Place]) -> None:
    children: dict[int, list[Place]] = {}
    for place in standing.values():
        if place.parent is not None:
            children.setdefault(place.parent, []).append(place)
    waiting = [standing[tree.root]]
    while waiting:
        place = waiting.pop()
        above = tree.places[place.parent].path if place.parent is not None else ""
        place.path = above + path_of([place.unit])
        tree.places[place.unit] = place
        waiting.extend(children.get(place.unit, ()))
