"""Fields that name a unit or a person by what people know of it: a code, a name, a telephone number."""

from pathlib import PurePosixPath

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from journal.antivirus import refuse_infected
from organizations.models import Person, Unit
from organizations.office_files import refuse_bad_office_file, refuse_long_workbook
from vietnamese.folding import clean, fold
from vietnamese.forms import Form

BETWEEN = " · "  # between a unit's code and its name, as suggestions write it


def unit_text(unit: Unit) -> str:
    """Return "CB-12 · Chi bộ ấp 1": unique by its code, readable by its name."""
    return f"{unit.code}{BETWEEN}{unit.name}"


class UnitField(forms.CharField):
    """A unit typed by code or name, or picked from suggestions; set `units`, the queryset to choose from, in the form.

    The page needs `<datalist id="unit-options">` (organizations/_unit_options.html).
    """

    default_error_messages = {
        "unknown": _("Không tìm thấy đơn vị này. Hãy nhập mã hoặc tên đơn vị."),
        "many": _("Có nhiều đơn vị như vậy: %(names)s. Hãy nhập mã."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Nhập mã hoặc vài chữ của tên (không cần dấu)."))
        super().__init__(max_length=360, **kwargs)
        self.units = Unit.objects.none()
        self.widget.attrs |= {
            "list": "unit-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy("organizations:suggest_units"),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#unit-options",
        }

    def prepare_value(self, value):
        return unit_text(value) if isinstance(value, Unit) else value

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        if exact := self.units.filter(code__iexact=typed.split(BETWEEN)[0].strip()).first():
            return exact
        for found in (self.units.filter(folded_name=fold(typed)), self.units.named_like(typed)):
            few = list(found[:4])
            if len(few) == 1:
                return few[0]
            if few:
                names = ", ".join(unit_text(unit) for unit in few[:3]) + (" …" if len(few) > 3 else "")
                raise ValidationError(self.error_messages["many"], code="many", params={"names": names})
        raise ValidationError(self.error_messages["unknown"], code="unknown")


class KnownPersonField(forms.CharField):
    """A person named by user name or telephone number, exactly."""

    default_error_messages = {"unknown": _("Không có ai dùng tên đăng nhập hoặc số điện thoại này.")}

    def clean(self, value):
        typed = super().clean(value)
        person = Person.objects.known_as(typed) if typed else None
        if typed and person is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return person


class PageForm(Form):
    """A form inside the page's own <form>; `refuse` puts what a service refused at the fields it names."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def refuse(self, refused: ValidationError) -> None:
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for field, errors in refused.error_dict.items():
            self.add_error(field if field in self.fields else None, errors)


class UploadForm(PageForm):
    """A form of one file; a subclass gives the field `file` and refuses what the content is not."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        file.name = PurePosixPath(clean(file.name).replace("\\", "/")).name
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Tệp “%(name)s” quá lớn. Mỗi tệp không quá %(most)d MB."),
                params={"name": file.name[:80], "most": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
            )
        refuse_infected(file, name=file.name[:80])
        return file


class WorkbookForm(UploadForm):
    """A form of one XLSX file; a subclass gives the field `file` and how many rows and columns are read of it."""

    longest: int
    columns: int

    def clean_file(self):
        file = super().clean_file()
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError(
                _("Không nhận tệp “%(name)s”. Chỉ nhận tệp .xlsx, không macro."), params={"name": file.name[:80]}
            )
        refuse_bad_office_file(file, part="xl/workbook.xml", name=file.name[:80])
        refuse_long_workbook(file, rows=self.longest, columns=self.columns, name=file.name[:80])
        return file
