"""Fair comparison: units ranked among their siblings and among units of their kind and size. Plain Python."""

import enum
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from completion.shares import rank

RANKED_RATE = "r2"
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
    places = {row.unit: Place(size_of(row.works, bounds), _apart(row, few)) for row in rows}
    by_parent, by_peers = defaultdict(list), defaultdict(list)
    for row in rows:
        by_parent[row.parent].append(row)
        by_peers[row.kind, places[row.unit].size].append(row)
    for groups, name, count in ((by_parent, "sibling_rank", "siblings"), (by_peers, "peer_rank", "peers")):
        for group in groups.values():
            competing = [(row.unit, row.n, row.base, True) for row in group if not places[row.unit].apart]
            for row in group:
                setattr(places[row.unit], count, len(competing))
            for place, unit in rank(competing, few=few).ranked:
                setattr(places[unit], name, place)
    return places


def _apart(row: Contender, few: int) -> Apart:
    if not row.is_registered:
        return Apart.UNREGISTERED
    if not row.base:
        return Apart.NOTHING_DUE
    if row.is_inherited:
        return Apart.INHERITED
    return Apart.FEW if row.base < few else Apart.NO
