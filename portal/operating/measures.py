"""What is measured of the portal's own work, one bounded query each; ages in seconds, 0 where nothing waits."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from redis import Redis

from journal import clock
from journal.models import Event, Lease, Link, Notice
from journal.services.chaining import BEHIND
from models_registry.models import ItemChange

# Sent every few seconds by any scheduler that lives (journal/tasks.py).
BEATS = ("journal.tell", "journal.chain", "journal.send_jobs_again")
NEVER = timedelta(days=365).total_seconds()


def database_answers(at: datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return 0


def migrations_missing(at: datetime) -> float:
    """Return how many migrations stand in the code and not in the database; told by their names, none is read."""
    known = {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }
    return len(known - MigrationRecorder(connection).applied_migrations().keys())


def cache_forgets(at: datetime) -> float:
    """Return 1 where what was just put into the cache is not in it: a cache that is away forgives everything."""
    name = f"readyz-{os.getpid()}"
    caches["default"].set(name, at, 10)
    return int(caches["default"].get(name) != at)


def broker_answers(at: datetime) -> float:
    """Reach the broker; raises where it is away."""
    if not settings.REDIS_URL:
        (settings.VAR_DIR / "broker" / ".ready").touch()
        return 0
    with broker() as redis:
        redis.ping()
    return 0


def clock_off(at: datetime) -> float:
    """Return how many seconds this machine's clock differs from the database's."""
    return abs(clock.ahead_of_database().total_seconds())


def broker() -> Redis:
    """Return Redis as the broker, given a second to answer; to be closed."""
    return Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1)


def scheduler_age(at: datetime) -> float:
    """Return how long ago the scheduler last sent what it sends every few seconds; a clock put back counts as age."""
    last = Lease.objects.filter(name__in=BEATS).aggregate(last=Max("taken_at"))["last"]
    return abs((at - last).total_seconds()) if last else NEVER


def telling_lag(at: datetime) -> float:
    """Return the age of the oldest event whose notices nobody was told yet."""
    return _age(Notice.objects.untold().order_by("pk").values_list("event__at"), at)


def chaining_lag(at: datetime) -> float:
    """Return the age of the oldest event without a link; two queries, some thousand rows of an index."""
    greatest = Link.objects.aggregate(greatest=Max("event_id"))["greatest"] or 0
    return _age(Event.objects.unchained().filter(pk__gt=greatest - BEHIND).values_list("at"), at)


def folding_lag(at: datetime) -> float:
    """Return the age of the oldest change that provisional figures do not hold yet."""
    return _age(ItemChange.objects.order_by("pk").values_list("at"), at)


def _age(oldest_first, at: datetime) -> float:
    found = oldest_first[:1]
    return max(0.0, (at - found[0][0]).total_seconds()) if found else 0.0
