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


def with_canned(posted):
    """Return what was posted, the chosen sentences added to its reason, a line each; `canned.js` adds them at once."""
    chosen = posted.getlist("canned") if posted else []
    if not chosen:
        return posted
    reason = posted.get("reason", "").strip()
    whole = posted.copy()
    whole["reason"] = "\n".join([*filter(None, [reason]), *(text for text in chosen if text not in reason)])
    return whole
