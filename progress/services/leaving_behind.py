"""Works of units that ended: who takes them over, and from which day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from organizations.services.units import require_reach
from progress.models import Fact
from progress.queries.quarters import GRACE_DAYS

BATCH = 1_000


@transaction.atomic
def hand_over_items(item_ids: Sequence[int], to: Unit, *, by, at: datetime) -> int:
    """Give works that ended units left behind to a unit that stands, from the day each was left; returns how many.

    Raises PermissionDenied, or ValidationError where one has been handed over meanwhile.
    """
    require_reach(by, to)
    if to.valid_to is not None:
        raise ValidationError({"to": _("%(unit)s đã kết thúc hoạt động.") % {"unit": to}})
    list(WorkItem.objects.select_for_update().filter(pk__in=item_ids).order_by("pk").values_list("pk"))
    left = left_behind(by, localdate(at)).filter(pk__in=item_ids)
    days: dict[date, list[int]] = {}
    for pk, day in left.values_list("pk", "unit__valid_to"):
        days.setdefault(max(day, to.valid_from), []).append(pk)
    if not days or sum(map(len, days.values())) != len(set(item_ids)):
        raise ValidationError(_("Có việc vừa được người khác bàn giao. Hãy tải lại trang rồi chọn lại."))
    moved = sum(
        transfer_items(WorkItem.objects.filter(pk__in=ids), to, on=day, reason="", by=by, at=at)
        for day, ids in days.items()
    )
    detail = {"count": moved}
    record("unit.items_handed_over", subject="unit", subject_id=to.pk, unit_id=to.pk, by=by, at=at, detail=detail)
    return moved


def left_behind(by, day: date):
    """Return the works of open years that ended units within reach of an administrator still hold."""
    ended = Unit.objects.visible_to(by).filter(valid_to__lte=day)
    return WorkItem.objects.counted().filter(unit__in=ended, year__gte=first_open_year(day), excluded_at=None)


def transfer_items(items, to: Unit, *, on: date, reason: str, by, at: datetime) -> int:
    """Let works belong to another unit from a day on, each by a fact of its own; returns how many.

    The caller has asked who may. Five queries, and one for each thousand works.
    """
    kept = list(items.counted().select_for_update(of=("self",)).order_by("pk").values_list("pk", "unit_id"))
    kept = [(pk, unit) for pk, unit in kept if unit != to.pk]
    Fact.objects.bulk_create(
        (
            Fact(item_id=pk, kind=Fact.Kind.TRANSFERRED, at=at, on=on, unit=to, reason=reason, by=by)
            for pk, _unit in kept
        ),
        batch_size=BATCH,
    )
    ids = [pk for pk, _unit in kept]
    for first in range(0, len(ids), BATCH):
        some = WorkItem.objects.filter(pk__in=ids[first : first + BATCH])
        some.update(first_unit=Coalesce("first_unit", F("unit")), unit=to, plain=False)
    changes = (ItemChange(item_id=pk, unit_id=unit, at=at) for pk, old in kept for unit in (old, to.pk))
    ItemChange.objects.bulk_create(changes, batch_size=BATCH)
    return len(kept)


def first_open_year(day: date) -> int:
    """Return the first year whose last quarter is not closed on a day."""
    return day.year - (day <= date(day.year, 1, GRACE_DAYS))
