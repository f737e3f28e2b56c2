"""The quarterly checks of ongoing work: what one item owes and has, and what waits for whoever checks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone, localdate

from models_registry import gate
from models_registry.models import WorkItem
from progress.lifecycle import CHECK, CHECK_MOVES, owed_quarters
from progress.models import Fact, QuarterlyCheck
from progress.queries.authority import Authority, confirmed_by, seated
from progress.queries.quarters import ASKED_DAYS_BEFORE, quarter_in_hand
from vietnamese.quarters import day_after, last_day


@dataclass(frozen=True, slots=True)
class CheckedQuarter:
    """One quarter of an ongoing item's year: whether its check is owed by today, and the check that stands."""

    number: int
    owed: bool
    check: QuarterlyCheck | None


def checked_quarters(item: WorkItem, facts, checks, today: date) -> list[CheckedQuarter]:
    """Return the four quarters of an ongoing item, of its facts and of its checks in the order recorded; no query."""
    standing = {check.quarter: check for check in checks}
    owed = owed_quarters(item, facts, today=today, day_of=localdate)
    return [CheckedQuarter(number, number in owed, standing.get(number)) for number in (1, 2, 3, 4)]


def checks_it(item: WorkItem, authority: Authority, by) -> bool:
    """Whether this person may record a check of the item now; which quarter is another question. No query."""
    moves = authority.check_moves
    return item.ongoing and bool(gate.open_steps(item, moves, by=by)) and seated(moves[CHECK], authority.body, by)


def checked_by(user, at: datetime, year: int, quarter: int):
    """Return the `owing_check` items within sight whose check is this person's to record, part of one query."""
    return confirmed_by(user, at, owing_check(WorkItem.objects.visible_to(user), year, quarter))


def owing_check(items, year: int, quarter: int):
    """Return those of these items that owe a check of a quarter.

    Each with `verdict` of the check that stands ("" where there is none). `owed_quarters` as a filter.
    """
    ends = day_after(year, quarter)
    ended = Fact.objects.filter(item=OuterRef("pk"), on__lt=ends)
    items = items.filter(
        year=year,
        ongoing=True,
        state__in=CHECK_MOVES[CHECK].sources,
        approved_at__lt=_midnight(ends),
    )
    items = items.filter(Q(excluded_at__isnull=True) | ~Exists(ended.filter(kind=Fact.Kind.EXCLUDED)))
    items = items.exclude(Exists(ended.filter(kind=Fact.Kind.TERMINATED)), state="terminated")
    standing = QuarterlyCheck.objects.filter(item=OuterRef("pk"), quarter=quarter).order_by("-recorded_at", "-id")
    verdict = Coalesce(Subquery(standing.values("verdict")[:1]), Value(""), output_field=CharField())
    return items.annotate(verdict=verdict)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), get_default_timezone())


def verdict_counts(items) -> dict[str, int]:
    """Return {"": not yet checked, "passed": …, "failed": …} of `checked_by`; one query."""
    found = items.order_by().values("verdict").annotate(count=Count("pk"))
    return {"": 0, "passed": 0, "failed": 0} | {row["verdict"]: row["count"] for row in found}


def check_in_hand(day: date) -> tuple[int, int, bool]:
    """Return the quarter whose checks are asked for on a day, and whether its end is near or has passed."""
    year, quarter = quarter_in_hand(day)
    return year, quarter, day > last_day(year, quarter) - timedelta(days=ASKED_DAYS_BEFORE)
