"""Lists as spreadsheets: numbers as numbers, shares (Fraction) as per cent, days as days, text never as a formula."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import BinaryIO

import xlsxwriter
from django.utils.timezone import localtime

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
# What Excel calls a sheet at most, and may not call one.
LONGEST_NAME, NOT_IN_NAMES = 31, str.maketrans("", "", "[]:*?/\\")


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a workbook: a title, lines of words `above` its heads, and lines of values."""

    name: str
    title: str
    heads: Sequence[str]
    lines: Iterable[Sequence]
    above: Sequence[str] = ()


def workbook(pages: Sequence[Page], on_row: Callable[[int], None] = lambda number: None) -> BinaryIO:
    """Return sheets with a title, a head row that stays in sight, and the lines, as a rewound temporary file.

    `on_row` is told how many lines were written, after each; memory stays flat whatever their number.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        share = book.add_format({"num_format": "0.0%"})
        for page in pages:
            name = page.name.translate(NOT_IN_NAMES)[:LONGEST_NAME].strip("' ")
            _write_page(book.add_worksheet(name or None), page, (bold, instant, day, share), on_row)
    out.seek(0)
    return out


def _write_page(sheet, page: Page, formats, on_row) -> None:
    bold, *kinds = formats
    for column, head in enumerate(page.heads):
        sheet.set_column(column, column, min(WIDEST, max(14, len(head) + 4)))
    sheet.write_string(0, 0, page.title, bold)
    for row, text in enumerate(page.above, start=1):
        sheet.write_string(row, 0, text)
    top = 2 + len(page.above)
    for column, head in enumerate(page.heads):
        sheet.write_string(top, column, head, bold)
    for number, line in enumerate(page.lines, start=1):
        for column, value in enumerate(line):
            _write_cell(sheet, number + top, column, value, *kinds)
        on_row(number)
    sheet.freeze_panes(top + 1, 0)


def _write_cell(sheet, row: int, column: int, value, instant, day, share) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, localtime(value).replace(tzinfo=None), instant)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, Fraction):
        sheet.write_number(row, column, float(value), share)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))
