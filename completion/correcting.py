"""The steps of a correction: works gathered in a draft, sent with a reason, approved or refused by another."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from completion.errors import ERRORS, NoSuchError, corrected
from completion.lifecycle import CORRECTION_MOVES, OWN_STEPS, CorrectionStep
from completion.lines import read_lines
from completion.models import Correction, CorrectionLine, FrozenUnit, Period, Revision
from completion.quarters import local_day
from completion.queries.corrections import (
    approvers_of,
    frame_of_lines,
    newest_seal,
    open_line_of,
    sealed_line,
    sealed_lists,
    stands_above,
)
from journal.services import record
from models_registry import gate
from models_registry.lifecycle import Reason
from models_registry.models import WorkItem
from organizations.models import Person, Unit
from organizations.paths import ids_of
from organizations.permissions import Action, may, reaches, top_path
from vietnamese.display import day_text, quarter_text

_STATE_AFTER = {step: move.target for step, move in CORRECTION_MOVES.items()}


@transaction.atomic
def add_line(
    period: Period,
    item: WorkItem,
    error: str,
    *,
    by: Person,
    at: datetime,
    day: date | None = None,
    to_unit: Unit | None = None,
) -> CorrectionLine:
    """Put one work into one's draft of a sealed quarter, begun where there is none; the same work again replaces it.

    Raises PermissionDenied, or ValidationError why there is nothing to correct, and then changes nothing.
    """
    if not may(by, Action.ASK_CORRECTION):
        raise PermissionDenied
    home, line, newest = _sealed(period, item, by)
    becomes = _as_it_should_be(period, item, line, error, day=day)
    if error == "wrong_owner":
        _check_owner(newest, home, to_unit)
    elif becomes == line:
        raise ValidationError(_("Điều đề nghị giống hệt điều đã chốt, nên không có gì để đính chính."))
    draft = _draft_of(period, by, at)
    draft.lines.filter(item=item).delete()
    return CorrectionLine.objects.create(
        correction=draft,
        item=item,
        error=error,
        day=day if ERRORS[error].takes == "day" else None,
        home=home,
        to_unit=to_unit if error == "wrong_owner" else None,
        was=line,
        becomes=becomes,
    )


@transaction.atomic
def drop_line(line: CorrectionLine, *, by: Person) -> None:
    """Take one work out of one's own draft; a draft without any goes with its last."""
    draft = Correction.objects.select_for_update().get(pk=line.correction_id)
    if draft.state != Correction.State.DRAFT or draft.asked_by_id != by.pk:
        raise PermissionDenied
    draft.lines.filter(pk=line.pk).delete()
    if not draft.lines.exists():
        draft.delete()


@transaction.atomic
def take_correction_step(correction_id: int, step: str, *, by: Person, at: datetime, reason: str = "") -> Correction:
    """Move one correction one step and record it; who must act next, or who asked, is told.

    Raises Correction.DoesNotExist, PermissionDenied, gate.StepNotOpen or ValidationError, and then changes nothing.
    """
    correction = _locked(correction_id, by)
    own = correction.asked_by_id == by.pk
    if step == CorrectionStep.APPROVE and own and may(by, Action.APPROVE_CORRECTION):
        raise ValidationError(_("Người đề nghị không tự duyệt: đính chính phải do người khác, ở cấp trên, duyệt."))
    if step in OWN_STEPS and not own:
        raise PermissionDenied
    conflicted = own or not stands_above(by, correction)
    gate.check(correction, step, CORRECTION_MOVES, by=by, reason=reason, conflicted=conflicted)
    if step in (CorrectionStep.ASK, CorrectionStep.APPROVE):
        _check_lines(correction)
    if step == CorrectionStep.APPROVE:
        _check_receivers(correction, by)
    _note(correction, step, by=by, at=at, reason=reason.strip())
    _record(correction, step, by=by, at=at, reason=reason.strip())
    return correction


def _locked(correction_id: int, by: Person) -> Correction:
    """Return the correction with its period locked: corrections of a period move one after the other."""
    seen = Correction.objects.visible_to(by).select_related("period__root", "unit", "asked_by", "asked_in")
    correction = seen.get(pk=correction_id)
    Period.objects.select_for_update().get(pk=correction.period_id)
    correction.refresh_from_db(fields=["state", "decided_by", "decided_at"])
    return correction


def _note(correction: Correction, step: str, *, by: Person, at: datetime, reason: str) -> None:
    correction.state = _STATE_AFTER[step]
    if step == CorrectionStep.ASK:
        correction.reason, correction.asked_at = reason, at
    elif step not in OWN_STEPS:
        correction.answer, correction.decided_by, correction.decided_at = reason, by, at
    correction.save()


def _record(correction: Correction, step: str, *, by: Person, at: datetime, reason: str) -> None:
    tell = approvers_of(correction, at) if step == CorrectionStep.ASK else []
    if step not in OWN_STEPS:
        tell = [correction.asked_by.acting_as(correction.asked_in)]
    period, unit = correction.period, correction.unit.name
    quarter = quarter_text(period.quarter, period.year)
    words = {
        CorrectionStep.ASK: lambda: _("%(unit)s đề nghị đính chính %(quarter)s: chờ bạn duyệt.") % said,
        CorrectionStep.APPROVE: lambda: _("Đề nghị đính chính %(quarter)s của %(unit)s đã được duyệt.") % said,
        CorrectionStep.REFUSE: lambda: _("Đề nghị đính chính %(quarter)s của %(unit)s không được duyệt.") % said,
    }
    said = {"unit": unit, "quarter": quarter}
    record(
        f"correction.{step}",
        subject="correction",
        subject_id=correction.pk,
        unit_id=correction.unit_id,
        by=by,
        at=at,
        detail={"quarter": str(period), "reason": reason, "lines": correction.lines.count()},
        tell=tell,
        text=words.get(step, ""),
        link=reverse("completion:correction", args=[correction.pk]),
    )


