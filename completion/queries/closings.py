"""Where the closing of each tree and quarter stands: due or not, provisional or sealed, and by which revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from completion.models import Period, Revision
from completion.quarters import Quarter
from completion.roots import is_root_on
from journal.models import Job
from organizations.models import Placement, Unit

SEAL, RECOMPUTE = "completion.tasks.close_period_shown", "completion.tasks.recompute_shown"
CORRECT = "completion.tasks.seal_corrections_shown"
MOST_YEARS = 10
# State: what it says, and the colour of its badge.
STATES = {
    "sealed": (_("Đã chốt"), "sealed"),
    "missed": (_("Đến hạn, chưa chốt"), "overdue"),
    "provisional": (_("Tạm tính"), "provisional"),
    "begun": (_("Chưa có số liệu"), "waiting"),
    "to_come": (_("Chưa đến hạn"), "draft"),
}


@dataclass(frozen=True, slots=True)
class Closing:
    """One quarter of one tree; `revision` is its newest, `job` the work that is on it now, if any."""

    root: Unit
    quarter: Quarter
    closes_at: datetime
    state: str
    revision: Revision | None
    job: Job | None

    @property
    def label(self) -> str:
        return STATES[self.state][0]

    @property
    def colour(self) -> str:
        return STATES[self.state][1]

    @property
    def may_seal(self) -> bool:
        return self.state == "missed" and self.job is None

    @property
    def may_recompute(self) -> bool:
        """Also past G: whoever seals a missed quarter may want to see its figures first."""
        return self.state in ("provisional", "begun", "missed") and self.job is None


class TreeClosings(list[Closing]):
    """The closings of one root, newest first: `standing` is what still asks for a look, `settled` what was sealed."""

    @property
    def standing(self) -> list[Closing]:
        return [closing for closing in self if closing not in self.settled]

    @property
    def settled(self) -> list[Closing]:
        """Return what was sealed before the newest seal."""
        return [closing for closing in self if closing.state == "sealed"][1:]


def trees_in_sight(user):
    """Units within reach that head a tree, or once did: founded under no other, or with a period of their own."""
    placed_at_birth = Placement.objects.filter(unit=OuterRef("pk"), valid_from__lte=OuterRef("valid_from"))
    closed = Period.objects.filter(root=OuterRef("pk"))
    found = Unit.objects.visible_to(user).filter(~Exists(placed_at_birth) | Exists(closed))
    return found.order_by("sort_key", "pk").prefetch_related("placements__parent")


def is_offered(year: int, at: datetime) -> bool:
    """Whether the page speaks of a year: this one or one of the few before it, whose registers may be loaded late."""
    return 0 <= Quarter.of(at).year - year < MOST_YEARS


def two_years(year: int) -> list[Quarter]:
    """Return the quarters of a year and the one before, newest first."""
    return [Quarter(y, n) for y in (year, year - 1) for n in (4, 3, 2, 1)]


def closings_of(
    roots: Sequence[Unit], quarters: Sequence[Quarter], *, at: datetime, with_jobs: bool = True
) -> list[TreeClosings]:
    """Return, for each root, its closings in the order of `quarters`, of those it headed a tree in; three queries.

    Two without the work that is on them.
    """
    years = {quarter.year for quarter in quarters}
    periods = Period.objects.filter(root__in=roots, year__in=years).prefetch_related("revisions")
    known = {(period.root_id, period.as_quarter): period for period in periods}
    jobs = running_jobs() if with_jobs else {}
    return [
        TreeClosings(
            closing_of(root, quarter, known.get((root.pk, quarter)), jobs, at=at)
            for quarter in quarters
            if is_root_on(root, quarter.end_day)
        )
        for root in roots
    ]


def closing_of(root: Unit, quarter: Quarter, period: Period | None, jobs: dict[int, Job], *, at: datetime) -> Closing:
    newest = max(period.revisions.all(), key=lambda revision: revision.number, default=None) if period else None
    closes_at = period.closes_at if period else quarter.closes_at()
    if newest is not None and newest.sealed:
        state = "sealed"
    elif at >= closes_at:
        state = "missed"
    elif newest is not None:
        state = "provisional"
    else:
        state = "begun" if at >= quarter.starts_at else "to_come"
    return Closing(root, quarter, closes_at, state, newest, jobs.get(period.pk) if period else None)


def running_jobs(period: Period | None = None) -> dict[int, Job]:
    """Return the unfinished closings, recomputations and corrections by the id of their period; one query."""
    jobs = Job.objects.unfinished().filter(task__in=[SEAL, RECOMPUTE, CORRECT]).select_related("owner")
    if period is not None:
        jobs = jobs.filter(arguments__period=period.pk)
    return {job.arguments["period"]: job for job in jobs.order_by(F("id").desc())}
