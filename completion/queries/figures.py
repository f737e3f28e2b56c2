"""Figures as screens show them: rows of counts with their rates, of one unit, its children, its quarters, its peers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from completion.models import Figure, FrozenUnit, Period, Revision
from completion.papers import PAPERS
from completion.quarters import Quarter
from completion.rates import COUNTERS, NOTHING, RATES, base_of
from completion.shares import level, percent_text
from organizations.models import Unit

ALL = "ALL"
# The rates of papers: n, what it is of, and X, which N leaves out ("obliged" has left it out already).
OF_PAPERS = {
    "r6": ("reported", "owed", "exempt"),
    "r6t": ("in_time", "owed", "exempt"),
    "r7": ("registered", "obliged", "freed"),
    "r7m": ("members_planned", "members", "members_exempt"),
}
# Where n, N and X of the other rates stand among COUNTERS.
COUNTED = {
    code: tuple(map(COUNTERS.index, (f"{code}_n", f"{base_of(code)}_base", f"{base_of(code)}_x"))) for code in RATES
}
WORKS, LEFT_OUT = COUNTERS.index("r3_base"), COUNTERS.index("r3_x")
# What a row is read from: its place in a frozen tree, and the works of each kind counted there.
PLACE = ("pk", "unit_id", "parent_id", "code", "name", "kind", "path", "revision_id")
PLACE_COLUMNS = (*PLACE, *PAPERS, *(f"own_{name}" for name in PAPERS))
FIGURE_COLUMNS = ("kind", *COUNTERS, *(f"own_{name}" for name in COUNTERS))


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of one row: exact n, N (`base`) and X, its text and its colour (none, low, middle, high)."""

    code: str
    n: int
    base: int
    x: int
    text: str
    level: str

    @classmethod
    def of(cls, code: str, n: int, base: int, x: int, thresholds: Sequence[int]) -> "Rate":
        low, high = thresholds
        return cls(code, n, base, x, percent_text(n, base, thresholds=thresholds), level(n, base, low=low, high=high))


@dataclass(frozen=True, slots=True)
class Passport:
    """Where a figure comes from; printed beside every one of them, in files too."""

    quarter: Quarter
    revision: int
    sealed: bool
    as_of: datetime
    computed_at: datetime
    rule_version: str
    thresholds: tuple[int, int]
    few_items: int
    input_hash: str
    revision_id: int
    period_id: int
    closes_at: datetime

    @property
    def tree_day(self) -> date:
        """The last day of the quarter: of its end is the tree the figures are summed over."""
        return self.quarter.end_day - timedelta(days=1)


@dataclass(slots=True)
class Row:
    """One unit of a frozen tree with its counts (16 integers in the order of COUNTERS) and its papers (PAPERS).

    `total` and `papers` include everything below, `own` and `own_papers` only the unit itself; `kinds` is {kind: total}
    of the kinds that `total` sums. `name`, `unit_kind`
    and `parent` are those of the frozen tree. `rates` and `own_rates` are computed when asked: {"r1": Rate, …}.
    """

    place: int
    unit: int
    parent: int | None
    code: str
    name: str
    unit_kind: str
    path: str
    revision: int
    thresholds: tuple[int, int]
    papers: dict[str, int]
    own_papers: dict[str, int]
    total: Sequence[int] = NOTHING
    own: Sequence[int] = NOTHING
    kinds: dict[str, Sequence[int]] = field(default_factory=dict)
    own_works: int = 0  # of `own`, N of R3: known also where `own` and `own_papers` were not read

    @property
    def rates(self) -> dict[str, Rate]:
        return {code: self._rate(code, self.total) for code in RATES}

    @property
    def own_rates(self) -> dict[str, Rate]:
        return {code: self._rate(code, self.own) for code in RATES}

    @property
    def not_registered(self) -> int:
        """How many obliged units, here or below, have no approved item of the year."""
        return self.papers["obliged"] - self.papers["registered"]

    @property
    def not_reported(self) -> int:
        """How many units, here or below, owe the quarter's report and have not sent it."""
        return self.papers["owed"] - self.papers["exempt"] - self.papers["reported"]

    @property
    def has_registered(self) -> bool:
        """Whether any item, excluded ones too, was approved for the year in the unit or below it."""
        return bool(self.total[WORKS] + self.total[LEFT_OUT])

    def count(self, kind: str, total: Sequence[int], own: Sequence[int]) -> None:
        """Add the works of one kind: counts in the order of COUNTERS."""
        self.kinds[kind] = total
        self.total, self.own = added(self.total, total), added(self.own, own)
        self.own_works += own[WORKS]

    def rate(self, code: str) -> Rate:
        """Return R1…R8 of the unit and everything below it; of R6 and R7 the codes of OF_PAPERS."""
        return self._paper(code) if code in OF_PAPERS else self._rate(code, self.total)

    def rate_of_kinds(self, code: str, kinds: Iterable[str]) -> Rate:
        """Return R1…R5 or R8 of some of the kinds together: sums of counts, never a mean."""
        counts = NOTHING
        for kind in kinds:
            counts = added(counts, self.kinds.get(kind, NOTHING))
        return self._rate(code, counts)

    def _rate(self, code: str, counts: Sequence[int]) -> Rate:
        n, base, x = COUNTED[code]
        return Rate.of(code, counts[n], counts[base], counts[x], self.thresholds)

    def _paper(self, code: str) -> Rate:
        n, base, x = OF_PAPERS[code]
        owed = self.papers[base] - (0 if base == "obliged" else self.papers[x])
        return Rate.of(code, self.papers[n], owed, self.papers[x], self.thresholds)


