"""What an appraisal that stands up to challenge looks like: two scorers by levels, a second round, a decision that
waits, a declared conflict of interest and a rule of who gets what. Of the main board only."""

import io
from datetime import date, timedelta

from django.core.files.base import ContentFile
from docx import Document

from models_registry.lifecycle import Step
from models_registry.models import Criterion, CriterionSet, Dossier, RegistrationRound, Remark
from models_registry.scales import levels_of
from models_registry.services import save_draft, take_step
from models_registry.services.criteria import change_criteria, rows_of
from models_registry.services.files import attach
from models_registry.services.remarks import answer_remarks
from models_registry.services.rounds import keep_round, open_round
from models_registry.services.rows import ITEM_FIELDS
from organizations.models import Unit
from portal.sample_accounts import SECOND_SCORER
from portal.samples.calendar import SampleYear, instant
from portal.samples.people import MAIN, People
from portal.samples.writing import Writing
from reviews import services as reviews
from reviews.queries import criteria_of
from reviews.services import Judged

LEVELS = [
    (10, "Có số liệu đối chiếu trước và sau, do bên khác xác nhận"),
    (7, "Có số liệu, chưa ai xác nhận"),
    (4, "Chỉ mô tả bằng lời"),
    (0, "Không nêu"),
]
# (unit, the record whose text it has, its title, how many levels lower the second scorer goes)
SCORED = (
    ("DU-THO-A", "R03", "Xã mẫu A: tuyến đường kiểu mẫu (giả lập)", 2),
    ("DU-THO-B", "R05", "Xã mẫu B: không rác thải nhựa (giả lập)", 1),
)
HALF_SCORED = ("DU-THO-B", "R11", "Xã mẫu B: quỹ giúp nhau vượt khó (giả lập)")
RETURNED = ("CB-THO-A3", "Ấp thân thiện, trả giấy tờ tận nhà (giả lập)")
# Asked of the returned model, what the unit answers, and what it writes instead.
REMARKS = {
    "solutions": ("Cần nêu rõ ai làm, làm lúc nào, kết quả đo bằng gì.", "Đã nêu rõ người làm và ngày kiểm tra."),
    "works": (
        "Hai việc này chưa phải việc của ấp; kết quả quá lớn so với sức của chi bộ.",
        "Đã bỏ một việc, sửa và thêm một việc vừa sức.",
    ),
    "files": ("Gửi kèm lịch phân công, để Ban biết ai đi nhà nào.", "Đã gửi kèm lịch phân công từng tháng."),
}
MENDED = (
    "Tập huấn giao tiếp cho từng đảng viên; đo hài lòng bằng phiếu vào ngày 25 hằng tháng; công khai kết quả ở "
    "nhà văn hóa ấp."
)
SMALLER = {
    "title": "Tập huấn giao tiếp cho đảng viên trong ấp",
    "expected_result": "12 đảng viên dự tập huấn, mỗi quý đo hài lòng một lần",
    "expected_value": 12,
}
ADDED = {
    "title": "Đến tận nhà người cao tuổi, người khuyết tật nhận và trả giấy tờ",
    "expected_result": "Mỗi tháng ít nhất 10 lượt",
    "expected_value": 10,
}


