"""The ZIP of an old register an administrator hands in."""

from pathlib import PurePosixPath

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from completion.history.zipped import refuse_bad_zip
from organizations.forms.fields import PageForm
from vietnamese.folding import clean


class ArchiveForm(PageForm):
    file = forms.FileField(
        label=_("Tệp ZIP của sổ cũ"),
        max_length=150,
        help_text=_("Gồm units.csv, items.csv và events.csv, chữ UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        file.name = PurePosixPath(clean(file.name).replace("\\", "/")).name
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Tệp “%(name)s” quá lớn. Mỗi tệp không quá %(most)d MB."),
                params={"name": file.name[:80], "most": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
            )
        refuse_bad_zip(file)
        return file
