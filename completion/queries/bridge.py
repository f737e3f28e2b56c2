"""The bridge between two revisions of one unit, from the item lines of both."""

from collections.abc import Iterable
from dataclasses import dataclass

from completion import bulk
from completion.bridges import Bridge, Sides, Step, changes, counts
from completion.models import Revision
from completion.queries.behind import Reading
from completion.queries.sealed import Line, lines_of, parted
from completion.rates import Frame
from models_registry.models import WorkItem
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """One item of a step: its line in each revision, None where the unit did not count it."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        return self.after or self.before


def revisions_to_compare(unit: Unit) -> list[Revision]:
    """Return the revisions that hold the unit, newest first: sealed ones, else the provisional; one query."""
    found = Revision.objects.filter(units__unit=unit).select_related("period")
    rows = list(found.order_by("-period__year", "-period__quarter", "-number"))
    closed = {row.period_id for row in rows if row.sealed}
    return [row for row in rows if row.sealed or row.period_id not in closed]


def usual_start(revisions: list[Revision], end: Revision) -> Revision | None:
    """Return what a revision is usually compared with: the one it corrects, else the newest of the quarter before."""
    earlier = revisions[revisions.index(end) + 1 :]
    return earlier[0] if earlier else None


def bridge_between(before: Reading, after: Reading, rate: str, *, kind: str = "ALL") -> Bridge:
    """Return why n and N of R1…R4 moved between two readings of one unit; the sums are exact.

    Three queries between sealed revisions, some six more for a provisional one; every line of the unit is read.
    """
    sealed = before.revision.sealed and after.revision.sealed
    sides = Sides(rate, before.frame, after.frame, sealed)
    was, now = _by_code(before, kind), _by_code(after, kind)
    fresh = now.keys() - was.keys()
    elsewhere = approved_by(before.frame, fresh) if sides.one_year else set()
    bridge = Bridge()
    for code in was.keys() | now.keys():
        old, new = was.get(code), now.get(code)
        one, other = old and old.state, new and new.state
        steps = changes(one, other, sides, elsewhere=code in elsewhere)
        bridge.add(Moved(old, new), counts(one, before.frame, rate), counts(other, after.frame, rate), steps)
    for moved in bridge.items.values():
        moved.sort(key=lambda one: (one.line.state.due, one.line.code))
    return bridge


def told_steps(bridge: Bridge) -> list[tuple[Step, int, int, int]]:
    """Return (step, difference of n, difference of N, how many items) of the steps that occurred, in their order."""
    return [(step, *bridge.sums[step], len(bridge.items[step])) for step in Step if step in bridge.sums]


def _by_code(reading: Reading, kind: str) -> dict[str, Line]:
    kinds = None if kind == "ALL" else kind.split("-")
    return {line.code: line for line in lines_of(reading) if kinds is None or line.kind in kinds}


def approved_by(frame: Frame, codes: Iterable[str]) -> set[str]:
    """Return those of these items that some unit had when the earlier revision was made; a query for each way they are
    named by, found by its index, and none for no items."""
    by_code, by_pk = parted(codes)
    known = WorkItem.objects.filter(year=frame.quarter.year, approved_at__lt=frame.approved_before).order_by()
    named = set()
    if by_code:
        named |= set(known.filter(code__in=bulk.these(by_code, kind="text")).values_list("code", flat=True))
    if by_pk:
        named |= {f"#{pk}" for pk in known.filter(pk__in=bulk.these(by_pk), code=None).values_list("pk", flat=True)}
    return named