class Challenge:
    def __init__(self, people: People, writing: Writing, year: SampleYear):
        self.people, self.writing, self.year = people, writing, year
        self.board = people.boards[MAIN]
        self.head = people.acting("head", self.board.code)
        self.first = people.acting("appraiser", self.board.code)
        self.second = people.another(SECOND_SCORER, "appraiser", self.board.code)

    def show(self, records: dict[str, dict]) -> int:
        """Write all of it; returns how many dossiers there are."""
        self._open_scored_round()
        for number, (unit, source, title, apart) in enumerate(SCORED):
            dossier = self._scored(records[source] | _own(unit, title), self._day(6 - number), apart)
            reviews.propose(dossier.pk, "approve", by=self.first, at=instant(self._day(3), 8))
            if number:
                reviews.approve(dossier.pk, by=self.head, at=instant(self._day(3), 10), announce=False)
        unit, source, title = HALF_SCORED
        self._half_scored(records[source] | _own(unit, title), self._day(4))
        self._second_round(records["R09"] | _own(*RETURNED))
        on = instant(self._day(2), 15)
        reason = "Em ruột là bí thư chi bộ ấp 1 (giả lập)."
        reviews.declare(self.second.pk, unit=self.people.units["CB-THO-B1"], reason=reason, by=self.second, at=on)
        unit = self.people.units["DU-THO-B"]
        reviews.add_rule(appraiser=self.second, order=1, unit=unit, by=self.head, at=on)
        return len(SCORED) + 2

    def _day(self, ago: int) -> date:
        return self.year.today - timedelta(days=ago)

    def _open_scored_round(self) -> None:
        """Open a round for committees that two people score, by levels: the next version of the board's set."""
        of_all = self.writing.plans.round_of(self.people.units[MAIN], "extra")
        at = instant(self._day(8), 8)
        criteria = CriterionSet.objects.get(pk=of_all.model_criteria_id)
        rows = [_by_levels(row, number) for number, row in enumerate(rows_of(criteria))]
        scored = change_criteria(
            criteria, name=f"{criteria.name}, chấm điểm", rows=rows, edition=criteria.edition, by=self.head, at=at
        )
        made = RegistrationRound(
            name=f"Đợt mô hình cấp xã năm {of_all.year}, hai người chấm",
            year=of_all.year,
            body=self.board,
            theme=of_all.theme,
            model_criteria=scored,
            sheet_criteria=of_all.sheet_criteria,
            opens_on=self._day(8),
            closes_on=of_all.closes_on,
            late_until=of_all.late_until,
            target_kinds=[Unit.Kind.GRASSROOTS_COMMITTEE],
            members_required=False,
            appraisers=2,
        )
        keep_round(made, edition=0, by=self.head, at=at)
        open_round(made.pk, by=self.head, at=at)
        made.refresh_from_db()
        self.writing.plans.add_round(made, "scored")

    def _seated(self, record: dict, on: date) -> Dossier:
        """A model in the hands of two."""
        dossier = self._sent(record, "scored", on)
        reviews.take(dossier.pk, by=self.first, at=instant(on, 9))
        reviews.add_scorer(dossier.pk, self.second.pk, by=self.head, at=instant(on, 10))
        return dossier

    def _scored(self, record: dict, on: date, apart: int) -> Dossier:
        """A model two people scored, the second `apart` levels lower on what is scored by levels."""
        dossier = self._seated(record, on)
        for lower, who in ((0, self.first), (apart, self.second)):
            self._judge(dossier, lower, who, on)
            reviews.hand_in(dossier.pk, by=who, at=instant(on, 15))
        return dossier

    def _half_scored(self, record: dict, on: date) -> None:
        """A model the second scorer is done with and the first began: neither sees what the other wrote."""
        dossier = self._seated(record, on)
        self._judge(dossier, 1, self.second, on)
        reviews.hand_in(dossier.pk, by=self.second, at=instant(on, 15))
        self._judge(dossier, 0, self.first, on, most=4)

    def _judge(self, dossier: Dossier, lower: int, who, on: date, most: int | None = None) -> None:
        entries = {one.pk: _judged(one, lower) for one in criteria_of(dossier)[:most]}
        reviews.save_judgements(dossier.pk, entries, by=who, at=instant(on, 14))

    def _second_round(self, record: dict) -> None:
        """A model returned, answered, changed and sent again; in the hands of who returned it, before any new look."""
        on, back = self._day(9), self._day(4)
        dossier = self._sent(record, "extra", on)
        reviews.take(dossier.pk, by=self.first, at=instant(on, 9))
        reviews.remember_look(dossier.versions.get(), by=self.first, at=instant(on, 9))
        criteria = criteria_of(dossier)
        entries = {one.pk: Judged("not_met" if one.code == "chung_chung" else "met") for one in criteria}
        reviews.save_judgements(dossier.pk, entries, by=self.first, at=instant(on, 10))
        wanted = [one.pk for one in criteria if one.code == "chung_chung"]
        asked = {place: remark for place, (remark, _answer) in REMARKS.items()}
        how = {"criteria": wanted, "reason": "Giải pháp còn chung chung.", "remarks": asked}
        reviews.request_revision(dossier.pk, by=self.first, at=instant(on, 11), **how)
        secretary = self.people.acting("secretary", record["unit"])
        self._mend(dossier, secretary, back)
        answers = {one.pk: REMARKS[one.place][1] for one in Remark.objects.on(dossier)}
        answer_remarks(dossier.pk, answers, by=secretary, at=instant(back, 7, 30))
        take_step(dossier.pk, Step.SUBMIT, by=secretary, at=instant(back, 8))
        reviews.take(dossier.pk, by=self.first, at=instant(back, 9))

    def _mend(self, dossier: Dossier, secretary, on: date) -> None:
        """Write a section anew, change one work, leave one out, add one, and attach a file."""
        first = dossier.items.order_by("id").first()
        kept = {name: getattr(first, name) for name in ITEM_FIELDS}
        works = [kept | SMALLER | {"id": first.pk}, kept | ADDED]
        save_draft(dossier.pk, by=secretary, at=instant(on, 7), fields={"solutions": MENDED}, rows={"COL": works})
        attach(dossier.pk, _schedule(), by=secretary, at=instant(on, 7, 15))
        dossier.refresh_from_db()

    def _sent(self, record: dict, which: str, on: date) -> Dossier:
        dossier = self.writing.write(record, which, on, starts=on, due=[date(self.year.today.year, 12, 31)])
        secretary = self.people.acting("secretary", record["unit"])
        return take_step(dossier.pk, Step.SUBMIT, by=secretary, at=instant(on, 8))


def _own(unit: str, title: str) -> dict:
    return {"unit": unit, "title": title, "co_units": [], "tags": []}


def _by_levels(row, number: int):
    """Score the first criteria, and leave the others as they are asked."""
    return row._replace(kind=Criterion.Kind.SCORE, weight=3, levels=LEVELS) if number < 3 else row


def _judged(criterion: Criterion, lower: int) -> Judged:
    if criterion.kind != Criterion.Kind.SCORE:
        return Judged("met")
    return Judged(levels_of(criterion)[lower].key, "Đã xem minh chứng gửi kèm.")


def _schedule() -> ContentFile:
    """A page of who goes where, as a unit would attach it."""
    document, kept = Document(), io.BytesIO()
    document.add_paragraph("Lịch phân công đảng viên đến nhà người cao tuổi (giả lập)")
    document.save(kept)
    return ContentFile(kept.getvalue(), name="Lịch phân công (giả lập).docx")
