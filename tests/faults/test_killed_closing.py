"""A worker is killed in the middle of a closing, its rows written and not yet committed: one seal comes of it, later.

The closing is held where it writes its figures by a lock on their table, so that it is always killed at the same place.
"""

import os
import signal
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from completion.closing import start_sealing
from completion.models import Figure, FrozenUnit, ItemList, Period, Revision
from completion.quarters import Quarter
from completion.services import seal_quarter
from completion.tasks import close_due_quarters
from journal.jobs import send_again
from journal.models import Event, Job
from organizations.models import Unit
from tests import factories
from tests.completion.archives import item, load
from tests.servers.processes import until

# What a killed client leaves in its own database session is PostgreSQL's to clear away.
pytestmark = [pytest.mark.fault, pytest.mark.postgres]
QUARTER = Quarter(Quarter.of(timezone.now()).year - 1, 1)
ITEMS = [item("I1", "31/3", year=QUARTER.year), item("I2", "20/2", unit="B", year=QUARTER.year)]


@pytest.fixture
def root(transactional_db, tmp_path):
    load(tmp_path, items=ITEMS)
    return Unit.objects.get(code="D")


@pytest.fixture
def undisturbed(root) -> str:
    """The hash of a closing nothing happened to; it leaves no rows."""
    with transaction.atomic():
        seal = seal_quarter(root, QUARTER, at=timezone.now())
        transaction.set_rollback(True)
    return seal.input_hash


@contextmanager
def figures_held():
    """Let nobody write figures until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE completion_figure IN SHARE MODE")
        yield


def closing_waits() -> bool:
    """Whether a closing has written its revision and units, and stands before its figures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'completion_figure'::regclass AND NOT granted")
        return cursor.fetchone()[0] == 1


def visible_rows() -> list[int]:
    return [model.objects.count() for model in (Revision, FrozenUnit, Figure, ItemList)]


def kill_mid_closing(worker) -> None:
    """Let a worker take the closing that waits, and kill it, children and all, before its figures are written."""
    with figures_held(), worker() as process:
        until(closing_waits)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert visible_rows() == [0, 0, 0, 0]
    assert visible_rows() == [0, 0, 0, 0]


def swept() -> bool:
    """Do what the scheduler has the worker do every few seconds."""
    send_again(at=timezone.now())
    return True


def is_over(job) -> bool:
    job.refresh_from_db()
    return job.is_over


def test_a_closing_whose_worker_was_killed_is_sealed_once_by_the_next(root, undisturbed, redis, worker):
    """Case 20, where it is watched and scheduled at once: the job is begun anew, and the next tick sends it again."""
    administrator = factories.person(root, "administrator")
    with redis():
        job = start_sealing(root, QUARTER, by=administrator, at=timezone.now())
        assert close_due_quarters() == 1
        kill_mid_closing(worker)
        assert close_due_quarters() == 1
        with worker():
            until(lambda: swept() and is_over(job), within=40)
    assert (job.state, job.result["hash"]) == (Job.State.DONE, undisturbed)
    assert [(seal.number, seal.input_hash) for seal in Revision.objects.all()] == [(1, undisturbed)]
    assert Event.objects.filter(verb="quarter.sealed").count() == 1
    assert not Period.objects.to_close(timezone.now()).exists()
