"""Starts the closing of a quarter, or the recomputing of its provisional figures, for somebody who watches."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from completion.models import Period, Revision
from completion.quarters import Quarter
from completion.queries.closings import CORRECT, RECOMPUTE, SEAL, running_jobs
from completion.revising import NothingToSeal
from completion.services import TooEarly, period_of
from journal.jobs import start_job
from journal.models import Job
from journal.services import record
from organizations.models import Unit
from vietnamese.display import quarter_text


class AlreadySealed(Exception):
    """The quarter has its seal: `revision`."""

    def __init__(self, revision: Revision):
        self.revision = revision
        super().__init__(str(revision))


class AlreadyRunning(Exception):
    """Somebody has started work on the quarter that has not ended: `job`."""

    def __init__(self, job: Job):
        self.job = job
        super().__init__(job.title)


class NotBegun(Exception):
    """The quarter lies in the future, so there is nothing to count yet."""


@transaction.atomic
def start_sealing(root: Unit, quarter: Quarter, *, by, at: datetime) -> Job:
    """Start the sealing of a quarter past its closing instant; two who start it at once start it once.

    Raises TooEarly before G, AlreadySealed or AlreadyRunning, and then changes nothing.
    """
    period = _free_period(root, quarter)
    if at < period.closes_at:
        raise TooEarly(period)
    title = _("Chốt %(quarter)s của %(unit)s") % _names(root, quarter)
    return _start(period, SEAL, "quarter.closing_started", title, by=by, at=at)


@transaction.atomic
def start_recomputing(root: Unit, quarter: Quarter, *, by, at: datetime) -> Job:
    """Start the recomputing of the provisional figures of a quarter that has begun and is not sealed.

    Raises NotBegun, AlreadySealed or AlreadyRunning, and then changes nothing.
    """
    period = _free_period(root, quarter)
    if at < quarter.starts_at:
        raise NotBegun(str(quarter))
    title = _("Tính lại số liệu tạm tính %(quarter)s của %(unit)s") % _names(root, quarter)
    return _start(period, RECOMPUTE, "figures.recomputing_started", title, by=by, at=at)


@transaction.atomic
def start_correcting(period: Period, *, by, at: datetime) -> Job:
    """Start the sealing of the next revision of a sealed period, of what was approved; two at once start it once.

    Raises AlreadyRunning or NothingToSeal, and then changes nothing.
    """
    period = Period.objects.select_for_update(of=("self",)).select_related("root").get(pk=period.pk)
    if job := running_jobs(period).get(period.pk):
        raise AlreadyRunning(job)
    if not period.corrections.to_seal().exists():
        raise NothingToSeal(str(period))
    title = _("Chốt bản đính chính %(quarter)s của %(unit)s") % _names(period.root, period.as_quarter)
    return _start(period, CORRECT, "quarter.correcting_started", title, by=by, at=at)


def _free_period(root: Unit, quarter: Quarter) -> Period:
    """Return the period, locked, that has no seal and no work on it."""
    period = Period.objects.select_for_update(of=("self",)).get(pk=period_of(root, quarter).pk)
    if sealed := period.revisions.filter(sealed=True).newest_first().first():
        raise AlreadySealed(sealed)
    if job := running_jobs(period).get(period.pk):
        raise AlreadyRunning(job)
    return period


def _start(period: Period, task: str, verb: str, title: str, *, by, at: datetime) -> Job:
    arguments = {"period": period.pk, "post": by.post.pk, "language": get_language()}
    job = start_job(task, title=title, arguments=arguments, owner=by, at=at)
    detail = {"quarter": str(period), "job": job.pk}
    record(verb, subject="period", subject_id=period.pk, unit_id=period.root_id, by=by, at=at, detail=detail)
    return job


def closings_url(year: int | None = None) -> str:
    """Return the address of the page of closings, at the two years that end with `year`."""
    return reverse("completion:closings") + (f"?year={year}" if year else "")


def _names(root: Unit, quarter: Quarter) -> dict[str, str]:
    return {"quarter": quarter_text(quarter.number, quarter.year), "unit": root.name}
