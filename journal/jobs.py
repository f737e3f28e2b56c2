"""Long work: the Job row is the queue of record, and the broker only carries its number.

A view starts it, and sends the person to the job's page:

    job = start_job("dashboards.tasks.export_items", title=_("…"), arguments={"year": 2026}, owner=user, at=now)

A task does it, and may be killed at any point and begun anew:

    @job_task
    def export_items(run):
        for number, row in enumerate(rows(**run.arguments), 1):
            run.advance(number, total)
        run.keep("items.xlsx", path)
        return {"url": reverse(...)}  # where the job's page leads when it is done

What fails for a reason nobody foresaw is over, and its owner reads so. Work that writes the same however often it is
done is begun again instead, some time later each time (`@job_task(patient=True)`); at last its owner is told.

A file handed in for the work (`start_job(…, upload=file)`, then `run.upload()`) is gone once the job is over.
"""

import functools
import logging
import secrets
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app, shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerAway
from structlog.contextvars import bound_contextvars, get_contextvars

from journal import uploads
from journal.failures import is_full
from journal.models import Job
from journal.services import record

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=settings.JOB_SILENCE)  # without a sign of life a running job counts as killed
PULSE = settings.JOB_SILENCE / 6  # seconds between two signs of life
RESEND = 1.5 * SILENCE  # an unclaimed job is sent again after this long
ATTEMPTS = 5
PATIENCE = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))  # before each further try
AHEAD = timedelta(hours=2)  # longer than any patience: what was sent or claimed later than that is a wrong clock's
SHOWN_EVERY = 0.5  # seconds between two published advances
FILES_KEPT = timedelta(days=7)  # what a job made may name people; it is made again in seconds


class JobRefused(Exception):
    """The work cannot be done, for a reason its owner can read: the message becomes the job's."""


def start_job(task: str, *, title: str, arguments: dict, owner, at: datetime, upload: File | None = None) -> Job:
    """Write one job and send it by name after the commit; returns at once, whether the broker is there or not.

    A title that is too long, for the names in it, is cut.
    """
    if upload is not None:
        arguments = arguments | {uploads.ARGUMENT: uploads.keep(upload)}
    title = Truncator(title).chars(Job._meta.get_field("title").max_length)
    asked_by = get_contextvars().get("request_id", "")
    job = Job.objects.create(
        task=task, title=title, arguments=arguments, owner=owner, created_at=at, request_id=asked_by
    )
    transaction.on_commit(functools.partial(send, job, at=at), robust=True)
    return job


def send(job: Job, *, at: datetime) -> bool:
    """Hand the number of a job to the broker; False when the broker is away (the sweep will send it again)."""
    # Noted first: where one writes at a time, a worker that has begun may hold what this would wait for.
    Job.objects.filter(pk=job.pk).update(sent_at=at)
    try:
        current_app.send_task(job.task, args=[job.pk], retry=False)
    except (BrokerAway, OSError) as away:
        Job.objects.filter(pk=job.pk).update(sent_at=job.sent_at)
        log.warning("job %s waits, the broker is away: %s", job.pk, away)
        return False
    return True


def send_again(*, at: datetime) -> int:
    """Send every job that waits unclaimed or whose worker fell silent; give up those killed too often.

    Returns how many were sent. One query, and one or two for each such job.
    """
    sent = 0
    for job in Job.objects.overlooked(waiting_before=at - RESEND, silent_before=at - SILENCE, never_after=at + AHEAD):
        if job.state == Job.State.WAITING:
            sent += send(job, at=at)
        elif pulse(job) is None:
            if job.attempts >= ATTEMPTS:
                if _end(job, Job.State.FAILED, message=_("Công việc bị ngắt nhiều lần nên đã dừng. Hãy thử lại sau.")):
                    _tell_given_up(job, at=at)
            else:
                sent += send(job, at=at)
    return sent


def drop_files(*, at: datetime) -> int:
    """Delete what jobs made more than a week ago; their rows stay and say so. Returns how many, two queries each."""
    dropped = 0
    for job in Job.objects.filter(ended_at__lt=at - FILES_KEPT).exclude(file=""):
        job.file.storage.delete(job.file.name)
        dropped += Job.objects.filter(pk=job.pk).update(file="")
    return dropped


def pulse(job: Job) -> tuple[int, int] | None:
    """Return the last (done, total) its worker published; None when it fell silent or never spoke.

    Kept in the cache, because a job that works in one transaction cannot show its own rows before it commits.
    """
    return cache.get(_pulse_key(job))


def with_progress(job: Job) -> Job:
    """Return the job as its page shows it: a running one with what its worker published last, not saved."""
    if job.state == Job.State.RUNNING:
        job.done, job.total = pulse(job) or (job.done, job.total)
    return job


def job_task(work=None, *, patient: bool = False):
    """Make a Celery task, named after the function, of work that takes a Run and returns a dict or None."""
    if work is None:
        return functools.partial(job_task, patient=patient)

    @shared_task(name=f"{work.__module__}.{work.__name__}", patient=patient)
    @functools.wraps(work)
    def task(job_id: int) -> None:
        job = _claim(job_id, at=timezone.now())
        if job is not None:
            with bound_contextvars(job=job.pk, request_id=job.request_id), Run(job, patient=patient) as run:
                run.result.update(work(run) or {})

    return task


