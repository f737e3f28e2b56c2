"""Trouble seen early: works due soon of which nothing was told, and units whose own pace will not do.

Who is told of it, and who is left out and why, is worked out here; `services.lagging` reminds exactly those.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.models import Event
from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from models_registry.queries.calendar import shown_calendar
from organizations.models import Post, Unit
from organizations.reminding import OFFICERS, standing
from organizations.services.units import midnight
from progress.pace import Pace
from progress.queries.items import untouched
from vietnamese.display import day_text, instant_text, number_text
from vietnamese.quarters import first_day, last_day, quarter_before, quarter_of

# A unit reminded of the same within so many days, today among them, is left in peace.
IN_PEACE = 3
FINISHED = (ItemState.REPORTED, ItemState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Lagging:
    """One unit that lags, with so many works, and what is said of it; `told` says who would be reminded.

    `why_not` says why nobody is: reminded lately, nobody seated, the own unit.
    """

    unit: int
    name: str
    count: int
    said: str
    nearest: date | None = None
    pace: Pace | None = None
    told: str = ""
    why_not: str = ""


def untouched_units(user, values: dict, at: datetime) -> list[Lagging]:
    """Return the units with works `untouched`, those with the nearest day first; one query, two for a chosen unit."""
    found = untouched(_seen(user, values, at), localdate(at)).order_by()
    rows = found.values_list("unit", "unit__name").annotate(n=Count("pk"), nearest=Min("due_in_force"))
    return [
        Lagging(unit, name, count, _says_untouched(count, nearest), nearest)
        for unit, name, count, nearest in rows.order_by("nearest", "-n", "unit__path")
    ]


def slow_units(user, values: dict, at: datetime) -> list[Lagging]:
    """Return the units whose own pace leaves works of the quarter undone, those that will lack most first.

    Of works a unit itself holds, the ones below it by themselves. Two queries, three for a chosen unit.
    """
    day = localdate(at)
    year, quarter = day.year, quarter_of(day)
    passed, left, since = stretches(day)
    before = quarter_before(year, quarter)
    due = Q(year=year, due_in_force__range=(first_day(year, quarter), last_day(year, quarter)))
    done = Q(state__in=FINISHED)
    found = _seen(user, values, at).filter(excluded_at__isnull=True, year__in={year, before[0]}).order_by()
    rows = found.values_list("unit", "unit__name").annotate(
        due=Count("pk", filter=due),
        done=Count("pk", filter=due & done),
        finished=Count("pk", filter=done & Q(completed_on__range=(first_day(year, quarter), day))),
        before=Count("pk", filter=done & Q(completed_on__range=(since, last_day(*before)))),
    )
    lagging = []
    for unit, name, *counts in rows.filter(due__gt=0).order_by("unit__path"):
        pace = Pace(*counts, passed, left)
        if pace.short:
            lagging.append(Lagging(unit, name, pace.short, _says_slow(pace), pace=pace))
    return sorted(lagging, key=lambda one: -one.count)


def stretches(day: date) -> tuple[int, int, date]:
    """Return the working days passed of a day's quarter, those left, and the day from which as many were left of the
    quarter before; one query a minute, for the calendar."""
    calendar, year, quarter = shown_calendar(), day.year, quarter_of(day)
    first, last = first_day(year, quarter), last_day(year, quarter)
    passed, left = calendar.between(first - timedelta(days=1), day), calendar.between(day, last)
    end = since = last_day(*quarter_before(year, quarter))
    while calendar.between(since - timedelta(days=1), end) < left:
        since -= timedelta(days=1)
    return passed, left, since if left else end + timedelta(days=1)


def _seen(user, values: dict, at: datetime):
    """Return the works within sight, of units that stand, narrowed to a unit and all below it and to a kind."""
    found = WorkItem.objects.visible_to(user).counted().filter(standing(localdate(at)))
    if values.get("kind"):
        found = found.filter(kind=values["kind"])
    if values.get("unit"):
        unit = Unit.objects.visible_to(user).filter(pk=values["unit"]).first()
        found = found.filter(unit__in=Unit.objects.below(unit)) if unit else found.none()
    return found


def _says_untouched(count: int, nearest: date) -> str:
    said = {"count": number_text(count), "day": day_text(nearest)}
    return _("%(count)s việc đến hạn trong 14 ngày chưa có tiến độ, gần nhất hạn %(day)s") % said


def _says_slow(pace: Pace) -> str:
    names = ("due", "done", "open", "finished", "before", "passed", "left", "by_now", "more", "short")
    return _(
        "Xong hoặc đã báo cáo %(done)s/%(due)s việc đến hạn trong quý; còn %(open)s việc và %(left)s ngày làm việc. "
        "Nhịp quý này (%(finished)s việc trong %(passed)s ngày) thì làm thêm được %(by_now)s; %(left)s ngày cuối quý "
        "trước đơn vị làm %(before)s. Lấy số lớn hơn là %(more)s, vẫn thiếu %(short)s."
    ) % {name: number_text(getattr(pace, name)) for name in names}


@dataclass(frozen=True, slots=True)
class What:
    """One kind of lagging: how its units are found, what it is called, and the page of a unit's own works."""

    units: Callable[..., list[Lagging]]
    title: str
    link: Callable[[date], str]


