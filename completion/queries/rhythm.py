"""The works of a year by month: how many fall due, how many of these are done, and how many were confirmed in each.

As the register says now, of the units as they hang now: no sealed figures.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, IntegerField, Value, When

from completion.quarters import local_day, midnight
from completion.queries.figures import ALL
from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.paths import path_end

LAST = 11  # December, counted from 0


def _none() -> list[int]:
    return [0] * 12


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Counts of January to December: works due, of these confirmed as completed, and confirmed within the month.

    An ongoing work is due at the end of its year. What was confirmed after the year counts in its last month.
    """

    due: list[int] = field(default_factory=_none)
    done: list[int] = field(default_factory=_none)
    confirmed: list[int] = field(default_factory=_none)


def rhythm_of(unit: Unit, year: int, *, kind: str = ALL) -> Rhythm:
    """Return the rhythm of a unit with all below it, without excluded works; three queries over its works of the year.

    All are counted from the index of figures, which does not tell the excluded; these few are then taken off.
    """
    below = Unit.objects.order_by().filter(path__gte=unit.path, path__lt=path_end(unit.path)).values("pk")
    works = WorkItem.objects.filter(year=year, unit__in=below, approved_at__isnull=False).order_by()
    works = works if kind == ALL else works.filter(kind__in=kind.split("-"))
    found = Rhythm()
    dues = works.values_list("due_in_force", "ongoing").annotate(count=Count("*"), done=Count("confirmed_at"))
    for day, ongoing, count, done in dues:
        found.due[_due_month(day, ongoing)] += count
        found.done[_due_month(day, ongoing)] += done
    ends = [When(confirmed_at__lt=midnight(date(year, at + 2, 1)), then=Value(at)) for at in range(LAST)]
    month = Case(*ends, default=Value(LAST), output_field=IntegerField())
    known = works.filter(confirmed_at__isnull=False).annotate(month=month)
    for at, count in known.values_list("month").annotate(count=Count("*")):
        found.confirmed[at] += count
    _take_off(found, year, works.filter(plain=False, excluded_at__isnull=False))
    return found


def _take_off(found: Rhythm, year: int, excluded) -> None:
    for day, ongoing, confirmed_at in excluded.values_list("due_in_force", "ongoing", "confirmed_at"):
        found.due[_due_month(day, ongoing)] -= 1
        if confirmed_at:
            found.done[_due_month(day, ongoing)] -= 1
            known = local_day(confirmed_at)
            found.confirmed[LAST if known.year > year else known.month - 1] -= 1


def _due_month(day: date, ongoing: bool) -> int:
    return LAST if ongoing else day.month - 1
