"""Writing rounds and what units owe in them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.editions import locked
from models_registry.models import Obligation, RegistrationRound
from models_registry.queries.plans import runs, units_reached_by
from models_registry.services.members import write_member_obligations
from organizations.models import Person, Post

SHORTEST_REASON = 10
BATCH = 2000


def next_year(day: date) -> date:
    """Return the same day a year later; 28 February for 29 February."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


@transaction.atomic
def keep_round(registration_round: RegistrationRound, *, edition: int, by, at: datetime) -> RegistrationRound:
    """Write a new or a changed round and record it. Raises PermissionDenied or StalePage, and then changes nothing."""
    _refuse_stranger(registration_round, by)
    new = registration_round.pk is None
    if not new:
        before = locked(registration_round, edition)
        _refuse_stranger(before, by)
        registration_round.opened_at = before.opened_at
        registration_round.edition = edition + 1
    registration_round.save()
    _record("added" if new else "changed", registration_round, by=by, at=at)
    return registration_round


@transaction.atomic
def drop_round(registration_round: RegistrationRound, *, edition: int, by, at: datetime) -> None:
    """Delete a round that was never opened. Raises PermissionDenied, StalePage or ValidationError."""
    registration_round = locked(registration_round, edition)
    _refuse_stranger(registration_round, by)
    if registration_round.opened_at is not None:
        raise ValidationError(_("Đợt đã mở thì không xóa được."))
    _record("dropped", registration_round, by=by, at=at)
    registration_round.delete()


@transaction.atomic
def open_round(round_id: int, *, by, at: datetime) -> int:
    """Open a round, or bring an opened one up to date; returns how many obligations of units were written.

    Every standing unit of the target kinds under the units the body serves owes, and of cells also their members, by
    the head-count in force on the day; running it again adds what units founded since then owe, takes over newer
    head-counts and exempts units that ended without sending. The secretaries of new ones are told.
    A handful of queries, and one insert per 2.000 units. Raises PermissionDenied or ValidationError.
    """
    registration_round = RegistrationRound.objects.select_for_update().get(pk=round_id)
    _refuse_stranger(registration_round, by)
    day = localdate(at)
    first = registration_round.opened_at is None
    if registration_round.late_until < day:
        raise ValidationError(_("Các ngày của đợt đã qua. Hãy sửa ngày hoặc gia hạn trước."))
    units = _write_obligations(registration_round, day)
    if first and not units:
        raise ValidationError(_("Không có đơn vị nào thuộc các loại đã chọn trong phạm vi của Ban."))
    recounted = write_member_obligations(registration_round, day, at=at)
    ended = _exempt_ended(registration_round, day, by=by, at=at)
    if first:
        registration_round.opened_at = at
        registration_round.edition += 1
        registration_round.save(update_fields=["opened_at", "edition"])
    _record(
        "opened" if first else "brought_up_to_date",
        registration_round,
        by=by,
        at=at,
        detail={"units": len(units), "recounted": recounted, "ended": ended},
        tell=_secretaries(units, at),
        text=lambda: (
            _("Đợt đăng ký mới: %(round)s, hạn %(day)s")
            % {"round": registration_round.name, "day": f"{registration_round.closes_on:%d/%m/%Y}"}
        ),
    )
    return len(units) * len(_owed_in(registration_round))


@transaction.atomic
def extend_round(
    registration_round: RegistrationRound, late_until: date, *, reason: str, edition: int, by, at: datetime
) -> RegistrationRound:
    """Move the last day dossiers are taken; units that still owe are told.

    Raises PermissionDenied, StalePage or ValidationError (a day not later, a reason too short).
    """
    registration_round = locked(registration_round, edition)
    _refuse_stranger(registration_round, by)
    if late_until <= registration_round.late_until:
        raise ValidationError({"late_until": _("Ngày mới phải sau ngày đang áp dụng.")})
    _refuse_short(reason)
    before = registration_round.late_until
    registration_round.late_until = late_until
    registration_round.edition += 1
    registration_round.save(update_fields=["late_until", "edition"])
    missing = registration_round.obligations.with_status(localdate(at)).filter(status=Obligation.Status.MISSING)
    _record(
        "extended",
        registration_round,
        by=by,
        at=at,
        detail={"from": before.isoformat(), "to": late_until.isoformat(), "reason": reason.strip()},
        tell=_secretaries(set(missing.values_list("unit_id", flat=True)), at),
        text=lambda: (
            _("%(round)s: nhận bản đăng ký muộn đến %(day)s")
            % {"round": registration_round.name, "day": f"{late_until:%d/%m/%Y}"}
        ),
    )
    return registration_round


