"""The extract as a workbook: the same as the paper, numbers as numbers."""

from collections.abc import Iterator
from fractions import Fraction

from dashboards.choices import RATES as RATE_NAMES
from dashboards.extracts import words
from dashboards.extracts.gathering import Gathered
from dashboards.packs.sheets import source
from models_registry.models import WorkItem
from reviews.check_codes import shown
from vietnamese.display import quarter_text
from vietnamese.workbooks import Page


def pages_of(gathered: Gathered, *, code: str) -> Iterator[Page]:
    """Yield the sheets; every one begins with whose year it is and where its figures come from. No query."""
    above = [gathered.letterhead.issuer, f"Mã kiểm tra {shown(code)}"]
    above += [f"Nguồn: {source(passport)}." for _n, passport, _row in gathered.quarters if passport]
    for name, heads, lines in (
        ("Tỷ lệ", ["Tỷ lệ", "Quý", "Tình trạng", "n", "N", "X", "%", "Chữ"], _rates(gathered)),
        ("Mô hình, cam kết", ["Loại", "Tên", "Quyết định", "Ngày duyệt", "Số việc"], _dossiers(gathered)),
        ("Việc", ["Loại", "Cá nhân", "Chức danh", "Rõ việc", "Hạn", "Hoàn thành", "Kết quả"], _works(gathered)),
        ("Báo cáo quý", ["Quý", "Nghĩa vụ", "Ngày gửi", "Kết quả"], _reports(gathered)),
        (
            "Ghi nhận",
            ["Tập thể, cá nhân, mô hình", "Bước", "Cấp", "Hình thức", "Số quyết định", "Ngày"],
            _fame(gathered),
        ),
        ("Đính chính", ["Quý", "Việc số", "Sai sót", "Bản chốt"], _corrections(gathered)),
    ):
        yield Page(name, f"{name}: năm {gathered.year}", heads, lines, above)


def _rates(gathered: Gathered) -> Iterator[list]:
    for code in words.RATES:
        for number, passport, row in gathered.quarters:
            if row is None:
                continue
            rate = row.rate(code)
            share = Fraction(rate.n, rate.base) if rate.base else ""
            counts = [rate.n, rate.base, rate.x, share, rate.text]
            yield [str(RATE_NAMES[code]), quarter_text(number), words.state_of(passport), *counts]


def _dossiers(gathered: Gathered) -> Iterator[list]:
    for one in gathered.dossiers:
        told = [one.dossier.get_kind_display(), one.dossier.title, words.decided_text(one)]
        yield [*told, one.decided_at or "", one.works]


def _works(gathered: Gathered) -> Iterator[list]:
    for item, told in gathered.works:
        is_own = item.kind == WorkItem.Kind.INDIVIDUAL
        who = [told["subject"], told["subject_position"] or ""] if is_own else ["", ""]
        due = "Thường xuyên" if item.ongoing else item.due_in_force or ""
        yield [item.get_kind_display(), *who, told["title"], due, item.completed_on or "", words.outcome_text(item)]


def _reports(gathered: Gathered) -> Iterator[list]:
    for number, _passport, row in gathered.quarters:
        sent = gathered.reports.get(number)
        owed, became = words.report_text(gathered.year, number, sent, row, gathered.at)
        yield [quarter_text(number), owed, sent or "", became]


def _fame(gathered: Gathered) -> Iterator[list]:
    for one in gathered.recognitions:
        told = [one.title, one.get_stage_display(), one.get_level_display(), one.award]
        yield [*told, one.document_symbol, one.on]


def _corrections(gathered: Gathered) -> Iterator[list]:
    for one in gathered.corrections:
        period = one.correction.period
        told = [quarter_text(period.quarter, period.year), one.item_id, one.get_error_display()]
        yield [*told, one.correction.revision.number]
