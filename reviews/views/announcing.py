"""Prepared decisions of the board, told together: at once or at an instant."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.jobs import start_job
from journal.sending import once
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.deciding import AnnounceForm
from reviews.models import Announcement, Decision
from vietnamese.display import instant_text

PER_PAGE = 50


@require_safe
def prepared(request):
    """What was signed and nobody outside the board knows of yet, and what is planned to be told."""
    _board_only(request.user)
    return _page(request)


def _page(request, form=None, status=200):
    waiting = Decision.objects.visible_to(request.user).waiting().shown()
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    planned = Announcement.objects.visible_to(request.user).unfinished().counted()
    shown = {
        "page_obj": page,
        "planned": planned,
        "form": form or AnnounceForm(waiting=[], at=timezone.now()),
        "may_announce": may(request.user, Action.DECIDE),
    }
    return render(request, "reviews/prepared.html", shown, status=status)


@require_POST
def announce(request):
    """Plan the telling of the chosen decisions; what is told at once is a job."""
    _heads_only(request.user)
    now = timezone.now()
    waiting = list(Decision.objects.visible_to(request.user).waiting().values_list("pk", flat=True))
    form = AnnounceForm(request.POST, waiting=waiting, at=now)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _plan(request, form, now)
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return _page(request, form, status=422)


def _plan(request, form, now):
    due_at = form.cleaned_data["due_at"]
    with once(request, reverse("reviews:prepared")) as sending:
        made = services.plan_announcement(form.decisions(), due_at=due_at, by=request.user, at=now)
        if due_at > now:
            told = {"count": made.decisions.count(), "when": instant_text(due_at)}
            messages.success(request, _("%(count)d quyết định sẽ được công bố cùng lúc: %(when)s.") % told)
        else:
            sending.leads_to = reverse("journal:job", args=[_job(request, made, now).pk])
    return redirect(sending.leads_to)


def _job(request, made: Announcement, now):
    return start_job(
        "reviews.tasks.announce_now",
        title=_("Công bố quyết định"),
        arguments={"announcement": made.pk, "post": request.user.post.pk},
        owner=request.user,
        at=now,
    )


@require_POST
def call_off(request, pk):
    """Give up a planned announcement; its decisions stay signed."""
    get_object_or_404(Announcement.objects.visible_to(request.user), pk=pk)
    _heads_only(request.user)
    try:
        services.call_off(pk, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Đã hủy lịch công bố. Các quyết định vẫn được giữ."))
    return redirect("reviews:prepared")


def _board_only(user) -> None:
    if not may(user, Action.APPRAISE):
        raise PermissionDenied


def _heads_only(user) -> None:
    if not may(user, Action.DECIDE):
        raise PermissionDenied
