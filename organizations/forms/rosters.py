"""The file an administrator hands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import WorkbookForm
from organizations.rosters.columns import SHEETS


class RosterForm(WorkbookForm):
    longest = max(sheet.longest for sheet in SHEETS)
    columns = sum(len(sheet.columns) for sheet in SHEETS)
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        max_length=150,
        help_text=_("Theo tệp mẫu; không quá 20.000 dòng mỗi trang, không macro."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
