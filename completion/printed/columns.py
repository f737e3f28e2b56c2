"""The columns of a table of published figures, how people call them, and the file they fill in."""

import io

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.workbooks import Column, Sheet
from vietnamese.display import quarter_text
from vietnamese.folding import bare

MOST_ROWS = 1_000
WHOLE_YEAR, ALL_KINDS, ANY_UNIT = _("Cả năm"), _("Tất cả các việc"), _("Mọi đơn vị")

# Headers are part of the file's format and stay Vietnamese, whatever the language of the page.
SHEET = Sheet(
    "published",
    "Số liệu đã công bố",
    (
        Column("unit", "Đơn vị", "Đảng ủy xã An", required=False, width=40),
        Column("period", "Kỳ", "Cả năm", required=False, width=12),
        Column("kind", "Loại việc", "Việc của cá nhân", required=False, width=26),
        Column("owner", "Của loại đơn vị", "", required=False, width=26),
        Column("label", "Chỉ tiêu", "Việc của cá nhân", required=False, width=40),
        Column("n", "Hoàn thành (n)", "133.350", required=False, width=16),
        Column("base", "Tổng số (N)", "135.720", required=False, width=16),
        Column("rate", "Tỷ lệ đã in", "98,2%", required=False, width=14, share=True),
    ),
    longest=MOST_ROWS,
)
KEYS = tuple(column.key for column in SHEET.columns)
HEADERS = {column.key: column.header for column in SHEET.columns}
# What people write above a column besides our own words.
SYNONYMS = {
    "unit": ("tên đơn vị", "mã đơn vị", "tổ chức", "tổ chức đảng", "địa phương, đơn vị"),
    "period": ("quý", "thời gian", "kỳ báo cáo"),
    "kind": ("loại", "đối tượng"),
    "owner": ("loại đơn vị", "cấp"),
    "label": ("nội dung", "tên chỉ tiêu", "chỉ tiêu báo cáo"),
    "n": ("n", "hoàn thành", "đã hoàn thành", "số hoàn thành", "kết quả"),
    "base": ("tổng số", "đăng ký", "số đăng ký", "kế hoạch", "phải hoàn thành", "tổng"),
    "rate": ("tỷ lệ", "tỷ lệ %", "%", "tỷ lệ hoàn thành", "đạt", "tỷ lệ (%)"),
}
KEY_OF = {bare(word): key for key, words in SYNONYMS.items() for word in (HEADERS[key], *words)}

PERIODS = {"": None, "ca nam": None, "nam": None} | {
    word: number
    for number, roman in enumerate(("i", "ii", "iii", "iv"), start=1)
    for word in (f"quy {roman}", f"quy {number}", f"q{number}", roman, str(number))
}
KINDS = {"": "", "tat ca": "", "tat ca cac viec": ""} | {
    bare(word): kind.value
    for kind, words in {
        WorkItem.Kind.COLLECTIVE: ("việc của tập thể", "tập thể", "COL"),
        WorkItem.Kind.INDIVIDUAL: ("việc của cá nhân", "cá nhân", "IND"),
        WorkItem.Kind.ISSUE: ("vấn đề bức xúc, nổi cộm", "vấn đề bức xúc nổi cộm", "vấn đề bức xúc", "vấn đề", "ISS"),
    }.items()
    for word in words
}


def owners() -> dict[str, str]:
    """Return {name of a kind of unit, bare: its code}, in the language of the reader and by code."""
    named = {bare(str(label)): code for code, label in Unit.Kind.choices}
    return {"": "", "moi don vi": "", "tat ca": ""} | named | {code: code for code in Unit.Kind.values}


def period_text(quarter: int | None) -> str:
    return quarter_text(quarter) if quarter else str(WHOLE_YEAR)


def kind_text(kind: str) -> str:
    return str(WorkItem.Kind(kind).label) if kind else str(ALL_KINDS)


def template() -> bytes:
    """Return the file people fill in, with one row as an example on a sheet of its own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, rows in ((SHEET.name, []), ("Ví dụ", [[column.example for column in SHEET.columns]])):
            page = book.add_worksheet(name)
            for place, column in enumerate(SHEET.columns):
                page.set_column(place, place, column.width)
                page.write_string(0, place, column.header, head)
            for line, row in enumerate(rows, start=1):
                for place, text in enumerate(row):
                    page.write_string(line, place, text)
            page.freeze_panes(1, 0)
    return out.getvalue()
