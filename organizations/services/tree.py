"""Moving units in the dated tree, and keeping today's paths true to it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Placement, Reorganisation, Succession, Unit
from organizations.paths import STEP, path_of
from organizations.services.successions import keep_succession
from organizations.services.units import must_not_be_too_deep, must_stand, require_reach
from vietnamese.display import day_text


@transaction.atomic
def move_unit(
    unit: Unit,
    parent: Unit | None,
    *,
    on: date,
    by,
    at: datetime,
    decision: str = "",
    reorganisation: Reorganisation | None = None,
) -> Unit:
    """Let a unit stand under another parent (None: as a root) from `on`, with all below it.

    A move of today or earlier takes effect at once, by one UPDATE of the whole subtree's paths; a later one waits for
    `place_where_due`. Raises PermissionDenied (also for one's own unit), or ValidationError where the parent is below
    the unit, does not stand on that day, or a later move is known already.
    """
    require_reach(by, unit, parent)
    if by is not None and by.post.unit_id == unit.pk:
        raise PermissionDenied
    unit, parent = _locked(unit, parent)
    must_stand(unit, on, field="on")
    if parent is not None:
        must_stand(parent, on, field="parent")
        _must_not_circle(unit, parent, on)
    elif on > localdate(at):
        raise ValidationError({"on": _("Tách thành đơn vị đứng đầu chỉ làm được từ hôm nay trở về trước.")})
    former = _replace_placement(unit, parent, on, at)
    keep_succession(Succession.Kind.MOVE, unit, parent, on=on, at=at, reorganisation=reorganisation)
    if on <= localdate(at):
        _repath(unit, parent.path if parent else "")
    record(
        "unit.moved",
        subject="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        by=by,
        at=at,
        detail={
            "from": former,
            "to": parent.pk if parent else None,
            "on": on.isoformat(),
            "decision": decision.strip(),
        },
    )
    return unit


@transaction.atomic
def place_where_due(*, at: datetime) -> int:
    """Bring the paths of units whose move takes effect by now in line with the tree of today; returns how many moved.

    A unit that merged hangs below its successor, with all that is left below it, so that whoever sees the one sees
    what it came from. Safe to run at any time, any number of times. Two queries when there is nothing to do.
    """
    day = localdate(at)
    above = Substr("unit__path", Value(1), Length("unit__path") - STEP)
    astray = Placement.objects.on(day).annotate(above=above).exclude(above=F("parent__path"))
    due = list(astray.order_by(Length("parent__path")).values_list("unit_id", "parent_id"))
    return sum(_hang(*pair) for pair in due) + sum(_hang(*pair) for pair in _merged_astray(day))


def _merged_astray(day: date) -> list[tuple[int, int]]:
    """Return (unit, the one it merged into) of those whose path says otherwise, successors first; one query."""
    merges = Succession.objects.merged_by(day).order_by("recorded_at", "id")
    paths = merges.values_list("predecessor_id", "predecessor__path", "successor_id", "successor__path")
    last = {unit: (path, successor, above) for unit, path, successor, above in paths}
    astray = [(above, unit, successor) for unit, (path, successor, above) in last.items() if path[:-STEP] != above]
    return [(unit, successor) for _, unit, successor in sorted(astray, key=lambda one: len(one[0]))]


def _hang(unit_id: int, parent_id: int) -> int:
    """Let a unit's path go on from another's; returns 1, or 0 where that one stands below it."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    parent = Unit.objects.get(pk=parent_id)
    if parent.path.startswith(unit.path):
        return 0
    _repath(unit, parent.path)
    return 1


def _locked(unit: Unit, parent: Unit | None) -> tuple[Unit, Unit | None]:
    """Lock both and all above the parent, in one order, so that two moves at once cannot close a circle."""
    ids = {unit.pk} | ({parent.pk, *parent.ancestor_ids} if parent else set())
    rows = {row.pk: row for row in Unit.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return rows[unit.pk], rows[parent.pk] if parent else None


def _must_not_circle(unit: Unit, parent: Unit, on: date) -> None:
    """Refuse a parent that stands, on that day or later, at or below the unit; one query a level."""
    frontier, seen = {parent.pk}, set()
    while frontier:
        if unit.pk in frontier:
            raise ValidationError({"parent": _("Không thể chuyển một đơn vị vào chính nó hoặc vào đơn vị cấp dưới.")})
        seen |= frontier
        lasting = Placement.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), unit__in=frontier)
        frontier = set(lasting.values_list("parent_id", flat=True)) - seen


def _replace_placement(unit: Unit, parent: Unit | None, on: date, at: datetime) -> int | None:
    """Close the placement of that day and open the new one; returns the former parent's id."""
    if later := unit.placements.filter(valid_from__gt=on).first():
        raise ValidationError(
            {"on": _("Đã có lần chuyển từ ngày %(day)s; hãy chọn ngày sau đó.") % {"day": day_text(later.valid_from)}}
        )
    current = unit.placements.on(on).first()
    former = current.parent_id if current else None
    if former == (parent.pk if parent else None):
        raise ValidationError({"parent": _("Đơn vị đang trực thuộc nơi này rồi.")})
    if current is not None and current.valid_from == on:
        current.delete()
    elif current is not None:
        current.valid_to = on
        current.save(update_fields=["valid_to"])
    if parent is not None:
        Placement.objects.create(unit=unit, parent=parent, valid_from=on, valid_to=unit.valid_to, recorded_at=at)
    return former


def _repath(unit: Unit, above: str) -> None:
    """Move a unit's path, and those of all below it, to stand under `above`: one query, and one UPDATE."""
    old, new = unit.path, above + path_of([unit.pk])
    subtree = Unit.objects.below(unit)
    deepest = subtree.aggregate(longest=Max(Length("path")))["longest"]
    must_not_be_too_deep(deepest - len(old) + len(new))
    subtree.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.path = new
