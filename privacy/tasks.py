"""The long work of privacy: a person's data as a file."""

import tempfile
from pathlib import Path

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.jobs import JobRefused, job_task
from journal.services import record
from organizations.models import Person
from organizations.queries import owner_acting
from privacy.services import looking, retaining
from privacy.services.exporting import may_take, where_from, write_data

SCHEDULE = {
    "privacy.retain": {"task": "privacy.tasks.retain", "schedule": crontab(minute="40", hour="2")},
    "privacy.keep_looks": {"task": "privacy.tasks.keep_looks", "schedule": 60},
}


@shared_task
def keep_looks() -> int:
    """Make rows of the looks that pages noted."""
    return looking.keep_looks(at=timezone.now())


@shared_task
def retain() -> int:
    """Let go of what is past its time."""
    return sum(retaining.retain(at=timezone.now()).values())


@job_task
def write_own_data(run) -> dict:
    """Write everything held of a person, for whoever asked, in the post it was asked from."""
    now = timezone.now()
    with override(run.arguments["language"]), tempfile.TemporaryDirectory() as folder:
        by = owner_acting(run.job, at=now)
        person = Person.objects.get(pk=run.arguments["person"])
        if not may_take(by, person, now):
            raise JobRefused(_("Bạn không còn quyền lấy dữ liệu của người này."))
        path = Path(folder) / "data.zip"
        rows = write_data(person, path, at=now, advance=run.advance, to_others=run.job.owner_id != person.pk)
        run.keep(f"du-lieu-ca-nhan-{person.pk}.zip", path)
        detail = {"rows": rows}
        record("person.data_written", subject="person", subject_id=person.pk, by=by, at=now, detail=detail)
        return {"url": where_from(person, by), "url_label": _("Về trang dữ liệu cá nhân")}
