"""The store of sign-ins: Django's own, but for whose a row is, and for the question every page asks it."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from journal.questions import Blank, Question
from organizations.models import Session


@Question
def lasting_sessions():
    return Session.objects.filter(session_key=Blank("key", CharField()), expire_date__gt=Blank("now", DateTimeField()))


class SessionStore(db.SessionStore):
    # The row as it was read or written last; None before, and once the session was emptied.
    kept: Session | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        """Return the row of a session that has not expired; None, and no key any more, without one. One query."""
        found = lasting_sessions(key=self.session_key, now=timezone.now())
        self.kept = found[0] if found else None
        if not found:
            self._session_key = None
        return self.kept

    def create_model_instance(self, data):
        """Return the row to be written: of who is signed in by it, since the sign-in, whatever its key was since."""
        row, who = super().create_model_instance(data), data.get(SESSION_KEY)
        if who is not None:
            row.person_id, before = int(who), self.kept
            went_on = before is not None and before.person_id == row.person_id
            row.began_at, row.seen_at = (before.began_at, before.seen_at) if went_on else [timezone.now()] * 2
        self.kept = row
        return row

    def flush(self):
        super().flush()
        self.kept = None
