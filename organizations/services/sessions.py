"""The only writer of ends of sessions that are not one's own signing out."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from journal.services import record
from organizations.models import Person, Session


def mark_of(session: Session) -> str:
    """Return what names a session on a page; its key would open it."""
    return salted_hmac("session", session.session_key, algorithm="sha256").hexdigest()[:20]


@transaction.atomic
def end_sessions(person: Person, *, present: str, at: datetime, mark: str = "") -> int:
    """End the person's other sessions, or the one other that a mark names; returns how many. `present` is a key."""
    others = Session.objects.filter(person=person).exclude(pk=present)
    ended = [one.pk for one in others if not mark or constant_time_compare(mark_of(one), mark)]
    if ended:
        Session.objects.filter(pk__in=ended).delete()
        detail = {"ended": len(ended)}
        record("sessions.ended", subject="person", subject_id=person.pk, by=person, at=at, detail=detail)
    return len(ended)
