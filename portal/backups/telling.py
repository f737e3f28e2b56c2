"""Whoever administers a whole tree is told of what went wrong, the first time in a row."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from journal.services import record
from organizations.models import Person, Post
from organizations.permissions import may_reach_a_root
from portal.backups.models import Backup


def tell_of(backup: Backup, verb: str, text: Callable[[], str], *, first: bool, detail: dict) -> None:
    """Record what became of a backup or of its trial; of the first in a row those are told who can do something."""
    at = backup.tried_at or backup.ended_at
    tell, link = _keepers(at) if first else [], reverse("backups:backups")
    of = {"subject": "backup", "subject_id": backup.pk, "by": backup.by, "at": at, "detail": detail}
    record(verb, **of, tell=tell, text=text, link=link)


def _keepers(at: datetime) -> list[Person]:
    """Return the administrators of everything and of each root, each in that post."""
    held = Post.objects.current(at).filter(person__is_active=True, role="administrator")
    people = [post.person.acting_as(post) for post in held.select_related("person", "unit")]
    return [person for person in people if may_reach_a_root(person)]
