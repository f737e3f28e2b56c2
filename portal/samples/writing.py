"""Writes the drafts of sample dossiers: what is told of them in the JSON file, as the forms would save it."""

from datetime import date

from models_registry.models import Dossier, MeasureUnit
from models_registry.sections import PRACTICE_FIELDS
from models_registry.services import save_draft, start_dossier
from portal.samples.calendar import instant
from portal.samples.people import People
from portal.samples.plans import Plans


class Writing:
    def __init__(self, people: People, plans: Plans):
        self.people, self.plans = people, plans
        self.measures = {row.name: row for row in MeasureUnit.objects.all()}

    def write(self, record: dict, which: str, on: date, *, starts: date, due: list[date]) -> Dossier:
        """Return a draft of the record in a round ("last", "main", "extra"), its works due on these days in turn."""
        unit = self.people.units[record["unit"]]
        secretary = self.people.acting("secretary", unit.code)
        held = self.plans.round_of(unit, which)
        dossier = start_dossier(kind=record["kind"], unit=unit, round=held, by=secretary, at=instant(on, 7))
        return self.fill(dossier, record, on, starts=starts, due=due)

    def fill(self, dossier: Dossier, record: dict, on: date, *, starts: date, due: list[date]) -> Dossier:
        """Return a draft of the record's unit with all the record tells, its works due on these days in turn."""
        unit = self.people.units[record["unit"]]
        works = [self._work(row, starts, due[n % len(due)]) for n, row in enumerate(record["items"])]
        is_model = record["kind"] == Dossier.Kind.PRACTICE_MODEL
        fields, rows = self._model(record, unit, works) if is_model else self._sheet(record, works)
        secretary = self.people.acting("secretary", unit.code)
        return save_draft(dossier.pk, by=secretary, at=instant(on, 7), fields=fields, rows=rows)

    def _work(self, row: dict, starts: date, due: date) -> dict:
        ongoing = row.get("ongoing", False)
        return {
            "kind": row.get("kind", "COL"),
            "title": row["title"],
            "assignee": row["assignee"],
            "accountable": row["accountable"],
            "starts_on": starts,
            "due_on": None if ongoing else due,
            "ongoing": ongoing,
            "expected_result": row["expected_result"],
            "expected_value": row.get("expected_value"),
            "measure": self.measures.get(row.get("measure")),
            "subject_name": row.get("subject_name", ""),
            "subject_position": row.get("subject_position", "Đảng viên" if row.get("subject_name") else ""),
            "subject_is_head": row.get("subject_is_head", False),
        }

    def _sheet(self, record: dict, works: list[dict]) -> tuple[dict, dict]:
        kinds = {work["kind"] for work in works}
        rows = {kind: [work for work in works if work["kind"] == kind] for kind in kinds}
        return {"programmes": record.get("programmes", [])}, rows

    def _model(self, record: dict, unit, works: list[dict]) -> tuple[dict, dict]:
        fields = {name: record[name] for name in PRACTICE_FIELDS}
        fields |= {
            "title": record["title"],
            "tags": record.get("tags", []),
            "programmes": record.get("programmes", ["lam_theo_bac"]),
            "co_units": [self.people.units[code] for code in record.get("co_units", [])],
        }
        rows = {
            "targets": [{"target": self.plans.target(unit, record["target"])}],
            "shortcomings": [
                {"shortcoming": self.plans.shortcoming(unit, record["shortcoming"]), "remedy": record["remedy"]}
            ],
            "exemplars": [record["exemplar"] | {"name": "", "consent": True}],
            "outputs": [row | {"measure": self.measures[row["measure"]]} for row in record["outputs"]],
            "COL": works,
        }
        return fields, rows
