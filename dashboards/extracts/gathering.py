"""A unit's year, read once for one reader: dossiers and decisions, works, rates, reports, recognition, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import localdate

from completion.models import CorrectionLine, Revision
from completion.quarters import Quarter
from completion.queries.figures import Passport, Row, Table, table_of, trend_of
from dashboards.packs.gathering import letterhead_of_pack
from models_registry.lifecycle import State
from models_registry.masking import shown_item
from models_registry.models import Dossier, Recognition, WorkItem
from models_registry.queries.letterheads import Letterhead
from organizations.models import Person, Unit
from progress.models import Fact, QuarterlyReport
from progress.queries.quarters import members_of
from reviews.models import Decision, IssuedPaper

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Kept:
    """One approved model or sheet of the year with the decision that approved it; `symbol` is "" without a paper."""

    dossier: Dossier
    decided_at: datetime | None
    symbol: str
    signed_on: date | None
    works: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """One unit's year. `quarters` are (number, passport, row), the latter None where nothing was computed.

    `works` are (item, its fields as the reader may read them), those of individuals in the order of their numbers;
    `reports` {quarter: when its report was sent}; `children` the units below in the last quarter that has figures.
    """

    unit: Unit
    year: int
    letterhead: Letterhead
    members: int | None
    dossiers: Sequence[Kept]
    returned: Sequence[Decision]
    works: Sequence[tuple[WorkItem, dict]]
    quarters: Sequence[tuple[int, Passport | None, Row | None]]
    reports: dict[int, datetime]
    setbacks: dict[str, int]
    recognitions: Sequence[Recognition]
    corrections: Sequence[CorrectionLine]
    children: Table | None
    with_names: bool
    at: datetime

    @property
    def last(self) -> tuple[int, Passport, Row] | None:
        """The last quarter that has figures: what the year comes to by it."""
        return next(((n, passport, row) for n, passport, row in reversed(self.quarters) if row), None)

    @property
    def is_final(self) -> bool:
        return all(passport is not None and passport.sealed for _n, passport, _row in self.quarters)

    @property
    def sources(self) -> list[Revision]:
        """The seals it tells of; one query."""
        sealed = [passport.revision_id for _n, passport, _row in self.quarters if passport and passport.sealed]
        return list(Revision.objects.filter(pk__in=sealed))

    @property
    def individuals(self) -> list[tuple[WorkItem, dict]]:
        return [one for one in self.works if one[0].kind == WorkItem.Kind.INDIVIDUAL]

    @property
    def people(self) -> int:
        """How many individuals have a commitment: each number of the unit is one, two works of one are one."""
        return len({item.subject_number or f"#{item.pk}" for item, _shown in self.individuals})


def gather(unit: Unit, year: int, *, by: Person, at: datetime) -> Gathered:
    """Read a unit's year as this person may read it; some twenty queries, whatever there is of it."""
    dossiers = list(Dossier.objects.visible_to(by).filter(unit=unit, year=year).select_related("round"))
    decisions = list(_decisions([one.pk for one in dossiers]))
    works = _works(unit, year, by)
    quarters = [(n, *_told(found)) for n, found in zip(QUARTERS, _trend(unit, year), strict=True)]
    last = next((n for n, _passport, row in reversed(quarters) if row), None)
    children = table_of(unit, Quarter(year, last)) if last else None
    return Gathered(
        unit=unit,
        year=year,
        letterhead=letterhead_of_pack(unit, at),
        members=members_of(unit, min(localdate(at), date(year, 12, 31))),
        dossiers=_kept(dossiers, decisions, works),
        returned=[one for one in decisions if one.outcome == Decision.Outcome.RETURNED],
        works=works,
        quarters=quarters,
        reports=dict(QuarterlyReport.objects.filter(unit=unit, year=year).values_list("quarter", "sent_at")),
        setbacks=_setbacks(unit, year),
        recognitions=list(_recognitions(unit, year, by)),
        corrections=list(_corrections(unit, year)),
        children=children if children and children.children else None,
        with_names=by.post.unit_id == unit.pk,
        at=at,
    )


def _decisions(dossiers: Sequence[int]):
    paper = IssuedPaper.objects.in_force().filter(decisions=OuterRef("pk"))
    told = {"symbol": Subquery(paper.values("symbol")[:1]), "signed_on": Subquery(paper.values("day")[:1])}
    found = Decision.objects.filter(version__dossier__in=dossiers, announced_at__isnull=False).annotate(**told)
    return found.select_related("version__dossier").order_by("announced_at", "pk")


def _kept(dossiers: Sequence[Dossier], decisions: Sequence[Decision], works) -> list[Kept]:
    by_dossier = {one.version.dossier_id: one for one in decisions if one.outcome == Decision.Outcome.APPROVED}
    counts: dict[int | None, int] = {}
    for item, _shown in works:
        counts[item.dossier_id] = counts.get(item.dossier_id, 0) + 1
    found = []
    for dossier in sorted(dossiers, key=lambda one: (one.kind, one.pk)):
        if dossier.state != State.APPROVED:
            continue
        decision = by_dossier.get(dossier.pk)
        told = (decision.announced_at, decision.symbol or "", decision.signed_on) if decision else (None, "", None)
        found.append(Kept(dossier, *told, counts.get(dossier.pk, 0)))
    return found


def _works(unit: Unit, year: int, by: Person) -> list[tuple[WorkItem, dict]]:
    found = WorkItem.objects.visible_to(by).counted().filter(unit=unit, year=year)
    found = found.select_related("measure", "dossier__round").order_by("kind", "subject_number", "order", "pk")
    return [(item, shown_item(item, by)) for item in found]


def _trend(unit: Unit, year: int) -> list:
    return trend_of(unit, [Quarter(year, number) for number in QUARTERS])


def _told(found) -> tuple[Passport | None, Row | None]:
    return (found[1], found[2]) if found else (None, None)


def _setbacks(unit: Unit, year: int) -> dict[str, int]:
    """Return {"refused", "revoked"}: confirmations the unit did not get, or lost; one query."""
    kinds = (Fact.Kind.REFUSED, Fact.Kind.REVOKED)
    found = list(
        Fact.objects.filter(item__unit=unit, item__year=year, kind__in=kinds).order_by().values_list("kind", flat=True)
    )
    return {str(kind): found.count(kind) for kind in kinds}


def _recognitions(unit: Unit, year: int, by: Person):
    found = Recognition.objects.visible_to(by).standing().of_year(year).filter(unit=unit)
    return found.select_related("dossier").order_by("on", "pk")


def _corrections(unit: Unit, year: int):
    found = CorrectionLine.objects.filter(correction__state="sealed", correction__period__year=year)
    found = found.filter(Q(home=unit) | Q(to_unit=unit))
    return found.select_related("correction__period", "correction__revision").order_by("correction__revision", "pk")
