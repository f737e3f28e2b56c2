"""Closed quarters regrouped by the organisation of today: from item rows through succession, never by shares.

Whoever stands today keeps what was its own; a merged unit's rows join those of its last successor. Of a unit that was
split or dissolved, and of a bucket, each item goes where it was handed over; the rest cannot be regrouped and is told
apart. Items handed from one standing unit to another stay where they were sealed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, FilteredRelation, OuterRef, Q, Sum
from django.db.models.functions import Substr

from completion.bulk import these
from completion.lines import WAITS, read_lines
from completion.models import Figure, FigurePart, FrozenUnit, ItemList, Revision
from completion.quarters import Quarter
from completion.queries.behind import frame_of
from completion.queries.figures import ALL, Passport, Row, Table, passport_of
from completion.queries.recast_papers import Papers, papers_at, papers_of_today
from completion.queries.sealed import Line
from completion.rates import COUNTERS, NOTHING, judge
from models_registry.models import WorkItem
from organizations.models import Succession, Unit
from organizations.paths import STEP, ids_of, path_end
from progress.models import Fact

OWN = {name: Sum(f"own_{name}") for name in COUNTERS}
# {(quarter, path of a unit of today, kind of item): counts}
Regrouped = dict[tuple[Quarter, str, str], Sequence[int]]


@dataclass(slots=True)
class Recast:
    """A unit's quarters as the organisation of today would have had them: `table` of one, `trend` of all asked for.

    `rest` is {quarter: counts} of what cannot be regrouped, by where it would belong: the unit or below it;
    `rest_papers` {quarter: in the order of PAPERS} of the reports and registrations that cannot.
    """

    table: Table | None
    trend: list[tuple[Quarter, Passport, Row] | None]
    rest: dict[Quarter, Sequence[int]]
    rest_papers: dict[Quarter, Sequence[int]]
    revisions: list[Revision]  # all that were regrouped
    loose: "Loose"


def recast_of(unit: Unit, quarter: Quarter, *, trend: Sequence[Quarter], day: date, kind: str = ALL) -> Recast:
    """Return a unit's figures regrouped by the organisation of a day; nine queries at most, whatever the tree."""
    revisions = revisions_recast(unit, {quarter, *trend})
    loose = Loose.among(unit, revisions, day)
    children = {child.path: child for child in Unit.objects.children_of(unit, day).standing_on(day)}
    counts: Regrouped = defaultdict(lambda: NOTHING)
    for shown, path, kind_of_items, sums in (*_by_unit(unit, revisions, loose), *loose.handed_over(revisions)):
        if path.startswith(unit.path):
            _add(counts, (shown, path[: len(unit.path) + STEP], kind_of_items), sums)
    rest: dict[Quarter, Sequence[int]] = defaultdict(lambda: NOTHING)
    for shown, path, kind_of_items, sums in loose.left(revisions):
        if path.startswith(unit.path) and kind in (ALL, kind_of_items):
            _add(rest, shown, sums)
    papers, rest_papers = papers_of_today(unit, revisions, loose)
    passports = {shown: _passport(shown, revisions) for shown in {r.period.as_quarter for r in revisions}}
    rows = {shown: _row(unit, shown, "", counts, papers, passport, kind) for shown, passport in passports.items()}
    table = None
    if quarter in passports:
        below = sorted(children.values(), key=lambda one: (one.sort_key, one.pk))
        lines = [_row(one, quarter, one.path, counts, papers, passports[quarter], kind) for one in below]
        table = Table(passports[quarter], kind, rows[quarter], lines)
    line = [(shown, passports[shown], rows[shown]) if shown in rows else None for shown in trend]
    return Recast(table, line, dict(rest), rest_papers, revisions, loose)


def revisions_recast(unit: Unit, quarters: Iterable[Quarter]) -> list[Revision]:
    """Return the newest revision of every tree in these quarters that holds a unit now at, below or once led here."""
    wanted = Q()
    for quarter in quarters:
        wanted |= Q(period__year=quarter.year, period__quarter=quarter.number)
    top = unit.path[:STEP]
    roots = Q(period__root__path__gte=top, period__root__path__lt=path_end(top))
    found = Revision.objects.newest().filter(wanted, roots).select_related("period", "period__root")
    return list(found.with_frames())


