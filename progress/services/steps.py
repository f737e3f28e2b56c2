"""Every change of an item's state: one function, one lock, one row of the table of moves, one fact."""

from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.lifecycle import ItemState
from models_registry.masking import public_title
from models_registry.models import ItemChange, WorkItem
from organizations.queries import people_at
from progress.lifecycle import (
    CONCLUDING_STEPS,
    COUNTED_STEPS,
    FACT_OF,
    REQUEST_STEPS,
    Authors,
    ItemStep,
    follow,
    last_check,
)
from progress.models import ChangeRequest, Fact
from progress.queries.authority import OFFICERS, Authority, authority_over, confirmers_of, seated
from vietnamese.display import day_text, quarter_text

AFTER_THE_YEAR = CONCLUDING_STEPS | {ItemStep.CARRY_OVER}


@transaction.atomic
def take_item_step(
    item_id: int,
    step: str,
    *,
    by,
    at: datetime,
    reason: str = "",
    on: date | None = None,
    due_on: date | None = None,
    exclusion: str = "",
    request: ChangeRequest | None = None,
) -> WorkItem:
    """Move one item one step, write its fact with both clocks and record it; the row stays locked until commit.

    `on` is the day it happened or takes effect, `due_on` the new due day of an extension or a carry-over, `request`
    the unit's request a decision answers. Those who must act next are told.

    Raises WorkItem.DoesNotExist (out of sight), PermissionDenied, gate.StepNotOpen or ValidationError, and then
    changes nothing.
    """
    if (step in REQUEST_STEPS) != (request is not None):
        raise ValueError(f"{step} answers a request, and nothing else does")
    item = locked_item(item_id, by=by)
    authority = authority_over(item, at)
    check_item_step(item, step, authority, by=by, at=at, reason=reason, request=request)
    check_days(item, step, at=at, on=on, due_on=due_on)
    fact = Fact.objects.create(
        item=item, kind=FACT_OF[step], at=at, on=on, due_on=due_on, exclusion=exclusion, reason=reason.strip(), by=by
    )
    was = item.state
    item.completions = item.facts.filter(kind=Fact.Kind.COMPLETED).count() if step == ItemStep.REPORT else 0
    if step == ItemStep.REPORT:
        item.completions -= 1
    follow(item, fact, day_of=localdate)
    item.save(update_fields=["state", "completed_on", "confirmed_at", "due_in_force", "excluded_at", "plain"])
    if step in COUNTED_STEPS:
        ItemChange.objects.create(item=item, unit_id=item.unit_id, at=at)
    if step == ItemStep.CARRY_OVER:
        _begin_next_year(item, due_on=due_on, at=at)
    record(
        f"workitem.{step}",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        detail=_detail(was, fact),
        # A decided request tells its own outcome.
        tell=() if request else _told(item, step, authority, by, at),
        text=lambda: f"{ItemStep(step).label}: {public_title(item)}",
        link=reverse("progress:item", args=[item.pk]),
    )
    return item


def locked_item(item_id: int, *, by) -> WorkItem:
    """Return one item within sight, its row locked until commit."""
    seen = WorkItem.objects.visible_to(by).select_related("unit")
    return seen.select_for_update(of=("self",)).get(pk=item_id)


def check_item_step(item, step, authority: Authority, *, by, at, reason="", request=None) -> None:
    """Raise PermissionDenied, StepNotOpen or ValidationError where this person may not take this step now."""
    authors = authority.kept_out_of(step) | ({request.asked_by_id} if request else set())
    if item.excluded_at:
        raise gate.StepNotOpen(item, step, authority.moves)
    move = gate.check(item, step, authority.moves, by=by, reason=reason, authors=authors)
    if not seated(move, authority.seat_of(step, item, localdate(at)), by):
        raise PermissionDenied


def check_days(item: WorkItem, step: str, *, at: datetime, on: date | None, due_on: date | None) -> None:
    """Raise ValidationError where a day of the step cannot be true; keyed by the form's field."""
    today, year_end = localdate(at), date(item.year, 12, 31)
    if step == ItemStep.REPORT:
        check_completed_on(item, on, today=today)
    elif step == ItemStep.EXTEND:
        check_extension(item, due_on, today=today)
    elif step == ItemStep.EXCLUDE and on is None:
        raise ValidationError({"effective_on": _("Hãy ghi ngày có hiệu lực.")})
    elif step in AFTER_THE_YEAR and today <= year_end:
        raise ValidationError(
            _("Chỉ kết luận sau khi hết năm kế hoạch, từ ngày %(day)s.") % {"day": day_text(date(item.year + 1, 1, 1))}
        )
    if step == ItemStep.CARRY_OVER:
        check_next_year(item, due_on, today=today)
    if step in (ItemStep.REPORT, ItemStep.CONFIRM) and (refusal := why_not_completed(item, on or item.completed_on)):
        raise ValidationError(refusal)


