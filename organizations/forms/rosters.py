"""The file an administrator hands in."""

from pathlib import PurePosixPath

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import PageForm
from organizations.office_files import refuse_bad_office_file
from vietnamese.folding import clean


class RosterForm(PageForm):
    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"),
        max_length=150,
        help_text=_("Theo tệp mẫu; không quá 20.000 dòng mỗi trang, không macro."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        file.name = PurePosixPath(clean(file.name).replace("\\", "/")).name
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError(
                _("Không nhận tệp “%(name)s”. Chỉ nhận tệp .xlsx, không macro."), params={"name": file.name[:80]}
            )
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Tệp “%(name)s” quá lớn. Mỗi tệp không quá %(most)d MB."),
                params={"name": file.name[:80], "most": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
            )
        refuse_bad_office_file(file, part="xl/workbook.xml", name=file.name[:80])
        file.seek(0)
        return file
