"""What the year does by itself: remind people every morning of what is due."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from organizations.services import remind
from progress.queries.reminding import REMINDERS

SCHEDULE = {
    "progress.remind": {"task": "progress.tasks.remind_of_what_is_due", "schedule": crontab(minute="30", hour="6")},
}


@shared_task
def remind_of_what_is_due() -> None:
    """Keep the reminders of this morning; the journal makes digests of them half an hour later."""
    for kind in REMINDERS:
        remind(kind, at=timezone.now())
