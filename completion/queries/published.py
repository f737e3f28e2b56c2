"""Figures that reports printed, beside what n/N makes and beside ours."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F, IntegerField, Sum

from completion.models import Figure, FrozenUnit, PublishedFigure, Revision
from completion.quarters import Quarter
from completion.shares import percent_text
from completion.words import gap_text
from journal.questions import Blank, Question
from organizations.models import Unit
from organizations.paths import path_end

Newest = Mapping[Quarter, Revision]


@dataclass(frozen=True, slots=True)
class Beside:
    """One printed figure: `text` is what its n/N makes, `gap` in words how the printed rate differs, "" where not.

    `n` and `base` are what the sealed rows of the same unit and time say, `own_text` their rate; None and "" where
    there are none. `differs` says that the printed rate or its counts are not ours.
    """

    published: PublishedFigure
    text: str
    gap: str
    n: int | None = None
    base: int | None = None

    @property
    def own_text(self) -> str:
        return "" if self.n is None else percent_text(self.n, self.base)

    @property
    def counts_differ(self) -> bool:
        return self.n is not None and (self.n, self.base) != (self.published.n, self.published.base)

    @property
    def differs(self) -> bool:
        return bool(self.gap) or self.counts_differ


@Question
def printed_figures():
    """What reports printed of a `unit` in a `year`."""
    return PublishedFigure.objects.shown().filter(unit=Blank("unit"), year=Blank("year", IntegerField()))


def published_beside_ours(unit: Unit, year: int, *, newest: Newest) -> list[Beside]:
    """Return the printed figures of a unit's year beside ours; a query, and those of `beside_ours`."""
    return beside_ours(printed_figures(unit=unit.pk, year=year), {unit.pk: newest})


def printed_of(unit: Unit, year: int) -> list[Beside]:
    """Return the same for a file, which knows no revisions yet; a query more where anything was printed."""
    figures = list(PublishedFigure.objects.shown().filter(unit=unit, year=year).select_related("unit"))
    return beside_ours(figures, sealed_of([unit.pk], [year])) if figures else []


def printed_in_line(unit: Unit):
    """Return the PublishedFigures shown of a unit and its predecessors (whose reports bore their names), newest first.

    Part of one query.
    """
    line = Unit.objects.predecessors_of(unit).order_by().values("pk")
    found = PublishedFigure.objects.shown().filter(unit__in=line) | PublishedFigure.objects.shown().filter(unit=unit)
    newest = F("quarter").desc(nulls_first=True)
    return found.select_related("unit").order_by("-year", "unit__sort_key", newest, "order", "pk")


def printed_years(unit: Unit, until: int) -> list[Beside]:
    """Return all that was ever printed of a unit and its predecessors up to a year, for a paper; three queries."""
    figures = list(printed_in_line(unit).filter(year__lte=until))
    units, years = {one.unit_id for one in figures}, {one.year for one in figures}
    return beside_ours(figures, sealed_of(units, years)) if figures else []


def beside_ours(figures: Sequence[PublishedFigure], newest: Mapping[int, Newest]) -> list[Beside]:
    """Return printed figures, each beside R3 of its unit in the sealed revision of its quarter, the fourth of a year.

    One query where anything is sealed of them; two more for each revision of which a kind of unit is asked, the first
    time in a process.
    """
    sealed = {figure.pk: _seal_of(figure, newest.get(figure.unit_id, {})) for figure in figures}
    totals = _totals({(found.pk, one.unit_id) for one in figures if (found := sealed[one.pk])})
    return [_beside(figure, sealed[figure.pk], totals) for figure in figures]


def sealed_of(units: Iterable[int], years: Collection[int]) -> dict[int, dict[Quarter, Revision]]:
    """Return {unit: {quarter: its newest sealed revision}} of some years; one query."""
    found = FrozenUnit.objects.filter(unit__in=units, revision__sealed=True, revision__period__year__in=years)
    newest: dict[int, dict[Quarter, Revision]] = defaultdict(dict)
    for place in found.select_related("revision__period").order_by("revision__number"):
        newest[place.unit_id][place.revision.period.as_quarter] = place.revision
    return newest


def plans_of(unit: Unit, newest: Newest, kind: str) -> dict[int, tuple[int, int, Revision]]:
    """Return {year: (n, N) of R3 by its fourth quarter, and that seal} of a kind of work, "" of all; one query."""
    seals = {quarter.year: revision for quarter, revision in newest.items() if quarter.number == 4}
    totals = _totals({(revision.pk, unit.pk) for revision in seals.values()})
    found = {}
    for year, revision in seals.items():
        counts = [one for known, one in totals[revision.pk, unit.pk].items() if kind in ("", known)]
        if counts:
            n, base = map(sum, zip(*counts, strict=True))
            found[year] = n, base, revision
    return found


def _seal_of(figure: PublishedFigure, newest: Newest) -> Revision | None:
    revision = newest.get(Quarter(figure.year, figure.quarter or 4))
    return revision if revision and revision.sealed else None


def _totals(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], dict[str, tuple[int, int]]]:
    """Return {(revision, unit): {kind of item: (n, N) of R3}}; one query, none for none."""
    counted: dict = defaultdict(dict)
    if not wanted:
        return counted
    revisions, units = zip(*wanted, strict=True)
    found = Figure.objects.filter(place__revision__in=set(revisions), place__unit__in=set(units)).order_by()
    for revision, unit, kind, n, base in found.values_list("place__revision", "place__unit", "kind", "r3_n", "r3_base"):
        counted[revision, unit][kind] = n, base
    return counted


def _beside(figure: PublishedFigure, revision: Revision | None, totals: Mapping) -> Beside:
    gap, text = gap_text(figure.printed_rate, figure.n, figure.base), percent_text(figure.n, figure.base)
    if revision is None:
        return Beside(figure, text, gap)
    by_kind = totals[revision.pk, figure.unit_id]
    if figure.unit_kind:
        own = own_by_unit_kind(revision, unit=figure.unit_id)
        by_kind = {kind: counts for (unit_kind, kind), counts in own.items() if unit_kind == figure.unit_kind}
    found = [counts for kind, counts in by_kind.items() if figure.kind in ("", kind)]
    return Beside(figure, text, gap, *map(sum, zip(*found, strict=True))) if found else Beside(figure, text, gap)


def own_by_unit_kind(revision: Revision, rate: str = "r3", *, unit: int | None = None) -> dict:
    """Return {(kind of unit, kind of item): (n, N)} of what units of each kind at and below one own themselves.

    Without a unit, over the whole tree. Two queries; of a sealed revision, which nothing changes, once a process.
    """
    summed = _own_by_unit_kind if revision.sealed else _own_by_unit_kind.__wrapped__
    return summed(revision.pk, revision.input_hash, rate, unit)


@lru_cache(maxsize=64)
def _own_by_unit_kind(revision: int, _input_hash: str, rate: str, unit: int | None) -> dict:
    found = Figure.objects.filter(place__revision=revision)
    if unit is not None:
        top = FrozenUnit.objects.get(revision=revision, unit=unit)
        found = found.filter(place__path__gte=top.path, place__path__lt=path_end(top.path))
    found = found.order_by().values_list("place__kind", "kind")
    found = found.annotate(n=Sum(f"own_{rate}_n"), base=Sum(f"own_{rate}_base"))
    return {(unit_kind, kind): (n, base) for unit_kind, kind, n, base in found}
