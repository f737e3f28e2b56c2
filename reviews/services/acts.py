"""The acts of a bulk: what each refuses of a dossier, and how some lines of it are done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.gate import StepNotOpen
from models_registry.lifecycle import Step
from models_registry.models import Dossier
from organizations.models import Person
from organizations.permissions import Action
from reviews.models import Assignment, BulkLine, Decision
from reviews.queries.assigning import seats_of
from reviews.queries.planning import HAND, plan
from reviews.services import assigning, deciding, holding
from reviews.services.cases import (
    Case,
    ProposalChanged,
    locked_cases,
    refuse_assigning,
    refuse_conclusion,
    refuse_giving_back,
    refuse_return,
)
from reviews.services.holding import DecisionPrepared, HeldByAnother

AT_ONCE = 50  # lines of one transaction: a dossier of theirs waits for a moment, not for the whole run
REFUSALS = (
    Dossier.DoesNotExist,
    PermissionDenied,
    StepNotOpen,
    HeldByAnother,
    DecisionPrepared,
    ProposalChanged,
    ValidationError,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One row of `ACTS`. `refuse(case, by, given)` raises what stands against it; `do(lines, by, at, given)` does
    `at_once` lines at most through the service anybody else calls, and returns what stands against some of them,
    {line id: refusal}. `needs` names what the form asks beside the dossiers. `together(dossiers, given, at)` tells of
    those none of which is refused alone which cannot be done with the others, {id: why}."""

    label: str
    action: Action
    refuse: Callable
    do: Callable
    needs: tuple[str, ...] = ()
    together: Callable = lambda dossiers, given, at: {}
    at_once: int = 1


def _refuse_approval(case: Case, by, given: Mapping) -> None:
    refuse_conclusion(case, Step.APPROVE, by=by)
    if case.holding.proposed == Assignment.Proposed.REJECT:
        raise ValidationError(_("Chuyên viên đề xuất không duyệt; hãy đọc và quyết định riêng hồ sơ này."))


def _approve(lines: Sequence[BulkLine], by, at, given: Mapping) -> dict[int, Exception]:
    found, legal, refused = locked_cases([line.dossier_id for line in lines], by, at), [], {}
    for line in lines:
        try:
            case = _seen(found, line)
            _refuse_approval(case, by, given)
            legal.append(case)
        except REFUSALS as told:
            refused[line.pk] = told
    deciding.conclude(legal, Decision.Outcome.APPROVED, by=by, at=at, announce=given["announce"])
    return refused


def _seen(cases: Mapping[int, Case], line: BulkLine) -> Case:
    """Return the case of a line as it was rehearsed; raises Dossier.DoesNotExist for one out of sight."""
    if line.dossier_id not in cases:
        raise Dossier.DoesNotExist
    case = cases[line.dossier_id]
    case.seen_edition, case.seen_proposal = line.edition, line.proposed_at
    return case


def _refuse_return(case: Case, by, given: Mapping) -> None:
    refuse_return(case, by=by, reason=given["reason"])
    _unmet(case.dossier, case.version.criterion_set_id, given)


def _return(line: BulkLine, by, at, given: Mapping) -> None:
    dossier = Dossier.objects.visible_to(by).select_related("round").get(pk=line.dossier_id)
    pinned = dossier.versions.filter(number=dossier.version).values_list("criterion_set", flat=True).first()
    due_on = date.fromisoformat(given["due_on"]) if given.get("due_on") else None
    chosen = _unmet(dossier, pinned, given)
    how = {"criteria": chosen, "reason": given["reason"], "due_on": due_on, "edition": line.edition}
    deciding.request_revision(line.dossier_id, by=by, at=at, **how)


def _unmet(dossier: Dossier, pinned: int | None, given: Mapping) -> list[int]:
    """Return the criteria of the dossier's own set that the chosen codes name; raises ValidationError for none."""
    of_round = dossier.round.model_criteria_id if dossier.is_model else dossier.round.sheet_criteria_id
    known = given["criteria"].get(str(pinned or of_round), [])
    if not known:
        raise ValidationError(_("Bộ tiêu chí của hồ sơ này không có tiêu chí đã chọn."))
    return known


def _give_back(line: BulkLine, by, at, given: Mapping) -> None:
    holding.give_back(line.dossier_id, by=by, at=at, edition=line.edition)


def _refuse_assigning(case: Case, by, given: Mapping) -> None:
    refuse_assigning(case, given["to"], by=by)


def _left_over(dossiers: list[Dossier], given: Mapping, at: datetime) -> dict[int, str]:
    """Return {dossier id: why} of what the person may not judge, or would hold beyond the cap; five queries."""
    if not dossiers:
        return {}
    seats = seats_of(dossiers[0].body_id, at)
    made = plan(dossiers, seats, method=HAND, to=given["to"], cap=given["cap"], beside=False)
    return {dossier.pk: told for dossier, told in made.left}


def _assign(line: BulkLine, by, at, given: Mapping) -> None:
    # Locked, so that who is given dossiers from two sides at once is not given more than the cap.
    Person.objects.select_for_update(of=("self",)).get(pk=given["to"])
    held = Assignment.objects.at_work().filter(appraiser=given["to"], dossier__body=by.post.unit_id)
    if given["cap"] is not None and held.count() >= given["cap"]:
        raise ValidationError(_("Người này đã giữ đủ %(cap)d hồ sơ.") % {"cap": given["cap"]})
    assigning.assign(line.dossier_id, given["to"], by=by, at=at, edition=line.edition)


def _alone(do: Callable) -> Callable:
    """Return what is done with one line as what is done with lines, one at a time."""

    def on_one(lines: Sequence[BulkLine], by, at, given: Mapping) -> dict[int, Exception]:
        (line,) = lines
        do(line, by, at, given)
        return {}

    return on_one


ACTS: dict[str, Act] = {
    "approve": Act(
        gettext_lazy("Duyệt theo đề xuất"),
        Action.DECIDE,
        _refuse_approval,
        _approve,
        ("announce",),
        at_once=AT_ONCE,
    ),
    "return": Act(
        gettext_lazy("Yêu cầu bổ sung"), Action.APPRAISE, _refuse_return, _alone(_return), ("codes", "reason", "due_on")
    ),
    "give_back": Act(
        gettext_lazy("Trả lại hàng chờ"),
        Action.APPRAISE,
        lambda case, by, given: refuse_giving_back(case, by=by),
        _alone(_give_back),
    ),
    "assign": Act(
        gettext_lazy("Giao cho một người"), Action.DECIDE, _refuse_assigning, _alone(_assign), ("to", "cap"), _left_over
    ),
}