def _by_unit(unit: Unit, revisions: list[Revision], loose: "Loose") -> Iterator[tuple]:
    """Yield (quarter, path, kind, counts) of what units of today, and those merged into them, owned; one query."""
    step = Substr("place__unit__path", 1, len(unit.path) + STEP)
    below = Q(place__unit__path__gte=unit.path, place__unit__path__lt=path_end(unit.path))
    figures = Figure.objects.filter(below, place__revision__in=[revision.pk for revision in revisions])
    figures = figures.exclude(place__in=these(loose.places)).order_by()
    quarters = {revision.pk: revision.period.as_quarter for revision in revisions}
    sums = figures.values_list("place__revision", step, "kind").annotate(**OWN)
    for revision, path, kind, *counts in sums:
        yield quarters[revision], path, kind, counts


@dataclass(slots=True)
class Loose:
    """Rows of units that nobody followed as a whole, and buckets: told item by item, while they are sealed."""

    day: date
    places: dict[int, FrozenUnit] = field(default_factory=dict)
    buckets: dict[int, FrozenUnit] = field(default_factory=dict)
    ended: list[FrozenUnit] = field(default_factory=list)  # all whose unit stands no more
    merged: dict[int, int] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    told: list[tuple] | None = None

    @classmethod
    def among(cls, unit: Unit, revisions: list[Revision], day: date) -> "Loose":
        """Find them in the tree of today that holds the unit; two queries."""
        loose, numbers = cls(day), [revision.pk for revision in revisions]
        top = unit.path[:STEP]
        merges = Succession.objects.merged_by(day).select_related("successor").order_by("recorded_at", "id")
        for merge in merges:
            loose.merged[merge.predecessor_id] = merge.successor_id
            loose.units[merge.successor_id] = merge.successor
        ended = Q(unit__path__gte=top, unit__path__lt=path_end(top), unit__valid_to__lte=day)
        waits = Exists(FigurePart.objects.filter(part="waiting", place=OuterRef("pk")))
        places = FrozenUnit.objects.filter(revision__in=numbers).annotate(waits=waits).filter(ended | Q(waits=True))
        for place in places.select_related("unit").order_by():
            loose.units[place.unit_id] = place.unit
            has_ended = not loose.stands(place.unit_id) and place.unit.path.startswith(top)
            if has_ended and not loose.stands(loose.followed(place.unit_id)):
                loose.places[place.pk] = place
            elif place.waits:
                loose.buckets[place.pk] = place
            if has_ended:
                loose.ended.append(place)
        return loose

    def learn(self, ids: Iterable[int]) -> None:
        self.units |= Unit.objects.in_bulk(set(ids) - self.units.keys())

    def stands(self, unit: int) -> bool:
        ends = self.units[unit].valid_to
        return ends is None or ends > self.day

    def followed(self, unit: int) -> int:
        seen = set()
        while unit in self.merged and unit not in seen:
            seen.add(unit)
            unit = self.merged[unit]
        return unit

    def handed_over(self, revisions: list[Revision]) -> Iterator[tuple]:
        """Yield (quarter, path, kind, counts) of items that a unit of today took over."""
        for quarter, unit, _place, kind, counts, _line in self.items(revisions):
            if unit is not None:
                yield quarter, self.units[unit].path, kind, counts

    def left(self, revisions: list[Revision]) -> Iterator[tuple]:
        """Yield the same of items that nobody took over, by the nearest unit above that stands today."""
        for quarter, unit, place, kind, counts, _line in self.items(revisions):
            if unit is None:
                yield quarter, self.above(place), kind, counts

    def above(self, place: FrozenUnit) -> str:
        """Return the path of the nearest unit above a place that stands today; "" where there is none."""
        line = ids_of(self.units[self.followed(place.unit_id)].path)
        self.learn(line)
        standing = [pk for pk in line if pk in self.units and self.stands(pk)]
        return self.units[standing[-1]].path if standing else ""

    def items(self, revisions: list[Revision]) -> list[tuple]:
        """Return (quarter, unit of today or None, place, kind, counts, line or None), read once; three queries."""
        if self.told is None:
            self.told = list(self._read(revisions)) if self.places or self.buckets else []
        return self.told

    def _read(self, revisions: list[Revision]) -> Iterator[tuple]:
        by_pk = {revision.pk: revision for revision in revisions}
        frames = {revision.pk: frame_of(revision) for revision in revisions}
        places = self.places | self.buckets
        found = []
        for listed in ItemList.objects.filter(place__in=these(places)):
            place = places[listed.place_id]
            waits = place.pk in self.buckets
            text = _waiting(listed.lines) if waits else listed.lines
            frame = frames[place.revision_id]
            found += [(place, frame, kind, code, state) for kind, code, state in read_lines(text, frame)]
        owners = _Owners.of([code for _, _, _, code, _ in found])
        above = {pk for place in places.values() for pk in ids_of(self.units[self.followed(place.unit_id)].path)}
        self.learn({unit for line in owners.lines.values() for _, unit in line} | set(owners.first.values()) | above)
        for place, frame, kind, code, state in found:
            begins = owners.at(code, frame.end_day) if place.pk in self.buckets else place.unit_id
            line = Line(place.unit_id, kind, code, state, WAITS if place.pk in self.buckets else "")
            unit = self._led(begins, owners.lines.get(code, ()))
            yield frame.quarter, unit, place, kind, judge(state, frame).counts, line
        yield from self._unsealed(by_pk, places)

    def _led(self, unit: int | None, line: Sequence[tuple[date, int]]) -> int | None:
        """Return the unit of today an item came to: from each that ended to who took over from it then."""
        seen = set()
        while unit is not None and unit not in seen:
            seen.add(unit)
            unit = self.followed(unit)
            if self.stands(unit):
                return unit
            ended = self.units[unit].valid_to
            unit = next((taker for on, taker in line if on >= ended and taker != unit), None)
        return None

    def _unsealed(self, revisions: dict[int, Revision], places: dict[int, FrozenUnit]) -> Iterator[tuple]:
        """Yield what provisional rows, which list no items, cannot tell by item: all of it is left."""
        open_ = {place.pk: place for place in places.values() if not revisions[place.revision_id].sealed}
        ended, waiting = (open_.keys() & some.keys() for some in (self.places, self.buckets))
        own = Figure.objects.filter(place__in=ended).values_list("place", "kind", *(f"own_{name}" for name in COUNTERS))
        left = FigurePart.objects.filter(place__in=waiting, part="waiting").values_list("place", "kind", *COUNTERS)
        for pk, kind, *counts in own.order_by().union(left.order_by(), all=True) if open_ else ():
            place = open_[pk]
            yield revisions[place.revision_id].period.as_quarter, None, place, kind, counts, None


