import pytest
from celery import current_app
from django_celery_beat.models import PeriodicTask

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
