"""A unit's quarters in counts, and which units have not reported one."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone, make_aware
from django.utils.translation import gettext as _

from journal.questions import Blank, Question
from models_registry.models import Obligation, WorkItem
from organizations.models import HeadCount, Placement, Unit
from organizations.permissions import reach
from progress.models import QuarterlyReport, ReportExemption, ThematicMeeting
from progress.queries.items import days_of
from vietnamese.display import number_text
from vietnamese.quarters import day_after, last_day, quarter_before, quarter_of

# A unit founded later than this before the quarter's end owes no report of it yet (completion-rates.md, 7, case 26).
FOUNDED_DAYS_BEFORE = 30
# Days after the quarter's end in which a report is in time for the closing and may still be corrected (domain.md, 7).
GRACE_DAYS = 10
# Days after the quarter's end within which a report is in time (completion.Period says the same).
REPORT_WITHIN_DAYS = 5
# Days before the quarter's end from which its report is asked for.
ASKED_DAYS_BEFORE = 14


def correctable_until(year: int, quarter: int) -> date:
    """Return the last day on which a sent report may be corrected."""
    return day_after(year, quarter) + timedelta(days=GRACE_DAYS - 1)


def late_from(year: int, quarter: int) -> datetime:
    """Return the instant from which a report of the quarter is late."""
    first = day_after(year, quarter) + timedelta(days=REPORT_WITHIN_DAYS)
    return make_aware(datetime.combine(first, time.min), get_default_timezone())


def asked_quarter(day: date) -> tuple[int, int]:
    """Return the quarter whose report a unit is asked for on a day."""
    now = (day.year, quarter_of(day))
    return now if is_asked(*now, day) else quarter_before(*now)


def is_asked(year: int, quarter: int, day: date) -> bool:
    """Whether a quarter's report is asked for on a day already."""
    return day > last_day(year, quarter) - timedelta(days=ASKED_DAYS_BEFORE)


def quarter_in_hand(day: date) -> tuple[int, int]:
    """Return the quarter whose papers are due now: the last one during its days of grace, else the present one."""
    now = (day.year, quarter_of(day))
    last = quarter_before(*now)
    return last if day <= correctable_until(*last) else now


def counts_of(unit: Unit, year: int, day: date) -> dict[int, dict[str, int]]:
    """Return, for each quarter, how many of the unit's own items fall due and where they stand; one query."""
    excluded = Q(excluded_at__isnull=False)
    kinds = {
        "due": ~excluded,
        "completed": ~excluded & Q(state="completed"),
        "reported": ~excluded & Q(state="reported"),
        "overdue": ~excluded & Q(state="in_progress", due_in_force__lt=day),
        "excluded": excluded,
    }
    quarters = {
        f"{name}_{quarter}": Count("id", filter=condition & Q(due_in_force__range=days_of(year, quarter)))
        for quarter in (1, 2, 3, 4)
        for name, condition in kinds.items()
    }
    found = WorkItem.objects.counted().filter(unit=unit, year=year).aggregate(**quarters)
    return {quarter: {name: found[f"{name}_{quarter}"] for name in kinds} for quarter in (1, 2, 3, 4)}


def overdue_of(unit: Unit, year: int, quarter: int, day: date) -> list[WorkItem]:
    """Return the unit's own overdue items of a quarter, longest overdue first, at most eleven; one query."""
    found = (
        WorkItem.objects.filter(unit=unit, year=year)
        .select_related("dossier__round", "measure")
        .overdue(day)
        .due_between(*days_of(year, quarter))
    )
    return list(found.nearest_due_first()[:11])


def members_of(unit: Unit, day: date) -> int | None:
    """Return how many members a unit had on a day, None where nobody counted; one query."""
    return HeadCount.objects.in_force(day, unit=unit).values_list("members", flat=True).first()


def told_in_words(counts: dict[str, int]) -> str:
    """Return the counts of a quarter as the sentence a report begins with: whole numbers, never a percentage."""
    if not counts["due"]:
        return _("Trong quý không có việc đến hạn.")
    told = _("Trong quý có %(count)s việc đến hạn") % {"count": number_text(counts["due"])}
    open_ones = counts["due"] - counts["completed"] - counts["reported"]
    parts = [
        _("%(count)s việc đã được xác nhận hoàn thành") % {"count": number_text(counts["completed"])},
        _("%(count)s việc đã báo cáo, chờ xác nhận") % {"count": number_text(counts["reported"])},
        _("%(count)s việc chưa xong") % {"count": number_text(open_ones)},
    ]
    return f"{told}: {', '.join(parts)}."


def founded_by(last: date) -> date:
    """Return the last day on which a unit may have been founded to owe the report of the quarter ending on `last`."""
    return last + timedelta(days=1 - FOUNDED_DAYS_BEFORE)


def reporting_units(user, year: int, quarter: int):
    """Return the `obliged_units` of a quarter within reach, in the order of the tree."""
    return obliged_units(year, quarter).filter(reach(user, unit="")).order_by("path")


