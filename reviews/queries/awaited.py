"""What the appraisal asks of the person who opens the home page."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.awaiting import Awaited
from models_registry.lifecycle import State
from models_registry.models import Dossier
from organizations.permissions import Action, may
from organizations.seats import UnplannedSightCount
from reviews.models import Assignment, Decision
from reviews.queries.appraisal import short_of_scorers
from reviews.queries.assigning import overrides_awaiting
from reviews.querysets import ANSWERS, AT_THE_BOARD


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return the board's lines of "Việc cần làm", for others what asks for a second person; four queries at most."""
    if not may(user, Action.APPRAISE):
        return _asked_as_second(user)
    held = Assignment.objects.visible_to(user).at_work()
    own = Q(appraiser=user)
    unattended = held.unattended(user.post.unit_id, at)
    mine = held.aggregate(
        mine=Count("pk", filter=own),
        back=Count("pk", filter=own & Q(sent_back_at__isnull=False)),
        proposed=Count("pk", filter=Q(pk__in=held.proposed().values("pk"))),
        unattended=Count("dossier", distinct=True, filter=Q(pk__in=unattended.values("pk"))),
    )
    at_board = (
        Dossier.objects.visible_to(user)
        .filter(state__in=AT_THE_BOARD)
        .aggregate(
            waiting=Count("pk", filter=Q(state=State.SUBMITTED)),
            late=Count("pk", filter=Q(due_on__lt=localdate(at))),
            asked=Count("pk", filter=Q(pk__in=overrides_awaiting(user).values("dossier"))),
            short=Count("pk", filter=Q(pk__in=short_of_scorers(Dossier.objects.filter(body=user.post.unit_id)))),
        )
    )
    queue = reverse("reviews:queue")
    lines = [
        Awaited(_("Hồ sơ quá hạn thẩm định"), at_board["late"], f"{queue}?state=all&overdue=1", "danger"),
        Awaited(_("Hồ sơ chờ nhận thẩm định"), at_board["waiting"], queue),
        Awaited(_("Hồ sơ tôi đang thẩm định"), mine["mine"], f"{queue}?state=under_appraisal&mine=1"),
    ]
    short = f"{queue}?state=under_appraisal&short=1"
    lines.append(Awaited(_("Hồ sơ còn thiếu người chấm"), at_board["short"], short))
    lines.append(Awaited(_("Đề xuất bị trả lại"), mine["back"], f"{queue}?state=under_appraisal&mine=1", "warning"))
    if may(user, Action.DECIDE):
        proposals, prepared = f"{queue}?state=under_appraisal&proposed=1", Decision.objects.visible_to(user).waiting()
        lines.append(Awaited(_("Đề xuất chờ quyết định"), mine["proposed"], proposals, "warning"))
        lines.append(Awaited(_("Quyết định chờ công bố"), prepared.count(), reverse("reviews:prepared")))
        again = reverse("reviews:assigning") + "?source=unfit&method=evenly"
        lines.append(
            Awaited(_("Hồ sơ trong tay người vắng mặt hoặc đã thôi vai trò"), mine["unattended"], again, "warning")
        )
        lines.append(_second_person(at_board["asked"]))
    return [line for line in lines if line.count]


@UnplannedSightCount
def _asked_below(user):
    return overrides_awaiting(user).order_by().values_list("dossier", flat=True).distinct()


def _asked_as_second(user) -> list[Awaited]:
    """One query for a leader or an administrator, none for others."""
    if user.post is None or user.post.role not in ANSWERS:
        return []
    line = _second_person(_asked_below(user))
    return [line] if line.count else []


def _second_person(count: int) -> Awaited:
    title = _("Hồ sơ có đề nghị cho thẩm định dù có xung đột")
    return Awaited(title, count, reverse("reviews:conflicts"), "warning")
