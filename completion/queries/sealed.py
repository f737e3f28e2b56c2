"""The items behind the numbers of a revision, read from its lines: as they were sealed, whatever became known since."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from completion import bulk
from completion.computing import own_counts
from completion.lines import INHERITED, WAITS, read_lines
from completion.models import FrozenUnit, ItemList
from completion.queries.behind import Reading, belongs
from completion.rates import Known, base_of, judge
from models_registry.models import WorkItem
from organizations.paths import path_end

BY_CODE, BY_PK = "code", "pk"


class Line(NamedTuple):
    """One item as a revision tells it, and the unit in whose list it stands."""

    home: int
    kind: str
    code: str
    state: Known
    came: str = ""  # how it came there: WAITS, INHERITED or neither (completion/lines.py)


def lines_of(reading: Reading, homes: Iterable[int] | None = None) -> Iterator[Line]:
    """Yield the lines of the items counted in a unit of a revision, or in some homes of it.

    Of a sealed revision as they were sealed, in one query; of the provisional one from the facts at its K, in some six.
    """
    for home, text in texts_of(reading, homes):
        for line, (kind, code, state) in zip(text.splitlines(), read_lines(text, reading.frame), strict=True):
            came = line[-1]
            yield Line(home, kind, code, state, came if came in (WAITS, INHERITED) else "")


def texts_of(reading: Reading, homes: Iterable[int] | None = None) -> Iterable[tuple[int, str]]:
    """Return (unit, the lines of its list as they are kept), for who reads very many; at the cost of `lines_of`."""
    if not reading.revision.sealed:
        tree = reading.tree
        here = [unit for unit, home in tree.homes.items() if home and reading.unit.pk in tree.line(home)]
        own = own_counts(reading.frame, tree, here, lines=True)
        return [(home, "\n".join(lines)) for home, lines in own.lines.items()]
    lists = ItemList.objects.filter(place__revision=reading.revision)
    if homes is None:
        lists = lists.filter(place__path__gte=reading.path, place__path__lt=path_end(reading.path))
    else:
        lists = lists.filter(place__unit__in=bulk.these(homes))
    return lists.order_by("place__path").values_list("place__unit_id", "lines").iterator(chunk_size=200)


class SealedItems:
    """The items that a part (n, N, X or rest) of a rate counts in a sealed revision, for a paginator or a file.

    In the order of the tree, within a unit the nearest due first. Counted and found by the sealed counts of the units,
    so that a page reads the lists of its own units alone: three queries, whatever the size of the tree. With `terms`
    (`vietnamese.searching`), those that speak of them; names of individuals are in no such text, and
    works of the dossiers `unseen` are not found. With `waiting`,
    those in the unit's bucket alone.
    """

    def __init__(
        self,
        reading: Reading,
        rate: str,
        part: str,
        *,
        kind: str = "ALL",
        terms: Sequence[str] = (),
        unseen: Collection[int] = (),
        waiting: bool = False,
    ):
        self.reading, self.rate, self.part, self.kind = reading, rate, part, kind
        self._matching: list[Line] | None = None
        if waiting:
            self._matching = [line for line in self._lines([reading.unit.pk]) if line.came == WAITS]
        elif terms:
            self._matching = list(self._search(terms, unseen))
        self._sizes: list[tuple[int, int]] | None = None
        self.names: dict[int, str] = {}  # of the units, once they were counted

    def count(self) -> int:
        return len(self._matching) if self._matching is not None else sum(size for _home, size in self.sizes())

    __len__ = count

    def __getitem__(self, part: slice) -> list[tuple[WorkItem, Line]]:
        start, stop, _step = part.indices(self.count())
        if self._matching is not None:
            return with_items(self._matching[start:stop])
        before, homes, skip = 0, [], 0
        if start >= stop:
            return []
        for home, size in self.sizes():
            if size and before < stop and before + size > start:
                skip = skip if homes else start - before
                homes.append(home)
            before += size
        return with_items(list(self._lines(homes))[skip : skip + stop - start])

    def sizes(self) -> list[tuple[int, int]]:
        """Return (unit, how many items of its own list are counted) in the order of the tree; one query."""
        if self._sizes is None:
            self._sizes = list(self._read_sizes())
        return self._sizes

    def _read_sizes(self) -> Iterator[tuple[int, int]]:
        path = self.reading.path
        places = FrozenUnit.objects.filter(revision=self.reading.revision, path__gte=path, path__lt=path_end(path))
        wanted = Q() if self.kind == "ALL" else Q(figures__kind__in=self.kind.split("-"))
        counted = counter_of(self.rate, self.part, "figures__")
        rows = places.annotate(total=Coalesce(Sum(counted, filter=wanted), 0)).order_by("path")
        rows = list(rows.values_list("unit_id", "parent_id", "total", "name"))
        self.names = {unit: name for unit, _parent, _total, name in rows}
        # A unit's list holds its own items and its bucket: all it counts but what its children count.
        sizes = {unit: total for unit, _parent, total, _name in rows}
        for _unit, parent, total, _name in rows:
            if parent in sizes and total:
                sizes[parent] -= total
        return iter(sizes.items())

    def _lines(self, homes: list[int]) -> Iterator[Line]:
        for_home: dict[int, list[Line]] = {home: [] for home in homes}
        for line in lines_of(self.reading, homes):
            if self._counts(line):
                for_home[line.home].append(line)
        for lines in for_home.values():
            yield from sorted(lines, key=lambda line: (line.state.due, line.code))

    def _counts(self, line: Line) -> bool:
        of_kind = self.kind == "ALL" or line.kind in self.kind.split("-")
        return of_kind and belongs(judge(line.state, self.reading.frame), self.rate, self.part)

    def _search(self, terms: Sequence[str], unseen: Collection[int]) -> Iterator[Line]:
        spoken = WorkItem.objects.filter(year=self.reading.frame.quarter.year).speaking_of(terms).order_by()
        spoken = spoken.exclude(dossier__in=unseen) if unseen else spoken
        codes = {code or f"#{pk}" for pk, code in spoken.values_list("pk", "code")}
        if codes:
            found = (line for line in lines_of(self.reading) if line.code in codes and self._counts(line))
            yield from sorted(found, key=lambda line: (line.state.due, line.code))


def counter_of(rate: str, part: str, own: str = ""):
    """Return the counter of a Figure that a part of a rate is; with "own_" what the unit owns itself."""
    over = base_of(rate)
    names = {"n": f"{rate}_n", "N": f"{over}_base", "X": f"{over}_x"}
    if part == "rest":
        return F(f"{own}{over}_base") - F(f"{own}{rate}_n")
    return F(f"{own}{names[part]}")


def with_items(lines: Sequence[Line]) -> list[tuple[WorkItem, Line]]:
    """Return the lines with the items they speak of, as they stand today; one query."""
    if not lines:
        return []
    found = items_of(line.code for line in lines)
    return [(found[line.code], line) for line in lines]


def items_of(codes: Iterable[str]) -> dict[str, WorkItem]:
    """Return {code of a line: item}, ready to be shown; one query."""
    by_code, by_pk = parted(codes)
    rows = WorkItem.objects.filter(Q(code__in=by_code) | Q(pk__in=by_pk)).order_by()
    return {row.code or f"#{row.pk}": row for row in rows.select_related("unit", "measure", "dossier__round")}


def parted(codes: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the codes of lines as codes of items and, of items without one, ids."""
    known = list(codes)
    return [c for c in known if not c.startswith("#")], [int(c[1:]) for c in known if c.startswith("#")]
