"""What every form of the board's steps shares: the edition that was seen, reasons, and how remarks are printed."""

from datetime import datetime

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from vietnamese.forms import Form

COUNTED = {"data-counter": _("Còn {n} ký tự"), "data-counter-over": _("Quá {n} ký tự")}
REASON = {"min_length": 10, "max_length": 2000, "widget": forms.Textarea(attrs={"rows": 4, **COUNTED})}
SHORT = _("Hãy nêu lý do, ít nhất 10 ký tự.")


REMARK_WORDS = ("id", "name", "value", "errors", "open", "invalid")


def remark_words(field) -> dict[str, str]:
    """Return what `_place_remark.html` prints of a remark's bound field."""
    value = field.value() or ""
    return {
        "id": field.auto_id,
        "name": field.html_name,
        "value": value,
        "errors": told_at(field),
        "open": "open" if value or field.errors else "",
        "invalid": "is-invalid" if field.errors else "",
    }


def told_at(field) -> str:
    """Return the errors of a bound field as paragraphs."""
    return format_html_join("", '<p class="invalid-feedback">{}</p>', ((error,) for error in field.errors))


class EditionForm(Form):
    """A page's step without words of its own: only the edition that was seen."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)


def instant(text: str) -> datetime | None:
    """Return the instant a hidden field carries; None for nothing and for what is none."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
