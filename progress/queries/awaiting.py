"""What progress puts on a person's work queue, most pressing first."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.awaiting import Awaited, counted_together
from journal.questions import in_one_row
from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from organizations.models import Person, PlannedReorganisation
from organizations.permissions import Action, may
from organizations.seats import Sight, UnplannedSightCount
from progress.queries.authority import requests_waiting_for, waiting_for
from progress.queries.checks import check_in_hand, checked_by
from progress.queries.items import SOON_DAYS, refusals, untouched_ids
from progress.queries.paging import COUNTED_TO
from progress.queries.quarters import asked_quarter, correctable_until, owes_report
from vietnamese.display import quarter_text

CONFIRMING = (Action.CONFIRM_OWN, Action.CONFIRM_BELOW, Action.DECIDE)


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return what waits for this person among approved items and quarterly papers; at most seven queries."""
    if user.post is None or user.post.unit_id is None:
        return _stopped_plans(user)
    lines = _stopped_plans(user)
    (own,) = _own_counts(user, localdate(at)) if may(user, Action.ENTER_REPORT) else ({},)
    if own:
        lines += _own_works(own)
    lines += _waiting(user, at, own)
    if may(user, Action.URGE):
        lines += _untouched(user, at)
    if may(user, Action.REPORT):
        lines += _report_owed(user, at)
    return [line for line in lines if line.count]


def _stopped_plans(user) -> list[Awaited]:
    """Return how many decisions on units their day could not carry out; one query, none but for administrators."""
    if not may(user, Action.MANAGE_UNITS):
        return []
    stopped = PlannedReorganisation.objects.visible_to(user).filter(state=PlannedReorganisation.State.STOPPED).count()
    text = _("Quyết định sắp xếp tổ chức đến ngày mà chưa thực hiện được")
    return [Awaited(text, stopped, reverse("progress:reorganisations"), "warning")] if stopped else []


@Sight
def _own_counts(user, today: date):
    """How many of the own unit's items wait in each way, and how many it checks itself."""
    begun = Q(state=ItemState.IN_PROGRESS)
    own = WorkItem.objects.visible_to(user).counted().filter(unit=user.post.unit_id, excluded_at__isnull=True)
    return in_one_row(
        own.filter(begun | Q(state=ItemState.REPORTED) | Q(ongoing=True)),
        overdue=Count("pk", filter=begun & Q(due_in_force__lt=today)),
        soon=Count("pk", filter=begun & Q(due_in_force__range=(today, today + timedelta(days=SOON_DAYS)))),
        refused=Count("pk", filter=begun & Exists(refusals())),
        reported=Count("pk", filter=Q(state=ItemState.REPORTED)),
        ongoing=Count("pk", filter=Q(ongoing=True, kind=WorkItem.Kind.INDIVIDUAL)),
    )


def _own_works(counts: dict[str, int]) -> list[Awaited]:
    listed = reverse("progress:items")
    soon = _("Việc đến hạn trong %(days)d ngày tới") % {"days": SOON_DAYS}
    again = _("Báo cáo hoàn thành chưa được xác nhận, cần làm lại")
    return [
        Awaited(_("Việc đã quá hạn"), counts["overdue"], f"{listed}?when=overdue", "danger"),
        Awaited(soon, counts["soon"], f"{listed}?when=soon", "warning"),
        Awaited(again, counts["refused"], f"{listed}?when=refused", "warning"),
    ]


def _waiting(user, at: datetime, own: dict[str, int]) -> list[Awaited]:
    """Return what others wait for: confirmations, the quarter's checks, urgent from its last fortnight on, decisions.

    Officers confirm what their own unit reported: where it reported nothing, nobody need ask which of it is theirs.
    One query.
    """
    year, quarter, is_near = check_in_hand(localdate(at))
    waits, confirms = {}, any(may(user, one) for one in CONFIRMING)
    if confirms and own.get("reported", True):
        waits["reported"] = waiting_for(user, at)
    if confirms and own.get("ongoing", True):
        waits["unchecked"] = checked_by(user, at, year, quarter).filter(verdict="")
    if may(user, Action.DECIDE):
        waits["asked"] = requests_waiting_for(user, at)
    counts = counted_together(Person.objects.filter(pk=user.pk), **waits)
    check = _("Việc thường xuyên cần kiểm tra %(quarter)s") % {"quarter": quarter_text(quarter, year)}
    lines = {
        "reported": (_("Việc chờ bạn xác nhận hoàn thành"), "progress:to_confirm", "info"),
        "unchecked": (check, "progress:checks", "warning" if is_near else "info"),
        "asked": (_("Đề nghị chờ bạn quyết định"), "progress:requests", "warning"),
    }
    found = ((counts.get(name, 0), *line) for name, line in lines.items())
    return [Awaited(text, count, reverse(url), level) for count, text, url, level in found]


@UnplannedSightCount
def _untouched_below(user, today: date):
    return untouched_ids(WorkItem.objects.visible_to(user).counted().filter(year=today.year), today)


def _untouched(user, at: datetime) -> list[Awaited]:
    """Return how many works below fall due soon and were told nothing of, as far as they are counted; one query."""
    today = localdate(at)
    count = _untouched_below(user, today)
    said = _("Việc đến hạn trong 14 ngày, chưa có tiến độ")
    if count == COUNTED_TO:
        said = _("Việc đến hạn trong 14 ngày, chưa có tiến độ (từ %(most)d việc trở lên)") % {"most": COUNTED_TO}
    return [Awaited(said, count, reverse("progress:untouched"), "warning")]


def _report_owed(user, at: datetime) -> list[Awaited]:
    """Ask for the present quarter's report in its last fortnight, before that for the last quarter's."""
    today = localdate(at)
    year, quarter = asked_quarter(today)
    owed = int(owes_report(user, year, quarter))
    page = reverse("progress:unit_quarter", args=[user.post.unit_id, year, quarter])
    name = {"quarter": quarter_text(quarter, year)}
    if today > correctable_until(year, quarter):
        return [Awaited(_("Báo cáo %(quarter)s đã quá hạn gửi") % name, owed, page, "danger")]
    return [Awaited(_("Báo cáo %(quarter)s chưa gửi") % name, owed, page, "warning")]
