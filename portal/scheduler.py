"""The schedule: each app declares its own in tasks.SCHEDULE; here it is registered, and sent once by however many."""

import logging
import time
from datetime import datetime
from importlib import import_module

from celery.beat import SchedulingError
from celery.schedules import crontab
from celery.utils.time import maybe_make_aware
from django.apps import apps
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.utils.module_loading import module_has_submodule
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from journal import clock
from journal.leases import AHEAD, give_back_lease, take_lease

log = logging.getLogger(__name__)
OURS = "declared by the portal"


def declared() -> dict[str, dict]:
    """Return every app's SCHEDULE, merged: name → {"task": …, "schedule": seconds or crontab}."""
    merged: dict[str, dict] = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "tasks"):
            merged |= getattr(import_module(f"{config.name}.tasks"), "SCHEDULE", {})
    return merged


@transaction.atomic
def sync_schedule() -> int:
    """Make the stored schedule what the apps declare; returns how many entries there are.

    Whether an entry is enabled stays as the operator set it; entries the operator added are left alone.
    """
    entries = declared()
    PeriodicTask.objects.filter(description=OURS).exclude(name__in=entries).delete()
    for name, entry in entries.items():
        PeriodicTask.objects.update_or_create(
            name=name, defaults={"task": entry["task"], "description": OURS, **_stored(entry["schedule"])}
        )
    return len(entries)


def _stored(schedule: float | crontab) -> dict:
    if isinstance(schedule, crontab):
        found = CrontabSchedule.objects.filter(**_crontab_fields(schedule)).first()
        found = found or CrontabSchedule.objects.create(**_crontab_fields(schedule))
        # A run that waited an hour for its worker is no longer wanted; the next one is.
        return {"crontab": found, "interval": None, "expire_seconds": 3600}
    seconds = int(schedule)
    interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    return {"crontab": None, "interval": interval, "expire_seconds": max(seconds, 10)}


def _crontab_fields(schedule: crontab) -> dict:
    made = CrontabSchedule.from_schedule(schedule)
    names = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")
    return {name: getattr(made, name) for name in names}


class Entry(ModelEntry):
    """An entry; one whose last run lies ahead, because a wrong clock ran it, counts as run now."""

    def is_due(self):
        now = self._default_now()
        if maybe_make_aware(self.last_run_at) > now + AHEAD:
            self.last_run_at = self.model.last_run_at = now
        return super().is_due()


class LeasedScheduler(DatabaseScheduler):
    """Sends a due entry only when no other scheduler has sent it since it fell due.

    What cannot be sent, because broker or database are away, stays due. Nothing is sent by a wrong clock.
    """

    Entry = Entry
    PAUSE = 2  # seconds until what could not be sent is tried again
    ASKED_EVERY = 30  # seconds between two looks at the database's clock

    def __init__(self, *args, **kwargs):
        self._runs: dict[str, datetime] = {}
        self._is_kept_waiting = False
        self._asked_at = self._drift = None
        self._is_right = False
        super().__init__(*args, **kwargs)

    def tick(self, *args, **kwargs) -> float:
        if not self._clock_is_right():
            return self.PAUSE
        self._is_kept_waiting = False
        wait = super().tick(*args, **kwargs)
        return max(wait, self.PAUSE) if self._is_kept_waiting else wait

    def reserve(self, entry):
        self._runs[entry.name] = entry.last_run_at
        return super().reserve(entry)

    def apply_async(self, entry: Entry, producer=None, advance=True, **kwargs):
        began, last = entry.model.last_run_at, self._runs.get(entry.name)

        def due_since(last) -> bool:
            return entry.schedule.is_due(maybe_make_aware(last).astimezone(self.app.timezone)).is_due

        try:
            if not take_lease(entry.name, at=began, due_since=due_since):
                return None
            try:
                return super().apply_async(entry, producer=producer, advance=advance, **kwargs)
            except SchedulingError:
                give_back_lease(entry.name, taken=began, last=last or began - AHEAD)
                raise
        except (SchedulingError, DatabaseError, InterfaceError) as away:
            log.warning("%s waits: %s", entry.name, away)
            self._stays_due(entry.name, last)
            return None

    def _stays_due(self, name: str, last: datetime | None) -> None:
        """Let an entry be due again as it was before it was tried; the order of all is made anew."""
        again = self.schedule[name]
        again.last_run_at = again.model.last_run_at = last or again.last_run_at
        self._heap, self._is_kept_waiting = None, True

    def _clock_is_right(self) -> bool:
        """Whether entries may be sent by this clock, asked now and then; where it jumped, their order is made anew."""
        drift, asked = time.time() - time.monotonic(), self._asked_at
        jumped = self._drift is not None and abs(drift - self._drift) > self.ASKED_EVERY
        if not jumped and asked is not None and time.monotonic() - asked < self.ASKED_EVERY:
            return self._is_right
        try:
            self._is_right, self._asked_at, self._drift = clock.is_right(), time.monotonic(), drift
        except (DatabaseError, InterfaceError) as away:
            log.warning("the clock cannot be compared: %s", away)
            close_old_connections()
            return False
        if jumped or not self._is_right:
            self._heap = None
        return self._is_right
