"""The file an administrator hands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import UploadForm
from organizations.office_files import refuse_bad_office_file


class RosterForm(UploadForm):
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        max_length=150,
        help_text=_("Theo tệp mẫu; không quá 20.000 dòng mỗi trang, không macro."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        file = super().clean_file()
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError(
                _("Không nhận tệp “%(name)s”. Chỉ nhận tệp .xlsx, không macro."), params={"name": file.name[:80]}
            )
        refuse_bad_office_file(file, part="xl/workbook.xml", name=file.name[:80])
        file.seek(0)
        return file
