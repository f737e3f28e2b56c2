"""Keeping the calendar of working days: whoever changes it moves the due days that are counted by it."""

from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.timezone import get_default_timezone, localdate, make_aware
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.models import Dossier, SpecialDays, Turn
from models_registry.queries.calendar import SHOWN, keeps_calendar, working_calendar
from vietnamese.working_days import fixed_days_off

BATCH = 500
LONGEST = 31


@transaction.atomic
def keep_special_days(first: date, last: date, *, name: str, works: bool, by, at: datetime) -> SpecialDays:
    """Enter days off, or weekend days worked instead; the first of a year bring its fixed holidays with them.

    Open turns whose working days were counted over them are due anew. Raises PermissionDenied or ValidationError (days
    out of order or of two years, entered already, or a working day said to be worked), and then changes nothing.
    """
    _refuse_stranger(by)
    if last < first or last.year != first.year or (last - first).days >= LONGEST:
        raise ValidationError({"last_on": _("Ngày cuối phải cùng năm, từ ngày đầu trở đi và không quá 31 ngày.")})
    if works and any(day.weekday() < 5 for day in _days(first, last)):
        raise ValidationError({"works": _("Làm bù chỉ ghi cho thứ Bảy, Chủ nhật.")})
    if not SpecialDays.objects.filter(first_on__year=first.year, works=False).exists():
        _enter_fixed(first.year, but_not=set(_days(first, last)))
    if taken := SpecialDays.objects.filter(first_on__lte=last, last_on__gte=first).first():
        raise ValidationError({"first_on": _("Ngày này đã có trong lịch: %(name)s.") % {"name": taken.name}})
    row = SpecialDays.objects.create(first_on=first, last_on=last, name=name.strip(), works=works)
    _changed("entered", row, by=by, at=at)
    return row


@transaction.atomic
def drop_special_days(pk: int, *, by, at: datetime) -> None:
    """Take days out of the calendar again. Raises SpecialDays.DoesNotExist or PermissionDenied."""
    _refuse_stranger(by)
    row = SpecialDays.objects.select_for_update().get(pk=pk)
    SpecialDays.objects.filter(pk=pk).delete()
    _changed("dropped", row, by=by, at=at)


def _enter_fixed(year: int, *, but_not: set[date]) -> None:
    SpecialDays.objects.bulk_create(
        SpecialDays(first_on=day, last_on=day, name=_("Nghỉ lễ")) for day in fixed_days_off(year) if day not in but_not
    )


def _changed(verb: str, row: SpecialDays, *, by, at: datetime) -> None:
    moved = _count_anew(row)
    detail = {
        "name": row.name,
        "from": row.first_on.isoformat(),
        "to": row.last_on.isoformat(),
        "works": row.works,
        "moved": moved,
    }
    record(f"calendar.{verb}", subject="calendar", subject_id=row.pk, by=by, at=at, detail=detail)
    transaction.on_commit(lambda: cache.delete(SHOWN))


def _count_anew(row: SpecialDays) -> int:
    """Move the due days of open turns that ran over these days; returns how many. A day that was named stays."""
    after = make_aware(datetime.combine(row.last_on + timedelta(days=1), time.min), get_default_timezone())
    # A whole entered year may move a day further than the days themselves.
    turns = Turn.objects.open().filter(
        working_days__isnull=False, began_at__lt=after, due_on__gte=date(row.first_on.year, 1, 1)
    )
    calendar, moved = working_calendar(), []
    for turn in turns.select_for_update():
        due_on = calendar.add(localdate(turn.began_at), turn.working_days)
        if due_on != turn.due_on:
            turn.due_on = due_on
            moved.append(turn)
    Turn.objects.bulk_update(moved, ["due_on"], batch_size=BATCH)
    open_turn = Turn.objects.open().filter(dossier=OuterRef("pk")).values("due_on")
    for start in range(0, len(moved), BATCH):
        dossiers = [turn.dossier_id for turn in moved[start : start + BATCH]]
        Dossier.objects.filter(pk__in=dossiers).update(due_on=Subquery(open_turn))
    return len(moved)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _refuse_stranger(by) -> None:
    if not keeps_calendar(by):
        raise PermissionDenied
