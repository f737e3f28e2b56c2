"""Long work of the board, and what it is reminded of by itself."""

import tempfile
from pathlib import Path

from celery import shared_task
from celery.schedules import crontab
from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.jobs import JobRefused, job_task
from organizations.models import Post
from organizations.permissions import Action, may
from organizations.services import remind
from reviews.forms.queue import QueueForm
from reviews.queries.queue import all_rows, queue
from reviews.queries.reminding import REMINDERS
from reviews.tables import queue_workbook

SCHEDULE = {
    "reviews.remind": {"task": "reviews.tasks.remind_of_what_is_due", "schedule": crontab(minute="30", hour="6")},
}


@shared_task
def remind_of_what_is_due() -> None:
    """Keep the reminders of this morning; the journal makes digests of them half an hour later."""
    for kind in REMINDERS:
        remind(kind, at=timezone.now())


@job_task
def export_queue(run):
    """Write the queue as its owner filtered it, with the rights the owner's post has now."""
    now = timezone.now()
    post = Post.objects.current(now).filter(pk=run.arguments["post"], person=run.job.owner).first()
    user = run.job.owner.acting_as(post)
    form = QueueForm(QueryDict(run.arguments["address"]), user=user) if may(user, Action.APPRAISE) else None
    if form is None or not form.is_valid():
        raise JobRefused(_("Bạn không còn quyền xem danh sách này."))
    filters = form.filters()
    dossiers = queue(user, filters, at=now)
    total = dossiers.count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.xlsx"
        rows = all_rows(dossiers, filters.sort, localdate(now))
        queue_workbook(rows, str(path), on_row=lambda number: run.advance(number, total))
        run.keep(run.arguments["filename"], path)