@dataclass(slots=True)
class Table:
    """The figures of one unit and of each child below it, in dictionary order of their names."""

    passport: Passport
    kind: str
    row: Row
    children: list[Row] = field(default_factory=list)


def revision_of(unit: Unit, quarter: Quarter, number: int | None = None) -> Revision | None:
    """Return a revision whose frozen tree holds the unit: the newest sealed one, else 0, or the numbered; one query."""
    return revisions_of(unit, quarter, number).newest_first().first()


def revisions_of(unit: Unit, quarter: Quarter, number: int | None = None):
    """Return the Revisions of a quarter whose frozen tree holds the unit, each with its period; or the numbered."""
    found = Revision.objects.filter(units__unit=unit, period__year=quarter.year, period__quarter=quarter.number)
    if number is not None:
        found = found.filter(number=number)
    return found.select_related("period")


def table_of(unit: Unit, quarter: Quarter, *, kind: str = ALL, number: int | None = None) -> Table | None:
    """Return the figures of a unit and its children in the frozen tree of a quarter; None where there are none.

    `kind` is COL, IND, ISS or ALL, which sums them. Three queries, whatever the number of children.
    """
    revision = revision_of(unit, quarter, number)
    if revision is None:
        return None
    here = FrozenUnit.objects.filter(revision=revision)
    rows = rows_of(here.filter(unit=unit) | here.filter(parent=unit), kind=kind, period=revision.period)
    own = next(row for row in rows if row.unit == unit.pk)
    return Table(passport_of(revision), kind, own, [row for row in rows if row is not own])


def passport_of(revision: Revision) -> Passport:
    """Return what a figure of this revision says of itself; `period` should be loaded."""
    period = revision.period
    return Passport(
        period.as_quarter,
        revision.number,
        revision.sealed,
        revision.as_of,
        revision.computed_at,
        revision.rule_version,
        period.thresholds,
        period.few_items,
        revision.input_hash,
        revision.pk,
        period.pk,
        period.closes_at,
    )


def rows_of(places, *, kind: str = ALL, period: Period | None = None) -> list[Row]:
    """Return rows for these FrozenUnits, by name; two queries, and `period` gives the thresholds."""
    thresholds = period.thresholds if period else (50, 80)
    found = places.order_by("sort_key", "unit_id").values_list(*PLACE_COLUMNS)
    rows = {values[0]: row_from(values, thresholds) for values in found}
    figures = Figure.objects.filter(place__in=places.order_by().values("pk"))
    if kind != ALL:
        figures = figures.filter(kind__in=kind.split("-"))
    for place, kind_of_items, *counts in figures.order_by().values_list("place_id", *FIGURE_COLUMNS):
        rows[place].count(kind_of_items, counts[: len(COUNTERS)], counts[len(COUNTERS) :])
    return list(rows.values())


def row_from(values: Sequence, thresholds: tuple[int, int]) -> Row:
    """Return a row of no works yet, of the values of PLACE_COLUMNS."""
    papers, own = values[8 : 8 + len(PAPERS)], values[8 + len(PAPERS) : len(PLACE_COLUMNS)]
    named = dict(zip(PAPERS, papers, strict=True)), dict(zip(PAPERS, own, strict=True))
    return Row(*values[:8], thresholds, *named)


def trend_of(unit: Unit, quarters: Iterable[Quarter], *, kind: str = ALL) -> list[tuple[Quarter, Passport, Row] | None]:
    """Return for each quarter (quarter, passport, row) of the unit, None where it has no figures; three queries."""
    wanted = list(quarters)
    revisions = Revision.objects.newest().filter(units__unit=unit, period__year__in={q.year for q in wanted})
    by_pk = {revision.pk: revision for revision in revisions.select_related("period")}
    places = FrozenUnit.objects.filter(revision__in=by_pk, unit=unit)
    of_place = dict(places.order_by().values_list("pk", "revision_id"))
    found = {}
    for row in rows_of(places, kind=kind):
        revision = by_pk[of_place[row.place]]
        row.thresholds = revision.period.thresholds
        found[revision.period.as_quarter] = (revision.period.as_quarter, passport_of(revision), row)
    return [found.get(quarter) for quarter in wanted]


def added(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    """Return the sums of two counts in the order of COUNTERS."""
    return second if first is NOTHING else [a + b for a, b in zip(first, second, strict=True)]
