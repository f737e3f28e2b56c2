"""A unit's week in a few words: the one number and its movement, what is late, what is due, who will be too slow."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from completion.models import WeeklyWish
from completion.quarters import Quarter
from completion.queries.figures import ALL, Table, table_of
from completion.shares import difference_text
from dashboards.choices import present_quarter
from dashboards.definitions import state_text
from dashboards.queries import Glance, glance_of
from organizations.permissions import Action, may
from progress.queries.lagging import slow_units
from vietnamese.display import DASH, day_text, number_text, quarter_text

RATE = "r2"


def week_of(wish: WeeklyWish, *, by, at: datetime) -> tuple[Callable[[], str], dict]:
    """Return what says a unit's week in the language it is asked in, and its rate to compare the next with.

    Some ten queries, one over all works of two quarters below the unit for who urges.
    """
    today, quarter = localdate(at), present_quarter(localdate(at))
    table = table_of(wish.unit, quarter)
    glance = glance_of(wish.unit, quarter, today, kind=ALL, revision=None)
    slow = slow_units(by, {"unit": wish.unit_id}, at) if may(by, Action.URGE) else None
    rate = table and table.row.rate(RATE)
    told = {"quarter": str(quarter), "n": rate.n, "base": rate.base} if rate else {}

    def said() -> str:
        head = _("Tuần từ %(day)s, %(unit)s.") % {"day": day_text(today), "unit": wish.unit.name[:150]}
        return " ".join([head, _rate(table, quarter, wish), _waiting(glance), *(_slow(slow) if slow else [])])

    return said, told


def _rate(table: Table | None, quarter: Quarter, wish: WeeklyWish) -> str:
    of = quarter_text(quarter.number, quarter.year)
    if table is None:
        return _("%(quarter)s chưa có số liệu.") % {"quarter": of}
    rate = table.row.rate(RATE)
    counts = f" ({number_text(rate.n)}/{number_text(rate.base)})" if rate.base else ""
    said = {"quarter": of, "state": state_text(table.passport).lower(), "rate": f"{rate.text}{counts}"}
    shown = _("Lũy kế đến hạn (R2) %(quarter)s, %(state)s: %(rate)s") % said
    before = wish.said if wish.said.get("quarter") == str(quarter) else {}
    moved = difference_text(rate.n, rate.base, before["n"], before["base"]) if before else DASH
    if moved == DASH:
        return f"{shown}."
    return f"{shown}; " + _("so với bản tin %(day)s: %(moved)s.") % {"day": day_text(wish.week), "moved": moved}


def _waiting(glance: Glance) -> str:
    said = {"late": number_text(glance.overdue), "soon": number_text(glance.untouched or 0)}
    return _("Quá hạn %(late)s việc; đến hạn trong 14 ngày, chưa có tiến độ %(soon)s việc.") % said


def _slow(found: list) -> list[str]:
    first = {"count": number_text(len(found)), "name": found[0].name[:80], "short": number_text(found[0].count)}
    return [_("Không kịp theo nhịp của mình: %(count)s đơn vị, nhiều nhất là %(name)s, thiếu %(short)s việc.") % first]


def next_monday(day: date) -> date:
    return date.fromordinal(day.toordinal() + 7 - day.weekday())
