"""Many individuals' works as rows of a table: what a row is called, how it is typed, and how one that stands reads."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy

from models_registry.forms.rows import WorkRow, number
from models_registry.forms.writing import PREFIX, RowFormSet, measures, row_formset, short_text
from models_registry.models import Dossier, MeasureUnit, WorkItem
from organizations.workbooks import Column, Sheet
from vietnamese.display import day_text, number_text
from vietnamese.folding import bare, clean

MOST_ROWS = 200  # of one posted page
LONGEST = 5_000  # rows of a file
TICK = "x"
DAYS = ("starts_on", "due_on")

# Headers are part of the file's format and stay Vietnamese, whatever the language of the page.
SHEET = Sheet(
    "individuals",
    "Cá nhân",
    (
        Column("subject_name", "Họ và tên", "Nguyễn Văn Mẫu", required=False, width=26),
        Column("subject_position", "Chức danh", "Đảng viên", required=False, width=18),
        Column("subject_is_head", "Người đứng đầu", "", required=False, width=9),
        Column("title", "Rõ việc", "Mỗi tháng kể một câu chuyện về Bác trong buổi sinh hoạt", required=False, width=44),
        Column("accountable", "Rõ trách nhiệm", "Chi ủy", required=False, width=18),
        Column("starts_on", "Bắt đầu", "ngày/tháng/năm", required=False, width=13),
        Column("due_on", "Hoàn thành", "ngày/tháng/năm", required=False, width=13),
        Column("ongoing", "Thường xuyên", "", required=False, width=9),
        Column("expected_result", "Rõ kết quả", "Mười câu chuyện được kể", required=False, width=34),
        Column("expected_value", "Số lượng", "10", required=False, width=11),
        Column("measure", "Đơn vị tính", "buổi", required=False, width=13),
        Column("id", "Mã dòng", "ví dụ", required=False, width=10),
    ),
    head=2,
    longest=LONGEST,
)
KEYS = tuple(column.key for column in SHEET.columns if column.key != "id")
HEADERS = {column.key: column.header for column in SHEET.columns}
YES = frozenset({"x", "v", "✓", "✔", "1", "on", "true", "co", "dung", "yes"})
NO = frozenset({"", "0", "off", "false", "khong", "sai", "no", "-"})


class TickField(forms.Field):
    """Yes or no, ticked on a page, or written as x, có, 1."""

    widget = forms.TextInput
    default_error_messages = {"invalid": gettext_lazy("Hãy ghi x nếu có, để trống nếu không.")}

    def to_python(self, value):
        typed = bare(str(value or ""))
        if typed not in YES | NO:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return typed in YES

    def has_changed(self, initial, data):
        return bool(data)


class MeasureField(forms.Field):
    """A unit of the controlled list by its name, without regard to accents; set `known`, {name: unit}."""

    widget = forms.TextInput
    known: Mapping[str, MeasureUnit] = {}
    default_error_messages = {
        "unknown": gettext_lazy("Không có đơn vị tính “%(typed)s”. Hãy chọn một tên trong danh sách.")
    }

    def to_python(self, value):
        typed = " ".join((value or "").split())
        if not typed:
            return None
        found = self.known.get(typed) or self.known.get(_measure_key(typed))
        if found is None:
            params = {"typed": typed[:40]}
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown", params=params)
        return found


def _measure_key(name: str) -> str:
    return bare(name).replace("²", "2").replace("³", "3")


def measures_by_name() -> dict[str, MeasureUnit]:
    """Return {name, and its bare form: unit}; one query."""
    units = list(measures().values())
    return {_measure_key(one.name): one for one in reversed(units)} | {one.name: one for one in units}


class IndividualRow(WorkRow):
    """One work and whose it is."""

    subject_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=150)
    subject_position = short_text(gettext_lazy("Chức danh"), 150)
    subject_is_head = TickField(label=gettext_lazy("Người đứng đầu"), required=False)
    ongoing = TickField(label=gettext_lazy("Thường xuyên"), required=False)
    expected_value = number()
    measure = MeasureField(label=gettext_lazy("Đơn vị tính"), required=False)

    field_order = KEYS

    def __init__(self, *args, measures, year, **kwargs):
        super().__init__(*args, measures={}, year=year, proposed={}, individual=True, **kwargs)
        self._measures = self.fields["measure"].known = measures

    def clean_measure(self):
        return self.cleaned_data["measure"]

    def clean(self):
        cleaned = super().clean()
        for name in ("subject_name", "subject_position", "title", "accountable", "expected_result"):
            if cleaned.get(name):
                cleaned[name] = " ".join(cleaned[name].split())
        return cleaned


def rows_formset(data=None, *, saved=(), blank: int, year: int, measures: Mapping[str, MeasureUnit]) -> RowFormSet:
    formset = row_formset(IndividualRow, most=MOST_ROWS, blank=blank)
    initial = list(saved) if data is None else None
    return formset(data, initial=initial, prefix=PREFIX, form_kwargs={"year": year, "measures": measures})


def standing(dossier: Dossier) -> list[WorkItem]:
    """Return the works of individuals on a sheet in the order the table shows them; one query."""
    works = dossier.items.filter(kind=WorkItem.Kind.INDIVIDUAL).select_related("measure")
    return list(works.order_by("subject_number", "order", "id"))


def typed_of(item: WorkItem) -> dict[str, str]:
    """Return how a work that stands reads in the cells of a page, by field."""
    return {key: _shown(getattr(item, key)) for key in KEYS} | {"id": str(item.pk)}


def _shown(value) -> str:
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return TICK
    if isinstance(value, date):
        return day_text(value)
    return number_text(value) if isinstance(value, Decimal) else " ".join(clean(str(value)).split())


def says_something(typed: Mapping[str, str]) -> bool:
    return any(typed.get(key) for key in KEYS)
