"""Everything a report pack tells, read once: plain values that the report and the workbook are both made of."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from completion.models import CorrectionLine, FrozenUnit, Revision
from completion.quarters import Quarter
from completion.queries import Beside, Parts, parts_of, printed_years
from completion.queries.behind import Reading, reading_of
from completion.queries.bridge_sums import Sums, bridge_sums
from completion.queries.comparing import Whole, compared_below
from completion.queries.figures import Passport, Rate, Row, Table, passport_of, revision_of, rows_of, table_of, trend_of
from completion.queries.spans import ANEW, Span, Spanned, SpanRows, Told, rows_in, told_by_lines
from completion.rates import COUNTERS
from models_registry.queries.letterheads import Letterhead, Signer
from organizations.models import Post, Unit
from organizations.queries import names_on, parents_on, people_at

# The rates of a period, in the order of the report. R1, R4 and R5 are of one quarter: of a longer period R2 counts what
# was due, and R4 is read from the sealed lines.
OF_A_QUARTER = ("r1", "r2", "r3", "r4", "r5", "r6", "r6t", "r7", "r7m", "r8")
OF_LONGER = ("r2", "r3", "r4", "r6", "r6t", "r7", "r7m", "r8")
RANKED = "r2"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What the revisions after the first put right in a unit: works by error, and R2 as first sealed and as it is."""

    errors: dict[str, int]
    first: Rate
    now: Rate


@dataclass(frozen=True, slots=True)
class Gathered:
    """One unit in one period. `before` is the row to compare with, `sums` the bridge from it (of a quarter alone)."""

    unit: Unit
    spanned: Spanned
    letterhead: Letterhead
    reading: Reading
    passport: Passport
    table: Table
    rows: SpanRows
    told: Told
    parts: Parts
    compared: Whole
    unit_count: int
    trend: list
    before: tuple[Quarter, Passport, Row] | None = None
    sums: Sums | None = None
    corrected: Corrected | None = None
    printed: list[Beside] = field(default_factory=list)  # what reports of these years printed, never mixed with seals
    sources: list[Revision] = field(default_factory=list)  # the seals of the period, and of the one to compare with

    @property
    def row(self) -> Row:
        return self.table.row

    @property
    def codes(self) -> tuple[str, ...]:
        return OF_A_QUARTER if self.spanned.span == Span.QUARTER else OF_LONGER

    @property
    def rates(self) -> list[Rate]:
        """The rates of the period: of several quarters each judged at the end of the last, or added up."""
        return [self.rate(code) for code in self.codes]

    def rate(self, code: str) -> Rate:
        if self.spanned.span == Span.QUARTER:
            return self.row.rate(code)
        if code == "r4":
            excluded = self.row.rate("r2").x
            return Rate.of(code, self.told.on_time, self.told.due, excluded, self.row.thresholds)
        return self.rows.added(code) if code in ANEW else self.row.rate(code)

    @property
    def works(self) -> int:
        """How many works the workbook lists: all of the year's plan, those left out included."""
        return self.row.rate("r3").base + self.row.rate("r3").x

    @property
    def waiting(self) -> list[int]:
        """What the unit counts that neither it nor a child owns: its bucket, in the order of COUNTERS."""
        children = [sum(row.total[n] for row in self.table.children) for n in range(len(COUNTERS))]
        return [all_ - own - below for all_, own, below in zip(self.row.total, self.row.own, children, strict=True)]


def gather(unit: Unit, spanned: Spanned, revision: Revision, *, at: datetime) -> Gathered:
    """Read the newest sealed figures of a unit and period; some thirty-five queries, its lines once or twice."""
    reading = reading_of(unit, spanned.quarter, revision.number)
    table = table_of(unit, spanned.quarter, number=revision.number)
    rows = rows_in(unit, spanned, revision)
    trend = trend_of(unit, [*_last_quarters(spanned.quarter)])
    before = _before(unit, spanned)
    works = table.row.rate("r3").base + table.row.rate("r3").x
    return Gathered(
        unit=unit,
        spanned=spanned,
        letterhead=letterhead_of_pack(unit, at),
        reading=reading,
        passport=table.passport,
        table=table,
        rows=rows,
        told=told_by_lines(reading),
        parts=parts_of(table.row),
        compared=compared_below(unit, spanned.quarter, rate=RANKED, number=revision.number).whole(unit),
        unit_count=_units_below(table.row),
        trend=trend,
        before=before and before[:3],
        sums=_sums(before, reading, works, spanned, unit),
        corrected=_corrected(reading, table.row),
        printed=printed_years(unit, spanned.quarter.year),
        sources=[*rows.sources, *([before[3]] if before else [])],
    )


def letterhead_of_pack(unit: Unit, at: datetime) -> Letterhead:
    """Return who issues and signs the report today: the unit, its head by title and name where a post says so."""
    day = localdate(at)
    parent = parents_on(day, [unit]).get(unit.pk)
    names = names_on(day, filter(None, [unit, parent]))
    held = people_at(unit, (Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.HEAD), at)
    held.sort(key=lambda person: "phó" in person.post.title.lower())
    signer = Signer(title=held[0].post.title, name=held[0].full_name) if held else Signer()
    return Letterhead(unit.kind, names[unit.pk], names[parent.pk] if parent else "", day, False, signer)


def _last_quarters(quarter: Quarter) -> list[Quarter]:
    """Return a quarter and the seven before it, the oldest first."""
    found = [quarter]
    while len(found) < 8:
        found.insert(0, found[0].before)
    return found


def _before(unit: Unit, spanned: Spanned) -> tuple[Quarter, Passport, Row, Revision] | None:
    """Return the sealed row of what a period is compared with, and its seal; None where there is none."""
    revision = revision_of(unit, spanned.before)
    if revision is None or not revision.sealed:
        return None
    (row,) = rows_of(FrozenUnit.objects.filter(unit=unit, revision=revision), period=revision.period)
    return spanned.before, passport_of(revision), row, revision


def _sums(before, reading: Reading, works: int, spanned: Spanned, unit: Unit) -> Sums | None:
    if before is None or spanned.span != Span.QUARTER:
        return None
    quarter, passport, row, _revision = before
    was = reading_of(unit, quarter, passport.revision)
    return bridge_sums(was, reading, RANKED, works=max(works, row.rate("r3").base + row.rate("r3").x))


def _corrected(reading: Reading, row: Row) -> Corrected | None:
    """Return what was put right since the first seal; None where this is the first. Three queries."""
    if reading.revision.number == 1:
        return None
    lines = CorrectionLine.objects.up_to(reading.revision).select_related("home", "to_unit")
    top = FrozenUnit(revision=reading.revision, path=reading.path)
    here = set(FrozenUnit.objects.below(top).order_by().values_list("unit_id", flat=True))
    errors: dict[str, int] = {}
    for line in lines:
        if line.home_id in here or line.to_unit_id in here:
            errors[line.get_error_display()] = errors.get(line.get_error_display(), 0) + 1
    period = reading.revision.period
    (first,) = rows_of(
        FrozenUnit.objects.filter(unit=reading.unit, revision__period=period, revision__number=1), period=period
    )
    return Corrected(errors, first.rate(RANKED), row.rate(RANKED))


def _units_below(row: Row) -> int:
    place = FrozenUnit(pk=row.place, revision_id=row.revision, path=row.path)
    return FrozenUnit.objects.below(place, include_self=False).count()
