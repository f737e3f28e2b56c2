"""How days, instants and numbers are written. Plain values in, text out."""

from datetime import date, datetime, tzinfo
from decimal import Decimal

from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

DASH = "—"


def day_text(value: date | datetime | None, zone: tzinfo | None = None) -> str:
    """Return "05/06/2024", when given an instant of the day in a zone or the local one; a dash for nothing."""
    if not value:
        return DASH
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value, zone)
    return f"{value:%d/%m/%Y}"


def instant_text(value: datetime | None) -> str:
    """Return "05/06/2024 14:30" in local time; a dash for nothing."""
    return f"{localtime(value):%d/%m/%Y %H:%M}" if value else DASH


def number_text(value: int | Decimal | None) -> str:
    """Return "133.350" or "1.150,5" without needless zeros; a dash for nothing."""
    if value is None or value == "":
        return DASH
    text = f"{value:,.2f}" if isinstance(value, Decimal | float) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def document_date(value: date) -> str:
    """Return the day as official documents write it: "ngày 05 tháng 01 năm 2024", but "tháng 3"."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def quarter_text(quarter: int, year: int | None = None) -> str:
    """Return "Quý IV" or "Quý IV/2026", in the language of the reader."""
    name = _("Quý %(number)s") % {"number": ("I", "II", "III", "IV")[quarter - 1]}
    return f"{name}/{year}" if year else name
