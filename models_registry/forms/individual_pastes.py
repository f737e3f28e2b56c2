"""Individuals' works pasted from a spreadsheet or from a table of Word."""

import re
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.forms.individual_rows import HEADERS, KEYS, MOST_ROWS
from models_registry.forms.writing import PREFIX
from vietnamese.display import number_text
from vietnamese.folding import bare
from vietnamese.forms import Form
from vietnamese.pasting import table_of

LONGEST_PASTE = 400_000
# What people write above a column besides our own words.
SYNONYMS = {
    "subject_name": ("họ tên", "tên", "họ và tên đảng viên", "cá nhân", "rõ người"),
    "subject_position": ("chức vụ", "chức danh, chức vụ", "vai trò"),
    "subject_is_head": ("là người đứng đầu",),
    "title": ("việc", "việc đăng ký", "nội dung", "nội dung đăng ký", "nội dung việc làm", "phần việc"),
    "accountable": ("trách nhiệm", "người chịu trách nhiệm"),
    "starts_on": ("ngày bắt đầu", "từ ngày"),
    "due_on": ("ngày hoàn thành", "thời hạn", "hạn", "hạn hoàn thành", "đến ngày", "thời gian hoàn thành"),
    "ongoing": ("việc thường xuyên",),
    "expected_result": ("kết quả", "kết quả dự kiến", "sản phẩm"),
    "expected_value": ("số",),
    "measure": ("đvt", "đơn vị"),
}
KEY_OF = {bare(word): key for key, words in SYNONYMS.items() for word in (HEADERS[key], *words)}
NUMBERING = {"stt", "tt", "so tt", "so thu tu"}


class PasteForm(Form):
    pasted = forms.CharField(
        label=gettext_lazy("Dán từ bảng tính"),
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Chọn các ô trong Excel, LibreOffice, Google Sheets hoặc bảng của Word, chép rồi dán vào đây; nên chép cả "
            "dòng tiêu đề."
        ),
    )

    def clean_pasted(self):
        """Return [{field: text}] and remember in `unused` the headers no field is called by."""
        table = table_of(self.cleaned_data["pasted"])
        rows, self.unused = _rows(table)
        if not rows:
            raise ValidationError(_("Chưa có dòng nào để nhập. Hãy dán cả các ô dữ liệu."))
        if len(rows) > MOST_ROWS:
            raise ValidationError(
                _("Mỗi lần dán nhiều nhất %(most)s dòng; ở đây có %(count)s. Hãy chia ra, hoặc dùng tệp Excel.")
                % {"most": number_text(MOST_ROWS), "count": number_text(len(rows))}
            )
        return rows


def _rows(table: Sequence[Sequence[str]]) -> tuple[list[dict[str, str]], list[str]]:
    heads = _heads(table[0]) if table else []
    unused = [
        table[0][place] for place, key in enumerate(heads) if key is None and bare(table[0][place]) not in NUMBERING
    ]
    if heads:
        table = table[1:]
    else:
        heads = [None, *KEYS] if _is_numbered(table) else list(KEYS)
    rows = [{key: text for key, text in zip(heads, line, strict=False) if key} for line in table]
    return [row for row in rows if any(row.values())], unused


def _heads(line: Sequence[str]) -> list[str | None]:
    """Return the field of each column where the line is a line of headers, else nothing."""
    found = []
    for text in line:
        key = KEY_OF.get(re.sub(r"\s*\(.*\)$|[:*]", "", bare(text)).strip())
        found.append(key if key not in found else None)
    return found if sum(key is not None for key in found) > 1 else []


def _is_numbered(table: Sequence[Sequence[str]]) -> bool:
    """Whether the first column only counts the rows."""
    return len(table[0]) > 1 and all(line[0].rstrip(".").isdecimal() for line in table if line[0]) if table else False


def as_posted(rows: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return the rows as the table's own page would post them."""
    data = {f"{PREFIX}-TOTAL_FORMS": str(len(rows)), f"{PREFIX}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"{PREFIX}-{number}-{key}": text for key, text in row.items()}
    return data
