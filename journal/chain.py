"""The chain of hashes over the journal: what is hashed, and the walk that finds the first row that is not what it was.

Plain values and reads; `services.chaining` writes. Why it is so: docs/adr/0010-the-journal-is-chained.md.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max, TextChoices
from django.utils.translation import gettext_lazy as _

from journal.models import Event, Link

# What stands before the first link.
GENESIS = "0" * 64
COLUMNS = ("at", "verb", "actor_id", "on_behalf_of_id", "role", "unit_id", "subject", "subject_id", "detail")
# No transaction lasts this long: an event that appears later than that after younger ones was put in.
OPEN_FOR = timedelta(hours=6)
AT_ONCE = 5000  # rows read at a time
# A link outlives its event, so that the chain can tell of one that is gone. Instants come as text: that is how they are
# hashed, and a million of them made and written again would be half of the walk.
CHAINED = """
    SELECT l.position, l.previous, l.hash, l.event_id, {chained_at}, e.id, {at}, e.verb, e.actor_id, e.on_behalf_of_id,
           e.role, e.unit_id, e.subject, e.subject_id, {detail}
      FROM journal_link l LEFT JOIN journal_event e ON e.id = l.event_id
     WHERE l.position > %s ORDER BY l.position LIMIT %s"""
INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
AS_TEXT = {
    "postgresql": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    "sqlite": "replace({0}, ' ', 'T') || CASE length({0}) WHEN 19 THEN '.000000Z' ELSE 'Z' END",
}
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


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
    return _write(_plain(value))


def digest(value) -> str:
    """Return the SHA-256 of a JSON value as 64 hexadecimal digits: an event that names it holds it to what it was."""
    return sha256(canonical(value).encode()).hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(INSTANT)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


class Chained(NamedTuple):
    """One link and the event it stands for, as the database writes them; `id` and what follows are None of one gone."""

    position: int
    previous: str
    hash: str
    event_id: int
    chained_at: str
    id: int | None
    at: str
    verb: str
    actor_id: int | None
    on_behalf_of_id: int | None
    role: str
    unit_id: int | None
    subject: str
    subject_id: int | None
    detail: str

    def computed(self) -> str:
        """Return the hash the link must bear: what `hash_of` says, written out for a million of them."""
        actor, for_whom, unit, subject = self.actor_id, self.on_behalf_of_id, self.unit_id, self.subject_id
        said = (
            f'["{self.previous}",{self.position},"{self.chained_at}",{self.id},"{self.at}",{_word(self.verb)}'
            f",{'null' if actor is None else actor},{'null' if for_whom is None else for_whom},{_word(self.role)}"
            f",{'null' if unit is None else unit},{_word(self.subject)},{'null' if subject is None else subject}"
            f",{_written_again(self.detail)}]"
        )
        return sha256(said.encode()).hexdigest()


_word = lru_cache(maxsize=4096)(_write)


def _whole(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


_read = json.JSONDecoder(parse_float=_whole).decode


@lru_cache(maxsize=512)
def _written_again(detail: str) -> str:
    """Return the canonical text of a JSON column; what is no JSON any more is itself, and hashes to nothing written."""
    try:
        return _write(_read(detail))
    except ValueError:
        return detail


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
    # Instants are the text they are hashed as, which sorts as they do.
    lately: deque = field(default_factory=deque)
    settled: tuple[str, int] | None = None

    def judged(self, link: Chained) -> Harm | None:
        """Return what is wrong with the next link and its event; None where they hold, and the walk went on."""
        if link.position != self.position + 1:
            return Harm.DELETED
        if link.previous != self.hash:
            return Harm.REORDERED
        if link.id is None:
            return Harm.DELETED
        if link.hash != link.computed():
            return Harm.ALTERED
        self.settle(link.chained_at)
        if self.is_too_late(link.event_id, link.at):
            return Harm.INSERTED
        self._step(link)
        return None

    def is_too_late(self, event: int, at: str) -> bool:
        """Whether an event is younger in the chain than its id or its instant says, by more than OPEN_FOR."""
        return self.settled is not None and (at < self.settled[0] or event < self.settled[1])

    def settle(self, at: str) -> None:
        if not self.lately or self.lately[-1][0] == at:
            return
        open_since = (datetime.fromisoformat(at) - OPEN_FOR).strftime(INSTANT)
        while self.lately and self.lately[0][0] <= open_since:
            self.settled = self.lately.popleft()

    def _step(self, link: Chained) -> None:
        self.position, self.hash = link.position, link.hash
        greatest = max(link.event_id, self.lately[-1][1] if self.lately else self.settled[1] if self.settled else 0)
        if self.lately and self.lately[-1][0] == link.chained_at:
            self.lately.pop()
        self.lately.append((link.chained_at, greatest))


def verify(
    *,
    at: datetime,
    heads: Mapping[int, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
    using: str = DEFAULT_DB_ALIAS,
) -> tuple[Walk, Break | None]:
    """Walk the whole chain; return where it ends and the first break, if any.

    `heads` are hashes noted elsewhere, by position. Memory does not grow with the journal; a query five thousand rows.
    """
    walk, total = Walk(), Link.objects.using(using).aggregate(last=Max("position"))["last"] or 0
    for link in _chained(using):
        if harm := walk.judged(link):
            position = walk.position + 1 if harm == Harm.DELETED else link.position
            return walk, Break(harm, position, link.event_id if position == link.position else None)
        if heads.get(link.position, link.hash) != link.hash:
            return walk, Break(Harm.REWRITTEN, link.position, link.event_id)
        if walk.position % AT_ONCE == 0 or walk.position == total:
            progress(walk.position, total)
    if cut := [position for position in heads if position > walk.position]:
        return walk, Break(Harm.CUT, min(cut), None)
    return walk, _put_in(walk, at, using)


def _chained(using: str) -> Iterator[Chained]:
    """Yield every link in order with its event."""
    connection = connections[using]
    text = AS_TEXT[connection.vendor].format
    detail = "e.detail::text" if connection.vendor == "postgresql" else "e.detail"
    query, last = CHAINED.format(chained_at=text("l.at"), at=text("e.at"), detail=detail), -(2**62)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, [last, AT_ONCE])
            rows = cursor.fetchall()
            yield from map(Chained._make, rows)
            if len(rows) < AT_ONCE:
                return
            last = rows[-1][0]


def _put_in(walk: Walk, at: datetime, using: str) -> Break | None:
    """Return the first event without a link that is too old to be waiting for one."""
    walk.settle(_plain(at))
    if walk.settled is None:
        return None
    for pk, said in Event.objects.using(using).unchained().values_list("pk", "at").iterator():
        if walk.is_too_late(pk, _plain(said)):
            return Break(Harm.INSERTED, None, pk)
    return None
