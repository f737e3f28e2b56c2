"""Whether the clock of this process is the database's. What cannot be taken back is not done by a wrong one.

Each machine of an installation has its own clock, and only the database's is read by all of them.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
ASKED = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
}


class WrongClock(Exception):
    """The clock of this process is `ahead` of the database's by that much; behind it, when negative."""

    def __init__(self, ahead: timedelta):
        self.ahead = ahead
        super().__init__(f"this clock is {ahead.total_seconds():+.0f} s from the database's")

    @property
    def said(self) -> str:
        """What is wrong and what to do, for whoever operates the portal."""
        minutes = round(abs(self.ahead).total_seconds() / 60)
        if self.ahead > timedelta():
            words = _(
                "Đồng hồ máy chủ nhanh %(minutes)d phút so với cơ sở dữ liệu nên chưa chốt gì. Hãy chỉnh lại giờ."
            )
        else:
            words = _("Đồng hồ máy chủ chậm %(minutes)d phút so với cơ sở dữ liệu nên chưa chốt gì. Hãy chỉnh lại giờ.")
        return words % {"minutes": minutes}


def ahead_of_database() -> timedelta:
    """Return how far this process's clock is ahead of the database's, negative when behind; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED[connection.vendor])
        said = datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)
    return timezone.now() - said


def instant() -> datetime:
    """Return the instant by the database's clock, by which a quarter closes; one query at most."""
    return timezone.now() - (ahead_of_database() if settings.CLOCK_TOLERANCE else timedelta())


def is_right() -> bool:
    """Whether the two clocks agree; a wrong one is logged. One query."""
    try:
        refuse_wrong_clock()
    except WrongClock:
        return False
    return True


def refuse_wrong_clock() -> None:
    """Raise WrongClock, and log it, where the two differ by more than CLOCK_TOLERANCE seconds (0: never); one query."""
    if not settings.CLOCK_TOLERANCE:
        return
    ahead = ahead_of_database()
    if abs(ahead) > timedelta(seconds=settings.CLOCK_TOLERANCE):
        wrong = WrongClock(ahead)
        log.error("wrong clock: %s; set the time of this machine right (NTP)", wrong)
        raise wrong
