"""Writes where each unit of a sealed revision stands among its siblings and its peers."""

from collections.abc import Iterator

from completion import bulk
from completion.computing import Computed
from completion.models import Comparison, Revision, Standing
from completion.peers import BOUNDS, RANKED_RATE, Contender, places_of
from completion.rates import COUNTERS

_COLUMNS = ("place_id", "size", "apart", "sibling_rank", "siblings", "peer_rank", "peers")


def write_standings(revision: Revision, computed: Computed, places: dict[int, int]) -> None:
    """Write the ranks of a revision that is being sealed; `places` are its frozen rows by unit."""
    Comparison.objects.create(revision=revision, rate=RANKED_RATE, bounds=",".join(map(str, BOUNDS)))
    found = places_of(_contenders(computed), few=revision.period.few_items)
    rows = (
        (places[unit], one.size, str(one.apart), one.sibling_rank, one.siblings, one.peer_rank, one.peers)
        for unit, one in found.items()
    )
    bulk.insert_rows(Standing, _COLUMNS, rows)


def _contenders(computed: Computed) -> Iterator[Contender]:
    names = (f"{RANKED_RATE}_n", f"{RANKED_RATE}_base", "r3_base", "r3_x")
    done, due, planned, excluded = (COUNTERS.index(name) for name in names)
    for unit, place in computed.tree.places.items():
        n = base = works = x = 0
        for counts in computed.totals.get(unit, {}).values():
            n += counts[done]
            base += counts[due]
            works += counts[planned]
            x += counts[excluded]
        inherited = unit in computed.own.inherited
        yield Contender(unit, place.parent, place.kind, n, base, works, bool(works + x), inherited)