def check_next_year(item: WorkItem, due_on: date | None, *, today: date) -> None:
    """Raise ValidationError unless the item may be carried over to this day."""
    if due_on is None or due_on.year != item.year + 1 or due_on < today:
        raise ValidationError(
            {"due_on": _("Hạn mới phải nằm trong năm %(year)d và chưa qua.") % {"year": item.year + 1}}
        )


def check_completed_on(item: WorkItem, day: date | None, *, today: date) -> None:
    """Raise ValidationError unless an item may have been completed on this day."""
    if day is None:
        raise ValidationError({"completed_on": _("Hãy ghi ngày hoàn thành.")})
    if day > today:
        raise ValidationError({"completed_on": _("Ngày hoàn thành không thể ở sau hôm nay.")})
    if day < localdate(item.approved_at):
        raise ValidationError(
            {
                "completed_on": _("Việc được duyệt ngày %(day)s, không thể hoàn thành trước ngày đó.")
                % {"day": day_text(item.approved_at)}
            }
        )


def why_not_completed(item: WorkItem, day: date) -> str:
    """Return one sentence why ongoing work completed on this day is not taken as such yet; "" where it is.

    The last check it owes must have been passed. One query for ongoing work, none for other.
    """
    if not item.ongoing:
        return ""
    quarter, verdict = last_check(item.checks.in_order(), year=item.year, day=day)
    said = {"quarter": quarter_text(quarter, item.year)}
    match verdict:
        case "passed":
            return ""
        case "failed":
            return _("Việc thường xuyên chỉ hoàn thành khi lần kiểm tra gần nhất Đạt; %(quarter)s chưa đạt.") % said
    return _("Việc thường xuyên chỉ hoàn thành khi lần kiểm tra gần nhất Đạt; %(quarter)s chưa được kiểm tra.") % said


def check_extension(item: WorkItem, due_on: date | None, *, today: date) -> None:
    """Raise ValidationError unless the due day may become this one."""
    if due_on is None:
        raise ValidationError({"due_on": _("Hãy ghi hạn mới.")})
    if due_on <= item.due_in_force:
        raise ValidationError(
            {"due_on": _("Hạn mới phải sau hạn đang có hiệu lực (%(day)s).") % {"day": day_text(item.due_in_force)}}
        )
    if due_on.year != item.year:
        raise ValidationError({"due_on": _("Hạn mới phải nằm trong năm kế hoạch %(year)d.") % {"year": item.year}})
    if due_on < today:
        raise ValidationError({"due_on": _("Hạn mới không thể là ngày đã qua.")})


def _begin_next_year(item: WorkItem, *, due_on: date, at: datetime) -> None:
    """Add the item's continuation: a new item of the next year, counted there once (case 12)."""
    source = WorkItem.objects.get(pk=item.pk)
    fresh = WorkItem.objects.get(pk=item.pk)
    fresh.pk, fresh.code, fresh._state.adding = None, None, True
    fresh.carried_from, fresh.year = source, source.year + 1
    fresh.first_unit = None
    fresh.state, fresh.approved_at, fresh.plain = ItemState.IN_PROGRESS, at, True
    fresh.due_on = fresh.due_in_force = due_on
    fresh.completed_on = fresh.confirmed_at = fresh.excluded_at = None
    fresh.save()
    ItemChange.objects.create(item=fresh, unit_id=fresh.unit_id, at=at)


def _detail(was: str, fact: Fact) -> dict:
    """Return what the journal keeps of a fact, without names."""
    detail = {"from": was, "fact": fact.pk, "reason": fact.reason}
    days = {"on": fact.on, "due_on": fact.due_on}
    return detail | {key: day.isoformat() for key, day in days.items() if day}


def _told(item: WorkItem, step: str, authority: Authority, by, at: datetime) -> list:
    if step == ItemStep.REPORT:
        return confirmers_of(item, replace(authority, authors=Authors(sent=by.pk)), at)
    return people_at(item.unit, OFFICERS, at)
