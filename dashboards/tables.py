"""A unit's figures as files: counts as numbers, the rate also as the text that is signed, and where it comes from."""

import csv
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from completion.queries import Beside
from completion.queries.figures import ALL, Rate, Row, Table
from dashboards.beside import printed_cells, printed_heads, printed_note
from dashboards.choices import KINDS, RATES, RATES_OF_KINDS, Choice
from dashboards.definitions import DEFINITIONS, told
from organizations.models import Unit
from vietnamese.folding import slug
from vietnamese.spreadsheets import as_text


def file_name(unit: Unit, choice: Choice, form: str) -> str:
    return f"{slug(unit.name)[:60]}-{str(choice.quarter).lower()}-{choice.kind.lower()}.{form}"


def figures_workbook(
    table: Table,
    children: Sequence[Row],
    kind: str,
    *,
    codes: Sequence[str] = tuple(RATES),
    said: Sequence[str] = (),
    printed: Sequence[Beside] = (),
) -> bytes:
    """Return the unit and its children as XLSX, one row each, the passport above; then the unit's kinds of works.

    `codes` are the rates, `said` what else stands above: which view it is. What reports `printed` has a sheet of its
    own, apart from what was sealed.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        above = [*passport_lines(table, kind), *said]
        _sheet(book, _("Số liệu"), above, _head(codes), [_cells(row, codes) for row in (table.row, *children)])
        if table.kind == ALL:
            lines = [[str(label), *_kind_cells(table.row, kinds)] for label, kinds in KINDS]
            _sheet(book, _("Theo loại việc"), above, [_("Loại việc"), *_rate_heads(RATES_OF_KINDS)], lines)
        if printed:
            lines = [
                [float(cell) if isinstance(cell, Fraction) else cell for cell in printed_cells(row)] for row in printed
            ]
            _sheet(book, _("Số liệu đã công bố"), [table.row.name, printed_note()], printed_heads(), lines)
        meanings = [[str(RATES[code]), str(meaning)] for code, meaning in DEFINITIONS.items()]
        _sheet(book, _("Cách tính"), above, [_("Tỷ lệ"), _("Nghĩa là")], meanings)
    return out.getvalue()


def _as_share(cell):
    return float(cell) if isinstance(cell, Fraction) else cell


def _sheet(book, name: str, above: Iterable[str], head: Sequence[str], lines: Iterable[Iterable]) -> None:
    bold, number = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0"})
    share = book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 48)
    line = 0
    for line, text in enumerate(above):
        sheet.write_string(line, 0, text)
    top = line + 2
    for column, title in enumerate(head):
        sheet.write_string(top, column, title, bold)
    sheet.freeze_panes(top + 1, 1)
    for below, cells in enumerate(lines, start=top + 1):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(below, column, value)
            elif value is not None:
                sheet.write_number(below, column, value, share if isinstance(value, float) else number)


def figures_csv(
    table: Table,
    children: Sequence[Row],
    kind: str,
    *,
    codes: Sequence[str] = tuple(RATES),
    said: Sequence[str] = (),
    printed: Sequence[Beside] = (),
) -> bytes:
    """Return the same rows as CSV in UTF-8 with a byte order mark, text never as a formula; what was printed below."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for text in [*passport_lines(table, kind), *said]:
        writer.writerow([as_text(text)])
    writer.writerow(_head(codes))
    for row in [table.row, *children]:
        writer.writerow(["" if cell is None else as_text(cell) for cell in _cells(row, codes)])
    if printed:
        writer.writerows([[], [as_text(printed_note())], printed_heads()])
        for row in printed:
            writer.writerow([as_text("" if isinstance(cell, Fraction) else cell) for cell in printed_cells(row)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def passport_lines(table: Table, kind: str) -> list[str]:
    """Return the lines that say what is counted, of which kind of works, and where the figures come from."""
    return [table.row.name, kind, *(f"{what}: {value}" for what, value in told(table.passport))]


def _head(codes: Iterable[str]) -> list[str]:
    return [_("Đơn vị"), _("Mã"), *_rate_heads(codes)]


def _rate_heads(codes: Iterable[str]) -> list[str]:
    return [f"{RATES[code]}{part}" for code in codes for part in (": n", ": N", ": X", ": %", "")]


def _cells(row: Row, codes: Iterable[str]) -> Iterable:
    yield row.name
    yield row.code
    for code in codes:
        yield from _rate_cells(row.rate(code))


def _kind_cells(row: Row, kinds: Sequence[str]) -> Iterable:
    for code in RATES_OF_KINDS:
        yield from _rate_cells(row.rate_of_kinds(code, kinds))


def _rate_cells(rate: Rate) -> Iterable:
    yield from (rate.n, rate.base, rate.x)
    yield rate.n / rate.base if rate.base else None
    yield rate.text
