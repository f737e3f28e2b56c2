"""What the journal does by itself: tell of events, at once and once a day, and bring forgotten jobs back."""

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from journal import chain, jobs, sending, services, typed, uploads

log = logging.getLogger(__name__)
SCHEDULE = {
    "journal.tell": {"task": "journal.tasks.tell_about_new_events", "schedule": 5},
    "journal.chain": {"task": "journal.tasks.chain_events", "schedule": 5},
    "journal.chain_left_behind": {"task": "journal.tasks.chain_left_behind", "schedule": 600},
    "journal.note_head": {"task": "journal.tasks.note_head", "schedule": crontab(minute="10", hour="2")},
    "journal.send_jobs_again": {"task": "journal.tasks.send_jobs_again", "schedule": 10},
    # After every app has reminded (6:30); at nine again, for a portal that was not running then.
    "journal.digests": {"task": "journal.tasks.make_digests", "schedule": crontab(minute="0", hour="7,9")},
    "journal.mail": {"task": "journal.tasks.send_mails", "schedule": 60},
    "journal.drop_old": {"task": "journal.tasks.drop_old", "schedule": crontab(minute="20", hour="3")},
    "journal.drop_uploads": {"task": "journal.tasks.drop_uploads", "schedule": crontab(minute="40")},
    "journal.forget_forms": {"task": "journal.tasks.forget_forms", "schedule": crontab(minute="50")},
}


@shared_task
def tell_about_new_events() -> int:
    return services.tell_about_new_events(at=timezone.now())


@shared_task
def chain_events() -> int:
    return services.chain_events(at=timezone.now())


@shared_task
def chain_left_behind() -> int:
    """Link what a large transaction committed long after its ids were given, before it would count as put in later."""
    return services.chain_events(at=timezone.now(), everything=True)


@shared_task
def note_head() -> bool:
    """Walk the chain and note its head outside the tables; a chain that does not hold is told to the log instead."""
    at = timezone.now()
    services.chain_events(at=at, everything=True)
    _walk, broken = chain.verify(at=at, heads=services.known_heads())
    if broken:
        log.error("journal broken: %s, position %s, event %s", broken.harm, broken.position, broken.event)
        return False
    return services.note_head(at=at) is not None


@shared_task
def make_digests() -> int:
    return services.make_digests(at=timezone.now())


@shared_task
def send_mails() -> int:
    return services.send_mails(at=timezone.now())


@shared_task
def drop_old() -> int:
    return services.drop_old(at=timezone.now())


@shared_task
def send_jobs_again() -> int:
    return jobs.send_again(at=timezone.now())


@shared_task
def drop_uploads() -> int:
    at = timezone.now()
    return uploads.drop_forgotten(at=at) + jobs.drop_files(at=at)


@shared_task
def forget_forms() -> int:
    """Delete what forms sent, and what was typed in them, days ago."""
    at = timezone.now()
    return sending.forget(at=at) + typed.forget(at=at)
