"""Forms of what a board keeps. They turn a POST into clean values; services save."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from models_registry.models import CriterionSet, RegistrationRound, ResolutionTarget, Shortcoming, Theme
from models_registry.queries.plans import owners_for
from organizations.models import Unit
from vietnamese.forms import DayField, Form, ModelForm

FIRST_YEAR, LAST_YEAR = 2016, 2100
SHORTEST_REASON = 10


class YearField(forms.IntegerField):
    """A year typed in four digits."""

    default_error_messages = {
        name: _("Năm không đúng. Hãy nhập bốn chữ số, ví dụ 2026.") for name in ("invalid", "min_value", "max_value")
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("min_value", FIRST_YEAR)
        kwargs.setdefault("max_value", LAST_YEAR)
        # A year is not an amount: no thousands dot.
        kwargs.setdefault("localize", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}))
        super().__init__(**kwargs)


class KeptForm(ModelForm):
    """A row a board keeps: its owner is chosen among the units the board keeps plans for."""

    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].initial = self.instance.edition
        if "owner" in self.fields:
            self.fields["owner"].queryset = owners_for(user, localdate())
            self.fields["owner"].empty_label = None
            if self.instance.pk is None:
                self.fields["owner"].initial = user.post.unit_id
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _refuse_backwards(self, first: str, last: str, sentence) -> None:
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if start is not None and end is not None and end < start:
            self.add_error(last, sentence)


class SpanForm(KeptForm):
    def clean(self):
        cleaned = super().clean()
        self._refuse_backwards("year_from", "year_to", _("Năm cuối phải bằng hoặc sau năm đầu."))
        return cleaned


class ThemeForm(SpanForm):
    year_from = YearField(label=_("Từ năm"))
    year_to = YearField(label=_("Đến năm"))

    class Meta:
        model = Theme
        fields = ["title", "year_from", "year_to", "document_symbol", "owner"]
        labels = {
            "title": _("Tên chuyên đề"),
            "document_symbol": _("Số, ký hiệu văn bản"),
            "owner": _("Cơ quan ban hành"),
        }
        widgets = {"title": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}


class ResolutionTargetForm(SpanForm):
    year_from = YearField(label=_("Từ năm"))
    year_to = YearField(label=_("Đến năm"))

    class Meta:
        model = ResolutionTarget
        fields = ["text", "document_symbol", "year_from", "year_to", "owner"]
        labels = {
            "text": _("Chỉ tiêu"),
            "document_symbol": _("Thuộc nghị quyết"),
            "owner": _("Nghị quyết của"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}


class ShortcomingForm(KeptForm):
    year = YearField(label=_("Năm"))

    class Meta:
        model = Shortcoming
        fields = ["text", "source", "year", "owner"]
        labels = {
            "text": _("Tồn tại, hạn chế"),
            "source": _("Được nêu tại"),
            "owner": _("Của tổ chức"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}


class RoundForm(KeptForm):
    """A round that is not open yet: everything can still be chosen."""

    year = YearField(label=_("Năm kế hoạch"))
    opens_on = DayField(label=_("Mở ngày"))
    closes_on = DayField(label=_("Hạn đăng ký"))
    late_until = DayField(label=_("Nhận muộn đến ngày"), help_text=_("Sau ngày này không nhận nữa. Có thể gia hạn."))
    target_kinds = forms.MultipleChoiceField(
        label=_("Loại đơn vị phải đăng ký"), choices=Unit.Kind, widget=forms.CheckboxSelectMultiple
    )
    min_works = forms.IntegerField(
        label=_("Số việc ít nhất mỗi tập thể, cá nhân"), min_value=1, max_value=20, initial=1
    )
    max_works = forms.IntegerField(
        label=_("Số việc nhiều nhất mỗi tập thể, cá nhân"), min_value=1, max_value=20, initial=2
    )
    appraisal_days = forms.IntegerField(label=_("Số ngày làm việc để thẩm định"), min_value=1, max_value=90, initial=15)
    appraisers = forms.IntegerField(
        label=_("Số người chấm mỗi hồ sơ"),
        min_value=1,
        max_value=5,
        initial=1,
        help_text=_("Từ hai người trở lên thì mỗi người chấm riêng, nộp phiếu xong mới xem được điểm của nhau."),
    )
    apart_points = forms.IntegerField(
        label=_("Lệch từ bao nhiêu điểm thì lưu ý"),
        min_value=1,
        max_value=100,
        initial=15,
        help_text=_("Tính trên thang 100: phiếu lệch so với các phiếu khác từ mức này được nêu cho lãnh đạo Ban."),
    )

    class Meta:
        model = RegistrationRound
        fields = [
            "name",
            "year",
            "theme",
            "model_criteria",
            "sheet_criteria",
            "opens_on",
            "closes_on",
            "late_until",
            "target_kinds",
            "model_required",
            "members_required",
            "min_works",
            "max_works",
            "mask_names",
            "appraisal_days",
            "appraisers",
            "apart_points",
        ]
        labels = {
            "name": _("Tên đợt"),
            "theme": _("Chuyên đề"),
            "model_criteria": _("Tiêu chí thẩm định mô hình"),
            "sheet_criteria": _("Tiêu chí thẩm định bản đăng ký"),
            "model_required": _("Mỗi đơn vị phải có mô hình"),
            "members_required": _("Mỗi đảng viên phải đăng ký việc cá nhân"),
            "mask_names": _("Che tên cá nhân khi cấp trên xem"),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.body_id = self.instance.body_id or user.post.unit_id
        self.instance.body_id = self.body_id
        seen = CriterionSet.objects.visible_to(user).standing()
        self.fields["theme"].queryset = Theme.objects.visible_to(user).standing()
        self.fields["theme"].empty_label = None if self.instance.pk else _("Hãy chọn chuyên đề")
        for name, kind in (("model_criteria", "practice_model"), ("sheet_criteria", "registration_sheet")):
            self.fields[name].queryset = seen.filter(dossier_kind=kind)
            self.fields[name].empty_label = _("Hãy chọn bộ tiêu chí")

    def clean(self):
        cleaned = super().clean()
        self._refuse_backwards("opens_on", "closes_on", _("Hạn đăng ký phải bằng hoặc sau ngày mở."))
        self._refuse_backwards("closes_on", "late_until", _("Ngày nhận muộn phải bằng hoặc sau hạn đăng ký."))
        self._refuse_backwards("min_works", "max_works", _("Số việc nhiều nhất không được ít hơn số việc ít nhất."))
        return cleaned

    def clean_name(self):
        name = self.cleaned_data["name"]
        year = self.cleaned_data.get("year", self.instance.year)
        twins = RegistrationRound.objects.filter(body=self.body_id, year=year, name=name)
        if twins.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Năm này đã có đợt mang tên ấy. Hãy đặt tên khác."))
        return name

    field_order = ["year", "name"]


class OpenedRoundForm(RoundForm):
    """A round units already answer: its days move only by an extension, and what is owed stays."""

    year = opens_on = closes_on = late_until = min_works = max_works = None

    class Meta(RoundForm.Meta):
        fields = [
            "name",
            "theme",
            "model_criteria",
            "sheet_criteria",
            "target_kinds",
            "mask_names",
            "appraisal_days",
            "appraisers",
            "apart_points",
        ]


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Lý do"),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": _("Hãy nêu lý do, ít nhất 10 ký tự."), "required": _("Hãy nêu lý do.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ExtendForm(ReasonForm):
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    late_until = DayField(label=_("Nhận muộn đến ngày"))

    field_order = ["late_until", "reason", "edition"]


class CopyForm(Form):
    """Which rows of an earlier year go into which year."""

    rows = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        label=_("Những mục được chép"),
        error_messages={"required": _("Hãy chọn ít nhất một mục.")},
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = rows
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
