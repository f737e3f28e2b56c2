"""The items behind a regrouped number: of every revision it was made from, exactly those its n, N or X counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, Sum

from completion.bulk import these
from completion.computing import own_counts
from completion.lines import INHERITED, WAITS, read_lines
from completion.models import Figure, Revision
from completion.quarters import Quarter
from completion.queries.behind import Reading, Reasoned, belongs, frame_of
from completion.queries.corrected import corrected_in
from completion.queries.explained import CHUNK, reasons_on
from completion.queries.recast import Loose, revisions_recast
from completion.queries.sealed import Line, counter_of, items_of, lines_of
from completion.rates import judge
from organizations.models import Unit
from organizations.paths import path_end


@dataclass(frozen=True, slots=True)
class Led:
    """One item with why it counts, where it was sealed, and the unit of today it is counted in."""

    told: Reasoned
    now: str


class RecastItems:
    """The items that a part (n, N, X or rest) of a rate counts in a unit's regrouped figures, for a page or a file.

    In the order of today's tree, then those handed over one by one. A page reads the lists of its own units alone.
    """

    def __init__(self, unit: Unit, quarter: Quarter, rate: str, part: str, *, day: date, kind: str = "ALL"):
        self.unit, self.rate, self.part, self.kind = unit, rate, part, kind
        self.revisions = {one.pk: one for one in revisions_recast(unit, [quarter])}
        self.loose = Loose.among(unit, list(self.revisions.values()), day)
        self.readings = {pk: self._reading(one) for pk, one in self.revisions.items()}

    def __len__(self) -> int:
        return sum(size for *_where, size in self._sizes) + len(self._handed)

    def __iter__(self) -> Iterator[Led]:
        for start in range(0, len(self), CHUNK):
            yield from self[start : start + CHUNK]

    def __getitem__(self, part: slice) -> list[Led]:
        start, stop, _step = part.indices(len(self))
        chosen, before = [], 0
        for revision, home, size in self._sizes:
            if before < stop and before + size > start:
                chosen.append((revision, home, max(0, start - before), stop - before))
            before += size
        lines = self._lines(chosen) + self._handed[max(0, start - before) : max(0, stop - before)]
        return self._led(lines)

    @cached_property
    def _sizes(self) -> list[tuple[int, int, int]]:
        """Return (revision, unit, how many) of the units followed as a whole; one query."""
        path = self.unit.path
        below = Q(place__unit__path__gte=path, place__unit__path__lt=path_end(path))
        kinds = Q() if self.kind == "ALL" else Q(kind__in=self.kind.split("-"))
        rows = Figure.objects.filter(below, kinds, place__revision__in=self.revisions)
        rows = rows.exclude(place__in=these(self.loose.places)).order_by("place__unit__path", "place__revision")
        counted = counter_of(self.rate, self.part, "own_")
        rows = rows.values("place__unit__path", "place__revision", "place__unit").annotate(total=Sum(counted))
        return [(row["place__revision"], row["place__unit"], row["total"]) for row in rows if row["total"]]

    @cached_property
    def _handed(self) -> list[tuple[int, Line, int]]:
        """Return (revision, line, unit of today) of what was handed over item by item."""
        found = []
        for _quarter, now, place, _kind, _counts, line in self.loose.items(list(self.revisions.values())):
            here = now is not None and self.loose.units[now].path.startswith(self.unit.path)
            if here and line is not None and self._counts(place.revision_id, line):
                found.append((place.revision_id, line, now))
        return sorted(found, key=lambda one: (one[1].state.due, one[1].code))

    def _lines(self, chosen: list[tuple]) -> list[tuple[int, Line, int]]:
        """Return the same of these parts of units; one query for each revision, some more for a provisional one."""
        read: dict[tuple[int, int], list[Line]] = {(revision, home): [] for revision, home, *_cut in chosen}
        for revision in {one[0] for one in chosen}:
            homes = [home for of, home, *_cut in chosen if of == revision]
            for line in self._lines_of(revision, homes):
                if line.came != WAITS and self._counts(revision, line):
                    read[revision, line.home].append(line)
        found = []
        for revision, home, first, end in chosen:
            lines = sorted(read[revision, home], key=lambda line: (line.state.due, line.code))
            found += [(revision, line, self.loose.followed(home)) for line in lines[first:end]]
        return found

    def _lines_of(self, revision: int, homes: list[int]) -> Iterator[Line]:
        reading = self.readings[revision]
        if reading.revision.sealed:
            yield from lines_of(reading, homes)
            return
        wanted = set(homes)
        here = [unit for unit, home in reading.tree.homes.items() if home in wanted]
        for home, texts in own_counts(reading.frame, reading.tree, here, lines=True).lines.items():
            for line in "\n".join(texts).splitlines():
                ((kind, code, state),) = read_lines(line, reading.frame)
                yield Line(home, kind, code, state, line[-1] if line[-1] in (WAITS, INHERITED) else "")

    def _counts(self, revision: int, line: Line) -> bool:
        of_kind = self.kind == "ALL" or line.kind in self.kind.split("-")
        return of_kind and belongs(judge(line.state, self.readings[revision].frame), self.rate, self.part)

    def _led(self, lines: list[tuple[int, Line, int]]) -> list[Led]:
        items = items_of(line.code for _revision, line, _now in lines)
        names = dict(Unit.objects.filter(pk__in={now for *_line, now in lines}).values_list("pk", "name"))
        sides: dict[int, list] = {}
        for revision, line, _now in lines:
            sides.setdefault(revision, []).append((items[line.code], line))
        told = (
            reasons_on([(self.readings[one], pairs) for one, pairs in sides.items()], rate=self.rate) if sides else []
        )
        by_item = {(of, row.item.pk): row for of, rows in zip(sides, told, strict=True) for row in rows}
        return [Led(by_item[of, items[line.code].pk], names.get(now, "")) for of, line, now in lines]

    def _reading(self, revision: Revision) -> Reading:
        corrected = corrected_in(revision) if revision.number > 1 else {}
        return Reading(revision, self.unit, frame_of(revision), "", any_ended=True, corrected=corrected)