@dataclass(slots=True)
class _Owners:
    """Who items were handed to, by their code: {code: [(day, unit)]} in order, and who registered each."""

    lines: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, codes: Sequence[str]) -> "_Owners":
        """Read the items of these codes ("#7" names one without); one query."""
        owners = cls()
        bare = [int(code[1:]) for code in codes if code.startswith("#")]
        named = Q(code__in=these((code for code in codes if not code.startswith("#")), kind="text"))
        items = WorkItem.objects.filter(named | Q(pk__in=these(bare), code=None))
        items = items.annotate(handed=FilteredRelation("facts", condition=Q(facts__kind=Fact.Kind.TRANSFERRED)))
        rows = items.order_by("handed__on", "handed__at", "handed__id")
        for pk, code, unit, first, on, taker in rows.values_list(
            "pk", "code", "unit_id", "first_unit_id", "handed__on", "handed__unit_id"
        ):
            owners.first[code or f"#{pk}"] = first or unit
            if on is not None:
                owners.lines.setdefault(code or f"#{pk}", []).append((on, taker))
        return owners

    def at(self, code: str, end_day: date) -> int | None:
        """Return who owned an item just before a day; None where it is no longer known."""
        before = [unit for on, unit in self.lines.get(code, ()) if on < end_day]
        return before[-1] if before else self.first.get(code)


def _waiting(lines: str) -> str:
    return "\n".join(line for line in lines.splitlines() if WAITS in line.rsplit("|", 1)[1])


def _passport(quarter: Quarter, revisions: list[Revision]) -> Passport:
    """Return the passport of a quarter regrouped from one revision or several: sealed where all are, as old as any."""
    of_quarter = [revision for revision in revisions if revision.period.as_quarter == quarter]
    return passport_of(min(of_quarter, key=lambda revision: (revision.sealed, revision.as_of, revision.pk)))


def _row(
    unit: Unit, quarter: Quarter, path: str, counts: Regrouped, papers: Papers, passport: Passport, kind: str
) -> Row:
    """Return the row of a unit of today: of what is at this path, or below the unit whose path is the empty one."""
    names = (0, unit.pk, None, unit.code, unit.name, unit.kind, unit.path, passport.revision)
    row = Row(*names, passport.thresholds, papers_at(papers, quarter, path), {})
    for (shown, where, kind_of_items), sums in counts.items():
        if shown == quarter and kind in (ALL, kind_of_items) and (not path or where == path):
            row.kinds[kind_of_items] = _sum(row.kinds.get(kind_of_items, NOTHING), sums)
            row.total = _sum(row.total, sums)
    return row


def _add(into: dict, key, counts: Sequence[int]) -> None:
    into[key] = _sum(into[key], counts)


def _sum(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    return [a + b for a, b in zip(first, second, strict=True)]
