"""One row of each list of a dossier."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.forms.writing import RowForm, long_text, short_text
from models_registry.measuring import measures_in
from models_registry.models import ShortcomingLink, name_key
from vietnamese.folding import fold
from vietnamese.forms import DayField, NumberField

# The id of the list of days that a due day may be picked from.
QUARTER_ENDS = "quarter-ends"


class MeasuredRow(RowForm):
    """A row with a number and a unit of the controlled list (`measures`)."""

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self._measures = measures
        self.fields["measure"].choices = [("", _("— chọn —")), *((pk, one.name) for pk, one in measures.items())]

    def clean_measure(self):
        return self._measures.get(self.cleaned_data["measure"])


def number() -> NumberField:
    return NumberField(label=gettext_lazy("Số lượng"), required=False, max_digits=12, decimal_places=2, min_value=0)


def measure() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Đơn vị tính"), required=False)


class WorkRow(MeasuredRow):
    """A work with the five clear things; what is missing is told before sending, what is wrong at once."""

    title = short_text(
        gettext_lazy("Rõ việc"),
        500,
        help_text=gettext_lazy("Việc cụ thể, ví dụ: Thành lập 3 tổ tự quản thu gom rác tại nguồn"),
    )
    assignee = short_text(gettext_lazy("Rõ người"), 200, help_text=gettext_lazy("Ai làm: chức danh hoặc bộ phận"))
    accountable = short_text(gettext_lazy("Rõ trách nhiệm"), 200, help_text=gettext_lazy("Ai chịu trách nhiệm"))
    starts_on = DayField(label=gettext_lazy("Rõ tiến độ: bắt đầu"), required=False)
    due_on = DayField(label=gettext_lazy("Rõ tiến độ: hoàn thành"), required=False)
    ongoing = forms.BooleanField(label=gettext_lazy("Việc làm thường xuyên cả năm"), required=False)
    expected_result = short_text(
        gettext_lazy("Rõ kết quả"), 500, help_text=gettext_lazy("Kết quả đo đếm được, ví dụ: 60 hộ phân loại rác")
    )
    expected_value = number()
    measure = measure()

    def __init__(self, *args, year, proposed, individual=False, **kwargs):
        super().__init__(*args, **kwargs)
        self._year, self.proposed = year, proposed
        if not self.is_bound and not self.initial:
            self.initial = dict(proposed)
        self.fields["due_on"].widget.attrs["list"] = QUARTER_ENDS
        if individual:
            del self.fields["assignee"]

    def clean(self):
        cleaned = super().clean()
        starts, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", _("Ngày hoàn thành phải sau ngày bắt đầu."))
        elif due and due.year != self._year and not cleaned.get("ongoing"):
            self.add_error("due_on", _("Hạn hoàn thành phải nằm trong năm kế hoạch %(year)d.") % {"year": self._year})
        if not self.errors and cleaned.get("expected_value") is None and not cleaned.get("measure"):
            cleaned |= self._said_in_words(cleaned.get("expected_result", ""))
        if cleaned.get("expected_value") is not None and not cleaned.get("measure") and "measure" not in self.errors:
            self.add_error("measure", _("Hãy chọn đơn vị tính cho số lượng."))
        return cleaned

    def _said_in_words(self, result: str) -> dict:
        """Return number and unit where the expected result names exactly one: nobody types "60 hộ" twice."""
        units = {one.name: one for one in self._measures.values()}
        found = measures_in(result, units)
        return {"expected_value": found[0][0], "measure": units[found[0][1]]} if len(found) == 1 else {}


class OutputRow(MeasuredRow):
    name = short_text(gettext_lazy("Sản phẩm, kết quả"), 200, help_text=gettext_lazy("Ví dụ: Số hộ tham gia"))
    value = number()
    measure = measure()

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("name") or cleaned.get("value") is not None) and not cleaned.get("measure"):
            self.add_error("measure", _("Hãy chọn đơn vị tính."))
        if cleaned.get("value") is not None and not cleaned.get("name"):
            self.add_error("name", _("Hãy nêu tên sản phẩm, kết quả."))
        return cleaned


class ExemplarRow(RowForm):
    name = short_text(
        gettext_lazy("Họ và tên"), 150, help_text=gettext_lazy("Bỏ trống nếu người đó chưa đồng ý nêu tên")
    )
    position = short_text(gettext_lazy("Chức danh, vai trò"), 150)
    evidence = long_text(gettext_lazy("Việc làm, hiệu quả thực tế"), rows=3)
    consent = forms.BooleanField(label=gettext_lazy("Người được nêu đã đồng ý"), required=False)
    # Of whom it was asked anew, by the key of the name.
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, named: Mapping[int, str], **kwargs):
        """`named` are the keys of the names that stand, by id: the tick beside one says nothing of another name."""
        super().__init__(*args, **kwargs)
        self._named = named

    def clean(self):
        cleaned = super().clean()
        name, asked = cleaned.get("name"), cleaned.pop("asked", "")
        if name and not cleaned.get("consent"):
            self.add_error("consent", _("Chỉ ghi tên khi người đó đã đồng ý. Hãy đánh dấu, hoặc bỏ trống họ tên."))
        elif name and name_key(name) not in (self._named.get(cleaned.get("id")) or name_key(name), asked):
            self._ask_anew(name)
        return cleaned

    def _ask_anew(self, name: str) -> None:
        self.data = self.data.copy()
        self.data.pop(self.add_prefix("consent"))
        self.data[self.add_prefix("asked")] = name_key(name)
        said = _("Dấu đồng ý trước là của người mang tên cũ. Nếu %(name)s đã đồng ý, hãy đánh dấu lại.")
        self.add_error("consent", said % {"name": name})


class ShortcomingRow(RowForm):
    """A named shortcoming chosen from the list, or one the unit names itself."""

    shortcoming = forms.ChoiceField(label=gettext_lazy("Chọn tồn tại, hạn chế"), required=False)
    text = short_text(gettext_lazy("Hoặc nêu tồn tại, hạn chế của đơn vị"), 500)
    remedy = forms.ChoiceField(
        label=gettext_lazy("Tình trạng khắc phục"),
        required=False,
        choices=[("", gettext_lazy("— chọn —")), *ShortcomingLink.Remedy.choices],
    )

    def __init__(self, *args, shortcomings, **kwargs):
        super().__init__(*args, **kwargs)
        self._shortcomings = shortcomings
        chosen = [(pk, one.text) for pk, one in shortcomings.items()]
        self.fields["shortcoming"].choices = [("", _("— chọn —")), *chosen]

    def clean_shortcoming(self):
        return self._shortcomings.get(self.cleaned_data["shortcoming"])

    def clean(self):
        cleaned = super().clean()
        named = cleaned.get("shortcoming") or cleaned.get("text")
        if named and not cleaned.get("remedy"):
            self.add_error("remedy", _("Hãy chọn tình trạng khắc phục."))
        if cleaned.get("remedy") and not named:
            self.add_error("shortcoming", _("Hãy chọn hoặc nêu tồn tại, hạn chế."))
        return cleaned


class CoUnitRow(RowForm):
    """A unit that works along, typed or chosen by name among the `near` ones ({folded name: unit})."""

    unit = short_text(gettext_lazy("Đơn vị phối hợp"), 300)

    def __init__(self, *args, near, **kwargs):
        super().__init__(*args, **kwargs)
        self._near = near
        self.fields["unit"].widget.attrs |= {"list": "near-units", "autocomplete": "off"}

    def clean_unit(self):
        typed = self.cleaned_data["unit"]
        if not typed:
            return ""
        if fold(typed) not in self._near:
            raise forms.ValidationError(
                _("Không tìm thấy đơn vị “%(name)s”. Hãy chọn một tên trong danh sách gợi ý.") % {"name": typed}
            )
        return self._near[fold(typed)]