class Run:
    """One attempt at a job: what its task reads and reports through; ends the job when the block ends."""

    def __init__(self, job: Job, *, patient: bool = False):
        self.job = job
        self.patient = patient
        self.arguments = job.arguments
        self.result: dict = {}
        self.message = ""
        self._file = ""
        self._progress = (0, 0)
        self._published = 0.0
        self._stop = threading.Event()

    def advance(self, done: int, total: int) -> None:
        """Show how far the work is; cheap enough for every row."""
        self._progress = (done, total)
        if time.monotonic() - self._published >= SHOWN_EVERY or done == total:
            self._publish()

    def keep(self, name: str, path: Path) -> None:
        """Keep a finished file for the owner to fetch under `name`; stored under a name nobody can guess."""
        with Path(path).open("rb") as content:
            stored = secrets.token_hex(16) + Path(name).suffix
            self._file = self.job.file.storage.save(
                self.job.file.field.generate_filename(self.job, stored), File(content)
            )
        self.result["filename"] = name

    def upload(self) -> File:
        """Return the file handed in with the job, opened; refused when it is gone."""
        try:
            return uploads.opened(self.job)
        except FileNotFoundError as gone:
            raise JobRefused(_("Tệp tải lên không còn. Hãy tải lại.")) from gone

    def __enter__(self) -> "Run":
        self._publish()
        threading.Thread(target=self._live, name=f"job-{self.job.pk}", daemon=True).start()
        return self

    def __exit__(self, kind, error, trace) -> bool:
        self._stop.set()
        if error is None:
            self._finish(Job.State.DONE, self.message)
        elif isinstance(error, JobRefused):
            self._finish(Job.State.FAILED, str(error))
        elif isinstance(error, (OperationalError, InterfaceError)) or not isinstance(error, Exception):
            # The database is away or the worker is told to end: silence brings the job back.
            cache.delete(_pulse_key(self.job))
            return False
        elif is_full(error):
            log.error("job %s waits for room on the disk: %s", self.job.pk, error)
            _wait(self.job, timezone.now() + SILENCE, message=_("Máy chủ hết chỗ chứa; có chỗ là cổng tự làm tiếp."))
        else:
            log.exception("job %s failed, try %s", self.job.pk, self.job.attempts, exc_info=error)
            self._fail()
        return True

    def _fail(self) -> None:
        """Begin again later, as long as there is patience; else end, and tell whoever had patience."""
        tried, at = self.job.attempts, timezone.now()
        if self.patient and tried <= len(PATIENCE):
            _wait(self.job, at + PATIENCE[tried - 1], message=_("Chưa làm được; cổng sẽ tự thử lại."))
            return
        said = _("Có lỗi ngoài dự kiến. Hãy báo quản trị viên mã công việc %(number)s.")
        if self._finish(Job.State.FAILED, said % {"number": self.job.pk}):
            _tell_given_up(self.job, at=at)

    def _finish(self, state: str, message: str) -> bool:
        done, total = self._progress
        ended = _end(self.job, state, message=message, result=self.result, file=self._file, done=done, total=total)
        if ended:
            log.info("job %s is %s", self.job.pk, state)
        else:
            log.warning("job %s was taken over by another worker meanwhile", self.job.pk)
            if self._file:
                self.job.file.storage.delete(self._file)
        return ended

    def _live(self) -> None:
        while not self._stop.wait(PULSE):
            self._publish()

    def _publish(self) -> None:
        self._published = time.monotonic()
        cache.set(_pulse_key(self.job), self._progress, timeout=settings.JOB_SILENCE)


def _claim(job_id: int, *, at: datetime) -> Job | None:
    """Take a job for this worker; None when it is over, or another worker has it and is alive."""
    job = Job.objects.unfinished().filter(pk=job_id).first()
    if job is None:
        return None
    if job.state == Job.State.RUNNING and (at - SILENCE < job.seen_alive_at <= at + AHEAD or pulse(job) is not None):
        return None
    won = Job.objects.filter(pk=job_id, state=job.state, attempts=job.attempts).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, seen_alive_at=at, message=""
    )
    if not won:
        return None
    job.refresh_from_db()
    return job


def _end(job: Job, state: str, **fields) -> bool:
    """End a job, unless another attempt at it has begun or ended; what was handed in for it goes with it."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    ended = bool(mine.update(state=state, ended_at=timezone.now(), **fields))
    if ended:
        uploads.drop(job)
    return ended


def _wait(job: Job, until: datetime, *, message: str) -> None:
    """Have a job sent again at an instant, unless another attempt at it has begun or ended."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    mine.update(state=Job.State.WAITING, sent_at=until - RESEND, message=message)
    cache.delete(_pulse_key(job))


def _tell_given_up(job: Job, *, at: datetime) -> None:
    """Tell who waits for a job of patience, watching or not, that it will not be done."""
    if job.owner is None or not getattr(current_app.tasks.get(job.task), "patient", False):
        return

    def said() -> str:
        words = _(
            "Không làm được sau nhiều lần thử: %(title)s. Hãy làm lại, hoặc báo quản trị viên mã công việc %(n)s."
        )
        return words % {"title": Truncator(job.title).chars(300), "n": job.pk}

    link = reverse("journal:job", args=[job.pk])
    detail = {"task": job.task, "tries": job.attempts}
    of = {"subject": "job", "subject_id": job.pk, "by": None, "at": at, "detail": detail}
    record("job.given_up", **of, tell=[job.owner], text=said, link=link)


def _pulse_key(job: Job) -> str:
    return f"job-{job.pk}-{job.attempts}"
