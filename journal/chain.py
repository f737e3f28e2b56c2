"""The chain of hashes over the journal: what is hashed, and the walk that finds the first row that is not what it was.

Plain values and reads; `services.chaining` writes. Why it is so: docs/adr/0010-the-journal-is-chained.md.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db.models import Max, TextChoices
from django.utils.translation import gettext_lazy as _

from journal.models import Event, Link

# What stands before the first link.
GENESIS = "0" * 64
COLUMNS = ("at", "verb", "actor_id", "on_behalf_of_id", "role", "unit_id", "subject", "subject_id", "detail")
# No transaction lasts this long: an event that appears later than that after younger ones was put in.
OPEN_FOR = timedelta(hours=6)
AT_ONCE = 1000  # rows read at a time


class Harm(TextChoices):
    """What may have been done to the journal."""

    ALTERED = "altered", _("bị sửa sau khi ghi")
    DELETED = "deleted", _("bị xóa")
    INSERTED = "inserted", _("được chèn vào sau, hoặc ghi lùi ngày")
    REORDERED = "reordered", _("không nối với dòng đứng trước: bị chèn, bị bớt hoặc đổi chỗ")
    CUT = "cut", _("không còn: cuối nhật ký bị cắt bỏ")
    REWRITTEN = "rewritten", _("khác với giá trị băm đã ghi ở nơi khác: nhật ký bị viết lại từ trước đó")


@dataclass(frozen=True, slots=True)
class Break:
    """The first row that does not hold; `event` is its id, None where only the position is known."""

    harm: Harm
    position: int | None
    event: int | None


def canonical(value) -> str:
    """Return a JSON value as the one text that both databases and every version of the language agree on.

    Keys in the order of their code points, nothing between the parts, whole numbers without a point.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value) -> str:
    """Return the SHA-256 of a JSON value as 64 hexadecimal digits: an event that names it holds it to what it was."""
    return sha256(canonical(value).encode()).hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def hash_of(previous: str, position: int, chained_at: datetime, event: Event) -> str:
    """Return the hash of an event at a position of the chain, as 64 hexadecimal digits. No query."""
    said = [previous, position, chained_at, event.pk, *(getattr(event, name) for name in COLUMNS)]
    return digest(said)


@dataclass(slots=True)
class Walk:
    """Where a walk along the chain stands: the last link that held, and what of it had settled by when."""

    position: int = 0
    hash: str = GENESIS
    # (instant of chaining, greatest id until then) of the last OPEN_FOR, oldest first; `settled` is the one before.
    lately: deque = field(default_factory=deque)
    settled: tuple[datetime, int] | None = None

    def judged(self, link: Link, event: Event | None) -> Harm | None:
        """Return what is wrong with the next link and its event; None where they hold, and the walk went on."""
        if link.position != self.position + 1:
            return Harm.DELETED
        if link.previous != self.hash:
            return Harm.REORDERED
        if event is None:
            return Harm.DELETED
        if link.hash != hash_of(self.hash, link.position, link.at, event):
            return Harm.ALTERED
        self._settle(link.at)
        if self.is_too_late(event.pk, event.at):
            return Harm.INSERTED
        self._step(link)
        return None

    def is_too_late(self, event: int, at: datetime) -> bool:
        """Whether an event is younger in the chain than its id or its instant says, by more than OPEN_FOR."""
        return self.settled is not None and (at < self.settled[0] or event < self.settled[1])

    def _settle(self, at: datetime) -> None:
        while self.lately and self.lately[0][0] <= at - OPEN_FOR:
            self.settled = self.lately.popleft()

    def _step(self, link: Link) -> None:
        self.position, self.hash = link.position, link.hash
        greatest = max(link.event_id, self.lately[-1][1] if self.lately else self.settled[1] if self.settled else 0)
        if self.lately and self.lately[-1][0] == link.at:
            self.lately.pop()
        self.lately.append((link.at, greatest))


def verify(
    *, at: datetime, heads: Mapping[int, str], progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Walk, Break | None]:
    """Walk the whole chain; return where it ends and the first break, if any.

    `heads` are hashes noted elsewhere, by position. Memory does not grow with the journal; two queries a thousand rows.
    """
    walk, total = Walk(), Link.objects.aggregate(last=Max("position"))["last"] or 0
    for link, event in _chained():
        if harm := walk.judged(link, event):
            position = walk.position + 1 if harm == Harm.DELETED else link.position
            return walk, Break(harm, position, link.event_id if position == link.position else None)
        if heads.get(link.position, link.hash) != link.hash:
            return walk, Break(Harm.REWRITTEN, link.position, link.event_id)
        if walk.position % AT_ONCE == 0 or walk.position == total:
            progress(walk.position, total)
    if cut := [position for position in heads if position > walk.position]:
        return walk, Break(Harm.CUT, min(cut), None)
    return walk, _put_in(walk, at)


def _chained() -> Iterator[tuple[Link, Event | None]]:
    """Yield every link in order with its event, None where that is gone."""
    last = None
    while links := list(Link.objects.filter(**{"position__gt": last} if last is not None else {})[:AT_ONCE]):
        events = Event.objects.in_bulk([link.event_id for link in links])
        yield from ((link, events.get(link.event_id)) for link in links)
        last = links[-1].position


def _put_in(walk: Walk, at: datetime) -> Break | None:
    """Return the first event without a link that is too old to be waiting for one."""
    walk._settle(at)
    if walk.settled is None:
        return None
    for pk, said in Event.objects.unchained().values_list("pk", "at").iterator():
        if walk.is_too_late(pk, said):
            return Break(Harm.INSERTED, None, pk)
    return None
