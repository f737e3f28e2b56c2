"""Each quarter's papers of a unit: the progress report and the thematic meetings."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Unit
from organizations.permissions import Action, may
from organizations.services import urge
from progress.models import QuarterlyReport, ThematicMeeting
from progress.queries.quarters import correctable_until, is_asked, obliged_units
from vietnamese.display import day_text, quarter_text
from vietnamese.quarters import first_day, last_day


def may_write(user, unit: Unit, action: Action) -> bool:
    """Whether this person writes the unit's papers: only ever those of the own unit."""
    return may(user, action) and user.post.unit_id == unit.pk


@transaction.atomic
def send_quarterly_report(
    unit: Unit, year: int, quarter: int, *, by, at: datetime, results: str, difficulties: str = "", next_steps: str = ""
) -> QuarterlyReport:
    """Send the unit's report of a quarter, or correct it while it may be; `sent_at` stays that of the first sending.

    A first report is taken at any time after the quarter has begun, late or not. Raises PermissionDenied or
    ValidationError.
    """
    if not may_write(by, unit, Action.REPORT):
        raise PermissionDenied
    today = localdate(at)
    _refuse_future(year, quarter, today)
    texts = {"results": results, "difficulties": difficulties, "next_steps": next_steps}
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time for a unit
    report = QuarterlyReport.objects.of_quarter(year, quarter).filter(unit=unit).first()
    if report is None:
        report = QuarterlyReport.objects.create(unit=unit, year=year, quarter=quarter, sent_at=at, sent_by=by, **texts)
        verb = "quarterly_report.sent"
    else:
        if today > correctable_until(year, quarter):
            raise ValidationError(
                _("Báo cáo quý này chỉ sửa được đến hết ngày %(day)s.")
                % {"day": day_text(correctable_until(year, quarter))}
            )
        for name, text in texts.items():
            setattr(report, name, text)
        report.save()
        verb = "quarterly_report.corrected"
    record(verb, subject="quarterlyreport", subject_id=report.pk, unit_id=unit.pk, by=by, at=at)
    return report


@transaction.atomic
def record_meeting(
    unit: Unit,
    year: int,
    quarter: int,
    *,
    by,
    at: datetime,
    held_on: date,
    topic: str,
    attended: int,
    invited: int,
    conclusions: str = "",
) -> ThematicMeeting:
    """Record a thematic meeting held in a quarter; a clerk may. Raises PermissionDenied or ValidationError."""
    if not may_write(by, unit, Action.ENTER_REPORT):
        raise PermissionDenied
    today = localdate(at)
    _refuse_future(year, quarter, today)
    first, last = first_day(year, quarter), last_day(year, quarter)
    if not first <= held_on <= last:
        raise ValidationError(
            {
                "held_on": _("Ngày sinh hoạt phải trong quý, từ %(first)s đến %(last)s.")
                % {"first": day_text(first), "last": day_text(last)}
            }
        )
    if held_on > today:
        raise ValidationError({"held_on": _("Ngày sinh hoạt không thể ở sau hôm nay.")})
    if attended > invited:
        raise ValidationError({"attended": _("Số người dự không thể nhiều hơn số người được triệu tập.")})
    meeting = ThematicMeeting.objects.create(
        unit=unit,
        year=year,
        quarter=quarter,
        held_on=held_on,
        topic=topic,
        attended=attended,
        invited=invited,
        conclusions=conclusions,
        recorded_at=at,
        recorded_by=by,
    )
    record("thematic_meeting.recorded", subject="thematicmeeting", subject_id=meeting.pk, unit_id=unit.pk, by=by, at=at)
    return meeting


def urge_report(unit: Unit, year: int, quarter: int, *, by, at: datetime) -> int:
    """Remind a unit's officers at once of a quarterly report it owes; returns how many. Raises as `urge` does."""
    missing = obliged_units(year, quarter).filter(pk=unit.pk, sent_at__isnull=True, is_exempt=False)
    if not is_asked(year, quarter, localdate(at)) or not missing.exists():
        raise ValidationError(_("%(unit)s không nợ báo cáo quý này.") % {"unit": unit})

    def said() -> str:
        name = quarter_text(quarter, year)
        return _("%(by)s nhắc: báo cáo %(quarter)s chưa gửi") % {"by": by.post.unit, "quarter": name}

    link = reverse("progress:unit_quarter", args=[unit.pk, year, quarter])
    return urge(unit, f"report.{year}.{quarter}", text=said, link=link, by=by, at=at)


def _refuse_future(year: int, quarter: int, today: date) -> None:
    if today < first_day(year, quarter):
        raise ValidationError(_("Quý này chưa bắt đầu."))
