"""The schedule: each app declares its own in tasks.SCHEDULE; here it is registered, and sent once by however many."""

from importlib import import_module

from celery.schedules import crontab
from celery.utils.time import maybe_make_aware
from django.apps import apps
from django.db import transaction
from django.utils.module_loading import module_has_submodule
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from journal.leases import take_lease

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


class LeasedScheduler(DatabaseScheduler):
    """Sends a due entry only when no other scheduler has sent it since it fell due."""

    def apply_async(self, entry: ModelEntry, producer=None, advance=True, **kwargs):
        began = entry.model.last_run_at

        def due_since(last) -> bool:
            return entry.schedule.is_due(maybe_make_aware(last).astimezone(self.app.timezone)).is_due

        if take_lease(entry.name, at=began, due_since=due_since):
            return super().apply_async(entry, producer=producer, advance=advance, **kwargs)
        return None
