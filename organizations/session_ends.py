"""How long a sign-in lasts: left alone, and at the longest. The stricter the more a role may change; a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

# A session in use is noted so often, and not at every page.
SEEN_EVERY = timedelta(minutes=2)
# The page tells of activity every five minutes at most, counts down one, and may be asleep.
LEEWAY = timedelta(minutes=8)
# Whoever holds none of the roles in the table.
ELSE = "*"


@dataclass(frozen=True, slots=True)
class Ends:
    """`idle` is how long it may be left alone, none for ever; `longest` how long it lasts whatever is done."""

    idle: timedelta
    longest: timedelta

    def is_over(self, session, at: datetime) -> bool:
        left_alone = bool(self.idle) and at - session.seen_at > self.idle + LEEWAY
        return left_alone or at - session.began_at >= self.longest

    @property
    def idle_minutes(self) -> float:
        return self.idle.total_seconds() / 60

    @property
    def hours(self) -> float:
        return self.longest.total_seconds() / 3600


def ends_of(posts) -> Ends:
    """Return the shortest ends among somebody's posts (settings.SIGN_IN_ENDS: role → minutes and hours); no query."""
    table = settings.SIGN_IN_ENDS
    rows = [table.get(post.role, table[ELSE]) for post in posts] or [table[ELSE]]
    idle = min((minutes for minutes, _hours in rows if minutes), default=0)
    return Ends(timedelta(minutes=idle), timedelta(hours=min(hours for _minutes, hours in rows)))
