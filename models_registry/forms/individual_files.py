"""The XLSX file of individuals' works: the template with the rows that stand, and what people filled in read back."""

import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.forms.individual_rows import DAYS, HEADERS, KEYS, LONGEST, SHEET, TICK
from models_registry.models import MeasureUnit, WorkItem
from organizations.forms.fields import WorkbookForm
from organizations.workbooks import (
    UNREADABLE,
    Problem,
    Row,
    broken_inside,
    merged_cells,
    opened,
    rows_of,
    text_of,
    unreadable,
)
from vietnamese.folding import bare

VERSION = 1
MARK = "Việc của cá nhân · mẫu phiên bản {version}"
LISTS, HELP = "Danh mục", "Hướng dẫn"
EXAMPLE = {column.key: column.example for column in SHEET.columns}


class IndividualsFileForm(WorkbookForm):
    longest, columns = LONGEST, len(SHEET.columns)
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx) theo mẫu"),
        max_length=150,
        help_text=gettext_lazy("Không quá 5.000 dòng, không macro, không mật khẩu."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        file = super().clean_file()
        refuse_other_template(file)
        file.seek(0)
        return file


def refuse_other_template(file) -> None:
    """Raise ValidationError unless the file is of this template and version, and its sheet is in sight."""
    try:
        book = opened(file)
        page = _page(book)
        mark = text_of(next(page.iter_rows(max_row=1, max_col=1))[0].value) if page else ""
        hidden = page is not None and page.sheet_state != "visible"
        book.close()
    except (*UNREADABLE, StopIteration, IndexError) as broken:
        raise ValidationError(unreadable().reason) from broken
    if page is None:
        raise ValidationError(
            _("Tệp không có trang “%(name)s”. Hãy tải tệp mẫu và điền vào đó.") % {"name": SHEET.name}
        )
    if hidden:
        raise ValidationError(_("Trang “%(name)s” đang bị ẩn. Hãy cho hiện lại rồi lưu.") % {"name": SHEET.name})
    if bare(mark) != bare(MARK.format(version=VERSION)):
        said = _("Tệp không theo mẫu phiên bản %(version)d (ô A1 là “%(mark)s”). Hãy tải mẫu mới và chép dữ liệu sang.")
        raise ValidationError(said % {"version": VERSION, "mark": mark[:60]})


@dataclass
class Filled:
    """What a file holds: rows, what cannot be read, and remarks on what was left out."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(file) -> Filled:
    """Return the rows of the template's sheet, without its example."""
    found = Filled()
    try:
        book = opened(file)
        page = _page(book)
        found.rows = list(rows_of(page, SHEET, found.problems, is_left_out=_is_example))
        with zipfile.ZipFile(file) as archive:
            merged = merged_cells(archive, page)
        book.close()
    except UNREADABLE:
        found.problems.append(broken_inside())
        return found
    said = _("Ô gộp %(range)s. Hãy bỏ gộp ô rồi điền đủ từng ô.")
    found.problems += [Problem(SHEET.name, *_first_cell(one), said % {"range": one}) for one in merged]
    for other in book.worksheets:
        if other.sheet_state != "visible":
            found.remarks.append(_("Trang ẩn “%(name)s” không được đọc.") % {"name": other.title[:40]})
    if not found.rows and not found.problems:
        found.problems.append(Problem("", 0, "", _("Tệp chưa có dòng nào.")))
    return found


def _page(book):
    return next((page for page in book.worksheets if bare(page.title) == bare(SHEET.name)), None)


def _first_cell(cells: str) -> tuple[int, str]:
    first = cells.split(":")[0]
    return int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0), first.rstrip("0123456789")


def _is_example(row: Row) -> bool:
    """Whether this is the example as it stood; one that was written over is a row like any other."""
    if bare(row.cells["id"]) != bare(EXAMPLE["id"]):
        return False
    row.cells["id"] = ""
    return all(row.cells[key] == EXAMPLE[key] for key in KEYS)


