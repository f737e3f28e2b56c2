"""What a unit asks about an item's due day or its place in the figures, and what the board head decides."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.lifecycle import Reason
from models_registry.masking import public_title
from models_registry.models import WorkItem
from models_registry.querysets.conflicts import unbarred
from organizations.permissions import Action, may, reaches
from organizations.queries import people_at
from progress.lifecycle import ITEM_MOVES, LATE_EXCLUSIONS, ItemStep, carry_over_asked_from
from progress.models import ChangeRequest, Fact
from progress.queries.authority import OFFICERS, Authority, authority_over, seated
from progress.services.steps import check_extension, check_next_year, locked_item, take_item_step
from vietnamese.display import day_text

REASON_LENGTH = Reason.REQUIRED.value


@transaction.atomic
def ask_change(
    item_id: int,
    kind: str,
    *,
    by,
    at: datetime,
    reason: str,
    due_on: date | None = None,
    effective_on: date | None = None,
    exclusion: str = "",
) -> ChangeRequest:
    """Ask the board head for a change; one request an item may be open. The heads who decide are told.

    Raises WorkItem.DoesNotExist, PermissionDenied, gate.StepNotOpen or ValidationError, and then changes nothing.
    """
    item = locked_item(item_id, by=by)
    if not may(by, Action.REPORT) or not reaches(by, item.unit):
        raise PermissionDenied
    if item.excluded_at or item.state not in ITEM_MOVES[kind].sources:
        raise gate.StepNotOpen(item, kind, ITEM_MOVES)
    if item.change_requests.undecided().exists():
        raise ValidationError(_("Việc này đang có một đề nghị chờ quyết định."))
    if len(reason.strip()) < REASON_LENGTH:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": REASON_LENGTH}})
    seat = check_request(item, kind, at=at, due_on=due_on, effective_on=effective_on, exclusion=exclusion)
    asked = ChangeRequest.objects.create(
        item=item,
        kind=kind,
        due_on=due_on,
        effective_on=effective_on,
        exclusion=exclusion,
        reason=reason.strip(),
        asked_by=by,
        asked_at=at,
    )
    _record(asked, item, "asked", by=by, at=at, tell=_heads_of(seat, item, at))
    return asked


@transaction.atomic
def decide_request(request_id: int, *, grant: bool, by, at: datetime, answer: str = "") -> ChangeRequest:
    """Grant or refuse one request; a granted one takes its step, so that item, fact and decision share one commit.

    A refusal needs an answer of at least 10 characters. Raises ChangeRequest.DoesNotExist, PermissionDenied,
    gate.StepNotOpen (also when it was decided already) or ValidationError, and then changes nothing.
    """
    found = ChangeRequest.objects.visible_to(by).values_list("item", flat=True).get(pk=request_id)
    item = locked_item(found, by=by)
    asked = ChangeRequest.objects.select_for_update().get(pk=request_id)
    if asked.outcome:
        raise gate.StepNotOpen(item, asked.kind, DECISIONS)
    check_decider(item, asked, authority_over(item, at), by=by, day=localdate(at))
    if grant:
        _grant(item, asked, by=by, at=at)
    elif len(answer.strip()) < REASON_LENGTH:
        raise ValidationError({"answer": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": REASON_LENGTH}})
    asked.outcome = ChangeRequest.Outcome.GRANTED if grant else ChangeRequest.Outcome.REFUSED
    asked.answer, asked.decided_by, asked.decided_at = answer.strip(), by, at
    asked.save()
    _record(asked, item, "decided", by=by, at=at, tell=people_at(item.unit, OFFICERS, at))
    return asked


@transaction.atomic
def withdraw_request(request_id: int, *, by, at: datetime) -> ChangeRequest:
    """Take one undecided request back for its unit; the heads who were asked are told.

    Raises ChangeRequest.DoesNotExist, PermissionDenied or gate.StepNotOpen (it was decided or withdrawn already), and
    then changes nothing.
    """
    found = ChangeRequest.objects.visible_to(by).values_list("item", flat=True).get(pk=request_id)
    item = locked_item(found, by=by)
    asked = ChangeRequest.objects.select_for_update().get(pk=request_id)
    if not may(by, Action.REPORT) or not reaches(by, item.unit):
        raise PermissionDenied
    if asked.outcome:
        raise gate.StepNotOpen(item, asked.kind, DECISIONS)
    asked.outcome, asked.decided_by, asked.decided_at = ChangeRequest.Outcome.WITHDRAWN, by, at
    asked.save()
    seat = authority_over(item, at).seat_of(asked.kind, item, localdate(at))
    _record(asked, item, "withdrawn", by=by, at=at, tell=_heads_of(seat, item, at) if seat else ())
    return asked


# The verbs StepNotOpen looks for to tell who decided already, or took the request back.
DECISIONS = {"request_decided": None, "request_withdrawn": None}


def check_request(item: WorkItem, kind: str, *, at, due_on, effective_on, exclusion):
    """Return the body whose head decides such a request, or raise ValidationError why it cannot be granted."""
    today = localdate(at)
    if kind == ItemStep.EXTEND:
        check_extension(item, due_on, today=today)
    if kind == ItemStep.CARRY_OVER:
        _check_carry_over(item, due_on, today=today)
    if kind == ItemStep.EXCLUDE:
        _check_exclusion(item, exclusion, effective_on, today=today)
    elif effective_on and not localdate(item.approved_at) <= effective_on <= date(item.year, 12, 31):
        raise ValidationError({"effective_on": _within_plan(item)})
    seat = authority_over(item, at).seat_of(kind, item, today)
    if seat is None:
        raise ValidationError(
            _("Đã quá hạn của việc này, nên loại trừ phải do cấp trên một cấp quyết định, mà hiện chưa có cơ quan đó.")
            if kind == ItemStep.EXCLUDE and today > item.due_in_force
            else _("Chưa có cơ quan thẩm định cho đơn vị này. Hãy liên hệ quản trị viên của cấp ủy cấp trên.")
        )
    return seat


def _check_carry_over(item: WorkItem, due_on: date | None, *, today: date) -> None:
    first = carry_over_asked_from(item.year)
    if today < first:
        raise ValidationError(_("Chỉ đề nghị chuyển tiếp từ ngày %(day)s.") % {"day": day_text(first)})
    check_next_year(item, due_on, today=today)


def _check_exclusion(item: WorkItem, exclusion: str, effective_on: date | None, *, today: date) -> None:
    if exclusion not in Fact.Exclusion.values:
        raise ValidationError({"exclusion": _("Hãy chọn lý do loại trừ.")})
    if today > item.due_in_force and exclusion not in LATE_EXCLUSIONS:
        raise ValidationError(
            {
                "exclusion": _(
                    "Việc đã quá hạn ngày %(day)s: chỉ loại trừ được khi đăng ký trùng, đăng ký nhầm "
                    "hoặc bất khả kháng."
                )
                % {"day": day_text(item.due_in_force)}
            }
        )
    if effective_on is None or not localdate(item.approved_at) <= effective_on <= date(item.year, 12, 31):
        raise ValidationError({"effective_on": _within_plan(item)})


def _within_plan(item: WorkItem) -> str:
    return _("Ngày có hiệu lực phải từ ngày duyệt %(first)s đến hết năm kế hoạch %(year)d.") % {
        "first": day_text(item.approved_at),
        "year": item.year,
    }


def check_decider(item: WorkItem, asked: ChangeRequest, authority: Authority, *, by, day: date) -> None:
    """Raise PermissionDenied unless this person decides this request; the item's state is not asked here."""
    move = authority.moves[asked.kind]
    own = by.pk == asked.asked_by_id or by.post.unit_id == item.unit_id
    if own or not may(by, move.action) or not seated(move, authority.seat_of(asked.kind, item, day), by):
        raise PermissionDenied


