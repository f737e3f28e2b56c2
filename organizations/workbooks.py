"""Rows of clean text out of XLSX sheets with agreed headers; what cannot be read is a problem at its cell."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from vietnamese.folding import bare, clean

BLANK_ROWS = 500  # so many blank rows in a row end a sheet
LONGEST_CELL = 500
# What openpyxl raises over a damaged file; every parser's complaint about XML is a SyntaxError.
UNREADABLE = (ValueError, KeyError, OSError, EOFError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    header: str
    example: str
    required: bool = True
    width: int = 24
    share: bool = False  # a number of a cell shown as per cent is read as it is shown: 0,982 is 98,2%


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a file people fill in: its headers stand in row `head`, and at most `longest` rows follow."""

    key: str
    name: str
    columns: tuple[Column, ...]
    head: int = 1
    longest: int = 20_000

    def letter(self, key: str) -> str:
        return xl_col_to_name([column.key for column in self.columns].index(key))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `text` reads "Đơn vị, dòng 5, cột C: …", `address` "C5"."""

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

    @property
    def address(self) -> str:
        return f"{self.column}{self.row or ''}"


@dataclass
class Row:
    """One row as text by column key; days are ISO, numbers as they are typed here: 1150,5."""

    sheet: Sheet
    number: int
    cells: dict[str, str]

    def problem(self, key: str, reason: str) -> Problem:
        return Problem(self.sheet.name, self.number, self.sheet.letter(key), reason)


def opened(file):
    """Return a workbook to read and close; formulas are not computed, macros not run, links not followed.

    Raises one of UNREADABLE, and so may reading its rows.
    """
    import openpyxl  # 14 MB that only pays where a file was sent

    return openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)


def unreadable() -> Problem:
    return Problem("", 0, "", _("Không đọc được tệp này. Hãy mở bằng Excel và lưu lại."))


def broken_inside() -> Problem:
    return Problem("", 0, "", _("Tệp bị hỏng ở giữa. Hãy mở bằng Excel và lưu lại."))


def rows_of(page, sheet: Sheet, problems: list[Problem], *, is_left_out=lambda row: False) -> Iterator[Row]:
    """Yield the rows of a page that say something and put what is wrong into `problems`.

    Reads at most `sheet.longest` rows, whatever size the file declares.
    """
    page.reset_dimensions()
    last = sheet.head + sheet.longest + BLANK_ROWS
    lines = page.iter_rows(min_row=sheet.head, max_col=len(sheet.columns), max_row=last)
    if not _is_head(next(lines, ()), sheet, problems):
        return
    blank, count = 0, 0
    for number, line in enumerate(lines, start=sheet.head + 1):
        cells = {column.key: _read(cell, column) for column, cell in zip(sheet.columns, line, strict=False)}
        if not any(cells.values()):
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        row = Row(sheet, number, {column.key: cells.get(column.key) or "" for column in sheet.columns})
        blank = 0
        if is_left_out(row):
            continue
        count += 1
        if count > sheet.longest:
            reason = _("Quá %(most)d dòng. Hãy chia tệp.") % {"most": sheet.longest}
            problems.append(Problem(sheet.name, number, "", reason))
            return
        problems += _unreadable(row, line)
        yield row


def _read(cell, column: Column) -> str:
    if column.share and isinstance(cell.value, int | float) and "%" in (cell.number_format or ""):
        return f"{cell.value * 100:.12g}%".replace(".", ",")
    return text_of(cell.value)


def merged_cells(archive: zipfile.ZipFile, page) -> list[str]:
    """Return the merged ranges of a page, such as "A5:A6"; openpyxl's quick reading leaves them out."""
    found, rest = [], b""
    with archive.open(page._worksheet_path) as stream:
        while block := stream.read(_CHUNK):
            block = rest + block
            found += [one[1].decode() for one in _MERGED.finditer(block)]
            rest = block[block.rfind(b"<") :]
            rest = b"" if b">" in rest else rest
    return found


def _is_head(line, sheet: Sheet, problems: list[Problem]) -> bool:
    for number, column in enumerate(sheet.columns):
        found = text_of(line[number].value) if number < len(line) else ""
        if bare(found) != bare(column.header):
            reason = _("Tiêu đề phải là “%(wanted)s”, trong tệp là “%(found)s”.")
            reason %= {"wanted": column.header, "found": found[:40]}
            problems.append(Problem(sheet.name, sheet.head, xl_col_to_name(number), reason))
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


def text_of(value) -> str:
    """Return what a cell holds as one line of clean text."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return value.date().isoformat() if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, float):
        # A number of the sheet, not a typed text: its point is no thousands' dot.
        value = int(value) if value.is_integer() else f"{value:.12g}".replace(".", ",")
    return " ".join(clean(str(value)).replace("\0", "").split())
