"""The year of every unit below one, a row each: figures, registrations, reports, recognition, corrections."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from django.db.models import Count, Q
from django.utils.translation import override

from completion.models import CorrectionLine, FrozenUnit, Revision
from completion.queries.figures import Row, passport_of, rows_of
from completion.services import note_taking
from dashboards.choices import RATES as RATE_NAMES
from dashboards.extracts.words import report_text
from dashboards.packs.sheets import source
from journal.services import record
from models_registry.lifecycle import State
from models_registry.models import Dossier, Recognition, WorkItem
from organizations.models import Person, Unit
from progress.models import Fact
from progress.models import QuarterlyReport as Report
from reviews.models import Decision
from vietnamese.display import quarter_text
from vietnamese.workbooks import Page, workbook

CHUNK = 500
OF_YEAR = ("r2", "r3", "r7", "r7m")  # by the last quarter
OF_QUARTERS = ("r1", "r4", "r5", "r8")
COUNTED = (
    "Mô hình được duyệt",
    "Bản đăng ký được duyệt",
    "Cá nhân có cam kết",
    "Việc của cá nhân",
    "Lần bị yêu cầu bổ sung",
    "Lần không được xác nhận",
    "Ghi nhận, khen thưởng",
    "Việc được đính chính",
)


def write_below(
    unit: Unit,
    year: int,
    path: Path,
    *,
    by: Person,
    at: datetime,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> bool:
    """Write a row for a unit and every one below it in the last quarter that has figures; False where none has.

    Fourteen queries for 500 units; memory stays flat. Names no individual.
    """
    newest = Revision.objects.newest().filter(units__unit=unit, period__year=year).select_related("period")
    revisions = {one.period.quarter: one for one in newest}
    if not revisions:
        return False
    last = revisions[max(revisions)]
    top = FrozenUnit.objects.get(revision=last, unit=unit)
    places = FrozenUnit.objects.below(top).order_by("path")
    total = places.count()
    with override("vi"):
        above = [f"Nguồn: {source(passport_of(one))}." for _n, one in sorted(revisions.items())]
        lines = _lines(places, revisions, year, by, at)
        page = Page("Các đơn vị", f"Năm {year}: {unit.name}", _heads(revisions), lines, above)
        with workbook([page], lambda row: advance(row, total)) as book, path.open("wb") as file:
            shutil.copyfileobj(book, file)
    for one in revisions.values():
        if one.sealed:
            note_taking(one.pk, unit, "xlsx", by=by, at=at)
    detail = {"year": year, "units": total}
    record("extracts.taken_below", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at, detail=detail)
    return True


def _heads(revisions: dict[int, Revision]) -> list[str]:
    heads = ["Đơn vị", "Mã", "Loại", "Trực thuộc"]
    for code in OF_YEAR:
        heads += [f"{RATE_NAMES[code]}: {part}" for part in ("n", "N", "X", "%")]
    for number in sorted(revisions):
        for code in OF_QUARTERS:
            heads += [f"{quarter_text(number)}, {RATE_NAMES[code]}: {part}" for part in ("n", "N", "X", "%")]
        heads.append(f"{quarter_text(number)}: báo cáo")
    return [*heads, *COUNTED]


def _lines(places, revisions: dict[int, Revision], year: int, by: Person, at: datetime) -> Iterator[list]:
    chunk: list[FrozenUnit] = []
    for place in places.iterator(chunk_size=CHUNK):
        chunk.append(place)
        if len(chunk) == CHUNK:
            yield from _rows(chunk, revisions, year, by, at)
            chunk = []
    yield from _rows(chunk, revisions, year, by, at)


def _rows(
    places: Sequence[FrozenUnit], revisions: dict[int, Revision], year: int, by: Person, at: datetime
) -> Iterator[list]:
    if not places:
        return
    units = [place.unit_id for place in places]
    parents = dict(Unit.objects.filter(pk__in={p.parent_id for p in places if p.parent_id}).values_list("pk", "name"))
    rows = {number: _by_unit(units, revision) for number, revision in sorted(revisions.items())}
    sent = _sent(units, year)
    counts = _counts(units, year, by)
    last = max(revisions)
    for place in places:
        told = [place.name, place.code, str(Unit.Kind(place.kind).label), parents.get(place.parent_id, "")]
        for code in OF_YEAR:
            told += _cells(rows[last].get(place.unit_id), code)
        for number in rows:
            row = rows[number].get(place.unit_id)
            for code in OF_QUARTERS:
                told += _cells(row, code)
            told.append(report_text(year, number, sent.get((place.unit_id, number)), row, at)[1] if row else "")
        yield [*told, *(found.get(place.unit_id, 0) for found in counts)]


def _by_unit(units: Sequence[int], revision: Revision) -> dict[int, Row]:
    places = FrozenUnit.objects.filter(revision=revision, unit__in=units)
    return {row.unit: row for row in rows_of(places, period=revision.period)}


def _cells(row: Row | None, code: str) -> list:
    if row is None:
        return ["", "", "", ""]
    rate = row.rate(code)
    return [rate.n, rate.base, rate.x, Fraction(rate.n, rate.base) if rate.base else ""]


def _sent(units: Sequence[int], year: int) -> dict[tuple[int, int], datetime]:
    found = Report.objects.filter(unit__in=units, year=year).order_by()
    return {(unit, quarter): at for unit, quarter, at in found.values_list("unit_id", "quarter", "sent_at")}


def _counts(units: Sequence[int], year: int, by: Person) -> list[dict[int, int]]:
    """Return what COUNTED names of each unit itself, in that order; six queries."""
    approved = Dossier.objects.filter(unit__in=units, year=year, state=State.APPROVED)
    kinds = {kind: _tally(approved.filter(kind=kind)) for kind in Dossier.Kind.values}
    works = WorkItem.objects.counted().filter(unit__in=units, year=year, kind=WorkItem.Kind.INDIVIDUAL)
    people = dict(works.order_by().values_list("unit").annotate(n=Count("subject_number", distinct=True)))
    returned = Decision.objects.filter(
        version__dossier__unit__in=units, version__dossier__year=year, outcome=Decision.Outcome.RETURNED
    )
    refused = Fact.objects.filter(item__unit__in=units, item__year=year, kind=Fact.Kind.REFUSED)
    fame = Recognition.objects.visible_to(by).standing().of_year(year).filter(unit__in=units)
    wrong = CorrectionLine.objects.filter(correction__state="sealed", correction__period__year=year)
    return [
        kinds[Dossier.Kind.PRACTICE_MODEL],
        kinds[Dossier.Kind.REGISTRATION_SHEET],
        people,
        _tally(works),
        _tally(returned, "version__dossier__unit"),
        _tally(refused, "item__unit"),
        _tally(fame),
        _tally(wrong.filter(Q(home__in=units)), "home"),
    ]


def _tally(found, unit: str = "unit") -> dict[int, int]:
    return dict(found.order_by().values_list(unit).annotate(n=Count("pk")))
