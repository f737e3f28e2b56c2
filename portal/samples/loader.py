"""Loads the samples: units and people, plans, then every record brought to the state it shows."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from journal.models import Notice
from models_registry.lifecycle import State
from models_registry.models import ItemChange, WorkItem
from organizations.models import AppraisalLink
from portal.sample_accounts import sample_password
from portal.samples.appraising import Appraising
from portal.samples.calendar import SampleYear
from portal.samples.cells import SHARES, sheet_of
from portal.samples.challenge import Challenge
from portal.samples.doing import Doing
from portal.samples.papers import write_papers
from portal.samples.people import FICTIONAL, People
from portal.samples.plans import Plans
from portal.samples.sessions import hold_session
from portal.samples.showing import Showing
from portal.samples.writing import Writing
from progress.lifecycle import ItemStep
from progress.services.formalism import look_at_dossiers, look_at_year

SOURCE = Path(__file__).with_name("district_year.json")
# Records of these states are this year's new ones; all others went through the round of January.
NEW = {State.DRAFT, State.SUBMITTED, State.UNDER_APPRAISAL, State.REVISION_REQUESTED, State.REJECTED, State.WITHDRAWN}
MAIN_CELL = "CB-THO-01"
# Models of made-up cells that wait at the main board: the text of a record under a name of its own.
WAITING = (
    ("CB-THO-A2", "R03", "Con đường hoa ấp 2 (giả lập)", State.SUBMITTED),
    ("CB-THO-A4", "R05", "Phân loại rác tại nhà (giả lập)", State.SUBMITTED),
    ("CB-THO-B1", "R04", "Tủ thuốc và bình oxy dùng chung (giả lập)", State.SUBMITTED),
    ("CB-THO-B3", "R02", "Tổ bảo vệ môi trường ấp 3 (giả lập)", State.UNDER_APPRAISAL),
)


@transaction.atomic
def load(at: datetime) -> dict[str, int]:
    """Write all samples, as things stand at `at`; returns how many units, people and dossiers there are."""
    samples = Samples(json.loads(SOURCE.read_text(encoding="utf-8")), SampleYear(localdate(at)), at)
    return samples.load()


class Samples:
    def __init__(self, source: dict, year: SampleYear, at: datetime):
        self.source, self.year = source, year
        self.at = at
        self.people = People(year, sample_password(), at)
        self.plans = Plans(self.people, year, source["themes"])
        self.records = {record["code"]: record for record in source["records"]}
        self.dossiers = 0

    def load(self) -> dict[str, int]:
        self.people.make_units(self.source["units"])
        self.people.count_members()
        self.people.make_main_accounts()
        for code in {unit.path[:8]: code for code, unit in reversed(self.people.units.items())}.values():
            self.people.acting("committee", code)
            self.people.acting("leader", code)
        self.plans.make()
        self.writing = Writing(self.people, self.plans)
        self.appraising, self.doing = Appraising(self.people), Doing(self.people)
        for number, record in enumerate(self.source["records"]):
            self._record(record, number)
        for number, row in enumerate(self.source["adverse"]):
            self._adverse_dossier(row, number)
        for number, waiting in enumerate(WAITING):
            self._waiting(*waiting, number)
        self._main_cell()
        self._last_year()
        for number, (code, _name, kind, _parent) in enumerate(FICTIONAL):
            if kind == "cell":
                self._cell(code, number)
        self.dossiers += Showing(self.people, self.writing, self.appraising, self.year).show(self.records)
        self.dossiers += Challenge(self.people, self.writing, self.year).show(self.records)
        cells = [code for code, _name, kind, _parent in FICTIONAL if kind == "cell"]
        write_papers(self.people, cells, self.year)
        look_for_signals(at=self.at)
        hold_session(self.people, MAIN_CELL, self.year)
        _number_notices()
        self.people.let_in()
        return {
            "units": len(self.people.units),
            "people": len(self.people.made),
            "dossiers": self.dossiers,
            "changes": ItemChange.objects.count(),
        }

    def _record(self, record: dict, number: int) -> None:
        """Bring one record of the reports to its state; R18 lives in the main cell's sheet, R07 began last year."""
        state = record["state"]
        if record["code"] == "R18" or state == "carried_over":
            return
        if state in NEW:
            sent = self.year.today - timedelta(days=3 + number % 12)
            dossier = self._write(record, "extra", sent, [date(self.year.today.year, 12, 31)])
            self.appraising.bring_to(state, dossier, sent=sent)
            return
        done = [self.year.past(SHARES[(number + n) % 4]) for n in range(len(record["items"]))]
        due = [day + timedelta(days=9) for day in done] if state == "completed" else [self.year.quarter_end]
        dossier = self._approved(record, "main", self.year.plan_year, due)
        if state == "completed":
            for item, day in zip(dossier.items.all(), done, strict=True):
                self.doing.complete(item, day)

    def _write(self, record: dict, which: str, on: date, due: list[date]):
        self.dossiers += 1
        return self.writing.write(record, which, on, starts=on, due=due)

    def _approved(self, record: dict, which: str, plan_year: int, due: list[date]):
        sent = date(plan_year, 1, 12)
        dossier = self._write(record, which, sent, due)
        self.appraising.bring_to(State.APPROVED, dossier, sent=sent)
        return dossier

    def _adverse_dossier(self, row: dict, number: int) -> None:
        """Show a returned, a refused and a withdrawn dossier of the main cell: a model's text under another name."""
        if row["state"] not in NEW:
            return
        titles = ("Nói đi đôi với làm", "Tuyến đường hoa ấp mẫu", "Tổ tiết kiệm của chi bộ")
        record = self.records["R12"] | {"unit": MAIN_CELL, "title": f"{titles[number]} (giả lập)", "tags": []}
        sent = self.year.today - timedelta(days=6 + number)
        dossier = self._write(record, "extra", sent, [date(self.year.today.year, 12, 31)])
        reason = row["reason"] or "Nội dung còn chung chung, nặng về khẩu hiệu."
        self.appraising.bring_to(row["state"], dossier, sent=sent, reason=reason, faults=row["faults"])

    def _waiting(self, code: str, source: str, title: str, state: str, number: int) -> None:
        record = self.records[source] | {"unit": code, "title": title, "co_units": []}
        sent = self.year.today - timedelta(days=2 + number * 5)
        dossier = self._write(record, "extra", sent, [date(self.year.today.year, 12, 31)])
        self.appraising.bring_to(state, dossier, sent=sent)

    def _main_cell(self) -> None:
        """The main cell's sheet of January: a suspended, a stopped and an overdue work, and its head's own."""
        sheet = sheet_of(MAIN_CELL, 0)
        collective = [work for work in sheet["items"] if work["kind"] == "COL"]
        issue = next(work for work in sheet["items"] if work["kind"] == "ISS")
        reading = next(work for work in sheet["items"] if work["kind"] == "IND" and work["ongoing"])
        sheet["items"] = [*collective, *self.records["R18"]["items"], reading, issue]
        overdue = self.year.today - timedelta(days=5)
        due = [self.year.year_end] * (len(sheet["items"]) - 1) + [overdue]
        dossier = self._approved(sheet, "main", self.year.plan_year, due)
        self._checks(dossier.items.get(kind="IND", ongoing=True), 1)
        reasons = {row["state"]: row["reason"] for row in self.source["adverse"]}
        first, second = dossier.items.filter(kind="COL")
        on = self.year.past(0.4)
        self.doing.change(first, ItemStep.SUSPEND, on, reasons["suspended"].capitalize(), effective_on=on)
        stop = f"{reasons['terminated'].capitalize()}, việc không còn phù hợp."
        self.doing.change(second, ItemStep.TERMINATE, on, stop, effective_on=on)

    def _last_year(self) -> None:
        """Works of last year concluded in January: one not completed, one carried over."""
        year = self.year.plan_year
        concluded, last_days = date(year, 1, 8), [date(year - 1, 12, 20)]
        sheet = sheet_of(MAIN_CELL, 1)
        sheet["items"] = [work for work in sheet["items"] if work["kind"] == "COL"][:1]
        failed = self._approved(sheet, "last", year - 1, last_days).items.get()
        reason = next(row["reason"] for row in self.source["adverse"] if row["state"] == "not_completed")
        self.doing.conclude(failed, ItemStep.FAIL, concluded, reason.capitalize())
        carried = next(record for record in self.source["records"] if record["state"] == "carried_over")
        for item in self._approved(carried, "last", year - 1, last_days).items.all():
            self.doing.change(
                item,
                ItemStep.CARRY_OVER,
                concluded,
                "Quỹ cần thêm một năm để quay vòng đủ vốn.",
                due_on=self.year.quarter_end,
            )

    def _cell(self, code: str, number: int) -> None:
        """A made-up cell's year: its works fall due along the year, most are done in time, some late, some not."""
        sheet = sheet_of(code, number)
        days = [self.year.past(share) for share in SHARES]
        due = [day + timedelta(days=5) for day in days[:-1]] + [self.year.quarter_end]
        dossier = self._approved(sheet, "main", self.year.plan_year, due)
        for n, item in enumerate(dossier.items.order_by("id")):
            if item.ongoing:
                self._checks(item, number + item.order + (item.kind == WorkItem.Kind.INDIVIDUAL))
            elif (number * 3 + n * 2) % 7 < 5 and n < len(days) - 1:
                self.doing.complete(item, days[n])
            elif n == len(days) - 1 and number % 2:
                self.doing.report(item, self.year.today - timedelta(days=2))

    def _checks(self, item, number: int) -> None:
        """Check an ongoing work each quarter: mostly passed, here and there not, or nobody went; some still to do."""
        for quarter, on in self.year.check_days(present=number % 3 == 0):
            if (number + quarter) % 7:
                self.doing.check(item, quarter, on, passed=(number + 2 * quarter) % 5 > 0)


def look_for_signals(*, at: datetime) -> None:
    """Find what a board would be asked, as every night does."""
    for body in AppraisalLink.objects.on(localdate(at)).order_by("body").values_list("body", flat=True).distinct():
        look_at_dossiers(body, at=at)
        look_at_year(body, localdate(at).year, at=at)


def _number_notices() -> None:
    """Number the notices by their events' instants: the records are lived one by one, not day by day."""
    notices = list(Notice.objects.order_by("event__at", "id"))
    Notice.objects.all().delete()
    for notice in notices:
        notice.pk = None
    Notice.objects.bulk_create(notices)