def obliged_units(year: int, quarter: int):
    """Return the units obliged to report a quarter, unordered.

    A unit is obliged when an opened round of the year lists it, it stood at the quarter's end and was founded at
    least 30 days before. Each row has `sent_at` (None: not yet), `is_late`, `is_exempt`, `exempt_reason` and
    `parent_name`.
    """
    last = last_day(year, quarter)
    listed = Obligation.objects.filter(unit=OuterRef("pk"), round__year=year, round__opened_at__isnull=False)
    reports = QuarterlyReport.objects.of_quarter(year, quarter).filter(unit=OuterRef("pk"))
    exemption = ReportExemption.objects.standing().of_quarter(year, quarter).filter(unit=OuterRef("pk"))
    parent = Placement.objects.filter(unit=OuterRef("pk"), valid_to__isnull=True)
    return (
        Unit.objects.standing_on(last)
        .filter(Exists(listed), valid_from__lte=founded_by(last))
        .annotate(
            sent_at=Subquery(reports.values("sent_at")[:1]),
            is_late=Exists(reports.filter(sent_at__gte=late_from(year, quarter))),
            is_exempt=Q(~Exists(listed.filter(exempted_at__isnull=True)) | Exists(exemption)),
            exempt_reason=Coalesce(
                Subquery(exemption.values("reason")[:1]),
                Subquery(listed.filter(exempted_at__isnull=False).values("exempt_reason")[:1]),
            ),
            parent_name=Subquery(parent.values("parent__name")[:1]),
        )
    )


def owed_quarters(unit: Unit, year: int) -> frozenset[int]:
    """Return the quarters of a year whose report the unit is obliged to and not exempt from; one query.

    `reporting_units` told for one unit.
    """
    listed = Obligation.objects.filter(unit=unit, round__year=year, round__opened_at__isnull=False)
    if not listed.filter(exempted_at__isnull=True).exists():
        return frozenset()
    freed = set(ReportExemption.objects.standing().filter(unit=unit, year=year).values_list("quarter", flat=True))
    return frozenset(quarter for quarter in {1, 2, 3, 4} - freed if is_there_to_report(unit, year, quarter))


def years_of(unit: Unit, today: date) -> range:
    """Return the years there is something to see of, this one among them; three queries."""
    kept = [
        WorkItem.objects.counted().filter(unit=unit).aggregate(first=Min("year"), last=Max("year")),
        *(
            papers.objects.filter(unit=unit).aggregate(first=Min("year"), last=Max("year"))
            for papers in (QuarterlyReport, ThematicMeeting)
        ),
    ]
    first, last = ([row[name] for row in kept if row[name]] + [today.year] for name in ("first", "last"))
    return range(min(first), max(last) + 1)


# The four piles add up to the whole; an exempt unit stays exempt though it reports (completion counts it so).
STATUS = {
    "sent": Q(sent_at__isnull=False, is_late=False, is_exempt=False),
    "late": Q(sent_at__isnull=False, is_late=True, is_exempt=False),
    "missing": Q(sent_at__isnull=True, is_exempt=False),
    "exempt": Q(is_exempt=True),
}


def tally(units) -> dict[str, int]:
    """Return {"owed", "sent", "late", "missing", "exempt"}; the last four add up to the first; one query."""
    piles = units.order_by().aggregate(**{name: Count("pk", filter=condition) for name, condition in STATUS.items()})
    return {"owed": sum(piles.values())} | piles


def matching(units, *, status: str, q: str):
    """Return the units of one pile of STATUS, or of "all" of them, found by their names, older ones too."""
    units = units.filter(STATUS.get(status, Q()))
    return units.named_like(q) if (q or "").strip() else units


def owes_report(user, year: int, quarter: int) -> bool:
    """Whether the own unit is one of the `reporting_units` that are missing; one query at most."""
    unit = user.post.unit
    if not is_there_to_report(unit, year, quarter):
        return False
    return bool(_owed(unit=unit.pk, year=year, quarter=quarter))


@Question
def _owed():
    unit, year, quarter = Blank("unit"), Blank("year", IntegerField()), Blank("quarter", IntegerField())
    listed = Obligation.objects.order_by().filter(unit=unit, round__year=year, round__opened_at__isnull=False)
    sent = QuarterlyReport.objects.of_quarter(year, quarter).filter(unit=unit, sent_at__isnull=False)
    freed = ReportExemption.objects.standing().of_quarter(year, quarter).filter(unit=unit)
    return listed.filter(~Exists(sent), ~Exists(freed), exempted_at__isnull=True).values_list("pk")[:1]


def is_there_to_report(unit: Unit, year: int, quarter: int) -> bool:
    """Whether a unit stood at a quarter's end and was founded long enough before; no query."""
    last = last_day(year, quarter)
    return unit.valid_from <= founded_by(last) and (unit.valid_to is None or unit.valid_to > last)
