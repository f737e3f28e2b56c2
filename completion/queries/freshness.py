"""How far provisional figures reach: told by what still waits to be folded, not by when a folding last ran."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateField, DateTimeField, IntegerField, QuerySet, Subquery
from django.utils.timezone import localdate

from completion.models import Period
from completion.queries.figures import Passport
from journal.questions import Blank, Question
from models_registry.models import ItemChange, MemberObligation, Obligation
from organizations.models import Succession
from progress.models import QuarterlyReport, ReportExemption

LATE = timedelta(minutes=15)
# A folding not older than this took everything but what it left in the queue.
RECENT = timedelta(minutes=1)
_Instant = DateTimeField()


@dataclass(frozen=True, slots=True)
class Freshness:
    """Provisional figures hold all that became known before `until`; `late_after` seconds from now that is too old.

    `is_final` where nothing that becomes known later counts any more: the closing instant has come.
    """

    until: datetime
    late_after: int
    is_today: bool
    is_final: bool

    @property
    def is_late(self) -> bool:
        return self.late_after <= 0 and not self.is_final


def freshness_of(passport: Passport, *, at: datetime) -> Freshness | None:
    """Return how far the figures of a revision reach at an instant; None of sealed ones. One query.

    Up to the first thing that waits to be folded; where nothing waits, up to now, whenever a folding last ran.
    """
    if passport.sealed:
        return None
    ends = min(at, passport.closes_at)
    year, quarter = passport.quarter.year, passport.quarter.number
    if ends - passport.as_of <= RECENT:
        until = min([passport.as_of, *(at for (at,) in changed(year=year))])
    else:
        left = {"since": passport.as_of, "end_day": passport.quarter.end_day}
        (found,) = waiting(period=passport.period_id, year=year, quarter=quarter, **left)
        until = min([ends, *filter(None, found)])
    seconds = (until + LATE - at).total_seconds()
    return Freshness(until, int(seconds), localdate(until) == localdate(at), until >= passport.closes_at)


def papers_since(year, quarter, since) -> list[tuple[QuerySet, str]]:
    """Return the rows that change what units owe, sent or registered, written since an instant, and what says when."""
    reports = QuarterlyReport.objects.of_quarter(year, quarter)
    owed = Obligation.objects.filter(round__year=year)
    members = MemberObligation.objects.filter(round__year=year)
    let_off = ReportExemption.objects.of_quarter(year, quarter)
    told = (
        (reports, "sent_at"),
        (owed, "round__opened_at"),
        (owed, "exempted_at"),
        (members, "written_at"),
        (let_off, "exempted_at"),
        (let_off, "lifted_at"),
    )
    return [(rows.order_by().filter(**{f"{when}__gte": since}), when) for rows, when in told]


@Question
def changed():
    """When the oldest change of a work of the `year` that waits to be folded became known."""
    return ItemChange.objects.filter(item__year=Blank("year", IntegerField())).order_by("at").values_list("at")[:1]


@Question
def waiting():
    """When the first thing of each sort became known that a folding of the `period` at `since` did not take."""
    year, quarter, since = (Blank("year", IntegerField()), Blank("quarter", IntegerField()), Blank("since", _Instant))
    decided = Succession.objects.filter(recorded_at__gte=since, effective_on__lt=Blank("end_day", DateField()))
    rows = [
        (ItemChange.objects.filter(item__year=year), "at"),
        (decided, "recorded_at"),
        *papers_since(year, quarter, since),
    ]
    first = (Subquery(found.order_by(when).values(when)[:1], output_field=_Instant) for found, when in rows)
    return Period.objects.order_by().filter(pk=Blank("period")).values_list(*first)
