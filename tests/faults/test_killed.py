"""A process is killed in the middle: the work is begun anew by itself, and ended once."""

import os
import signal
import subprocess

import pytest
from django.utils import timezone

from journal.jobs import send_again
from journal.models import Job
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


def swept() -> bool:
    """Do what the scheduler has the worker do every few seconds."""
    send_again(at=timezone.now())
    return True


def count_of(word: str, diary) -> int:
    return diary.read_text().count(word)


def test_a_job_whose_worker_was_killed_is_done_by_the_next(start, redis, worker, diary):
    with redis():
        with worker() as first:
            job = start("count", to=20, pause=0.1, diary=str(diary))
            until(lambda: count_of("begun", diary))
            os.killpg(first.pid, signal.SIGKILL)
        assert state(job) == Job.State.RUNNING
        with worker():
            until(lambda: swept() and is_done(job), within=40)
    assert (job.attempts, count_of("ended", diary)) == (2, 1)


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
