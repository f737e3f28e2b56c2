"""How somebody agreed to be named, or to be shown on a photo."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.writing import NoSecrets
from models_registry.models import Consent
from models_registry.services.consent import SCANS
from models_registry.uploads import take_in
from vietnamese.forms import DayField, Form

SCAN_INPUT = forms.FileInput(attrs={"accept": ",".join(kind.suffix for kind in SCANS)})


class ConsentForm(NoSecrets, Form):
    how = forms.ChoiceField(
        label=_("Người ấy đồng ý bằng cách nào"),
        choices=[one for one in Consent.How.choices if one[0] != Consent.How.NOBODY],
        widget=forms.RadioSelect,
    )
    given_on = DayField(label=_("Ngày đồng ý"))
    scan = forms.FileField(
        label=_("Ảnh chụp hoặc bản quét phiếu đồng ý"),
        required=False,
        allow_empty_file=True,
        max_length=None,
        help_text=_("PDF, JPG hoặc PNG. Chỉ đơn vị và Ban thẩm định mở được."),
        widget=SCAN_INPUT,
    )

    def clean_scan(self):
        sent = self.cleaned_data["scan"]
        return take_in(sent) if sent else None


class PhotoConsentForm(ConsentForm):
    who = forms.CharField(
        label=_("Ai trong ảnh đã đồng ý"),
        max_length=300,
        required=False,
        help_text=_("Ghi đủ những người nhận ra được trong ảnh. Có người chưa đồng ý thì không đăng ảnh."),
    )
    field_order = ("how", "who", "given_on", "scan")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].label = _("Căn cứ để đăng ảnh")
        self.fields["how"].choices = Consent.How.choices
