"""Lists as spreadsheets: numbers as numbers, days as days, whatever was typed as text and never as a formula."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from models_registry.models import Obligation, RegistrationRound
from organizations.models import Unit

WIDEST = 60


def roster_workbook(registration_round: RegistrationRound, rows: Iterable[Obligation]) -> BinaryIO:
    """Return the roster of a round as an XLSX file, rewound; memory does not grow with the rows."""
    heads = [
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Trực thuộc"),
        _("Loại đơn vị"),
        _("Phải gửi"),
        _("Tình trạng"),
        _("Gửi lần đầu"),
        _("Lý do miễn"),
    ]
    return workbook(registration_round.name, heads, _roster_lines(rows))


def _roster_lines(rows: Iterable[Obligation]) -> Iterator[Sequence]:
    # Looked up once: a translated label costs as much as all else of a line together.
    kinds, owes, statuses = (_labels(choices) for choices in (Unit.Kind, Obligation.Owes, Obligation.Status))
    for row in rows:
        yield (
            row.unit.code,
            row.unit.name,
            row.parent_name,
            kinds[row.unit.kind],
            owes[row.owes],
            statuses[row.status],
            row.first_sent_at,
            row.exempt_reason,
        )


def _labels(choices) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def workbook(title: str, heads: Sequence[str], lines: Iterable[Sequence]) -> BinaryIO:
    """Return one sheet with a title, a head row that stays in sight, and the lines, as a rewound temporary file."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for column, head in enumerate(heads):
            sheet.set_column(column, column, min(WIDEST, max(14, len(head) + 4)))
        sheet.write_string(0, 0, title, bold)
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, bold)
        for number, line in enumerate(lines, start=3):
            for column, value in enumerate(line):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, localtime(value).replace(tzinfo=None), instant)
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, int | Decimal):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, str(value))
        sheet.freeze_panes(3, 0)
    out.seek(0)
    return out
