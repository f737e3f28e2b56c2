"""A unit's figures as files: counts as numbers, the rate also as the text that is signed, and where it comes from."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from completion.queries.figures import Row, Table
from dashboards.choices import RATES, Choice
from organizations.models import Unit
from vietnamese.display import instant_text, quarter_text
from vietnamese.folding import slug
from vietnamese.spreadsheets import as_text


def file_name(unit: Unit, choice: Choice, form: str) -> str:
    return f"{slug(unit.name)[:60]}-{str(choice.quarter).lower()}-{choice.kind.lower()}.{form}"


def figures_workbook(table: Table, children: Sequence[Row], kind: str) -> bytes:
    """Return the unit and its children as XLSX, one row each, the passport above."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0"})
        share = book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet(_("Số liệu"))
        sheet.set_column(0, 0, 48)
        line = 0
        for line, text in enumerate(passport_lines(table, kind)):
            sheet.write_string(line, 0, text)
        head = line + 2
        for column, title in enumerate(_head()):
            sheet.write_string(head, column, title, bold)
        sheet.freeze_panes(head + 1, 1)
        for below, row in enumerate([table.row, *children], start=head + 1):
            for column, value in enumerate(_cells(row)):
                if isinstance(value, str):
                    sheet.write_string(below, column, value)
                elif value is not None:
                    sheet.write_number(below, column, value, share if isinstance(value, float) else number)
    return out.getvalue()


def figures_csv(table: Table, children: Sequence[Row], kind: str) -> bytes:
    """Return the same rows as CSV in UTF-8 with a byte order mark, text never as a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for text in passport_lines(table, kind):
        writer.writerow([as_text(text)])
    writer.writerow(_head())
    for row in [table.row, *children]:
        writer.writerow(["" if cell is None else as_text(cell) for cell in _cells(row)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def passport_lines(table: Table, kind: str) -> list[str]:
    """Return the lines that say what is counted, of which kind of works, and where the figures come from."""
    passport = table.passport
    state = _("Đã chốt, bản %(number)d") if passport.sealed else _("Tạm tính")
    return [
        table.row.name,
        quarter_text(passport.quarter.number, passport.quarter.year),
        kind,
        state % {"number": passport.revision},
        _("Số liệu đến %(at)s") % {"at": instant_text(passport.as_of)},
        _("Quy tắc tính: %(version)s") % {"version": passport.rule_version},
    ]


def _head() -> list[str]:
    columns = [_("Đơn vị"), _("Mã")]
    for label in RATES.values():
        columns += [f"{label}: n", f"{label}: N", f"{label}: X", f"{label}: %", f"{label}"]
    return columns


def _cells(row: Row) -> Iterable:
    yield row.name
    yield row.code
    for code in RATES:
        rate = row.rate(code)
        yield from (rate.n, rate.base, rate.x)
        yield rate.n / rate.base if rate.base else None
        yield rate.text
