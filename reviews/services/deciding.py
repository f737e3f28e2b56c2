"""The board's word on a version: returned, approved or not approved; told at once, or prepared to be told later."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import Entry, record_all
from models_registry import gate
from models_registry.lifecycle import Step
from models_registry.models import Dossier
from models_registry.querysets.conflicts import acts_for_a_board, barred_among, is_barred, unbarred
from models_registry.services.criteria import pin_criteria
from models_registry.services.effects import late_works
from models_registry.services.steps import advance, advance_all, locked
from reviews.lifecycle import ACTS, SEND_BACK, UNDO
from reviews.models import Assignment, Decision
from reviews.services.cases import Case, ProposalChanged, case_of, refuse_conclusion, refuse_return, unmet
from reviews.services.holding import finish, holder, prepared_of, refuse_prepared, release_all

Outcome = Decision.Outcome
STEP = {Outcome.APPROVED: Step.APPROVE, Outcome.REJECTED: Step.REJECT}


@transaction.atomic
def request_revision(
    dossier_id: int,
    *,
    criteria: Collection[int],
    reason: str,
    by,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
    due_on: date | None = None,
    edition: int | None = None,
) -> Decision:
    """Return the dossier to its unit with a reason, at least one criterion, and remarks pinned to its fields.

    For who holds it, or the head. Raises what `take_step` raises, HeldByAnother, and DecisionPrepared while a decision
    waits to be announced; then changes nothing.
    """
    dossier = locked(dossier_id, by)
    case = case_of(dossier, seen_edition=edition)
    refuse_return(case, by=by, reason=reason)
    chosen = unmet(dossier, criteria)
    advance(
        dossier,
        Step.REQUEST_REVISION,
        by=by,
        at=at,
        reason=reason,
        remarks=remarks,
        due_on=due_on,
        also_tell=holder(case.holding),
    )
    release_all([dossier], at)
    pin_criteria(dossier, chosen[0].criterion_set, by=by, at=at)
    decision = _decide([case], Outcome.RETURNED, reason=reason, by=by, at=at, announced_at=at)[0]
    decision.criteria.set(chosen)
    return decision


@transaction.atomic
def approve(dossier_id: int, *, by, at: datetime, announce: bool = True, **seen) -> Decision:
    """Approve what was proposed (or what the head judged alone); the items begin when it is announced.

    `seen` are `edition` and `proposed_at`, the proposal the head read: a newer one raises ProposalChanged. Without
    `announce` the decision is prepared: nothing moves and the unit is told nothing until `services.announce`.
    Raises also what `take_step` raises, DecisionPrepared, and ValidationError while nothing is proposed; then changes
    nothing.
    """
    return _conclude(dossier_id, Outcome.APPROVED, by=by, at=at, announce=announce, **seen)


@transaction.atomic
def reject(dossier_id: int, *, reason: str, by, at: datetime, announce: bool = True, **seen) -> Decision:
    """Do not approve, with a reason of at least 10 characters. As `approve`."""
    return _conclude(dossier_id, Outcome.REJECTED, by=by, at=at, announce=announce, reason=reason, **seen)


def _conclude(dossier_id, outcome, *, by, at, announce, reason="", edition=None, proposed_at=None) -> Decision:
    dossier = locked(dossier_id, by, asked_later=True)
    case = case_of(dossier, seen_edition=edition, seen_proposal=proposed_at)
    case.barred = barred_among([by, *holder(case.holding)], dossier)
    if by.pk in case.barred and acts_for_a_board(by):
        raise Dossier.DoesNotExist
    if not announce:
        case.late = late_works([dossier.pk], localdate(at)).get(dossier.pk)
    refuse_conclusion(case, STEP[outcome], by=by, reason=reason)
    return conclude([case], outcome, by=by, at=at, announce=announce, reason=reason)[0]


def conclude(
    cases: Sequence[Case], outcome: str, *, by, at: datetime, announce: bool, reason: str = ""
) -> list[Decision]:
    """Decide dossiers this transaction has locked and `refuse_conclusion` does not refuse, writing each table once.

    Raises as `approve` where something was not foreseen, and must then be given up.
    """
    finish([case.holding for case in cases], at)
    dossiers, reason = [case.dossier for case in cases], reason.strip()
    decisions = _decide(cases, outcome, reason=reason, by=by, at=at, announced_at=at if announce else None)
    if announce:
        told = {case.dossier.pk: holder(case.holding) for case in cases}
        barred = {case.dossier.pk: case.barred for case in cases}
        advance_all(dossiers, STEP[outcome], by=by, at=at, reason=reason, also_tell=told, barred=barred)
        release_all(dossiers, at)
    else:
        entries = [_said("appraisal.prepared", dossier, reason, {"outcome": outcome}) for dossier in dossiers]
        record_all("appraisal.prepared", entries, subject="dossier", by=by, at=at)
    return decisions


def _decide(cases: Iterable[Case], outcome, *, reason, by, at, announced_at) -> list[Decision]:
    return Decision.objects.bulk_create(
        Decision(
            version=case.version,
            outcome=outcome,
            reason=reason.strip(),
            by=by,
            prepared_at=at,
            announced_at=announced_at,
        )
        for case in cases
    )


@transaction.atomic
def undo(dossier_id: int, *, by, at: datetime) -> None:
    """Take back a decision that was not announced yet; the proposal waits again, and who decided is told.

    Raises Dossier.DoesNotExist, PermissionDenied, and gate.StepNotOpen when nothing is prepared (any more).
    """
    dossier = locked(dossier_id, by)
    gate.check(dossier, UNDO, ACTS, by=by, conflicted=is_barred(by, dossier))
    decision = prepared_of(dossier)
    if decision is None:
        raise gate.StepNotOpen(dossier, UNDO, ACTS)
    tell_board("appraisal.unprepared", dossier, decision, by=by, at=at, tell=[decision.by])
    decision.delete()


@transaction.atomic
def send_back(dossier_id: int, *, reason: str, by, at: datetime, edition=None, proposed_at=None) -> Assignment:
    """Send a proposal back to its appraiser, who keeps the dossier and proposes anew; with a reason.

    Raises Dossier.DoesNotExist, PermissionDenied, gate.StepNotOpen, DecisionPrepared, ProposalChanged, and
    ValidationError without a reason or while nothing is proposed; then changes nothing.
    """
    dossier = locked(dossier_id, by)
    gate.check(dossier, SEND_BACK, ACTS, by=by, reason=reason, conflicted=is_barred(by, dossier))
    case = case_of(dossier)
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, SEND_BACK, ACTS)
    refuse_prepared(case.prepared)
    holding = case.holding
    if proposed_at is not None and holding and holding.proposed_at != proposed_at:
        raise ProposalChanged(holding)
    if holding is None or not holding.proposed:
        raise ValidationError(_("Chuyên viên chưa gửi đề xuất, nên chưa có gì để trả lại."))
    holding.proposed, holding.proposed_reason, holding.proposed_at = "", "", None
    holding.sent_back_reason, holding.sent_back_at, holding.sent_back_by = reason.strip(), at, by
    holding.save()
    tell_board("appraisal.sent_back", dossier, None, by=by, at=at, reason=reason, tell=holder(holding))
    return holding


def tell_board(verb: str, dossier, decision: Decision | None, *, by, at, reason: str = "", tell=()) -> None:
    """Record what stays within the board; nobody of the unit is told."""
    outcome = {"outcome": decision.outcome} if decision else {}
    entry = _said(verb, dossier, reason, outcome, tell=unbarred(tell, dossier))
    record_all(verb, [entry], subject="dossier", by=by, at=at)


def _said(verb: str, dossier, reason: str, detail: dict, tell=()) -> Entry:
    return Entry(
        dossier.pk,
        dossier.unit_id,
        {"version": dossier.version, "reason": reason.strip()} | detail,
        tell=tell,
        text=lambda: f"{TITLES[verb]()}: {dossier.title}",
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )


TITLES = {
    "appraisal.prepared": lambda: _("Đã ký, chờ công bố"),
    "appraisal.unprepared": lambda: _("Quyết định chưa công bố đã được bỏ"),
    "appraisal.sent_back": lambda: _("Đề xuất được trả lại"),
    "appraisal.held_up": lambda: _("Chưa công bố được quyết định"),
}
