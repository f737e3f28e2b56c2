"""Making rows of the looks that pages noted."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from models_registry.models import Dossier, WorkItem
from organizations.models import Person, Unit
from privacy.looks import PAGES, PEOPLE, PERSON, SHEET, WORK, files_over, lines_of
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
    seen = _Seen(lines)
    rows = {row.key: row for line in lines if (row := seen.row(line))}
    before = Look.objects.filter(key__in=rows).count()
    Look.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=500)
    return len(rows) - before


class _Seen:
    """What the lines of one file were about: whose dossiers and works, and which of them named people to the viewer."""

    def __init__(self, lines: Collection[dict]):
        wanted = {kind: {one["pk"] for one in lines if PAGES[one["view"]][0] == kind} for kind in (PERSON, SHEET, WORK)}
        people = wanted[PERSON] | {one["viewer"] for one in lines}
        self.people = set(Person.objects.filter(pk__in=people).values_list("pk", flat=True))
        self.units = set(Unit.objects.filter(pk__in={one["unit"] for one in lines}).values_list("pk", flat=True))
        sheets = Dossier.objects.filter(pk__in=wanted[SHEET]).values_list("pk", "unit", "round__mask_names", "kind")
        works = WorkItem.objects.filter(pk__in=wanted[WORK])
        works = works.values_list("pk", "unit", "dossier__round__mask_names", "kind")
        self.named = {
            SHEET: {pk: (unit, masked) for pk, unit, masked, kind in sheets if kind == Dossier.Kind.REGISTRATION_SHEET},
            # An imported one, of no round, is masked above its cell.
            WORK: {pk: (unit, masked is not False) for pk, unit, masked, kind in works if kind == "IND"},
        }

    def row(self, line: dict) -> Look | None:
        """Return the row of a look, None where no name was to be seen, or what was seen is gone."""
        what, person, unit = PAGES[line["view"]][0], None, None
        if line["viewer"] not in self.people:
            return None
        if what == PERSON:
            person = line["pk"] if line["pk"] in self.people else None
        elif what == PEOPLE:
            unit = line["unit"] if line["unit"] in self.units else None
        else:
            unit, masked = self.named[what].get(line["pk"], (None, True))
            if masked and unit != line["unit"]:
                return None
        if (what == PERSON and person in (None, line["viewer"])) or (what in (SHEET, WORK) and unit is None):
            return None
        at = datetime.fromisoformat(line["at"])
        key = f"{line['viewer']}.{localdate(at)}.{what}.{int(line['taken'])}.{person or ''}.{unit or ''}"
        of = {"viewer_id": line["viewer"], "person_id": person, "unit_id": unit}
        return Look(key=key, what=what, taken=line["taken"], at=at, **of)