def _sealed(period: Period, item: WorkItem, by: Person) -> tuple[Unit, str, Revision]:
    newest = newest_seal(period)
    if newest is None:
        raise ValidationError(_("Quý này chưa chốt nên chưa có gì để đính chính: hãy sửa ngay ở trang của việc."))
    found = sealed_line(newest, item)
    if found is None:
        raise ValidationError(_("Việc này không có trong danh sách đã chốt của quý nên không đính chính được."))
    if not reaches(by, found[0]):
        raise PermissionDenied
    if other := open_line_of(period, item):
        said = {"number": other.correction_id, "person": other.correction.asked_by}
        raise ValidationError(
            _("Việc này đã có trong đính chính số %(number)s của %(person)s, đang chờ duyệt hoặc chờ chốt.") % said
        )
    return *found, newest


def _as_it_should_be(period: Period, item: WorkItem, line: str, error: str, *, day: date | None) -> str:
    if error not in ERRORS:
        raise ValidationError({"error": _("Hãy chọn sai sót.")})
    frame = frame_of_lines(period)
    try:
        becomes = corrected(line, error, frame, day=day)
    except NoSuchError as none:
        raise ValidationError({"error": _not_such(error)}) from none
    if ERRORS[error].takes == "day":
        ((_kind, _code, state),) = read_lines(line, frame)
        _check_day(period, item, error, day, state)
    return becomes


def _not_such(error: str) -> str:
    return {
        "false_confirmation": _("Bản đã chốt không ghi việc này là đã xác nhận hoàn thành."),
        "wrong_day": _("Bản đã chốt không ghi ngày hoàn thành của việc này."),
        "false_exclusion": _("Bản đã chốt không loại trừ việc này."),
        "wrong_check": _("Quý này việc không phải kiểm tra thường xuyên."),
    }.get(error, _("Bản đã chốt đã loại trừ việc này rồi."))


def _check_day(period: Period, item: WorkItem, error: str, day: date | None, state) -> None:
    first, last = local_day(item.approved_at), date(period.year, 12, 31)
    if error == "wrong_day":
        last = local_day(state.confirmed_at)
    elif item.ongoing:
        raise ValidationError({"error": _("Việc thường xuyên đến hạn cuối năm, không có hạn riêng để sửa.")})
    if day is None or not first <= day <= last:
        said = {"first": day_text(first), "last": day_text(last)}
        raise ValidationError({"day": _("Ngày phải từ %(first)s đến %(last)s.") % said})


def _check_owner(newest: Revision, home: Unit, to_unit: Unit | None) -> None:
    if to_unit is None:
        raise ValidationError({"to_unit": _("Hãy chọn đơn vị đúng.")})
    if to_unit.pk == home.pk:
        raise ValidationError({"to_unit": _("Bản đã chốt đã ghi việc này ở chính đơn vị đó.")})
    if not FrozenUnit.objects.filter(revision=newest, unit=to_unit).exists():
        raise ValidationError({"to_unit": _("Đơn vị này không có trong cây tổ chức của quý.")})


def _draft_of(period: Period, by: Person, at: datetime) -> Correction:
    unit_id = ids_of(top_path(by))[-1] if top_path(by) else period.root_id
    found = Correction.objects.select_for_update().filter(period=period, asked_in=by.post, state="draft").first()
    return found or Correction.objects.create(
        period=period, unit_id=unit_id, asked_by=by, asked_in=by.post, begun_at=at
    )


def _check_lines(correction: Correction) -> None:
    """Refuse an empty correction, and lines that the newest seal, or another correction, has overtaken."""
    lines = list(correction.lines.select_related("item", "home"))
    if not lines:
        raise ValidationError(_("Đính chính chưa có việc nào."))
    sealed = sealed_lists(newest_seal(correction.period), {line.home_id for line in lines})
    for line in lines:
        said = {"title": line.item.pk}
        if open_line_of(correction.period, line.item, but=correction):
            raise ValidationError(_("Việc số %(title)s đã có trong một đính chính khác đang chờ.") % said)
        if line.was not in sealed.get(line.home_id, ()):
            raise ValidationError(
                _("Việc số %(title)s đã được đính chính ở bản mới hơn. Hãy bỏ việc ấy ra rồi gửi lại.") % said
            )


def _check_receivers(correction: Correction, by: Person) -> None:
    for line in correction.lines.select_related("to_unit").exclude(to_unit=None):
        if not reaches(by, line.to_unit):
            said = {"unit": line.to_unit.name}
            raise ValidationError(
                _("%(unit)s nằm ngoài phạm vi của bạn: đính chính này do cấp trên của cả hai đơn vị duyệt.") % said
            )


REASON_LENGTH = Reason.REQUIRED.value