@transaction.atomic
def exempt(registration_round: RegistrationRound, ids: Iterable[int], *, reason: str, by, at: datetime) -> int:
    """Exempt obligations of a round, with the reason and by whom; returns how many were not exempt before.

    Raises PermissionDenied or ValidationError (reason too short).
    """
    _refuse_stranger(registration_round, by)
    _refuse_short(reason)
    rows = registration_round.obligations.select_for_update().filter(pk__in=list(ids), exempted_at__isnull=True)
    rows = list(rows)
    for row in rows:
        row.exempt_reason, row.exempted_by, row.exempted_at = reason.strip(), by, at
        _record_obligation("exempted", row, by=by, at=at, detail={"reason": reason.strip()})
    Obligation.objects.bulk_update(rows, ["exempt_reason", "exempted_by", "exempted_at"])
    return len(rows)


@transaction.atomic
def lift_exemption(obligation: Obligation, *, by, at: datetime) -> Obligation:
    """Let an exempted unit owe again; what the exemption said stays in the journal. Raises PermissionDenied."""
    _refuse_stranger(obligation.round, by)
    row = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if row.exempted_at is not None:
        _record_obligation("exemption_lifted", row, by=by, at=at, detail={"reason": row.exempt_reason})
        row.exempt_reason, row.exempted_by, row.exempted_at = "", None, None
        row.save(update_fields=["exempt_reason", "exempted_by", "exempted_at"])
    return row


def _owed_in(registration_round: RegistrationRound) -> list[str]:
    model = [Obligation.Owes.MODEL] if registration_round.model_required else []
    return [Obligation.Owes.SHEET, *model]


def _write_obligations(registration_round: RegistrationRound, day: date) -> list[int]:
    """Write what is still missing and return the ids of the units that owed nothing before."""
    kinds = _owed_in(registration_round)
    standing = set(registration_round.obligations.values_list("unit_id", flat=True))
    units = [
        pk
        for pk in units_reached_by(registration_round, day).order_by("path").values_list("pk", flat=True)
        if pk not in standing
    ]
    Obligation.objects.bulk_create(
        (Obligation(round=registration_round, unit_id=pk, owes=owes) for pk in units for owes in kinds),
        batch_size=BATCH,
    )
    return units


def _exempt_ended(registration_round: RegistrationRound, day: date, *, by, at: datetime) -> int:
    owing = registration_round.obligations.owed().with_status(day)
    ended = owing.filter(status=Obligation.Status.MISSING, unit__valid_to__lte=day).values("pk")
    return Obligation.objects.filter(pk__in=list(ended.values_list("pk", flat=True))).update(
        exempt_reason=_("Đơn vị đã kết thúc hoạt động"), exempted_by=by, exempted_at=at
    )


def _secretaries(unit_ids, at: datetime):
    posts = Post.objects.current(at).filter(unit_id__in=list(unit_ids), role__in=["secretary", "deputy"])
    return Person.objects.filter(is_active=True, pk__in=posts.values("person")).only("pk")


def _refuse_short(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": SHORTEST_REASON}})


def _refuse_stranger(registration_round: RegistrationRound, by) -> None:
    if not runs(by, registration_round):
        raise PermissionDenied


def _record(
    verb: str, registration_round: RegistrationRound, *, by, at: datetime, detail=None, tell=(), text=""
) -> None:
    record(
        f"registrationround.{verb}",
        subject="registrationround",
        subject_id=registration_round.pk,
        unit_id=registration_round.body_id,
        by=by,
        at=at,
        detail={"name": registration_round.name} | (detail or {}),
        tell=tell,
        text=text,
        link=reverse("models_registry:round", args=[registration_round.pk]),
    )


def _record_obligation(verb: str, row: Obligation, *, by, at: datetime, detail: dict) -> None:
    record(
        f"obligation.{verb}", subject="obligation", subject_id=row.pk, unit_id=row.unit_id, by=by, at=at, detail=detail
    )
