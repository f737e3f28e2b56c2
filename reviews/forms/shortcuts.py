"""What is typed to keep a sentence or a filter."""

from urllib.parse import parse_qsl, urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from vietnamese.forms import Form


class CannedRemarkForm(Form):
    text = forms.CharField(label=_("Câu mẫu mới"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class SavedFilterForm(Form):
    """A name for the filter of the queue that the page shows."""

    name = forms.CharField(label=_("Lưu bộ lọc này với tên"), max_length=60)
    address = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    @staticmethod
    def cleaned_address(address: str) -> str:
        """Return what an address asks for, without where one stood in it."""
        return urlencode([(name, value) for name, value in parse_qsl(address) if name not in ("page", "list")])

    def clean_address(self):
        return self.cleaned_address(self.cleaned_data["address"])


def remarks_field(remarks) -> forms.MultipleChoiceField:
    """Return a field whose chosen sentences are added to a reason; `canned.js` puts them there at once."""
    return forms.MultipleChoiceField(
        label=_("Câu mẫu"),
        choices=[(one.text, one.text) for one in remarks],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def with_remarks(reason: str, remarks: list[str]) -> str:
    """Return a reason with the chosen sentences that it does not say yet, a line each."""
    return "\n".join([*filter(None, [reason.strip()]), *(text for text in remarks if text not in reason)])
