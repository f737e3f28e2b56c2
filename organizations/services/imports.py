"""Units by the thousand, as an archive brings them: the set-based twin of `add_unit`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from django.utils.timezone import localdate

from journal.services import record
from organizations.models import Placement, Succession, Unit
from organizations.paths import STEP, path_end
from organizations.services.tree import place_where_due
from vietnamese.folding import fold
from vietnamese.sorting import sort_key

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class NewUnit:
    """One unit to add; its parent (by code, None for a root) is another of them or stands already."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    parent_code: str | None


@transaction.atomic
def add_units(units: Sequence[NewUnit], *, source: str, by, at: datetime) -> dict[str, int]:
    """Add units and their first places in the tree; returns {code: id} of them and of the parents they name.

    The caller has checked codes, dates, parents and cycles, and calls `lay_paths` once all is in. One journal row for
    all, naming their `source`.
    """
    made = Unit.objects.bulk_create((_unit(unit) for unit in units), batch_size=BATCH)
    ids = {unit.code: unit.pk for unit in made}
    named = {unit.parent_code for unit in units} - {None, *ids}
    ids |= dict(Unit.objects.filter(code__in=named).values_list("code", "pk"))
    placed = [unit for unit in units if unit.parent_code is not None]
    Placement.objects.bulk_create((_placement(unit, ids) for unit in placed), batch_size=BATCH)
    record(
        "units.imported", subject="archive", subject_id=None, by=by, at=at, detail={"file": source, "rows": len(made)}
    )
    return ids


def end_units(ends: dict[int, date]) -> None:
    """End units, by id, before a day, and their places with them; two statements a day."""
    for day in set(ends.values()):
        units = [unit for unit, ended in ends.items() if ended == day]
        Unit.objects.filter(pk__in=units).update(valid_to=day)
        Placement.objects.filter(unit__in=units, valid_to__isnull=True, valid_from__lt=day).update(valid_to=day)


@dataclass(frozen=True, slots=True)
class NewSuccession:
    """What became of one unit, by ids; `successor` of a merge, a split or a move, `name` of a renaming."""

    kind: str
    unit: int
    successor: int | None
    name: str
    on: date
    recorded_at: datetime


@transaction.atomic
def reorganise(rows: Sequence[NewSuccession], *, at: datetime) -> None:
    """Keep what became of units, in the order given, with the places moves lead to and the names renamings leave.

    The set-based twin of `keep_succession`, `move_unit` and `correct_unit`; the caller calls `lay_paths`.
    """
    units = Unit.objects.in_bulk({row.unit for row in rows})
    kept = [_succession(row) for row in rows]
    _rename(units, [one for one in kept if one.kind == Succession.Kind.RENAME], localdate(at))
    Succession.objects.bulk_create(kept, batch_size=BATCH)
    _place_anew(units, [row for row in rows if row.kind == Succession.Kind.MOVE])
    _take_up_paths({units[row.unit].path[:STEP] for row in rows if row.kind in ("merge", "move")} - {""})


def _take_up_paths(tops: Iterable[str]) -> None:
    """Let the paths of whole trees be laid anew, given by their roots' paths: ten thousand may have moved in one."""
    for top in tops:
        Unit.objects.filter(path__gte=top, path__lt=path_end(top)).update(path="")


def _succession(row: NewSuccession) -> Succession:
    return Succession(
        kind=row.kind,
        predecessor_id=row.unit,
        successor_id=row.successor,
        new_name=row.name,
        effective_on=row.on,
        recorded_at=row.recorded_at,
    )


def _rename(units: dict[int, Unit], renamings: Sequence[Succession], today: date) -> None:
    """Tell each renaming the name before it, and give its unit the one it bears today."""
    names = {one.predecessor_id: units[one.predecessor_id].name for one in renamings}
    changed = {}
    for one in renamings:
        one.old_name, names[one.predecessor_id] = names[one.predecessor_id], one.new_name
        one.folded_old_name = fold(one.old_name)[:400]
        if one.effective_on <= today:
            unit = changed[one.predecessor_id] = units[one.predecessor_id]
            unit.name, unit.folded_name, unit.sort_key = one.new_name, fold(one.new_name)[:400], sort_key(one.new_name)
    Unit.objects.bulk_update(changed.values(), ["name", "folded_name", "sort_key"], batch_size=500)


def _place_anew(units: dict[int, Unit], moves: Sequence[NewSuccession]) -> None:
    """Write the places of moved units anew: one edge from each move to the next; that of birth may be replaced."""
    moved = {row.unit for row in moves}
    edges: dict[int, dict[date, Placement]] = {unit: {} for unit in moved}
    standing = Placement.objects.filter(unit__in=moved)
    for edge in standing.order_by("valid_from"):
        edges[edge.unit_id][edge.valid_from] = edge
    for row in moves:
        begins = max(row.on, units[row.unit].valid_from)
        known = None if begins == units[row.unit].valid_from else row.recorded_at
        edge = Placement(unit_id=row.unit, parent_id=row.successor, valid_from=begins, recorded_at=known)
        edges[row.unit][begins] = edge
    standing.delete()
    Placement.objects.bulk_create(
        (edge for unit, line in edges.items() for edge in _in_line(line.values(), units[unit].valid_to)),
        batch_size=BATCH,
    )


def _in_line(edges: Iterable[Placement], ends: date | None) -> list[Placement]:
    """Let each edge end where the next begins, the last one with its unit (or after a day, if it began no earlier)."""
    line = sorted(edges, key=lambda edge: edge.valid_from)
    for edge, after in pairwise([*line, None]):
        edge.pk = None
        edge.valid_to = after.valid_from if after else ends
        if edge.valid_to is not None and edge.valid_to <= edge.valid_from:
            edge.valid_to = edge.valid_from + timedelta(days=1)
    return line


def lay_paths(*, at: datetime) -> None:
    """Write the path of every unit that has none yet, level by level from the roots; one statement a level.

    By where each stands today, or stood last; a unit that merged hangs below its successor.
    """
    day = localdate(at)
    step = LPad(Cast("pk", CharField()), STEP, Value("0"))
    waiting = Unit.objects.filter(path="")
    edges = Placement.objects.filter(unit=OuterRef("pk"))
    merges = Succession.objects.merged_by(day).filter(predecessor=OuterRef("pk")).order_by("-recorded_at", "-id")
    last = Subquery(edges.filter(valid_from__lte=day).order_by("-valid_from").values("parent__path")[:1])
    first = Subquery(edges.order_by("valid_from").values("parent__path")[:1])
    into = Subquery(merges.values("successor__path")[:1])
    # A unit that merged into one below itself, and what hangs from it, stays where it was placed.
    for above in (Coalesce(into, last, first), Coalesce(last, first)):
        placed = waiting.annotate(above=above)
        placed.filter(above__isnull=True).update(path=step)
        while placed.filter(above__gt="").update(path=Concat(above, step)):
            pass
    place_where_due(at=at)


def _unit(unit: NewUnit) -> Unit:
    return Unit(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        path="",
        folded_name=fold(unit.name)[:400],
        sort_key=sort_key(unit.name),
    )


def _placement(unit: NewUnit, ids: dict[str, int]) -> Placement:
    return Placement(
        unit_id=ids[unit.code],
        parent_id=ids[unit.parent_code],
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )
