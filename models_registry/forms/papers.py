"""Adding the scan of a signed paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.services.papers import SCANS
from models_registry.uploads import take_in
from vietnamese.forms import Form


class SignedForm(Form):
    """A scan, and who signed it; asked only where more than one may have."""

    signed_by = forms.ChoiceField(label=_("Người ký"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Chọn ảnh chụp hoặc bản quét đã ký"),
        allow_empty_file=True,
        max_length=None,
        help_text=_("PDF, JPG hoặc PNG. Nhiều trang thì chụp rõ từng trang, tải lên từng tệp."),
        widget=forms.FileInput(attrs={"accept": ",".join(kind.suffix for kind in SCANS)}),
    )

    def __init__(self, *args, signers, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.signers = {str(person.pk): person for person in signers}
        field = self.fields["signed_by"]
        field.choices = [(pk, str(person)) for pk, person in self.signers.items()]
        if len(self.signers) == 1:
            field.widget = forms.HiddenInput()
        if self.signers:
            self.initial["signed_by"] = str(by.pk) if str(by.pk) in self.signers else next(iter(self.signers))

    def clean_signed_by(self):
        return self.signers[self.cleaned_data["signed_by"]]

    def clean_file(self):
        return take_in(self.cleaned_data["file"])
