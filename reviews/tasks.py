"""Long work of the board, and what it is reminded of by itself."""

import tempfile
from pathlib import Path

from celery import shared_task
from celery.schedules import crontab
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.jobs import JobRefused, job_task
from models_registry.gate import StepNotOpen
from models_registry.models import Dossier
from organizations.models import Post
from organizations.permissions import Action, may
from organizations.queries import owner_acting
from organizations.services import remind
from reviews import services
from reviews.documents.asking import subject_of
from reviews.documents.drawing import drawn_of
from reviews.forms.queue import QueueForm
from reviews.models import Announcement, Assignment, Bulk, Decision
from reviews.queries.queue import all_rows, queue
from reviews.queries.reminding import REMINDERS
from reviews.services import bulk as bulks
from reviews.services.issuing import issue
from reviews.services.overdue import tell_overdue
from reviews.tables import queue_workbook

SCHEDULE = {
    "reviews.announce": {"task": "reviews.tasks.announce_what_is_due", "schedule": 15},
    "reviews.remind": {"task": "reviews.tasks.remind_of_what_is_due", "schedule": crontab(minute="30", hour="6")},
    "reviews.tell_overdue": {"task": "reviews.tasks.tell_what_is_overdue", "schedule": crontab(minute="10", hour="6")},
}


@shared_task
def remind_of_what_is_due() -> None:
    """Keep the reminders of this morning; the journal makes digests of them half an hour later."""
    for kind in REMINDERS:
        remind(kind, at=timezone.now())


@shared_task
def tell_what_is_overdue() -> int:
    """Tell who holds a dossier whose due day has passed, once."""
    return tell_overdue(at=timezone.now())


@shared_task
def announce_what_is_due() -> None:
    """Tell the decisions whose instant has come; drop those whose dossier was withdrawn meanwhile."""
    now = timezone.now()
    for planned in Announcement.objects.unfinished().filter(due_at__lte=now):
        services.announce(planned.pk, at=now)
    services.drop_lapsed(at=now)


@job_task
def announce_now(run):
    """Tell decisions at once, as their head asked; what the beat has told meanwhile is counted and not told again."""
    wanted = run.arguments["announcement"]
    _told, held_up = services.announce(wanted, at=timezone.now(), on_step=run.advance)
    told = Decision.objects.announced().filter(announcement=wanted).count()
    run.message = _("Đã công bố %(told)d quyết định.") % {"told": told}
    if held_up:
        run.message += " " + _("%(count)d quyết định chưa công bố được; lý do ở thông báo.") % {"count": held_up}
    return {"url": reverse("reviews:prepared")}


@job_task
def run_bulk(run):
    """Do a confirmed bulk line by line, with the rights the post it was asked in has now."""
    bulk = Bulk.objects.get(pk=run.arguments["bulk"])
    posts = Post.objects.current(timezone.now()).filter(person=run.job.owner, person__is_active=True)
    post = posts.filter(pk=bulk.post_id).select_related("unit").first()
    if post is None:
        raise JobRefused(_("Bạn không còn giữ vai trò đã dùng khi chọn việc này."))
    bulks.run(bulk, by=run.job.owner.acting_as(post), clock=timezone.now, on_line=run.advance)
    counts = dict(bulk.lines.order_by().values_list("outcome").annotate(Count("pk")))
    told = {"done": counts.get("done", 0), "refused": counts.get("refused", 0)}
    run.message = _("Đã làm %(done)d hồ sơ, không làm %(refused)d hồ sơ (có lý do từng hồ sơ).") % told
    return {"url": reverse("reviews:bulk", args=[bulk.pk])}


@job_task
def export_queue(run):
    """Write the queue as its owner filtered it, with the rights the owner's post has now."""
    now = timezone.now()
    user = owner_acting(run.job, at=now)
    form = QueueForm(QueryDict(run.arguments["address"]), user=user) if may(user, Action.APPRAISE) else None
    if form is None or not form.is_valid():
        raise JobRefused(_("Bạn không còn quyền xem danh sách này."))
    filters = form.filters()
    dossiers = queue(user, filters, at=now)
    total = dossiers.count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.xlsx"
        rows = all_rows(dossiers, filters.sort, now)
        queue_workbook(rows, str(path), on_row=lambda number: run.advance(number, total))
        run.keep(run.arguments["filename"], path)


@job_task
def issue_paper(run) -> dict:
    """Draw a paper in both forms and keep it as issued, for whoever asked, in the post it was asked from.

    The code was drawn when it was asked for: begun anew after it was issued, nothing is issued twice.
    """
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]):
        by = owner_acting(run.job, at=now)
        subject = subject_of(asked["subject"], by)
        if subject is None:
            raise JobRefused(_("Bạn không còn quyền phát hành văn bản này, hoặc nội dung của nó đã thay đổi."))
        try:
            drawn = drawn_of(
                subject,
                asked["said"],
                code=asked["code"],
                site=asked["site"],
                by=by,
                at=now,
                advance=lambda done: run.advance(done, 3),
            )
            paper = issue(drawn, by=by, at=now)
        except ValidationError as refused:
            raise JobRefused(" ".join(refused.messages)) from refused
        run.advance(3, 3)
        return {"url": reverse("reviews:paper", args=[paper.pk]), "url_label": _("Xem văn bản đã phát hành")}


@job_task
def assign_planned(run):
    """Give out what a head rehearsed, each seat in a transaction of its own; what is refused is told with why."""
    by, pairs, refused = owner_acting(run.job, at=timezone.now()), run.arguments["pairs"], []
    if not may(by, Action.DECIDE):
        raise JobRefused(_("Bạn không còn quyền giao hồ sơ."))
    left = 0
    for number, ([dossier], [holder], *beside) in enumerate(pairs, start=1):
        why = _give(services.assign, dossier, holder, by=by) if holder else ""
        others = [] if why else [_give(services.add_scorer, dossier, *seat, by=by) for seat in beside]
        left += bool(why) or (not holder and all(others))
        refused += filter(None, [why, *others])
        run.advance(number, len(pairs))
    told = {"given": len(pairs) - left, "left": left}
    run.message = _("Đã giao %(given)d hồ sơ; không giao được %(left)d.") % told
    run.message = "\n".join([run.message, *refused])
    return {"url": reverse("reviews:assigning"), "url_label": _("Về trang phân công")}


def _give(service, dossier: int, person: int, *instead_of: int, by) -> str:
    """Give somebody a dossier or a seat at it, unless an attempt before this one did; returns why not, or ""."""
    if Assignment.objects.held().filter(dossier=dossier, appraiser=person, is_lead=service is services.assign).exists():
        return ""
    try:
        service(dossier, person, *instead_of, by=by, at=timezone.now())
    except ValidationError as why:
        return f"{dossier}: {' '.join(why.messages)}"
    except (PermissionDenied, Dossier.DoesNotExist, StepNotOpen, services.DecisionPrepared):
        return _("%(number)d: hồ sơ đã đổi tình trạng, hoặc bạn không còn thấy hồ sơ.") % {"number": dossier}
    return ""
