from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from journal.models import Lease
from portal.scheduler import OURS, LeasedScheduler, declared, sync_schedule

pytestmark = pytest.mark.django_db


def test_every_declared_task_exists():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in declared().values()} <= set(current_app.tasks)


def test_the_schedule_is_stored_once_however_often_it_is_synced():
    assert sync_schedule() == sync_schedule() == PeriodicTask.objects.filter(description=OURS).count()


def test_an_entry_nobody_declares_any_more_goes_and_an_operators_own_stays():
    sync_schedule()
    some = PeriodicTask.objects.first()
    for name, description in [("gone", OURS), ("own", "")]:
        PeriodicTask.objects.create(
            name=name, task="x", interval=some.interval, crontab=some.crontab, description=description
        )
    sync_schedule()
    assert set(PeriodicTask.objects.filter(name__in=["gone", "own"]).values_list("name", flat=True)) == {"own"}


def test_what_the_operator_switched_off_stays_off():
    sync_schedule()
    PeriodicTask.objects.filter(name="journal.tell").update(enabled=False)
    sync_schedule()
    assert PeriodicTask.objects.get(name="journal.tell").enabled is False


# A scheduler closes the connection it finds, which a test inside one transaction would not survive.
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_send_a_due_task_once(monkeypatch):
    sync_schedule()
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, *args, **kwargs: sent.append(name))
    for _ in range(2):
        scheduler = LeasedScheduler(app=current_app, lazy=True)
        entry = next(scheduler.Entry(PeriodicTask.objects.get(name="journal.tell"), app=current_app))
        scheduler.apply_async(entry, advance=False)
    assert len(sent) == 1


@pytest.fixture
def scheduler(transactional_db):
    """A scheduler whose one entry is due every five seconds, and was run ten seconds ago."""
    sync_schedule()
    PeriodicTask.objects.exclude(name="journal.tell").delete()
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(seconds=10))
    made = LeasedScheduler(app=current_app)
    yield made
    made._finalize.cancel()


@pytest.fixture
def sent(monkeypatch):
    """The names of tasks sent; a broker is away while `sent.away` is set."""

    class Sent(list):
        away = False

        def send(self, _task, *args, **kwargs):
            if self.away:
                raise OperationalError("nobody there")
            self.append(_task.name)

    names = Sent()
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda task, *args, **kwargs: names.send(task))
    return names


def test_what_could_not_be_sent_is_sent_once_when_the_broker_is_back(scheduler, sent):
    sent.away = True
    assert scheduler.tick() >= scheduler.PAUSE
    assert (sent, Lease.objects.get().taken_at < timezone.now() - timedelta(seconds=9)) == ([], True)
    sent.away = False
    scheduler.tick()
    scheduler.tick()
    assert sent == ["journal.tasks.tell_about_new_events"]


def test_a_wrong_clock_sends_nothing_and_one_put_right_does_not_wait_for_it(scheduler, sent, settings):
    settings.CLOCK_TOLERANCE = 300
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        scheduler.tick()
    assert sent == []
    scheduler.tick()
    assert len(sent) == 1


def test_a_last_run_that_lies_ahead_counts_as_now(scheduler, sent):
    entry = scheduler.schedule["journal.tell"]
    entry.last_run_at = entry.model.last_run_at = timezone.now() + timedelta(days=1)
    scheduler.tick()
    assert sent == []
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        scheduler.tick()
    assert len(sent) == 1
