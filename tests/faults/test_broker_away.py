"""The broker is away: pages answer, nothing is lost, and the work is done when it is back."""

import time

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.jobs import send_again
from journal.models import Job
from tests import factories
from tests.servers.processes import status_of, until

pytestmark = pytest.mark.fault
PATIENCE = 3  # seconds a person may be kept waiting by a missing server


def is_done(job) -> bool:
    job.refresh_from_db()
    return job.state == Job.State.DONE


def test_starting_a_job_neither_waits_nor_fails(start):
    began = time.monotonic()
    job = start("count", to=1)
    assert time.monotonic() - began < PATIENCE
    assert (job.state, job.sent_at) == (Job.State.WAITING, None)


def test_what_waited_is_done_when_broker_and_worker_are_back(start, redis, worker):
    job = start("count", to=1)
    with redis(), worker():
        send_again(at=timezone.now())
        until(lambda: is_done(job))
    assert job.attempts == 1


def test_pages_answer_and_a_waiting_job_shows_itself(start, web, client):
    person = factories.person()
    job = start("count", to=1)
    Job.objects.filter(pk=job.pk).update(owner=person)
    client.force_login(person)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    for path in (reverse("home"), reverse("journal:notices"), reverse("journal:job", args=[job.pk])):
        began = time.monotonic()
        assert status_of(web, path, cookie=cookie) == 200
        assert time.monotonic() - began < PATIENCE, path


def test_a_worker_outlives_its_broker(start, redis, worker):
    with worker():
        with redis():
            first = start("count", to=1)
            until(lambda: is_done(first))
        second = start("count", to=1)
        assert second.state == Job.State.WAITING
        with redis():
            send_again(at=timezone.now())
            until(lambda: is_done(second), within=60)


def test_a_job_goes_on_while_its_broker_restarts(start, redis, worker):
    with worker():
        with redis():
            job = start("count", to=30, pause=0.1)
            until(lambda: job.refresh_from_db() or job.state == Job.State.RUNNING)
        with redis():
            until(lambda: send_again(at=timezone.now()) is not None and is_done(job), within=60)
