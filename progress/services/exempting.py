"""Letting a unit off the report of one quarter, and taking that back; the figures of a sealed quarter stay."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import Reason
from organizations.models import Unit
from organizations.permissions import Action, may, reaches
from progress.models import QuarterlyReport, ReportExemption
from progress.queries.quarters import correctable_until, owed_quarters
from vietnamese.display import day_text


def may_exempt(user, unit: Unit) -> bool:
    """Whether this person lets the unit off reports: a head of the board that serves it, never for the own unit."""
    return may(user, Action.RUN_ROUNDS) and reaches(user, unit) and unit.pk != user.post.unit_id


@transaction.atomic
def exempt_report(unit: Unit, year: int, quarter: int, *, reason: str, by, at: datetime) -> ReportExemption:
    """Let a unit off one quarter's report, until the quarter's closing.

    Raises PermissionDenied, or ValidationError (a reason too short, a report sent or not owed, the days over).
    """
    if not may_exempt(by, unit):
        raise PermissionDenied
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time for a unit
    _refuse_late(year, quarter, at)
    if len(reason.strip()) < Reason.REQUIRED.value:
        raise ValidationError(
            {"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": Reason.REQUIRED.value}}
        )
    if QuarterlyReport.objects.of_quarter(year, quarter).filter(unit=unit).exists():
        raise ValidationError(_("Đơn vị đã gửi báo cáo quý này."))
    if quarter not in owed_quarters(unit, year):
        raise ValidationError(_("Đơn vị không phải báo cáo quý này, hoặc đã được miễn."))
    made = ReportExemption.objects.create(
        unit=unit, year=year, quarter=quarter, reason=reason.strip(), exempted_by=by, exempted_at=at
    )
    _record("exempted", made, by=by, at=at)
    return made


@transaction.atomic
def lift_report_exemption(exemption: ReportExemption, *, by, at: datetime) -> None:
    """Let the unit owe the report again. Raises PermissionDenied, or ValidationError after the closing."""
    if not may_exempt(by, exemption.unit):
        raise PermissionDenied
    row = ReportExemption.objects.select_for_update().get(pk=exemption.pk)
    if row.lifted_at is not None:
        return
    _refuse_late(row.year, row.quarter, at)
    row.lifted_by, row.lifted_at = by, at
    row.save(update_fields=["lifted_by", "lifted_at"])
    _record("exemption_lifted", row, by=by, at=at)


def _refuse_late(year: int, quarter: int, at: datetime) -> None:
    last = correctable_until(year, quarter)
    if localdate(at) > last:
        raise ValidationError(_("Quý này đã chốt sau ngày %(day)s, không đổi được nữa.") % {"day": day_text(last)})


def _record(verb: str, row: ReportExemption, *, by, at: datetime) -> None:
    detail = {"year": row.year, "quarter": row.quarter, "reason": row.reason}
    subject = {"subject": "reportexemption", "subject_id": row.pk, "unit_id": row.unit_id}
    record(f"quarterly_report.{verb}", **subject, by=by, at=at, detail=detail)
