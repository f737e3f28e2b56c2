"""The ZIP of an old register an administrator hands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from completion.history.zipped import refuse_bad_zip
from organizations.forms.fields import UploadForm


class ArchiveForm(UploadForm):
    file = forms.FileField(
        label=_("Tệp ZIP của sổ cũ"),
        max_length=150,
        help_text=_("Gồm units.csv, items.csv và events.csv, chữ UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_file(self):
        file = super().clean_file()
        refuse_bad_zip(file)
        return file