def workbook(
    lines: Iterable[tuple[int, Mapping]], measures: Iterable[MeasureUnit], comments: Mapping[tuple[int, str], str] = {}
) -> BinaryIO:
    """Return the template holding these lines, as a rewound temporary file.

    A line is (row number from FIRST_ROW on, values by key); `comments` {(row, key): text} are put at their cells.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(SHEET.name)
        _write_heads(book, page)
        names = [one.name for one in measures]
        _write_choices(page, len(names))
        formats = _formats(book)
        for number, values in lines:
            for place, column in enumerate(SHEET.columns):
                _write(page, number - 1, place, column.key, values.get(column.key), formats)
        for (number, key), text in comments.items():
            page.write_comment(number - 1, list(HEADERS).index(key), text, {"x_scale": 2})
        _write_help(book, names)
    out.seek(0)
    return out


FIRST_ROW = SHEET.head + 2


def lines_of(works: Iterable[WorkItem]) -> Iterable[tuple[int, dict]]:
    """Yield the lines of works that stand, below the example."""
    for number, item in enumerate(works, FIRST_ROW):
        yield number, {key: getattr(item, key) for key in KEYS} | {"id": item.pk}


def _formats(book) -> dict:
    text = {"text_wrap": True, "valign": "top"}
    return {
        "text": book.add_format(text | {"num_format": "@"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
        "code": book.add_format({"font_color": "#8a8a8a", "valign": "top", "num_format": "0"}),
    }


def _write(page, row: int, place: int, key: str, value, formats: dict) -> None:
    if value is None or value is False or value == "":
        return
    if key == "id" and str(value).isdecimal() and len(str(value)) < 18:
        page.write_number(row, place, int(value), formats["code"])
    elif value is True:
        page.write_string(row, place, TICK, formats["text"])
    elif isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])
    elif isinstance(value, Decimal):
        page.write_number(row, place, value, formats["number"])
    else:
        page.write_string(row, place, str(value), formats["text"])


def _write_heads(book, page) -> None:
    head = {"bold": True, "bg_color": "#7a1416", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
    bold, head = book.add_format({"bold": True}), book.add_format(head)
    grey = book.add_format({"italic": True, "font_color": "#8a8a8a", "bg_color": "#f2f2f2", "text_wrap": True})
    kinds = _formats(book)
    page.write_string(0, 0, MARK.format(version=VERSION), bold)
    for place, column in enumerate(SHEET.columns):
        kind = "day" if column.key in DAYS else "number" if column.key == "expected_value" else "text"
        page.set_column(place, place, column.width, kinds["code" if column.key == "id" else kind])
        page.write_string(SHEET.head - 1, place, column.header, head)
        page.write_string(SHEET.head, place, column.example, grey)
    page.freeze_panes(SHEET.head, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(SHEET.head - 1)


def _write_choices(page, measures: int) -> None:
    keys = list(HEADERS)
    first, last = FIRST_ROW - 1, SHEET.head + LONGEST
    tick = {"validate": "list", "source": [TICK], "error_message": _("Ghi x nếu có, để trống nếu không.")}
    unit = {"validate": "list", "source": f"='{LISTS}'!$A$2:$A${measures + 1}", "error_type": "warning"}
    day = {
        "validate": "date",
        "criteria": ">=",
        "value": date(2000, 1, 1),
        "error_type": "information",
        "input_message": _("Ngày/tháng/năm, ví dụ 05/06/2026"),
    }
    for key, rule in {"subject_is_head": tick, "ongoing": tick, "measure": unit, **dict.fromkeys(DAYS, day)}.items():
        page.data_validation(first, keys.index(key), last, keys.index(key), rule)


def _write_help(book, measures: list[str]) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    page = book.add_worksheet(HELP)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    for number, (head, text) in enumerate(_help()):
        page.write_string(number, 0, head, bold)
        page.write_string(number, 1, str(text), wrap)
    page = book.add_worksheet(LISTS)
    page.set_column(0, 0, 30)
    page.write_string(0, 0, HEADERS["measure"], bold)
    page.write_column(1, 0, measures)


def _help() -> list[tuple[str, str]]:
    head = HEADERS
    return [
        ("", _("Mỗi dòng là một việc của một người. Người có hai việc thì ghi hai dòng, họ tên ghi đủ ở cả hai.")),
        (head["subject_name"], _("Bắt buộc. Ghi giống nhau ở mọi dòng của một người.")),
        (head["subject_position"], _("Ví dụ: Đảng viên, Chi ủy viên, Bí thư chi bộ.")),
        (head["subject_is_head"], _("Ghi x ở mọi dòng của người đứng đầu; một đơn vị có một người đứng đầu.")),
        (head["title"], _("Việc cụ thể sẽ làm.")),
        (head["accountable"], _("Ai chịu trách nhiệm.")),
        (head["starts_on"], _("Ngày/tháng/năm, ví dụ 05/06/2026.")),
        (head["due_on"], _("Ngày/tháng/năm, trong năm kế hoạch.")),
        (head["ongoing"], _("Ghi x nếu là việc làm thường xuyên cả năm; khi đó không cần ngày.")),
        (head["expected_result"], _("Kết quả đo đếm được.")),
        (head["expected_value"], _("Số, ví dụ 1.150 hoặc 12,5. Có số thì chọn đơn vị tính.")),
        (head["measure"], _("Chọn trong trang Danh mục.")),
        (head["id"], _("Cổng ghi để nhận ra dòng đã có; đừng sửa. Dòng mới để trống.")),
        (_("Dòng ví dụ"), _("Dòng chữ xám không được nhập; có thể để nguyên.")),
        (_("Dòng không có trong tệp"), _("Được giữ nguyên trong bản đăng ký. Muốn bỏ thì bỏ trên trang của cổng.")),
    ]
