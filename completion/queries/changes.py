"""When the organisation of a unit changed, and what it came from: where figures of before and after are not alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from completion.quarters import Quarter
from journal.questions import Blank, Question
from organizations.models import Succession, Unit


@dataclass(frozen=True, slots=True)
class Changes:
    """`broken` are the quarters whose figures are of other units than those of the quarter before."""

    broken: frozenset[Quarter]
    came_from: list[Unit]


@Question
def successions():
    """What led to a `unit`, or ended or moved a unit right below it; each with its predecessor."""
    below = Q(predecessor__placements__parent=Blank("unit"), predecessor__placements__valid_to=F("effective_on"))
    found = Succession.objects.filter(below | Q(successor=Blank("unit"))).exclude(kind="rename")
    return found.distinct().select_related("predecessor")


def changes_of(unit: Unit, quarters: Iterable[Quarter]) -> Changes:
    """Return what merged, split, moved or ended right at a unit or among those directly below it; one query.

    A unit renamed, moved with all below it, or changed further down, stays alike.
    """
    rows = successions(unit=unit.pk)
    days = [row.effective_on for row in rows]
    broken = {quarter for quarter in quarters if any(quarter.first_day <= day < quarter.end_day for day in days)}
    came_from = {row.predecessor for row in rows if row.successor_id == unit.pk and row.kind in ("merge", "split")}
    return Changes(frozenset(broken), sorted(came_from, key=lambda one: (one.sort_key, one.pk)))
