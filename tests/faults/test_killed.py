"""A process is killed in the middle: the work is begun anew by itself, and ended once."""

import os
import signal
import subprocess
import time

import pytest
from django.db import transaction
from django.utils import timezone

from completion.models import Figure, Period
from completion.proving import prove
from completion.quarters import Quarter
from completion.services import compute_provisional
from completion.tasks import fold_changes
from journal.jobs import send_again
from journal.models import Job
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from tests.completion.archives import item, load
from tests.completion.happenings import happen
from tests.servers.processes import end, until

pytestmark = pytest.mark.fault


def state(job) -> str:
    job.refresh_from_db()
    return job.state


def is_done(job) -> bool:
    return state(job) == Job.State.DONE


@pytest.fixture
def diary(tmp_path):
    """The file in which `count` notes when it begins and ends, and in which process."""
    path = tmp_path / "diary"
    path.touch()
    return path


@pytest.fixture
def confirmed(transactional_db, tmp_path):
    """Six works, of which four are confirmed and not folded yet; return a function that confirms one more."""
    year = Quarter.of(timezone.now()).year
    load(tmp_path, items=[item(f"A{n}", "31/12", year=year, approved="1/1") for n in range(6)])
    compute_provisional(Unit.objects.get(code="D"), Quarter.of(timezone.now()), at=timezone.now())

    def confirm(number):
        work, now = WorkItem.objects.get(code=f"A{number}"), timezone.now()
        happen(work, "completed", now, on=now.date())
        happen(work, "confirmed", now)

    for number in range(4):
        confirm(number)
    return confirm


def swept() -> bool:
    """Do what the scheduler has the worker do every few seconds."""
    send_again(at=timezone.now())
    return True


def count_of(word: str, diary) -> int:
    return diary.read_text().count(word)


def test_a_job_and_a_folding_whose_worker_was_killed_are_done_by_the_next(start, redis, worker, diary, confirmed):
    with redis():
        with worker() as first:
            job = start("count", to=20, pause=0.1, diary=str(diary))
            until(lambda: count_of("begun", diary))
            with transaction.atomic():
                Period.objects.select_for_update().get()  # the folder stops in the middle, at this very row
                fold_changes.delay()
                time.sleep(0.5)
                os.killpg(first.pid, signal.SIGKILL)
        assert (state(job), ItemChange.objects.count()) == (Job.State.RUNNING, 8)
        with worker():
            confirmed(4)
            fold_changes.delay()  # as the scheduler does every five seconds
            until(lambda: not ItemChange.objects.exists())
            until(lambda: swept() and is_done(job), within=40)
    assert (job.attempts, count_of("ended", diary)) == (2, 1)
    counted = Figure.objects.order_by("place__unit__code").values_list("place__unit__code", "r3_n", "r3_base")
    assert [*counted] == [("A", 5, 6), ("D", 5, 6), ("G", 5, 6)]
    assert prove(Period.objects.get(), at=timezone.now()) == 0


def test_a_job_survives_its_pool_child_being_killed_twice(start, redis, worker, diary):
    with redis(), worker():
        job = start("count", to=20, pause=0.1, diary=str(diary))
        for time in (1, 2):
            until(lambda time=time: swept() and count_of("begun", diary) == time, within=40)
            os.kill(int(diary.read_text().split()[-1]), signal.SIGKILL)
        until(lambda: swept() and is_done(job), within=40)
    assert (job.attempts, count_of("ended", diary)) == (3, 1)


def test_a_worker_told_to_end_finishes_what_it_began(start, redis, worker, diary):
    with redis(), worker() as process:
        job = start("count", to=20, pause=0.1, diary=str(diary))
        until(lambda: count_of("begun", diary))
        end(process)
        assert (state(job), job.attempts) == (Job.State.DONE, 1)
        assert subprocess.run(["pgrep", "-g", str(process.pid)], check=False).returncode == 1


def test_without_a_worker_a_job_waits_and_is_done_later(start, redis, worker):
    with redis():
        job = start("count", to=1)
        assert state(job) == Job.State.WAITING
        with worker():
            until(lambda: is_done(job))
