"""A disk without room: what could not be kept is not there, and who sent it reads so."""

import errno
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError

from journal.jobs import job_task, send_again, start_job
from journal.models import Job
from portal.error_pages import failed

FULL = OSError(errno.ENOSPC, "No space left on device")
TRIES = []


class TooMuch(ContentFile):
    """Whose second half finds no room."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise FULL


@job_task
def find_no_room_at_first(run):
    TRIES.append(run.job.pk)
    if len(TRIES) == 1:
        raise FULL


@pytest.fixture
def page(rf):
    """Return a function that answers a request with the page of an error, as Django has it answered."""

    def answer(error, method="post"):
        with suppress(type(error)):
            try:
                raise error
            except type(error):
                return failed(getattr(rf, method)("/"))

    return answer


def test_half_a_file_is_not_left_behind():
    storage = storages["default"]
    with pytest.raises(OSError, match="No space"):
        storage.save("kept/a", TooMuch(b"x"))
    assert storage.listdir("kept") == ([], [])
    assert storage.save("kept/a", ContentFile(b"whole")) == "kept/a"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(FULL, 507, "hết chỗ chứa"), (OperationalError("gone"), 503, "tạm ngừng"), (KeyError("x"), 500, "trục trặc")],
)
def test_what_broke_is_said_and_that_a_form_was_not_saved(page, error, status, said):
    sent, asked = page(error), page(error, "get")
    assert (sent.status_code, asked.status_code) == (status, status)
    assert said in sent.content.decode()
    not_saved = [("chưa được lưu" in answer.content.decode()) for answer in (sent, asked)]
    assert not_saved == [True, False]


@pytest.mark.django_db
def test_a_job_without_room_waits_and_is_done_when_there_is_some(now, run_jobs):
    TRIES.clear()
    name = "tests.portal.test_full_disk.find_no_room_at_first"
    job = start_job(name, title="x", arguments={}, owner=None, at=now)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, "hết chỗ chứa" in job.message, send_again(at=now)) == (Job.State.WAITING, True, 0)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
