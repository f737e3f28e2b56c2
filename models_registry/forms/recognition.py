"""Forms of recognition: filtering the list, recording a fact, taking it back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.showcase import ALL, COUNTED
from models_registry.forms.writing import NoSecrets
from models_registry.models import Recognition
from models_registry.services.recognition import SHORTEST
from organizations.forms.fields import PageForm, UnitField
from organizations.models import Unit
from vietnamese.forms import DayField, Form

Recipient = Recognition.Recipient
UNIT_RECIPIENTS = [(one.value, one.label) for one in (Recipient.COLLECTIVE, Recipient.INDIVIDUAL)]


class RecognitionFilter(Form):
    """What the address of the list says; what cannot be read is left out."""

    q = forms.CharField(label=_("Tìm đơn vị"), max_length=100, required=False)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    stage = forms.ChoiceField(label=_("Bước"), required=False, choices=[ALL, *Recognition.Stage.choices])
    level = forms.ChoiceField(label=_("Cấp"), required=False, choices=[ALL, *Recognition.Level.choices])
    recipient = forms.ChoiceField(label=_("Dành cho"), required=False, choices=[ALL, *Recipient.choices])
    withdrawn = forms.BooleanField(label=_("Chỉ những ghi nhận đã rút"), required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [ALL, *((year, str(year)) for year in years)]

    def selects(self) -> list:
        return [self[name] for name in ("year", "stage", "level", "recipient")]

    def wanted(self) -> dict:
        """Return what `queries.recognition.listed` takes."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ModelRecognitionForm(NoSecrets, PageForm):
    """One fact about a model."""

    stage = forms.ChoiceField(label=_("Bước"), choices=Recognition.Stage.choices)
    on = DayField(label=_("Ngày ghi nhận hoặc ngày quyết định"))
    level = forms.ChoiceField(
        label=_("Cấp"),
        required=False,
        choices=[("", _("Không nêu")), *Recognition.Level.choices],
        help_text=_("Khen thưởng thì phải có cấp và số quyết định."),
    )
    award = forms.CharField(
        label=_("Hình thức"), max_length=150, required=False, help_text=_("Ví dụ: Bằng khen, Giấy khen, biểu dương.")
    )
    document_symbol = forms.CharField(
        label=_("Số, ký hiệu quyết định"), max_length=60, required=False, help_text=_("Ví dụ: 125-QĐ/TU.")
    )
    honours_year = forms.IntegerField(
        label=_("Dịp 19/5 năm"),
        required=False,
        min_value=2000,
        max_value=2200,
        help_text=_("Ghi năm nếu vì dịp 19/5: lựa chọn là đề nghị, khen thưởng là được khen trong danh sách năm ấy."),
    )
    note = forms.CharField(
        label=_("Nội dung"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3} | COUNTED)
    )


class UnitRecognitionForm(ModelRecognitionForm):
    """One fact about a collective or an individual, who is named only where they agree."""

    recipient = forms.ChoiceField(label=_("Dành cho"), choices=UNIT_RECIPIENTS, widget=forms.RadioSelect)
    unit = UnitField(label=_("Đơn vị"))
    position = forms.CharField(label=_("Chức danh của cá nhân"), max_length=150, required=False)
    name = forms.CharField(label=_("Họ và tên của cá nhân"), max_length=150, required=False)
    consent = forms.BooleanField(label=_("Người ấy đồng ý cho ghi họ tên"), required=False)

    field_order = ("recipient", "unit", "position", "name", "consent")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].units = Unit.objects.visible_to(user)


class WithdrawRecognitionForm(NoSecrets, PageForm):
    reason = forms.CharField(
        label=_("Lý do rút"),
        min_length=SHORTEST,
        max_length=500,
        help_text=_("Ghi nhận vẫn đọc được cùng lý do này, nhưng không tính vào đâu nữa."),
        widget=forms.Textarea(attrs={"rows": 3} | COUNTED),
    )
