"""What the year asks of units and their superiors by a day, for the morning's reminders: a query or two a kind."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from organizations.reminding import OFFICERS, Due, Kind, Seats, standing
from progress.lifecycle import Confirmer, ItemStep, who_confirms
from progress.models import ChangeRequest, CompletionReport
from progress.queries.checks import owing_check
from progress.queries.quarters import correctable_until, obliged_units
from vietnamese.quarters import quarter_before, quarter_of

# Days in which a superior answers a report or a request before being reminded as of something overdue.
ANSWER_DAYS = timedelta(days=10)


def works(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the works still being done, by unit and day in force."""
    begun = WorkItem.objects.filter(standing(localdate(at)), state=ItemState.IN_PROGRESS, excluded_at__isnull=True)
    begun = begun.filter(due_in_force__range=(first, last), year__in={first.year, last.year}).order_by()
    found = begun.values_list("unit", "unit__path", "due_in_force").annotate(Count("pk"), Min("pk"))
    listed = f"{reverse('progress:items')}?when="
    for unit, path, on, count, pk in found:
        when = "overdue" if on < localdate(at) else "soon"
        yield Due(unit, path, on, count, reverse("progress:item", args=[pk]) if count == 1 else f"{listed}{when}")


def reports(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the units that have not reported the last quarter; due when its days of grace end."""
    quarter = _last_quarter(at)
    if first <= correctable_until(*quarter) <= last:
        missing = obliged_units(*quarter).standing_on(localdate(at)).filter(sent_at__isnull=True, is_exempt=False)
        for unit, path in missing.order_by().values_list("pk", "path"):
            page = reverse("progress:unit_quarter", args=[unit, *quarter])
            yield Due(unit, path, correctable_until(*quarter), 1, page)


def checks(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the checks of ongoing works that whoever confirms them owes for the last quarter."""
    quarter = _last_quarter(at)
    on = correctable_until(*quarter)
    if not first <= on <= last:
        return
    owing = owing_check(WorkItem.objects.filter(standing(localdate(at))), *quarter).filter(verdict="").order_by()
    found = owing.values_list("unit", "unit__path", "kind", "subject_is_head").annotate(Count("pk"))
    seats, due = Seats(at), Counter()
    for unit, path, kind, of_head, count in found:
        if seat := _confirming_seat(seats, unit, path, kind, of_head):
            due[seat] += count
    for (unit, path, roles), count in due.items():
        yield Due(unit, path, on, count, reverse("progress:checks"), roles)


def confirmations(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the reports that wait to be confirmed, by whoever may: not who wrote them while another is there."""
    sent = CompletionReport.objects.sent().filter(item=OuterRef("pk")).order_by("-id")
    told = {name: Subquery(sent.values(name)[:1]) for name in ("reported_by", "prepared_by", "reported_at")}
    waiting = WorkItem.objects.filter(standing(localdate(at)), state=ItemState.REPORTED, excluded_at__isnull=True)
    waiting = waiting.order_by().annotate(**told).annotate(on=TruncDate("reported_at", tzinfo=get_default_timezone()))
    waiting = waiting.filter(on__range=(first - ANSWER_DAYS, last - ANSWER_DAYS))
    found = waiting.values_list("unit", "unit__path", "kind", "subject_is_head", "reported_by", "prepared_by", "on")
    seats, due = Seats(at), Counter()
    for unit, path, kind, of_head, reporter, preparer, on, count in found.annotate(Count("pk")):
        if seat := _confirming_seat(seats, unit, path, kind, of_head):
            due[seat, on + ANSWER_DAYS, reporter, preparer] += count
    for ((unit, path, roles), on, reporter, preparer), count in due.items():
        both, sender = frozenset({reporter, preparer}), frozenset({reporter})
        out = (both, sender, frozenset()) if roles == OFFICERS else (both,)
        yield Due(unit, path, on, count, reverse("progress:to_confirm"), roles, out)


def requests(first: date, last: date, at: datetime) -> Iterator[Due]:
    """Yield the requests that wait for a board head: one level above for an exclusion after the due day."""
    today = localdate(at)
    asked = ChangeRequest.objects.undecided().filter(standing(today, "item__unit")).order_by()
    asked = asked.annotate(on=TruncDate("asked_at", tzinfo=get_default_timezone()))
    asked = asked.filter(on__range=(first - ANSWER_DAYS, last - ANSWER_DAYS))
    found = asked.values_list("item__unit__path", "kind", "on", "asked_by", "item__due_in_force")
    seats, waiting = Seats(at), Counter()
    for path, kind, on, asker, due, count in found.annotate(Count("pk")):
        level = int(kind == ItemStep.EXCLUDE and due < today)
        for body in seats.bodies_of(path)[level : level + 1]:
            waiting[body, on + ANSWER_DAYS, asker] += count
    for (body, on, asker), count in waiting.items():
        yield Due(body, seats.path_of(body), on, count, reverse("progress:requests"), ("head",), (frozenset({asker}),))


def _last_quarter(at: datetime) -> tuple[int, int]:
    """Return the last quarter that has ended: the only one whose papers can be near their last day."""
    day = localdate(at)
    return quarter_before(day.year, quarter_of(day))


def _confirming_seat(seats: Seats, unit: int, path: str, kind: str, of_head: bool):
    """Return unit, path and roles of who confirms such an item, None where nobody is there; no query."""
    committee = seats.committee_above(path)
    individual = kind == WorkItem.Kind.INDIVIDUAL
    match who_confirms(individual=individual, of_head=of_head, committee_above=committee is not None):
        case Confirmer.CELL:
            return unit, path, OFFICERS
        case Confirmer.COMMITTEE:
            return committee, seats.path_of(committee), ("committee",)
    bodies = seats.bodies_of(path)
    return (bodies[0], seats.path_of(bodies[0]), ("head",)) if bodies else None


REMINDERS = (
    Kind(
        "work",
        works,
        OFFICERS,
        _("%(count)d việc chưa báo cáo hoàn thành, hạn %(day)s"),
        _("%(count)d đơn vị có việc chưa báo cáo hoàn thành, quá hạn từ %(day)s"),
        "progress:items",
    ),
    Kind(
        "report",
        reports,
        OFFICERS,
        _("%(count)d báo cáo quý chưa gửi, hạn %(day)s"),
        _("%(count)d đơn vị chưa gửi báo cáo quý, quá hạn từ %(day)s"),
        "progress:reports",
    ),
    Kind(
        "check",
        checks,
        OFFICERS,
        _("%(count)d việc thường xuyên chưa được kiểm tra trong quý, hạn %(day)s"),
        _("%(count)d đơn vị chưa kiểm tra xong việc thường xuyên, quá hạn từ %(day)s"),
        "progress:items",
    ),
    Kind(
        "confirmation",
        confirmations,
        OFFICERS,
        _("%(count)d báo cáo hoàn thành chờ bạn xác nhận, nên trả lời trước %(day)s"),
        _("%(count)d đơn vị để báo cáo hoàn thành chờ xác nhận quá %(day)s"),
        "progress:items",
    ),
    Kind(
        "request",
        requests,
        ("head",),
        _("%(count)d đề nghị chờ bạn quyết định, nên trả lời trước %(day)s"),
        _("%(count)d Ban để đề nghị của đơn vị chờ quyết định quá %(day)s"),
        "dashboards:start",
    ),
)
