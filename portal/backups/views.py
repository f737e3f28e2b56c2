"""What whoever administers a whole tree sees of the backups, and the button that makes one now."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.jobs import start_job
from journal.sending import once
from journal.services import last_noted_head
from portal.backups.models import Backup
from portal.backups.queries import sees_backups, standings
from portal.backups.words import difference_text, size_text
from portal.grants import may_change_the_journal

PER_PAGE = 50
# The state_badge of each row.
COLOURS = {
    Backup.State.RUNNING: "running",
    Backup.State.DONE: "success",
    Backup.State.FAILED: "danger",
    Backup.Trial.NONE: "waiting",
    Backup.Trial.GOOD: "success",
    Backup.Trial.DIFFERED: "danger",
}


def _seen(request):
    if not sees_backups(request.user):
        raise PermissionDenied
    return Backup.objects.visible_to(request.user)


@require_safe
def backups(request):
    """Show how old the last good backup and the last good trial are, what to do, and every backup; six queries."""
    page = Paginator(_seen(request).select_related("by"), PER_PAGE).get_page(request.GET.get("page"))
    made, tried = standings(timezone.now())
    context = {
        "page_obj": page,
        "rows": [_row(one) for one in page.object_list],
        "standings": (made, tried),
        "is_whole": made.colour == tried.colour == "success",
        "place": settings.BACKUP_DIR,
        "second": settings.BACKUP_SECOND_DIR,
        "keep": settings.BACKUP_KEEP,
        "head": last_noted_head(),
        "may_change_the_journal": may_change_the_journal(connection),
    }
    return render(request, "backups/backups.html", context)


@require_safe
def backup(request, pk):
    """Show one backup: where it is, what it holds, and each thing its trial found otherwise."""
    one = get_object_or_404(_seen(request).select_related("by"), pk=pk)
    context = {
        "one": one,
        "row": _row(one),
        "differences": [difference_text(found) for found in one.differences],
    }
    return render(request, "backups/backup.html", context)


@require_POST
def back_up_now(request):
    """Begin a backup and lead to its progress; sent twice, it is one."""
    _seen(request)
    with once(request) as sending:
        job = start_job(
            "portal.backups.tasks.back_up_now", title=_("Sao lưu"), arguments={}, owner=request.user, at=timezone.now()
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


def _row(one: Backup) -> dict:
    return {
        "one": one,
        "colour": COLOURS[one.state],
        "trial_colour": COLOURS.get(one.trial, "warning"),
        "size": size_text(one.size),
        "added": size_text(one.added),
    }
