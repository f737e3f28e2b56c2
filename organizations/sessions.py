"""The store of sign-ins: Django's own, but for the question every page asks it."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from journal.questions import Blank, Question


@Question
def lasting_sessions():
    return Session.objects.filter(session_key=Blank("key", CharField()), expire_date__gt=Blank("now", DateTimeField()))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        """Return the row of a session that has not expired; None, and no key any more, without one. One query."""
        found = lasting_sessions(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None
