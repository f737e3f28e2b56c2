"""Files handed in for a job are there while it waits and runs, and gone once it is over, however it ended."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from journal import uploads
from journal.jobs import ATTEMPTS, SILENCE, JobRefused, job_task, send_again, start_job
from journal.models import Job

pytestmark = pytest.mark.django_db
seen = []


@job_task
def read_upload(run):
    with run.upload() as file:
        seen.append(file.read())
    if error := run.arguments.get("error"):
        raise {"refused": JobRefused("không"), "unexpected": ValueError("x"), "away": OperationalError("x")}[error]


@pytest.fixture
def handed_in(now):
    """Return a function that starts a job with a file."""
    seen.clear()

    def start(**arguments):
        name = f"{__name__}.read_upload"
        return start_job(
            name, title="Đọc", arguments=arguments, owner=None, at=now, upload=ContentFile(b"a", "../x.zip")
        )

    return start


def kept() -> list[str]:
    return default_storage.listdir(uploads.FOLDER)[1]


@pytest.mark.parametrize("error", ["", "refused", "unexpected"])
def test_it_is_read_by_the_work_and_gone_when_that_is_over(handed_in, run_jobs, error):
    handed_in(error=error)
    assert len(kept()) == 1
    (job,) = run_jobs()
    assert (job.is_over, seen, kept()) == (True, [b"a"], [])


def test_it_stays_while_the_job_will_be_begun_anew(handed_in):
    job = handed_in(error="away")
    with pytest.raises(OperationalError):
        read_upload(job.pk)
    job.refresh_from_db()
    assert (job.state, len(kept())) == (Job.State.RUNNING, 1)


def test_it_goes_with_a_job_that_was_killed_too_often(handed_in, now):
    job = handed_in()
    silent = {"state": Job.State.RUNNING, "seen_alive_at": now - 2 * SILENCE, "attempts": ATTEMPTS}
    Job.objects.filter(pk=job.pk).update(**silent)
    send_again(at=now)
    job.refresh_from_db()
    assert (job.state, kept()) == (Job.State.FAILED, [])


def test_a_job_whose_file_is_gone_says_so(handed_in, run_jobs):
    uploads.drop(handed_in())
    (job,) = run_jobs()
    assert (job.state, job.message) == (Job.State.FAILED, "Tệp tải lên không còn. Hãy tải lại.")


def test_what_a_killed_process_left_is_dropped_and_what_is_still_wanted_is_not(handed_in):
    now = timezone.now()
    wanted = handed_in()
    uploads.keep(ContentFile(b"young"))
    left = uploads.keep(ContentFile(b"old"))
    ago = (now - 2 * uploads.FORGOTTEN_AFTER).timestamp()
    for name in (left, wanted.arguments[uploads.ARGUMENT]):
        os.utime(default_storage.path(name), (ago, ago))
    assert uploads.drop_forgotten(at=now) == 1
    assert len(kept()) == 2
    assert not default_storage.exists(left)


def test_without_any_there_is_nothing_to_drop(now):
    assert uploads.drop_forgotten(at=now) == 0
