"""The queue as a workbook: real dates and numbers, text that stays text."""

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reviews.queries.queue import QueueRow

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def queue_workbook(rows: Iterable[QueueRow], target=None, on_row=lambda number: None):
    """Write the rows to `target` (a path, or a buffer that is returned rewound); flat memory whatever their number."""
    target = BytesIO() if target is None else target
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet(_("Hồ sơ"))
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for column, (title, width) in enumerate(_columns()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            _write(sheet, number, row, instant, day)
            on_row(number)
    if isinstance(target, BytesIO):
        target.seek(0)
    return target


def bulk_workbook(lines) -> BytesIO:
    """Write what came of each line of a bulk into a buffer, rewound."""
    target = BytesIO()
    titles = (
        (_("Số hồ sơ"), 10),
        (_("Tên"), 60),
        (_("Đơn vị"), 40),
        (_("Kết quả"), 14),
        (_("Vì sao"), 80),
        (_("Lúc"), 17),
    )
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet(_("Kết quả"))
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for column, (title, width) in enumerate(titles):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines, start=1):
            sheet.write_number(number, 0, line.dossier_id)
            texts = (line.dossier.title, line.dossier.unit.name, str(line.get_outcome_display()), line.why)
            for column, text in enumerate(texts, start=1):
                sheet.write_string(number, column, text)
            if line.at:
                sheet.write_datetime(number, 5, localtime(line.at).replace(tzinfo=None), instant)
    target.seek(0)
    return target


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Số hồ sơ"), 10),
        (_("Tên"), 60),
        (_("Loại hồ sơ"), 16),
        (_("Đơn vị"), 40),
        (_("Năm"), 8),
        (_("Trạng thái"), 20),
        (_("Bản"), 6),
        (_("Gửi lúc"), 17),
        (_("Đã chờ (ngày)"), 12),
        (_("Quá hạn"), 10),
        (_("Người thẩm định"), 28),
        (_("Đề xuất"), 22),
        (_("Hạn"), 12),
        (_("Ban giữ (ngày làm việc)"), 14),
        (_("Đơn vị giữ (ngày làm việc)"), 14),
    ]


def _write(sheet, number: int, row: QueueRow, instant, day) -> None:
    sheet.write_number(number, 0, row.pk)
    sheet.write_string(number, 1, row.title)
    sheet.write_string(number, 2, str(row.kind_label))
    sheet.write_string(number, 3, row.unit)
    sheet.write_number(number, 4, row.year)
    sheet.write_string(number, 5, str(row.state_label))
    sheet.write_number(number, 6, row.version)
    sheet.write_datetime(number, 7, localtime(row.submitted_at).replace(tzinfo=None), instant)
    if row.days is not None:
        sheet.write_number(number, 8, row.days)
    for column, text in ((9, _("Quá hạn") if row.late else ""), (10, row.holder), (11, str(row.proposed_label))):
        if text:
            sheet.write_string(number, column, text)
    if row.due_on is not None:
        sheet.write_datetime(number, 12, row.due_on, day)
    sheet.write_number(number, 13, row.clock.board.working)
    sheet.write_number(number, 14, row.clock.unit.working)
