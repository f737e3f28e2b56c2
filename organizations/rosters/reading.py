"""Turns an XLSX file into rows of clean text; what cannot be read is a problem at its cell, never an exception."""

import datetime as dt
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from organizations.rosters.columns import LONGEST, SHEETS, Sheet
from vietnamese.folding import bare, clean

BLANK_ROWS = 500  # so many blank rows in a row end a sheet
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `text` reads "Đơn vị, dòng 5, cột C: …"."""

    sheet: str
    row: int
    column: str
    reason: str

    @property
    def text(self) -> str:
        place = [self.sheet] if self.sheet else []
        if self.row:
            place.append(_("dòng %(row)d") % {"row": self.row})
        if self.column:
            place.append(_("cột %(column)s") % {"column": self.column})
        return f"{', '.join(place)}: {self.reason}" if place else self.reason


@dataclass
class Row:
    """One row as text by column key; days are ISO."""

    sheet: Sheet
    number: int
    cells: dict[str, str]

    def problem(self, key: str, reason: str) -> Problem:
        keys = [column.key for column in self.sheet.columns]
        return Problem(self.sheet.name, self.number, get_column_letter(keys.index(key) + 1), reason)


@dataclass
class Contents:
    units: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    head_counts: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.units) + len(self.people) + len(self.posts) + len(self.head_counts)


def read(file) -> Contents:
    """Return what a file holds; formulas are not computed, macros not run, links not followed.

    Reads at most LONGEST rows a sheet, whatever size the file declares.
    """
    contents = Contents()
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile, ParseError):
        contents.problems.append(Problem("", 0, "", _("Không đọc được tệp này. Hãy mở bằng Excel và lưu lại.")))
        return contents
    try:
        by_name = {bare(page.title): page for page in book.worksheets}
        for sheet in SHEETS:
            if page := by_name.get(bare(sheet.name)):
                getattr(contents, sheet.key).extend(_rows_of(page, sheet, contents.problems))
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, ParseError):
        contents.problems.append(Problem("", 0, "", _("Tệp bị hỏng ở giữa. Hãy mở bằng Excel và lưu lại.")))
    finally:
        book.close()
    if not contents.total and not contents.problems:
        contents.problems.append(
            Problem(
                "",
                0,
                "",
                _("Tệp không có dòng nào trong các trang %(sheets)s. Hãy dùng tệp mẫu.")
                % {"sheets": ", ".join(sheet.name for sheet in SHEETS)},
            )
        )
    return contents


def _rows_of(page, sheet: Sheet, problems: list[Problem]):
    page.reset_dimensions()
    lines = page.iter_rows(max_col=len(sheet.columns), max_row=LONGEST + BLANK_ROWS + 1)
    if not _is_head(next(lines, ()), sheet, problems):
        return
    blank, count = 0, 0
    for number, line in enumerate(lines, start=2):
        cells = {column.key: _text(cell) for column, cell in zip(sheet.columns, line, strict=False)}
        if not any(cells.values()):
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        blank, count = 0, count + 1
        if count > LONGEST:
            problems.append(Problem(sheet.name, number, "", _("Quá %(most)d dòng. Hãy chia tệp.") % {"most": LONGEST}))
            return
        row = Row(sheet, number, {column.key: cells.get(column.key) or "" for column in sheet.columns})
        problems += _unreadable(row, line)
        yield row


def _is_head(line, sheet: Sheet, problems: list[Problem]) -> bool:
    for number, column in enumerate(sheet.columns):
        found = _text(line[number]) if number < len(line) else ""
        if bare(found) != bare(column.header):
            reason = _("Tiêu đề phải là “%(wanted)s”, trong tệp là “%(found)s”.")
            reason %= {"wanted": column.header, "found": found[:40]}
            problems.append(Problem(sheet.name, 1, get_column_letter(number + 1), reason))
            return False
    return True


def _unreadable(row: Row, line) -> list[Problem]:
    problems = []
    for column, cell in zip(row.sheet.columns, line, strict=False):
        if cell.data_type == "f":
            problems.append(row.problem(column.key, _("Ô chứa công thức. Hãy dán giá trị.")))
            row.cells[column.key] = ""
        elif cell.data_type == "e":
            problems.append(row.problem(column.key, _("Ô báo lỗi trong Excel.")))
            row.cells[column.key] = ""
        elif len(row.cells[column.key]) > LONGEST_CELL:
            problems.append(row.problem(column.key, _("Ô quá dài, không quá %(most)d ký tự.") % {"most": LONGEST_CELL}))
            row.cells[column.key] = ""
        elif column.required and not row.cells[column.key]:
            problems.append(row.problem(column.key, _("Chưa nhập “%(header)s”.") % {"header": column.header}))
    return problems


def _text(cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(clean(str(value)).replace("\0", "").split())
