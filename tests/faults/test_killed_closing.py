"""A worker is killed in the middle of a closing, its rows written and not yet committed: one seal comes of it, later.

Once the closing is held where it writes its figures, by a lock on their table; ten times it is killed wherever it is.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from completion.closing import start_sealing
from completion.models import Figure, FrozenUnit, ItemList, Period, Revision
from completion.quarters import Quarter
from completion.services import period_of, seal_quarter
from completion.tasks import close_due_quarters
from journal.jobs import send_again
from journal.models import Event, Job
from organizations.models import Unit
from tests import factories
from tests.completion.archives import item, load
from tests.servers.processes import ROOT, until

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


MOMENTS = 10
# One quarter for each moment, of three years, so that no closing finds the seal of the moment before.
QUARTERS = [Quarter(QUARTER.year - back, number) for back in range(3) for number in (1, 2, 3, 4)][:MOMENTS]
OF_YEARS = [
    item(f"K{year}.{n}", due, unit=unit, year=year)
    for year in {quarter.year for quarter in QUARTERS}
    for n, (due, unit) in enumerate([("31/3", "A"), ("20/2", "B"), ("30/6", "A"), ("15/11", "B")])
]


@pytest.fixture
def closer(environment, tmp_path):
    """Return a function that starts the closing of a period in a new process and returns the process's id."""
    with (tmp_path / "closer.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.closer"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            bufsize=1,
        )
        assert process.stdout.readline() == "ready\n"

        def start(period) -> int:
            process.stdin.write(f"{period.pk}\n")
            return int(process.stdout.readline())

        yield start
        process.stdin.close()
        process.wait()


def killed(pid: int) -> bool:
    """Kill a process; False where it had ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def timed(closing) -> float:
    """Return how many seconds an undisturbed closing takes, its process included."""
    began = time.monotonic()
    pid = closing()
    while not is_gone(pid):
        time.sleep(0.002)
    return time.monotonic() - began


def test_ten_closings_killed_anywhere_beside_a_second_worker_end_as_undisturbed_ones(root, closer, tmp_path):
    """Case 20, at ten moments: one seal each, its hash and rows those of a closing nothing happened to."""
    load(tmp_path / "years", units=[], items=OF_YEARS)
    spare = period_of(root, Quarter(QUARTER.year - 3, 1))
    periods = [period_of(root, quarter) for quarter in QUARTERS]
    expected = {}
    with transaction.atomic():
        for period in periods:
            seal = seal_quarter(root, period.as_quarter, at=timezone.now())
            expected[period.pk] = (1, seal.input_hash, seal.row_count)
        transaction.set_rollback(True)
    closer(spare)  # the first pays for what later ones find ready
    duration = timed(lambda: closer(period_of(root, Quarter(QUARTER.year - 3, 2))))
    shares, struck = random.Random(2026), 0
    for period in periods:
        first, second = closer(period), closer(period)
        time.sleep(duration * shares.uniform(0.05, 0.95))
        if killed(first):
            struck += 1
        else:
            duration *= 0.7  # it was measured while the machine had more to do
        until(lambda pid=second: is_gone(pid))
    seals = Revision.objects.filter(period__in=periods).order_by("pk")
    assert {seal.period_id: (seal.number, seal.input_hash, seal.row_count) for seal in seals} == expected
    assert len(seals) == Event.objects.filter(verb="quarter.sealed", subject_id__in=expected).count() == MOMENTS
    assert Figure.objects.filter(place__revision__in=seals).count() == sum(
        rows for _n, _hash, rows in expected.values()
    )
    assert struck > MOMENTS // 2
