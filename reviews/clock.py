"""How long a dossier has waited at the board and when the board is late. Plain Python.

The clock runs from the submission of the version at hand: the days the unit held the dossier never count.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils.timezone import get_default_timezone, localdate, make_aware

from vietnamese.working_days import add_working_days


def appraisal_due_on(submitted_at: datetime, working_days: int) -> date:
    """Return the last local day on which the board answers in time."""
    return add_working_days(localdate(submitted_at), working_days)


def days_waited(submitted_at: datetime, today: date) -> int:
    """Return calendar days from the day it was sent to today."""
    return (today - localdate(submitted_at)).days


def sent_before(today: date, days: int) -> datetime:
    """Return the instant before which a dossier was sent that has waited at least so many days."""
    return _midnight(today - timedelta(days=days - 1))


@lru_cache(maxsize=64)
def late_if_sent_before(today: date, working_days: int) -> datetime:
    """Return the instant before which a dossier was sent whose due day has passed today."""
    day = today
    while add_working_days(day, working_days) >= today:
        day -= timedelta(days=1)
    return _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min), get_default_timezone())
