"""What is typed about a table of published figures: its document, its rows, and rows brought all at once."""

from collections.abc import Sequence

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from completion.printed.columns import HEADERS, KEYS, MOST_ROWS
from completion.printed.reading import csv_rows, pasted_rows, uploaded_rows
from models_registry.uploads import ACCEPT, take_in
from organizations.forms.fields import PageForm, UnitField, UploadForm
from organizations.office_files import refuse_bad_office_file, refuse_long_workbook
from vietnamese.folding import clean
from vietnamese.forms import DayField

FIRST_YEAR = 2003
LONGEST_PASTE = 400_000
LONGEST_CELL = 300
PREFIX = "row"


class HeadForm(PageForm):
    """Whose figures, of which year, and the document they were printed in."""

    unit = UnitField(
        label=_("Đơn vị của bảng"),
        help_text=_("Đơn vị cao nhất có trong bảng. Các dòng là đơn vị này và những đơn vị ở dưới, kể cả tên cũ."),
    )
    year = forms.IntegerField(label=_("Năm của số liệu"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    title = forms.CharField(
        label=_("Tên bảng"), max_length=200, help_text=_("Ví dụ: Kết quả thực hiện việc đăng ký năm 2023.")
    )
    symbol = forms.CharField(label=_("Số, ký hiệu văn bản"), max_length=60, help_text=_("Ví dụ: 120-BC/TU."))
    issued_on = DayField(label=_("Ngày văn bản"))
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    file = forms.FileField(
        label=_("Tệp văn bản"),
        required=False,
        max_length=150,
        help_text=_("PDF, DOCX, XLSX hoặc ảnh chụp; không nhận tài liệu mật. Có thể bổ sung sau, trước khi gửi duyệt."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args, units, begun: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if begun:  # the rows are read by it
            del self.fields["unit"]
        else:
            self.fields["unit"].units = units

    def clean_year(self):
        year, last = self.cleaned_data["year"], localdate().year
        if not FIRST_YEAR <= year <= last:
            said = {"first": FIRST_YEAR, "last": last}
            raise forms.ValidationError(_("Năm phải từ %(first)d đến %(last)d."), params=said)
        return year

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day and day > localdate():
            raise forms.ValidationError(_("Ngày này chưa đến."))
        return day

    def clean_file(self):
        return take_in(self.cleaned_data["file"]) if self.cleaned_data["file"] else None


class PasteForm(PageForm):
    rows = forms.CharField(
        label=_("Dán từ bảng tính hoặc Word"),
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "wrap": "off", "spellcheck": "false"}),
        help_text=_("Chọn các ô trong Excel hoặc bảng của Word, chép cả dòng tiêu đề rồi dán vào đây."),
    )

    def clean_rows(self):
        return pasted_rows(self.cleaned_data["rows"])


class RowsFileForm(UploadForm):
    file = forms.FileField(
        label=_("Tệp Excel hoặc CSV"),
        max_length=150,
        help_text=_("Theo tệp mẫu, .xlsx không macro hoặc .csv chữ UTF-8; không quá 1.000 dòng."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self):
        """Return the upload and keep its rows in `rows`."""
        file = super().clean_file()
        name = file.name.lower()
        if name.endswith(".csv"):
            self.rows = csv_rows(file.read())
        elif name.endswith(".xlsx"):
            refuse_bad_office_file(file, part="xl/workbook.xml", name=file.name[:80])
            refuse_long_workbook(file, rows=MOST_ROWS, columns=len(KEYS), name=file.name[:80])
            self.rows = uploaded_rows(file)
        else:
            raise forms.ValidationError(_("Chỉ nhận tệp .xlsx hoặc .csv."))
        return file


def typed_rows(data) -> dict[int, dict[str, str] | None]:
    """Return {place of a row: its cells as typed, None where it is ticked to go} of a posted page of the table."""
    found: dict[int, dict[str, str] | None] = {}
    for text in data.getlist("place"):
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            continue
        cells = {key: _cell(data.get(f"{PREFIX}-{text}-{key}", "")) for key in KEYS}
        found[int(text)] = cells if any(cells.values()) and f"{PREFIX}-{text}-out" not in data else None
    return found


def merged(rows: Sequence[dict], typed: dict[int, dict | None]) -> list[dict]:
    """Return the rows with those typed in their places; the further ones follow, those emptied or ticked are gone."""
    places = dict(enumerate(rows)) | typed
    return [places[place] for place in sorted(places) if places[place]]


def _cell(text: str) -> str:
    return " ".join(clean(text).replace("\0", "").split())[:LONGEST_CELL]


def heads() -> list[tuple[str, str]]:
    return list(HEADERS.items())
