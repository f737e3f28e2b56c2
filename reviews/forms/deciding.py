"""What a head types when deciding one dossier."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.steps import REASON, SHORT, EditionForm, instant


class DecisionForm(EditionForm):
    """A head's step: also which proposal was read."""

    proposed_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_proposed_at(self):
        return instant(self.cleaned_data["proposed_at"])


class RefusalForm(DecisionForm):
    reason = forms.CharField(label=_("Lý do không duyệt"), error_messages={"min_length": SHORT}, **REASON)
