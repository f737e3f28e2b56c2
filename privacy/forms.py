"""Who answers for the data, and asking that somebody be erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.writing import NoSecrets
from privacy.models import Controller
from privacy.retention import RULES
from privacy.services.erasing import KINDS, SHORTEST
from vietnamese.forms import Form


class ControllerForm(NoSecrets, Form):
    name = forms.CharField(label=_("Cơ quan chịu trách nhiệm về dữ liệu"), max_length=200)
    address = forms.CharField(label=_("Địa chỉ cơ quan"), max_length=300, required=False)
    contact = forms.CharField(
        label=_("Điện thoại, thư điện tử liên hệ"), max_length=200, help_text=_("Của cơ quan, không phải số riêng.")
    )
    officer = forms.CharField(label=_("Người phụ trách bảo vệ dữ liệu"), max_length=150, required=False)
    officer_contact = forms.CharField(label=_("Cách liên hệ người phụ trách"), max_length=200, required=False)

    @staticmethod
    def kept(row: Controller | None) -> dict:
        return {name: getattr(row, name) for name in ControllerForm.base_fields} if row else {}


class RetentionForm(Form):
    """How many days one kind of data is kept."""

    key = forms.ChoiceField(choices=[(key, key) for key in RULES], widget=forms.HiddenInput)
    days = forms.IntegerField(label=_("Số ngày giữ"), min_value=1, max_value=9999)


class ErasureForm(NoSecrets, Form):
    reference = forms.CharField(
        label=_("Số, ngày của đơn hoặc văn bản yêu cầu"), max_length=100, help_text=_("Ví dụ: đơn ngày 05/06/2026.")
    )
    reason = forms.CharField(
        label=_("Lý do"), min_length=SHORTEST, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    named = forms.MultipleChoiceField(
        label=_("Những chỗ đúng là người này"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {
            "exemplar": _("Cá nhân điển hình"),
            "recognition": _("Được ghi nhận"),
            "item": _("Việc cá nhân"),
            "sent": _("Bản đã gửi trước đây"),
        }
        self.fields["named"].choices = [
            (f"{one.kind}-{one.pk}", f"{labels[one.kind]}: {one.name}, {one.position} – {one.unit}") for one in found
        ]
        if not found:
            del self.fields["named"]

    def rows(self) -> dict[str, list[int]]:
        """Return {kind: ids} of the rows that were ticked."""
        chosen = [one.rpartition("-") for one in self.cleaned_data.get("named", ())]
        return {kind: [int(pk) for name, _dash, pk in chosen if name == kind] for kind in KINDS}
