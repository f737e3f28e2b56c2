"""What the tree does by itself: a move decided for a later day takes effect on it."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from organizations import services

SCHEDULE = {
    "organizations.place_where_due": {
        "task": "organizations.tasks.place_where_due",
        "schedule": crontab(minute="1", hour="0,3,6"),
    },
}


@shared_task
def place_where_due() -> int:
    return services.place_where_due(at=timezone.now())
