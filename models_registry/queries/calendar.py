"""The calendar working days are counted by."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from models_registry.models import SpecialDays
from organizations.permissions import Action, may, may_reach_a_root
from vietnamese.working_days import Calendar


def working_calendar() -> Calendar:
    """Return the calendar as it is kept now; one query of some ten rows a year."""
    days = {}
    for first, last, works in SpecialDays.objects.values_list("first_on", "last_on", "works"):
        days |= {first + timedelta(days=n): works for n in range((last - first).days + 1)}
    return Calendar(days)


def shown_calendar() -> Calendar:
    """Return the calendar days are counted by on a page; mostly no query. What is written asks `working_calendar`."""
    return cache.get_or_set(SHOWN, working_calendar, timeout=60)


SHOWN = "working-calendar"


def keeps_calendar(user) -> bool:
    """Whether this person enters holidays, for everybody: a head or administrator at the top of a tree. No query."""
    return may(user, Action.KEEP_CALENDAR) and may_reach_a_root(user)


def missing_sentence(years: Sequence[int]) -> str:
    """Return what is to be known where days of years are counted that nobody has entered; "" for none."""
    if not years:
        return ""
    told = {"years": ", ".join(map(str, years))}
    return (
        _("Chưa có lịch nghỉ lễ, Tết năm %(years)s: hạn mới tính theo thứ Bảy, Chủ nhật và các ngày lễ cố định.") % told
    )
