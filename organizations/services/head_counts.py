"""The only writer of head-counts typed in; a roster brings them by the thousand (services/rosters.py)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import HeadCount, Unit
from organizations.permissions import Action, may, reaches
from organizations.services.units import must_stand


@transaction.atomic
def record_head_count(
    unit: Unit, *, valid_from: date, members: int, exempt: int = 0, exempt_reason: str = "", by, at: datetime
) -> HeadCount:
    """Record how many members a cell has from a day on; the same as already in force that day is not written again.

    Raises PermissionDenied or ValidationError (no cell, a day to come or on which the cell does not stand, more exempt
    than members, or exempt without a reason).
    """
    if by is not None and not (may(by, Action.COUNT_MEMBERS) and reaches(by, unit)):
        raise PermissionDenied
    if not unit.has_members:
        raise ValidationError(_("Chỉ chi bộ khai số đảng viên; số của cấp ủy là tổng của các chi bộ."))
    if valid_from > localdate(at):
        raise ValidationError({"valid_from": _("Ngày này chưa đến.")})
    must_stand(unit, valid_from, field="valid_from")
    exempt_reason = exempt_reason.strip() if exempt else ""
    if exempt > members:
        raise ValidationError({"exempt": _("Số được miễn không thể nhiều hơn số đảng viên.")})
    if exempt and not exempt_reason:
        raise ValidationError({"exempt_reason": _("Hãy nêu lý do miễn.")})
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time for a unit
    told = {"members": members, "exempt": exempt, "exempt_reason": exempt_reason}
    standing = HeadCount.objects.in_force(valid_from, unit=unit).first()
    if standing and all(getattr(standing, name) == value for name, value in told.items()):
        return standing
    made = HeadCount.objects.create(unit=unit, valid_from=valid_from, recorded_by=by, recorded_at=at, **told)
    detail = {"on": valid_from.isoformat(), "members": members, "exempt": exempt}
    record("unit.members_counted", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at, detail=detail)
    return made
