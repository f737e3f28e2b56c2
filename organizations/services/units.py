"""The only writers of units and of who appraises them. Their places in the tree: services/tree.py."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import AppraisalLink, Placement, Reorganisation, Succession, Unit
from organizations.paths import STEP, path_of
from organizations.permissions import Action, may, reaches
from organizations.services.successions import keep_succession
from vietnamese.display import day_text
from vietnamese.folding import fold, nfc
from vietnamese.sorting import sort_key


def require_reach(by, *units: Unit | None) -> None:
    """Raise PermissionDenied unless this administrator's reach holds every unit; the portal itself (None) may all.

    A missing unit stands for "above every tree": only an administrator above every unit reaches there.
    """
    if by is None:
        return
    if not may(by, Action.MANAGE_UNITS):
        raise PermissionDenied
    for unit in units:
        if not (reaches(by, unit) if unit else by.post.unit_id is None):
            raise PermissionDenied


@transaction.atomic
def add_unit(
    *, code: str, name: str, kind: str, valid_from: date, parent: Unit | None, by, at: datetime, valid_to=None
) -> Unit:
    """Add a unit under a parent (or as a root) from `valid_from` on.

    Raises PermissionDenied, or ValidationError where the parent does not stand on that day or stands too deep.
    """
    require_reach(by, parent)
    if parent is not None:
        must_stand(parent, valid_from, field="parent")
        must_not_be_too_deep(len(parent.path) + STEP)
    unit = Unit(code=nfc(code), name=nfc(name), kind=kind, valid_from=valid_from, valid_to=valid_to)
    unit.folded_name, unit.sort_key = fold(name), sort_key(name)
    _save_coded(unit)
    unit.path = (parent.path if parent else "") + path_of([unit.pk])
    unit.save(update_fields=["path"])
    if parent is not None:
        Placement.objects.create(unit=unit, parent=parent, valid_from=valid_from, valid_to=valid_to)
    record("unit.added", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)
    return unit


@transaction.atomic
def correct_unit(
    unit: Unit,
    *,
    name: str,
    code: str,
    kind: str,
    on: date,
    by,
    at: datetime,
    decision: str = "",
    reorganisation: Reorganisation | None = None,
) -> Unit:
    """Rename a unit, or correct its code or kind; its successions and the journal keep what it was until `on`.

    The unit stays the same unit: what it registered stays with it.
    """
    require_reach(by, unit)
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    new = {"name": nfc(name), "code": nfc(code), "kind": kind}
    changed = {
        field: [getattr(locked, field), value] for field, value in new.items() if getattr(locked, field) != value
    }
    if not changed:
        return locked
    for field, value in new.items():
        setattr(locked, field, value)
    locked.folded_name, locked.sort_key = fold(name), sort_key(name)
    _save_coded(locked)
    if renamed := changed.keys() & {"name", "kind"}:
        words = {{"name": "renamed", "kind": "turned"}[field]: tuple(changed[field]) for field in renamed}
        keep_succession(Succession.Kind.RENAME, locked, on=on, at=at, reorganisation=reorganisation, **words)
    record(
        "unit.renamed" if "name" in changed else "unit.corrected",
        subject="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        by=by,
        at=at,
        detail={"changed": changed, "on": on.isoformat(), "decision": decision.strip()},
    )
    return locked


@transaction.atomic
def end_unit(
    unit: Unit,
    *,
    on: date,
    by,
    at: datetime,
    decision: str = "",
    kind: str = Succession.Kind.DISSOLVE,
    successors: Sequence[Unit] = (),
    reorganisation: Reorganisation | None = None,
) -> Unit:
    """End a unit: `on` is the first day it no longer exists. Its place, its links and its posts end with it.

    Dissolved unless its `successors` follow it: the one it merged into, or those it was split into, by `kind`.
    Raises PermissionDenied (also for one's own unit), or ValidationError while other units still stand under it.
    """
    require_reach(by, unit)
    if by is not None and by.post.unit_id == unit.pk:
        raise PermissionDenied
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    if locked.valid_to is not None:
        raise ValidationError({"on": _("Đơn vị đã kết thúc từ ngày %(day)s.") % {"day": day_text(locked.valid_to)}})
    if on <= locked.valid_from:
        raise ValidationError({"on": _("Ngày kết thúc phải sau ngày thành lập.")})
    _nothing_left_below(locked, on)
    if locked.placements.filter(valid_from__gt=on).exists():
        raise ValidationError({"on": _("Đã có quyết định chuyển đơn vị này từ sau ngày đó.")})
    # Moved by another decision of the very day: it never stood there.
    locked.placements.filter(valid_from=on).delete()
    locked.valid_to = on
    locked.save(update_fields=["valid_to"])
    locked.placements.filter(valid_to__isnull=True).update(valid_to=on)
    for links in (locked.appraised_by, locked.appraises):
        _end_links(links.filter(valid_to__isnull=True), on)
    _end_posts(locked, on)
    for successor in successors or [None]:
        keep_succession(kind, locked, successor, on=on, at=at, reorganisation=reorganisation)
    record(
        "unit.ended",
        subject="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        by=by,
        at=at,
        detail={"on": on.isoformat(), "decision": decision.strip()},
    )
    return locked


@transaction.atomic
def end_unit_alone(unit: Unit, *, on: date, by, at: datetime, decision: str = "") -> Unit:
    """End a unit that leaves nothing to anybody.

    Raises as `end_unit`, and ValidationError for one that appraises or did: a decision says who takes over there.
    """
    if unit.appraises.exists():
        said = _("%(unit)s có việc thẩm định. Hãy dùng “Sắp xếp theo quyết định” để cơ quan khác tiếp nhận.")
        raise ValidationError(said % {"unit": unit})
    return end_unit(unit, on=on, by=by, at=at, decision=decision)


@transaction.atomic
def let_appraise(body: Unit, serves: Unit, *, valid_from: date, by, at: datetime) -> AppraisalLink:
    """From `valid_from` on, `body` appraises what `serves` and the units below it register; the former body ends.

    Raises PermissionDenied, or ValidationError where a later link stands already or a unit does not exist on the day.
    """
    require_reach(by, serves, body)
    must_stand(body, valid_from, field="body")
    must_stand(serves, valid_from, field="body")
    open_link = serves.appraised_by.select_for_update().filter(valid_to__isnull=True).first()
    if open_link is not None and open_link.valid_from > valid_from:
        raise ValidationError(
            {"valid_from": _("Đã có cơ quan thẩm định từ ngày %(day)s.") % {"day": day_text(open_link.valid_from)}}
        )
    if open_link is not None:
        _end_links(serves.appraised_by.filter(pk=open_link.pk), valid_from)
    link = AppraisalLink.objects.create(body=body, serves=serves, valid_from=valid_from)
    record("appraisal_link.added", subject="unit", subject_id=serves.pk, by=by, at=at, detail={"body": body.pk})
    return link


@transaction.atomic
def end_appraisal(serves: Unit, *, on: date, by, at: datetime) -> None:
    """From `on` the unit has no body of its own; the one that serves the nearest unit above takes over."""
    require_reach(by, serves)
    links = serves.appraised_by.select_for_update().filter(valid_to__isnull=True)
    bodies = [link.body_id for link in links]
    if not bodies:
        raise ValidationError(_("Đơn vị này không có cơ quan thẩm định riêng."))
    _end_links(links, on)
    record("appraisal_link.ended", subject="unit", subject_id=serves.pk, by=by, at=at, detail={"body": bodies[0]})


def midnight(day: date) -> datetime:
    """Return the local instant at which a day begins."""
    return make_aware(datetime.combine(day, time.min))


def must_stand(unit: Unit, day: date, *, field: str) -> None:
    if unit.valid_from > day or (unit.valid_to is not None and unit.valid_to <= day):
        raise ValidationError(
            {field: _("%(unit)s không hoạt động vào ngày %(day)s.") % {"unit": unit, "day": day_text(day)}}
        )


def must_not_be_too_deep(length: int) -> None:
    if length > Unit._meta.get_field("path").max_length:
        raise ValidationError({"parent": _("Cây tổ chức quá sâu: không quá 15 cấp.")})


def _save_coded(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as taken:
        raise ValidationError({"code": _("Mã này đã có đơn vị khác dùng.")}) from taken


def _nothing_left_below(unit: Unit, on: date) -> None:
    still = Unit.objects.standing_on(on).filter(pk__in=Placement.objects.on(on).filter(parent=unit).values("unit"))
    names = list(still.values_list("name", flat=True)[:4])
    if names:
        raise ValidationError(
            {
                "on": _("Còn đơn vị trực thuộc: %(names)s. Hãy chuyển hoặc kết thúc các đơn vị đó trước.")
                % {"names": ", ".join(names[:3]) + (" …" if len(names) > 3 else "")}
            }
        )


def _end_links(links, on: date) -> None:
    links.filter(valid_from__gte=on).delete()
    links.filter(valid_from__lt=on).update(valid_to=on)


def _end_posts(unit: Unit, on: date) -> None:
    ends = midnight(on)
    lasting = unit.posts.lasting(ends)
    # Those delegated first: a post may not go while another stands for it.
    for to_come in (lasting.exclude(delegated_from=None), lasting):
        to_come.filter(starts_at__gte=ends).delete()
    lasting.filter(delegated_from=None).update(reads_on=True)
    lasting.update(ends_at=ends)
