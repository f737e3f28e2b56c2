"""Events and the notices told from them. Callers say whom to tell; delivering is a task's work."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What one event says of its subject, and whom it is told to in which words; see `record`."""

    subject_id: int | None
    unit_id: int | None = None
    detail: dict = field(default_factory=dict)
    tell: Iterable = ()
    text: str | Callable[[], str] = ""
    link: str = ""


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
    oneself: bool = False,
) -> Event:
    """Append one event and one untold notice for each person in `tell` (once each, the actor only where it says
    `oneself`), in their post.

    What is of a `kind` (`Told`) stands in the portal, in the mail, in both or nowhere, as each has chosen. `by` is the
    Person acting, or None for the portal itself. `text` and `link` are what the notice says and opens: a function where
    the words depend on the reader's language.
    Costs one insert, and when somebody is told one more, and one query for a kind.
    """
    entry = Entry(subject_id, unit_id, detail or {}, tell, text, link)
    about = {"subject": subject, "by": by, "at": at, "on_behalf_of": on_behalf_of, "kind": kind, "oneself": oneself}
    return record_all(verb, [entry], **about)[0]


# Nobody catches a failure in here, so that no savepoint is needed within a service's own transaction.
@transaction.atomic(savepoint=False)
def record_all(
    verb: str,
    entries: Iterable[Entry],
    *,
    subject: str,
    by,
    at: datetime,
    on_behalf_of=None,
    kind: str = "",
    oneself: bool = False,
) -> list[Event]:
    """Append one event for each entry, in their order, and its notices, as `record` does; at its cost for all."""
    post, entries = getattr(by, "post", None), list(entries)
    events = Event.objects.bulk_create(
        Event(
            at=at,
            verb=verb,
            actor=by,
            on_behalf_of=on_behalf_of,
            role=post.role if post else "",
            unit_id=entry.unit_id if entry.unit_id is not None else (post.unit_id if post else None),
            subject=subject,
            subject_id=entry.subject_id,
            detail=entry.detail | (_part_of.get() or {}),
        )
        for entry in entries
    )
    actor = None if by is None or oneself else by.pk
    told = [{person.pk: person.post for person in entry.tell if person.pk != actor} for entry in entries]
    if any(told):
        _tell(zip(events, entries, told, strict=True), _places_of({pk for people in told for pk in people}, kind), kind)
    return events


@Question
def _choices_of():
    return NoticeChoice.objects.filter(Among("person", "people"), kind=Blank("kind", CharField()))


def _places_of(people: Collection[int], kind: str) -> dict[int, dict]:
    """Return {person: where they are told of this kind}; one query, none without a kind."""
    places = {pk: {"in_portal": True, "by_mail": True} for pk in people}
    for one in _choices_of(people=people, kind=kind) if kind else ():
        # Where no mail goes out at all, mail alone would be nowhere.
        in_portal = one.in_portal or (one.by_mail and not settings.MAIL_ON)
        places[one.person_id] = {"in_portal": in_portal, "by_mail": one.by_mail}
    return places


def _tell(told: Iterable[tuple[Event, Entry, dict]], places: Mapping[int, dict], kind: str) -> None:
    Notice.objects.bulk_create(
        Notice(event=event, recipient_id=pk, post=people[pk], kind=kind, link=entry.link, **places[pk], **said)
        for event, entry, people in told
        if people
        for said in [worded(entry.text)]
        for pk in sorted(people)
        if any(places[pk].values())
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
