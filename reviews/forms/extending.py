"""Moving a due day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.steps import REASON, SHORT
from vietnamese.forms import DayField, Form


class ExtensionForm(Form):
    due_on = DayField(label=_("Hạn mới"))
    reason = forms.CharField(
        label=_("Lý do gia hạn"),
        help_text=_("Đơn vị và Ban đều đọc được lý do này."),
        error_messages={"min_length": SHORT},
        **REASON,
    )
