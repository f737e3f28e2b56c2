"""Forms whose input is normalised at the door, and the fields Vietnamese users type days and numbers into."""

import re
from decimal import Decimal

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from vietnamese.display import number_text
from vietnamese.folding import clean


def _cleaned(data):
    """Return posted data with every text in NFC and without unseen characters; other mappings unchanged in kind."""
    if isinstance(data, QueryDict):
        tidy = data.copy()
        for key, values in tidy.lists():
            tidy.setlist(key, [clean(value) if isinstance(value, str) else value for value in values])
        return tidy
    return {key: clean(value) if isinstance(value, str) else value for key, value in data.items()}


class CleanInput:
    """Mixed into a form or formset: what is typed is normalised once, before any field sees it."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(None if data is None else _cleaned(data), *args, **kwargs)


# Django's own sentences are stiff in Vietnamese; a field's own say otherwise where it has some.
_LIMITS = {
    "min_value": _("Ít nhất là %(limit_value)s."),
    "max_value": _("Nhiều nhất là %(limit_value)s."),
    "min_length": _("Cần ít nhất %(limit_value)d ký tự; ở đây có %(show_value)d."),
    "max_length": _("Nhiều nhất %(limit_value)d ký tự; ở đây có %(show_value)d."),
}
# Django's own sentence is not translated into Vietnamese.
_NO_NUL = ProhibitNullCharactersValidator(message=_("Có ký tự không đọc được. Hãy xóa nội dung này rồi nhập lại."))


class OwnWords:
    """Mixed into a form: an empty field, one beyond its limits and a NUL in a text are refused in our own words."""

    def __init__(self, *args, **kwargs):
        # Once on the fields every form of this class copies.
        for field in self.base_fields.values():
            if not hasattr(field, "has_own_words"):
                _tell(field)
        super().__init__(*args, **kwargs)


def _tell(field: forms.Field) -> None:
    field.error_messages = _LIMITS | field.error_messages
    if field.error_messages.get("invalid") == forms.IntegerField.default_error_messages["invalid"]:
        field.error_messages["invalid"] = _("Hãy nhập một số nguyên.")
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        asked = _("Hãy chọn mục này.") if hasattr(field, "choices") else _("Hãy điền mục này.")
        field.error_messages = field.error_messages | {"required": asked}
    field.validators = [
        _NO_NUL if isinstance(one, ProhibitNullCharactersValidator) else one for one in field.validators
    ]
    field.has_own_words = True


class Form(CleanInput, OwnWords, forms.Form):
    pass


class ModelForm(CleanInput, OwnWords, forms.ModelForm):
    pass


_DIGITS_ALONE = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d\d)", re.ASCII)


def _spelled_out(typed: str) -> str:
    """Return a day typed short as day/month/year in full, and anything else as it was."""
    typed = typed.strip()
    if found := _DIGITS_ALONE.fullmatch(typed):
        return "/".join(found.groups())
    if found := _SHORT_YEAR.fullmatch(typed):
        day, _mark, month, year = found.groups()
        return f"{day:0>2}/{month:0>2}/20{year}"
    return typed


class DayField(forms.DateField):
    """A day typed as 05/06/2024, 5/6/24, or 05062024 where the keyboard has digits alone; picked as 2024-06-05.

    A year of two digits is of this century; a form that comes back shows the day in full.
    """

    default_error_messages = {
        "invalid": _("Ngày không đúng. Hãy nhập ngày/tháng/năm, ví dụ 05/06/2026."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%d/%m/%Y",
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "placeholder": _("ngày/tháng/năm"),
                    "data-day": "",
                },
            ),
        )
        super().__init__(input_formats=get_format("DATE_INPUT_FORMATS", "vi"), **kwargs)

    def to_python(self, value):
        day = super().to_python(_spelled_out(value) if isinstance(value, str) else value)
        if day is not None and not 1900 <= day.year <= 2200:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value):
        return _spelled_out(value) if isinstance(value, str) else value


_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")


class NumberField(forms.DecimalField):
    """A number typed as 1.150 or 1.150,5; "1150.5" is understood too."""

    default_error_messages = {"invalid": _("Số không đúng. Hãy nhập số, ví dụ 1.150 hoặc 12,5.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip().replace(" ", "").replace("\u00a0", "")
            if _GROUPED.fullmatch(value):
                value = value.replace(".", "")
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        return number_text(value) if isinstance(value, Decimal | int) else value
