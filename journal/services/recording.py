"""Events and the notices told from them. Callers say whom to tell; delivering is a task's work."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField

from journal.models import Event, Notice, NoticeChoice, worded
from journal.questions import Among, Blank, Question

_part_of: ContextVar[dict | None] = ContextVar("part_of", default=None)


@contextmanager
def part_of(**marks) -> Iterator[None]:
    """Write these marks into the detail of every event recorded within, as one bulk's number; no query."""
    token = _part_of.set(marks)
    try:
        yield
    finally:
        _part_of.reset(token)


# Nobody catches a failure in here, so that no savepoint is needed within a service's own transaction.
@transaction.atomic(savepoint=False)
def record(
    verb: str,
    *,
    subject: str,
    subject_id: int | None,
    by,
    at: datetime,
    unit_id: int | None = None,
    on_behalf_of=None,
    detail: dict | None = None,
    tell: Iterable = (),
    text: str | Callable[[], str] = "",
    link: str = "",
    kind: str = "",
) -> Event:
    """Append one event and one untold notice for each person in `tell` (once each, never the actor), in their post.

    What is of a `kind` (`Told`) stands in the portal, in the mail, in both or nowhere, as each has chosen. `by` is the
    Person acting, or None for the portal itself. `text` and `link` are what the notice says and opens: a function where
    the words depend on the reader's language.
    Costs one insert, and when somebody is told one more, and one query for a kind.
    """
    post = getattr(by, "post", None)
    event = Event.objects.create(
        at=at,
        verb=verb,
        actor=by,
        on_behalf_of=on_behalf_of,
        role=post.role if post else "",
        unit_id=unit_id if unit_id is not None else (post.unit_id if post else None),
        subject=subject,
        subject_id=subject_id,
        detail=(detail or {}) | (_part_of.get() or {}),
    )
    told_in = {person.pk: person.post for person in tell if by is None or person.pk != by.pk}
    if told_in:
        _tell(event, told_in, kind=kind, link=link, **worded(text))
    return event


@Question
def _choices_of():
    return NoticeChoice.objects.filter(Among("person", "people"), kind=Blank("kind", CharField()))


def _tell(event: Event, told_in: dict, *, kind: str, **said) -> None:
    where = {pk: {"in_portal": True, "by_mail": True} for pk in sorted(told_in)}
    for one in _choices_of(people=told_in, kind=kind) if kind else ():
        # Where no mail goes out at all, mail alone would be nowhere.
        in_portal = one.in_portal or (one.by_mail and not settings.MAIL_ON)
        where[one.person_id] = {"in_portal": in_portal, "by_mail": one.by_mail}
    Notice.objects.bulk_create(
        Notice(event=event, recipient_id=pk, post=told_in[pk], kind=kind, **places, **said)
        for pk, places in where.items()
        if any(places.values())
    )


def tell_about_new_events(*, at: datetime) -> int:
    """Put every untold notice before its recipient; returns how many. Run twice, it tells nobody twice. One update."""
    return Notice.objects.untold().update(told_at=at)


def read_notice(notice: Notice, *, at: datetime) -> None:
    """Mark one notice read, the first time only."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)


def read_all_notices(*, by, at: datetime) -> int:
    """Mark everything told to a person read; returns how many there were."""
    return Notice.objects.visible_to(by).unread().update(read_at=at)