def _own_works(day: date) -> str:
    return f"{reverse('progress:items')}?when=untouched&year={day.year}"


def _own_quarter(day: date) -> str:
    return f"{reverse('progress:items')}?year={day.year}&quarter={quarter_of(day)}"


WHATS = {
    "untouched": What(untouched_units, gettext_lazy("Việc đến hạn trong 14 ngày, chưa có tiến độ"), _own_works),
    "slow": What(slow_units, gettext_lazy("Đơn vị sẽ không kịp theo nhịp của mình"), _own_quarter),
}


def rehearsed(what: str, user, values: dict, at: datetime) -> list[Lagging]:
    """Return the units that lag with who would be told, or why nobody; those to be reminded first.

    Two queries more than finding them.
    """
    found = WHATS[what].units(user, values, at)
    units = [one.unit for one in found]
    seated, lately = _seated(units, at), reminded_lately(what, units, at)
    told = []
    for one in found:
        if one.unit == user.post.unit_id:
            told.append(replace(one, why_not=_("Đơn vị của chính bạn.")))
        elif one.unit in lately:
            told.append(replace(one, why_not=_says_reminded(lately[one.unit])))
        elif one.unit in seated:
            told.append(replace(one, told=", ".join(seated[one.unit])))
        else:
            told.append(replace(one, why_not=_("Chưa có bí thư hay phó bí thư nào có tài khoản đang dùng.")))
    return sorted(told, key=lambda one: bool(one.why_not))


def reminded_lately(what: str, units, at: datetime) -> dict[int, Event]:
    """Return {unit: the last reminder of this kind in the last days} of those reminded; one query."""
    since = midnight(localdate(at) - timedelta(days=IN_PEACE - 1))
    found = Event.objects.filter(verb="unit.urged", at__gte=since, subject="unit", detail__what=what)
    found = found.filter(subject_id__in=units) if len(units) <= 500 else found
    return {event.subject_id: event for event in found.select_related("actor", "unit").order_by("at", "pk")}


def _says_reminded(event: Event) -> str:
    said = {"at": instant_text(event.at), "who": str(event.actor or "")}
    return _("Đã được nhắc lúc %(at)s, %(who)s.") % said


def _seated(units, at: datetime) -> dict[int, list[str]]:
    """Return {unit: the names of its officers who may sign in}; one query."""
    posts = Post.objects.current(at).filter(role__in=OFFICERS, person__is_active=True)
    posts = posts.filter(unit__in=units) if len(units) <= 500 else posts
    seated: dict[int, list[str]] = {}
    for unit, name in posts.order_by("unit", "role", "person__sort_key").values_list("unit", "person__full_name"):
        if name not in seated.setdefault(unit, []):
            seated[unit].append(name)
    return seated
