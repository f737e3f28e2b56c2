"""Links committed events into the chain, and notes its head where the table does not reach."""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

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
NOTED = re.compile(r"(?P<at>\S+) (?P<head>(?P<position>\d+):[0-9a-f]{64})")
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
        line = f"{at:%Y-%m-%dT%H:%M:%S%z} {head}\n"
        _append_line(_file(), line)
        for place in settings.JOURNAL_HEADS_TO:
            _note_elsewhere(place, line)
    return head


def _note_elsewhere(place: str, line: str) -> None:
    """Add a head to a file of another machine's folder, or send it to an address; the log tells of what is away."""
    try:
        if "@" not in place:
            _append_line(Path(place) / HEADS, line)
        elif settings.MAIL_ON:
            send_mail(_("Đầu nhật ký"), line, None, [place])
    except (OSError, SMTPException) as away:
        log.error("journal head not noted at %s: %s", place, away)


def _append_line(file: Path, line: str) -> None:
    """Write one line down to the disk; what a full disk cut off before ends where this begins."""
    with file.open("a+b") as opened:
        if opened.tell() and _last_byte(opened) != b"\n":
            opened.write(b"\n")
        opened.write(line.encode("ascii"))
        opened.flush()
        os.fsync(opened.fileno())


def _last_byte(file) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _noted() -> list[re.Match]:
    """Return the lines of the file of heads, as far as they are whole: instant, head, its position."""
    lines = _file().read_text(encoding="ascii", errors="replace").splitlines() if _file().exists() else []
    found = [(line, NOTED.fullmatch(line)) for line in lines if line.strip()]
    for line, whole in found:
        if whole is None:
            log.error("a noted journal head cannot be read: %r", line[:120])
    return [whole for _line, whole in found if whole]


def last_noted_head() -> tuple[datetime, str] | None:
    """Return when a head was last noted beside the data, and the head; None for none yet."""
    noted = _noted()
    return (datetime.fromisoformat(noted[-1]["at"]), noted[-1]["head"]) if noted else None


def journal_head() -> str | None:
    """Return the chain's head as it is printed, None for an empty one; one query."""
    head = Link.objects.last()
    return str(head) if head else None


def noted_heads() -> Iterator[str]:
    """Yield every head noted beside the data, oldest first."""
    yield from (noted["head"] for noted in _noted())


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


def put_heads_aside(*, beyond: int, at: datetime) -> Path | None:
    """Begin the file of heads anew with those up to a position, where an older journal was brought back.

    The whole file stays beside it under another name, which is returned; None where no head was beyond.
    """
    file, noted = _file(), _noted()
    kept = [one for one in noted if int(one["position"]) <= beyond]
    if len(kept) == len(noted):
        return None
    aside = file.with_name(f"{file.stem}.{at:%Y-%m-%dT%H-%M-%S}{file.suffix}")
    file.rename(aside)
    file.write_text("".join(f"{one[0]}\n" for one in kept), encoding="ascii")
    return aside


def _file() -> Path:
    return settings.VAR_DIR / HEADS
