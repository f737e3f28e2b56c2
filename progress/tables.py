"""Lists as spreadsheets: numbers as numbers, instants as instants, text never as a formula."""

import tempfile
from typing import BinaryIO

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from vietnamese.display import quarter_text

CHUNK = 2000


def reports_workbook(units, *, year: int, quarter: int) -> BinaryIO:
    """Return the list of `queries.quarters.reporting_units` as a rewound XLSX file; memory stays flat."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.set_column(0, 5, 28)
        title = _("Báo cáo tiến độ %(quarter)s") % {"quarter": quarter_text(quarter, year)}
        sheet.write_string(0, 0, title, bold)
        heads = [_("Mã đơn vị"), _("Đơn vị"), _("Trực thuộc"), _("Tình trạng"), _("Gửi lúc"), _("Lý do miễn")]
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, bold)
        for number, unit in enumerate(units.iterator(chunk_size=CHUNK), start=3):
            for column, text in enumerate([unit.code, unit.name, unit.parent_name or "", status_of(unit)]):
                sheet.write_string(number, column, text)
            if unit.sent_at:
                sheet.write_datetime(number, 4, localtime(unit.sent_at).replace(tzinfo=None), instant)
            if unit.is_exempt:
                sheet.write_string(number, 5, unit.exempt_reason or "")
        sheet.freeze_panes(3, 0)
    out.seek(0)
    return out


def status_of(unit) -> str:
    if unit.is_exempt:
        return _("Được miễn")
    if not unit.sent_at:
        return _("Chưa báo cáo")
    return _("Báo cáo muộn") if unit.is_late else _("Báo cáo đúng hạn")