def _grant(item: WorkItem, asked: ChangeRequest, *, by, at: datetime) -> None:
    days = {"due_on": asked.due_on, "effective_on": asked.effective_on, "exclusion": asked.exclusion}
    check_request(item, asked.kind, at=at, **days)
    take_item_step(
        item.pk,
        asked.kind,
        by=by,
        at=at,
        reason=asked.reason,
        on=asked.effective_on or localdate(at),
        due_on=asked.due_on,
        exclusion=asked.exclusion,
        request=asked,
    )


def _heads_of(seat, item: WorkItem, at: datetime) -> list:
    """Return the heads of the deciding body who may hear of the item; two queries."""
    heads = people_at(seat, ["head"], at)
    return unbarred(heads, item.dossier) if item.dossier and item.dossier.body_id == seat.pk else heads


def _record(asked: ChangeRequest, item: WorkItem, what: str, *, by, at, tell) -> None:
    def said() -> str:
        return f"{asked.get_outcome_display() or _('Đề nghị')}: {asked.get_kind_display()} · {public_title(item)}"

    record(
        f"workitem.request_{what}",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        detail={"request": asked.pk, "kind": asked.kind, "outcome": asked.outcome},
        tell=tell,
        text=said,
        link=reverse("progress:item", args=[item.pk]),
    )
