"""Periods a report is made of: a quarter, the first six months, a year; each judged at the end of its last quarter.

Six months and a year have no seal of their own. They are the sealed quarter at their end, whose R2 counts every work
due since 1 January: one cut, at one K. What is owed anew each quarter (reports, checks of ongoing works) is added up
over the sealed quarters; rates never are.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from completion.models import CorrectionLine, FrozenUnit, Pack, Revision
from completion.quarters import Quarter
from completion.queries.behind import Reading
from completion.queries.figures import Rate, Row, rows_of
from completion.queries.sealed import lines_of, parted
from completion.rates import judge
from models_registry.models import WorkItem
from organizations.models import Unit
from progress.models import Fact

Span = Pack.Span
# What each quarter owes anew; over several quarters n, N and X are added up.
ANEW = ("r6", "r6t", "r8")
LAST_QUARTERS = {Span.HALF: 2, Span.YEAR: 4}
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Spanned:
    """A period a report may be made of; `key` names it in an address: 2026-Q2, 2026-H1 or 2026."""

    span: str
    quarter: Quarter  # whose end is the period's

    @property
    def key(self) -> str:
        year = self.quarter.year
        return {Span.HALF: f"{year}-H1", Span.YEAR: str(year)}.get(self.span, str(self.quarter))

    @property
    def quarters(self) -> list[Quarter]:
        """The quarters of the period, the first first."""
        first = self.quarter.number if self.span == Span.QUARTER else 1
        return [Quarter(self.quarter.year, number) for number in range(first, self.quarter.number + 1)]

    @property
    def before(self) -> Quarter:
        """The quarter at whose end the period to compare with ends: the one before, else the same of last year."""
        if self.span == Span.QUARTER:
            return self.quarter.before
        return Quarter(self.quarter.year - 1, self.quarter.number)


def spans_of(quarter: Quarter) -> Iterator[Spanned]:
    """Yield the periods that end with a quarter: itself, and the half-year or the year."""
    yield Spanned(Span.QUARTER, quarter)
    yield from (Spanned(span, quarter) for span, number in LAST_QUARTERS.items() if number == quarter.number)


def sealed_periods(unit: Unit) -> list[tuple[Spanned, Revision]]:
    """Return the periods a unit has sealed figures of with the newest seal of their end, newest first; one query."""
    found = Revision.objects.filter(units__unit=unit, sealed=True).select_related("period")
    newest: dict[Quarter, Revision] = {}
    for revision in found.order_by("-period__year", "-period__quarter", "-number"):
        newest.setdefault(revision.period.as_quarter, revision)
    return [(spanned, revision) for quarter, revision in newest.items() for spanned in spans_of(quarter)]


@dataclass(frozen=True, slots=True)
class SpanRows:
    """A unit's sealed row in each quarter of a period that has one, and the quarters without."""

    quarters: list[tuple[Quarter, Revision, Row]]
    missing: list[Quarter]

    def added(self, code: str) -> Rate:
        """Return a rate of ANEW over all the quarters: sums of n, of N and of X."""
        rates = [row.rate(code) for _quarter, _revision, row in self.quarters]
        n, base, x = (sum(getattr(rate, name) for rate in rates) for name in ("n", "base", "x"))
        return Rate.of(code, n, base, x, self.quarters[-1][2].thresholds)

    @property
    def sources(self) -> list[Revision]:
        return [revision for _quarter, revision, _row in self.quarters]


def rows_in(unit: Unit, spanned: Spanned, end: Revision, *, kind: str = "ALL") -> SpanRows:
    """Return a unit's rows of the newest seals of a period's quarters, of the last one that of `end`; four queries."""
    revisions = Revision.objects.newest().filter(sealed=True, units__unit=unit, period__year=spanned.quarter.year)
    known = {one.period.as_quarter: one for one in revisions.select_related("period")} | {spanned.quarter: end}
    wanted = [quarter for quarter in spanned.quarters if quarter in known]
    places = FrozenUnit.objects.filter(unit=unit, revision__in=[known[quarter].pk for quarter in wanted])
    rows = {row.revision: row for row in rows_of(places, kind=kind)}
    for quarter in wanted:
        rows[known[quarter].pk].thresholds = known[quarter].period.thresholds
    found = [(quarter, known[quarter], rows[known[quarter].pk]) for quarter in wanted]
    return SpanRows(found, [quarter for quarter in spanned.quarters if quarter not in wanted])


@dataclass(slots=True)
class Told:
    """What only the sealed lines tell of a unit: works due to date, those on time, and why any is left out."""

    due: int = 0
    on_time: int = 0
    excluded: int = 0
    reasons: Counter = field(default_factory=Counter)  # {why: how many}, every excluded work of the year


def told_by_lines(reading: Reading) -> Told:
    """Return what the lines of a sealed revision tell of a unit, read one after the other: memory stays flat."""
    told, waiting = Told(), []
    for line in lines_of(reading):
        judged = judge(line.state, reading.frame)
        if judged.excluded:
            told.excluded += 1
            waiting.append(line.code)
        elif judged.due_to_date:
            told.due += 1
            told.on_time += judged.on_time
        if len(waiting) == CHUNK:
            told.reasons.update(_why(waiting, reading))
            waiting = []
    told.reasons.update(_why(waiting, reading))
    return told


def _why(codes: Sequence[str], reading: Reading) -> Iterator[str]:
    """Yield why each of these works is left out: by its decision, by a correction, or "" where neither says; three
    queries."""
    if not codes:
        return
    by_code, by_pk = parted(codes)
    items = set(WorkItem.objects.filter(code__in=by_code).order_by().values_list("pk", flat=True)) | set(by_pk)
    facts = Fact.objects.filter(item__in=items, kind=Fact.Kind.EXCLUDED, at__lt=reading.frame.known_until)
    decided = facts.order_by("at", "id").values_list("item_id", "exclusion")
    said = {pk: str(Fact.Exclusion(why).label) for pk, why in decided if why}
    if reading.corrected:
        lines = CorrectionLine.objects.up_to(reading.revision).filter(item__in=items)
        said |= {line.item_id: str(line.get_error_display()) for line in lines if line.item_id not in said}
    yield from (said.get(pk, "") for pk in items)
