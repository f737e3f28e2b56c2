"""When a backup or a trial is due, by the rows of those before."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from portal.backups.models import Backup
from portal.backups.queries import AMBER, last_good, trial_age_seconds

# The hours are local. A trial waits for the night's backup, and begins none while people work.
BEGINS, MORNING = 1, 6


def backup_due(at: datetime) -> bool:
    """Whether no good backup has begun since one o'clock last struck; one query. Two that ask at once are told apart
    by the lock of the place."""
    return not Backup.objects.good().filter(begun_at__gte=last_struck(BEGINS, at)).exists()


def trial_due(at: datetime) -> Backup | None:
    """Return the newest good backup where it is to be tried now; two queries at most."""
    newest = last_good()
    if newest is None or newest.trial != Backup.Trial.NONE:
        return None
    if BEGINS <= localtime(at).hour < MORNING:
        return newest
    age = trial_age_seconds(at)
    return newest if age is None or age > AMBER.total_seconds() else None


def last_struck(hour: int, at: datetime) -> datetime:
    """Return the instant the clock last showed this full hour."""
    now = localtime(at)
    struck = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return struck if struck <= now else struck - timedelta(days=1)
