"""What a head types when deciding one dossier, and when telling what was decided."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviews.forms.steps import REASON, SHORT, EditionForm, instant
from vietnamese.forms import DayField, Form


class ProposalSeenForm(EditionForm):
    """A head's step: also which proposal was read."""

    proposed_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_proposed_at(self):
        return instant(self.cleaned_data["proposed_at"])


class DecisionForm(ProposalSeenForm):
    """A head's decision, told at once or prepared to be told later."""

    later = forms.BooleanField(label=_("Chỉ ký, công bố sau (đơn vị chưa biết)"), required=False)

    def seen(self) -> dict:
        """Return what the service takes of the page: what was read, and whether to tell it at once."""
        given = self.cleaned_data
        return {"edition": given["edition"], "proposed_at": given["proposed_at"], "announce": not given["later"]}


class RefusalForm(DecisionForm):
    reason = forms.CharField(label=_("Lý do không duyệt"), error_messages={"min_length": SHORT}, **REASON)


class SendBackForm(ProposalSeenForm):
    reason = forms.CharField(label=_("Lý do trả lại"), error_messages={"min_length": SHORT}, **REASON)


class ReopenForm(EditionForm):
    reason = forms.CharField(label=_("Lý do mở lại"), error_messages={"min_length": SHORT}, **REASON)


class AnnounceForm(Form):
    """Which prepared decisions are told together, and when: at once without a day."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Quyết định"), coerce=int, error_messages={"required": _("Hãy đánh dấu ít nhất một quyết định.")}
    )
    every = forms.BooleanField(label=_("Mọi quyết định đang chờ công bố"), required=False)
    due_on = DayField(label=_("Ngày công bố"), required=False, help_text=_("Để trống: công bố ngay bây giờ."))
    due_time = forms.TimeField(
        label=_("Giờ công bố"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%H"],
        initial="08:00",
        error_messages={"invalid": _("Hãy nhập giờ như 08:00.")},
    )

    def __init__(self, data=None, *, waiting: list[int], at: datetime):
        super().__init__(data)
        self.at = at
        self.fields["chosen"].choices = [(pk, pk) for pk in waiting]
        self.fields["chosen"].required = not (data and data.get("every"))

    def clean(self):
        given = super().clean()
        day, hour = given.get("due_on"), given.get("due_time") or time(8)
        given["due_at"] = timezone.make_aware(datetime.combine(day, hour)) if day else self.at
        if day and given["due_at"] <= self.at:
            self.add_error("due_on", _("Lúc công bố phải sau bây giờ. Muốn công bố ngay, hãy để trống ngày."))
        return given

    def decisions(self) -> list[int]:
        every = [pk for pk, _label in self.fields["chosen"].choices]
        return every if self.cleaned_data["every"] else self.cleaned_data["chosen"]
