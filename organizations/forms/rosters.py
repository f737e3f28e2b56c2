"""The file an administrator hands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import WorkbookForm


class RosterForm(WorkbookForm):
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        max_length=150,
        help_text=_("Theo tệp mẫu; không quá 20.000 dòng mỗi trang, không macro."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
