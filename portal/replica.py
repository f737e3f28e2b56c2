"""Lets leaders' screens be read from a copy of the database, as long as it follows; without one it is not used."""

import logging
import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Max
from django.utils import timezone

from journal.models import Lease
from journal.reading import COPY, from_the_copy

logger = logging.getLogger(__name__)
READ_THERE = "dashboards."
BOTH = (DEFAULT_DB_ALIAS, COPY)
SAFE = ("GET", "HEAD")
LOOK_AGAIN, TRY_AGAIN = 3, 10  # seconds until a copy that follows, or that does not, is looked at again
WROTE = "wrote"
ON_THE_WAY = 12  # seconds in which an answer has arrived and the next page is asked for


def wrote_seconds() -> int:
    """Return how long whoever has just written is answered from the primary: longer than a copy in use is behind."""
    return settings.REPLICA_MOST_BEHIND + LOOK_AGAIN + ON_THE_WAY


class Following:
    """Whether the copy is there and no more than REPLICA_MOST_BEHIND seconds behind; known anew every few seconds.

    The scheduler writes every five seconds, so the newest of that in the copy is how far it has got, measured against
    the primary's newest and against this clock: where no scheduler runs the copy counts as one that has fallen behind.
    """

    def __init__(self):
        self._follows, self._until = False, 0.0

    def __call__(self) -> bool:
        if time.monotonic() >= self._until:
            self._note(self._look())
        return self._follows

    def is_away(self) -> None:
        """Ask nothing of the copy for some seconds: a question to it failed."""
        self._note(False)

    def _note(self, follows: bool) -> None:
        if follows != self._follows:
            logger.warning("dashboards are read from %s", "the copy" if follows else "the primary")
        if not follows:
            connections[COPY].close()
        self._follows, self._until = follows, time.monotonic() + (LOOK_AGAIN if follows else TRY_AGAIN)

    @staticmethod
    def _look() -> bool:
        try:
            here, there = (Lease.objects.using(name).aggregate(newest=Max("taken_at"))["newest"] for name in BOTH)
        except Error as away:
            logger.warning("the copy of the database is away: %s", str(away).strip().splitlines()[:1])
            return False
        behind = max(timezone.now(), here) - there if here and there else None
        return behind is not None and behind.total_seconds() <= settings.REPLICA_MOST_BEHIND


class ReplicaMiddleware:
    """Answer leaders' screens from the copy; when it fails at that, from the primary. Stands last of all."""

    def __init__(self, get_response):
        if COPY not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.follows = Following()

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SAFE:
            response.set_cookie(
                WROTE, "1", wrote_seconds(), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response

    def process_view(self, request, view, args, kwargs):
        wanted = request.method in SAFE and view.__module__.startswith(READ_THERE) and WROTE not in request.COOKIES
        if not (wanted and self.follows()):
            return None
        try:
            with from_the_copy():
                return view(request, *args, **kwargs)
        except Error:
            logger.exception("the copy failed, the primary is asked")
            self.follows.is_away()
            return None
