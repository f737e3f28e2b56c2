"""Making rows of the looks that pages noted."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from models_registry.models import Consent, Dossier
from organizations.models import Person, Unit
from privacy.looks import PAGES, PEOPLE, PERSON, SCAN, SHEET, WORK, files_over, lines_of
from privacy.models import Look


def keep_looks(*, at: datetime) -> int:
    """Make rows of the files of minutes gone by, and delete them; returns how many rows are new.

    A file read twice, because a process was killed before it was deleted, makes the same rows once.
    """
    new = 0
    for path in files_over(at):
        new += _keep(path)
        path.unlink(missing_ok=True)
    return new


@transaction.atomic
def _keep(path: Path) -> int:
    lines = list(lines_of(path))
    seen = Seen(lines)
    rows = {row.key: row for line in lines for row in seen.rows(line)}
    before = Look.objects.filter(key__in=rows).count()
    Look.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=500)
    return len(rows) - before


class Seen:
    """What the lines of one file were about: whose data, which dossiers named people to the viewer; five queries."""

    def __init__(self, lines: Collection[dict]):
        wanted = {kind: {one["pk"] for one in lines if _kind(one) == kind} for kind in (PERSON, SHEET, SCAN)}
        people = wanted[PERSON] | {one["viewer"] for one in lines}
        units = {one["unit"] for one in lines} | {unit for one in lines for unit in one["units"]}
        self.people = set(Person.objects.filter(pk__in=people).values_list("pk", flat=True))
        self.units = set(Unit.objects.filter(pk__in=units).values_list("pk", flat=True))
        sheets = Dossier.objects.filter(pk__in=wanted[SHEET], kind=Dossier.Kind.REGISTRATION_SHEET)
        self.sheets = {pk: (unit, masks) for pk, unit, masks in sheets.values_list("pk", "unit", "round__mask_names")}
        scans = Consent.objects.filter(pk__in=wanted[SCAN])
        scans = scans.values_list("pk", "exemplar__practice__dossier__unit", "photo__dossier__unit")
        self.scans = {pk: unit or of_photo for pk, unit, of_photo in scans}

    def rows(self, line: dict) -> Iterator[Look]:
        """Yield the rows of a look; none where no name was to be seen, or what was seen is gone."""
        if line["viewer"] not in self.people:
            return
        kind = _kind(line)
        if kind == PERSON and line["pk"] in self.people - {line["viewer"]}:
            yield _row(line, PERSON, person=line["pk"])
        elif kind == PEOPLE:
            yield _row(line, PEOPLE, unit=line["unit"] if line["unit"] in self.units else None)
        elif kind == SHEET:
            unit, masks = self.sheets.get(line["pk"], (None, True))
            if unit and (unit == line["unit"] or not masks):
                yield _row(line, SHEET, unit=unit)
        elif kind == SCAN and self.scans.get(line["pk"]):
            yield _row(line, SHEET, unit=self.scans[line["pk"]])
        for unit in self.units.intersection(line["units"]):
            yield _row(line, WORK, unit=unit)


def _kind(line: dict) -> str | None:
    return PAGES.get(line["view"])


def _row(line: dict, what: str, *, person: int | None = None, unit: int | None = None) -> Look:
    at = datetime.fromisoformat(line["at"])
    key = f"{line['viewer']}.{localdate(at)}.{what}.{int(line['taken'])}.{person or ''}.{unit or ''}"
    of = {"viewer_id": line["viewer"], "person_id": person, "unit_id": unit}
    return Look(key=key, what=what, taken=line["taken"], at=at, **of)
