"""Links committed events into the chain, and notes its head where the table does not reach."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from journal.chain import GENESIS, hash_of
from journal.models import Event, Lease, Link

log = logging.getLogger(__name__)
# The row whose lock lets one chain at a time, whoever asks; writers of events never wait for it.
TURN = "journal.chain"
# Events linked in one transaction, so that a long queue holds no lock for long.
AT_ONCE = 500
# Ids commit out of order: so far behind the greatest chained one an event is still looked for every few seconds.
BEHIND = 10_000
HEADS = "journal_heads.txt"
CONTRADICTED = ""


def chain_events(*, at: datetime, everything: bool = False) -> int:
    """Append a link for every committed event without one, in the order of their ids; returns how many.

    `everything` looks back to the first event instead of some thousand. Run twice at once, one waits for the other.
    Without anything to do two queries.
    """
    done = 0
    while linked := _chain_some(at, everything):
        done += linked
    return done


def _chain_some(at: datetime, everything: bool) -> int:
    greatest = Link.objects.aggregate(greatest=Max("event_id"))["greatest"] or 0
    waiting = Event.objects.unchained()
    if not everything:
        waiting = waiting.filter(pk__gt=greatest - BEHIND)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        Lease.objects.get_or_create(name=TURN, defaults={"taken_at": at})
        Lease.objects.select_for_update().get(name=TURN)
        return _append(list(waiting[:AT_ONCE]), at)


def _append(events: list[Event], at: datetime) -> int:
    head = Link.objects.last()
    position, previous = (head.position, head.hash) if head else (0, GENESIS)
    # A clock that was put back chains nothing before what is chained.
    at = max(at, head.at) if head else at
    links = []
    for event in events:
        position += 1
        links.append(Link(position=position, event=event, at=at, previous=previous))
        previous = links[-1].hash = hash_of(previous, position, at, event)
    Link.objects.bulk_create(links)
    return len(links)


def note_head(*, at: datetime) -> Link | None:
    """Write the chain's head to the log and to a file beside the data, from which `noted_heads` reads it back.

    Whoever rewrites or cuts the tables would have to change these too. Returns the head, None for an empty journal.
    """
    head = Link.objects.last()
    if head is not None:
        log.info("journal head %s", head)
        with _file().open("a", encoding="ascii") as file:
            file.write(f"{at:%Y-%m-%dT%H:%M:%S%z} {head}\n")
    return head


def journal_head() -> str | None:
    """Return the chain's head as it is printed, None for an empty one; one query."""
    head = Link.objects.last()
    return str(head) if head else None


def noted_heads() -> Iterator[str]:
    """Yield every head noted beside the data, oldest first."""
    if _file().exists():
        lines = _file().read_text(encoding="ascii").splitlines()
        yield from (line.split()[-1] for line in lines if line.strip())


def known_heads(more: Iterable[str] = ()) -> dict[int, str]:
    """Return {position: hash} of every head that was noted anywhere (settings.JOURNAL_HEADS), and of these.

    Two that contradict each other leave a hash no link has.
    """
    heads: dict[int, str] = {}
    for head in chain(more, *(import_string(name)() for name in settings.JOURNAL_HEADS)):
        position, _colon, hash_ = head.partition(":")
        if heads.setdefault(int(position), hash_) != hash_:
            heads[int(position)] = CONTRADICTED
    return heads


def _file() -> Path:
    return settings.VAR_DIR / HEADS
