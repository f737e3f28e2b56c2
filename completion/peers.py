"""Fair comparison: units ranked among their siblings and among units of their kind and size. Plain Python."""

import enum
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from completion.shares import cut, ranks

RANKED_RATE = "r2"
_NOBODY: tuple[int, dict] = (0, {})
# A unit's size is the number of works in its plan of the year (N of R3); a class begins at each of these.
BOUNDS = (10, 30, 100, 300, 1000, 3000, 10000)


class Apart(enum.StrEnum):
    """Why a unit is not ranked; it is told beside the others."""

    NO = ""
    FEW = "few"
    NOTHING_DUE = "nothing_due"
    UNREGISTERED = "unregistered"
    INHERITED = "inherited"


class Contender(NamedTuple):
    """One unit of a frozen tree with n and N of the rate, and the works of its plan."""

    unit: Hashable
    parent: Hashable
    kind: str
    n: int
    base: int
    works: int
    is_registered: bool
    is_inherited: bool  # works came to it by a merge or a split


@dataclass(slots=True)
class Place:
    """Where a unit stands: its class of size, and its rank among so many that are ranked, unless it stands apart."""

    size: int
    apart: Apart = Apart.NO
    sibling_rank: int | None = None
    siblings: int = 0
    peer_rank: int | None = None
    peers: int = 0


def size_of(works: int, bounds: Sequence[int] = BOUNDS) -> int:
    """Return the class of size: 0 below the first bound, 1 from it on."""
    return bisect_right(bounds, works)


def places_of(contenders: Iterable[Contender], *, few: int, bounds: Sequence[int] = BOUNDS) -> dict[Hashable, Place]:
    """Return where every unit stands; `siblings` and `peers` count the ranked of its group, whether it is or not."""
    rows = list(contenders)
    places = {row.unit: Place(size_of(row.works, bounds), _why_apart(row, few)) for row in rows}
    competing = [(cut(row.n, row.base), row) for row in rows if not places[row.unit].apart]
    competing.sort(key=itemgetter(0), reverse=True)
    siblings = _ranks(competing, lambda row: row.parent)
    peers = _ranks(competing, lambda row: (row.kind, places[row.unit].size))
    for row in rows:
        place = places[row.unit]
        place.siblings, found = siblings.get(row.parent, _NOBODY)
        place.sibling_rank = found.get(row.unit)
        place.peers, found = peers.get((row.kind, place.size), _NOBODY)
        place.peer_rank = found.get(row.unit)
    return places


def _ranks(competing: Iterable[tuple[int, Contender]], group_of: Callable[[Contender], Hashable]) -> dict:
    """Return {group: (how many compete in it, {unit: rank})} of those given best first."""
    groups: dict[Hashable, list] = defaultdict(list)
    for rate, row in competing:
        groups[group_of(row)].append((rate, row.unit))
    return {group: (len(rates), {unit: rank for rank, unit in ranks(rates)}) for group, rates in groups.items()}


def _why_apart(row: Contender, few: int) -> Apart:
    return apart_of(row.base, is_registered=row.is_registered, is_inherited=row.is_inherited, few=few)


def apart_of(base: int, *, is_registered: bool, is_inherited: bool, few: int) -> Apart:
    """Return why a unit with such an N is not ranked; NO where it is."""
    if not is_registered:
        return Apart.UNREGISTERED
    if not base:
        return Apart.NOTHING_DUE
    if is_inherited:
        return Apart.INHERITED
    return Apart.FEW if base < few else Apart.NO
