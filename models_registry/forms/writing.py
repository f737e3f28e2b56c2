"""The fields a dossier is written with: long text, short text, and rows of one list."""

from collections.abc import Mapping
from types import MappingProxyType

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from models_registry.models import MeasureUnit
from vietnamese.forms import CleanInput, Form, OwnWords
from vietnamese.secrecy import carries_secret_mark

LONGEST_TEXT = 10_000
PREFIX = "rows"


class NoSecrets:
    """Mixed into a form: text that carries the mark of a state secret is refused at its field."""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and carries_secret_mark(value):
                self.add_error(name, _("Nội dung mang dấu chỉ mức độ mật. Cổng này không nhận nội dung mật."))
        return cleaned


class WritingForm(NoSecrets, Form):
    """One step's own fields; none is required while it is a draft."""


def long_text(label, *, help_text="", rows=5) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-autosize": ""})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, help_text=help_text, widget=widget)


def short_text(label, most: int, **kwargs) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, **kwargs)


class RowForm(NoSecrets, OwnWords, forms.Form):
    """One row of a list. Rows with nothing in them are left out."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False
    # {field: value} that a new row opens with; a row that says nothing else is empty.
    proposed: Mapping = MappingProxyType({})

    def row(self) -> dict | None:
        """Return the row, or None when it was taken out or left empty."""
        values = {name: value for name, value in self.cleaned_data.items() if name != DELETION_FIELD_NAME}
        empty = (None, "", False)
        said = any(v not in empty and v != self.proposed.get(name) for name, v in values.items() if name != "id")
        return values if said and not self.cleaned_data.get(DELETION_FIELD_NAME) else None


class RowFormSet(CleanInput, forms.BaseFormSet):
    """Rows that work without script: "add" posts the page back with one more, a tick takes one out."""

    deletion_widget = forms.CheckboxInput

    default_error_messages = {
        "missing_management_form": _("Trang gửi lên không đủ dữ liệu. Hãy mở lại trang này rồi nhập lại."),
        "too_many_forms": _("Nhiều nhất %(num)d dòng. Hãy bỏ bớt."),
    }

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Bỏ mục này")

    def rows(self) -> list[dict]:
        """Return what was typed, row by row; after is_valid()."""
        return [row for form in self.forms if (row := form.row())]


def row_formset(form: type[RowForm], *, most: int, blank: int):
    """Return the class of a list of at most `most` rows that opens with `blank` empty ones."""
    return forms.formset_factory(
        form,
        formset=RowFormSet,
        extra=blank,
        max_num=most,
        absolute_max=most + 5,
        validate_max=True,
        can_delete=True,
    )


def formset_for(row: type[RowForm], saved: list[dict], data, *, most: int, blank: int, **kwargs) -> RowFormSet:
    """Return the list of what is saved, with `blank` rows where that is nothing, or of what was posted."""
    formset = row_formset(row, most=most, blank=0 if saved else blank)
    # A posted row counts by what it says, not by how it differs from what is saved.
    return formset(data, initial=saved if data is None else None, prefix=PREFIX, form_kwargs=kwargs)


def with_one_more(data, proposed: Mapping = MappingProxyType({})):
    """Return posted data with one more row, empty but for what is `proposed` ({field: what the page shows})."""
    more = data.copy()
    key = f"{PREFIX}-TOTAL_FORMS"
    number = int(more[key][:4]) if more.get(key, "").isdecimal() else 0
    more[key] = str(number + 1)
    for name, shown in proposed.items():
        more[f"{PREFIX}-{number}-{name}"] = shown
    return more


def measures() -> dict[str, MeasureUnit]:
    """Return {id as text: unit} of the controlled list; one query for all rows of a page."""
    return {str(one.pk): one for one in MeasureUnit.objects.all()}
