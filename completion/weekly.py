"""The only writers of weekly wishes: to be told every Monday how a unit stands, once a week each."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from completion.models import WeeklyWish
from journal.models import Told
from journal.services import record
from organizations.models import Person, Post, Unit
from organizations.permissions import Action, may, reaches


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@transaction.atomic
def wish_weekly(unit: Unit, *, by: Person, at: datetime) -> None:
    """Have this person told of a unit from next Monday on; asked twice, it is one wish."""
    if not may(by, Action.FOLLOW_FIGURES) or not reaches(by, unit):
        raise PermissionDenied
    week = monday_of(localdate(at))
    _wish, is_new = WeeklyWish.objects.get_or_create(person=by, post=by.post, unit=unit, defaults={"week": week})
    if is_new:
        record("weekly.wished", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)


@transaction.atomic
def end_weekly(unit: Unit, *, by: Person, at: datetime) -> None:
    """Take a wish back."""
    ended, _rows = WeeklyWish.objects.of(by).filter(unit=unit).delete()
    if ended:
        record("weekly.wish_ended", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)


def weekly_to_tell(*, at: datetime, most: int) -> list[WeeklyWish]:
    """Return wishes nothing was told for this week, of posts still held; one query, of units still standing alone."""
    day = localdate(at)
    held = Post.objects.current(at).filter(person__is_active=True).order_by().values("pk")
    found = WeeklyWish.objects.filter(week__lt=monday_of(day), post__in=held)
    return list(found.filter(unit__in=Unit.objects.standing_on(day)).select_related("person", "post", "unit")[:most])


@transaction.atomic
def tell_weekly(wish: WeeklyWish, words: Callable[[], str], said: dict, *, at: datetime) -> bool:
    """Tell who wished for it, unless this week's was told already; whether this was the once."""
    week = monday_of(localdate(at))
    if not WeeklyWish.objects.filter(pk=wish.pk, week__lt=week).update(week=week, said=said):
        return False
    record(
        "weekly.told",
        subject="unit",
        subject_id=wish.unit_id,
        unit_id=wish.unit_id,
        by=None,
        at=at,
        detail={"wish": wish.pk},
        tell=[wish.person.acting_as(wish.post)],
        text=words,
        link=reverse("dashboards:unit", args=[wish.unit_id]),
        kind=Told.WEEKLY,
    )
    return True
