"""What a reminder is made of: something due of one unit, the stages at which it is told, and who sits above.

Days are calendar days, as deadlines are; the morning of a Sunday or of Tết reminds like any other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from organizations.models import AppraisalLink, Post
from organizations.paths import ids_of

# Days after the due day at which a unit's own people are reminded, and at which its superior is told.
STAGES = (-7, -1, 3)
SUPERIOR = 7
# Each stage may still be told until the next one begins; the superior's for a week.
LAST = SUPERIOR + 6
OFFICERS = ("secretary", "deputy")


@dataclass(frozen=True, slots=True)
class Due:
    """So many things people of one unit must do by one day.

    `roles` are theirs where the kind's own are not meant. `but_not` are the people kept out: of several sets the first
    that leaves somebody.
    """

    unit: int
    path: str
    on: date
    count: int
    link: str
    roles: tuple[str, ...] | None = None
    but_not: tuple[frozenset[int], ...] = (frozenset(),)


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of an app's REMINDERS: what is due between two days, who does it, and in which words it is told.

    `words` take count and day; `above`, for the superior, count (of units) and day.
    """

    name: str
    dues: Callable[[date, date, datetime], Iterable[Due]]
    roles: tuple[str, ...]
    words: str
    above: str
    above_url: str


def stage_of(on: date, today: date) -> int | None:
    """Return the stage that something due on a day has reached, None before the first and after the last."""
    days = (today - on).days
    reached = [stage for stage in (*STAGES, SUPERIOR) if stage <= days]
    return reached[-1] if reached and days <= LAST else None


def standing(day: date, unit: str = "unit") -> Q:
    """Rows whose unit has not ended by a day."""
    return Q(**{f"{unit}__valid_to__isnull": True}) | Q(**{f"{unit}__valid_to__gt": day})


class Seats:
    """Who sits above each unit at one instant; two queries for all units together."""

    def __init__(self, at: datetime):
        held = Post.objects.current(at).filter(role="committee", person__is_active=True)
        self._committees = dict(held.values_list("unit", "unit__path"))
        links = AppraisalLink.objects.on(localdate(at)).values_list("serves", "body", "body__path")
        self._bodies = {serves: body for serves, body, _path in links}
        self._paths = self._committees | {body: path for _serves, body, path in links}

    def committee_above(self, path: str) -> int | None:
        return next((pk for pk in reversed(ids_of(path)[:-1]) if pk in self._committees), None)

    def path_of(self, seat: int) -> str:
        """Return the path of a committee or body that another answer named."""
        return self._paths[seat]

    def bodies_of(self, path: str) -> list[int]:
        """Return the bodies that serve the unit and those above it, nearest first."""
        return [self._bodies[pk] for pk in reversed(ids_of(path)) if pk in self._bodies]

    def superior_of(self, path: str) -> tuple[int, str] | None:
        """Return unit and role of who is told that a unit lags: a committee, else the board, else leaders above."""
        *above, own = ids_of(path)
        if committee := self.committee_above(path):
            return committee, "committee"
        if body := next((pk for pk in self.bodies_of(path) if pk != own), None):
            return body, "head"
        return (above[-1], "leader") if above else None
