"""One act on many dossiers: rehearsed without writing, then done line by line through the same services.

The rehearsal asks the same refusals of dossiers loaded together. The run does only what the rehearsal promised: each
line with the edition and the proposal that were seen, so that what has changed since is explained and not forced. An
act that can locks a few dossiers at a time and asks of all of them what it would ask of each; a line refused then
undoes itself alone. Begun anew after a kill it does the rest; run twice it does nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.jobs import start_job
from journal.services import part_of, record
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import Step
from models_registry.models import Criterion, Dossier
from models_registry.services.steps import late_works
from organizations.models import Person
from organizations.permissions import Action, may
from reviews.models import Assignment, Bulk, BulkLine, Decision
from reviews.queries.assigning import seats_of
from reviews.queries.planning import HAND, plan
from reviews.services import assigning, deciding, holding
from reviews.services.cases import (
    Case,
    ProposalChanged,
    cases_of,
    locked_cases,
    refuse_assigning,
    refuse_conclusion,
    refuse_giving_back,
    refuse_return,
)
from reviews.services.holding import DecisionPrepared, HeldByAnother
from reviews.words import what_is_prepared, what_is_proposed_now, who_holds, who_was_faster

MOST = 1000  # dossiers of one bulk
AT_ONCE = 20  # lines of one transaction: a dossier of theirs waits for a moment, not for the whole run
GOOD_FOR = timedelta(hours=12)  # a rehearsal older than this is made anew
REFUSALS = (
    Dossier.DoesNotExist,
    PermissionDenied,
    StepNotOpen,
    HeldByAnother,
    DecisionPrepared,
    ProposalChanged,
    ValidationError,
)
Outcome = BulkLine.Outcome


@dataclass(frozen=True, slots=True)
class Act:
    """One row of `ACTS`. `refuse(case, by, given)` raises what stands against it, `do(line, by, at, given, cases)` does
    it through the service anybody else calls; `needs` names what the form asks beside the dossiers. `together(dossiers,
    given, at)` tells of those none of which is refused alone which cannot be done with the others, {id: why}. Where
    `at_once` lines are done in one transaction, their cases are locked first."""

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


def _approve(line: BulkLine, by, at, given: Mapping, cases: Mapping[int, Case]) -> None:
    if line.dossier_id not in cases:
        raise Dossier.DoesNotExist
    case = cases[line.dossier_id]
    case.seen_edition, case.seen_proposal = line.edition, line.proposed_at
    deciding.conclude(case, Decision.Outcome.APPROVED, by=by, at=at, announce=given["announce"])


def _refuse_return(case: Case, by, given: Mapping) -> None:
    refuse_return(case, by=by, reason=given["reason"])
    _unmet(case.dossier, case.version.criterion_set_id, given)


def _return(line: BulkLine, by, at, given: Mapping, _cases) -> None:
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


def _give_back(line: BulkLine, by, at, given: Mapping, _cases) -> None:
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


def _assign(line: BulkLine, by, at, given: Mapping, _cases) -> None:
    # Locked, so that who is given dossiers from two sides at once is not given more than the cap.
    Person.objects.select_for_update(of=("self",)).get(pk=given["to"])
    held = Assignment.objects.at_work().filter(appraiser=given["to"], dossier__body=by.post.unit_id)
    if given["cap"] is not None and held.count() >= given["cap"]:
        raise ValidationError(_("Người này đã giữ đủ %(cap)d hồ sơ.") % {"cap": given["cap"]})
    assigning.assign(line.dossier_id, given["to"], by=by, at=at, edition=line.edition)


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
        gettext_lazy("Yêu cầu bổ sung"), Action.APPRAISE, _refuse_return, _return, ("codes", "reason", "due_on")
    ),
    "give_back": Act(
        gettext_lazy("Trả lại hàng chờ"),
        Action.APPRAISE,
        lambda case, by, given: refuse_giving_back(case, by=by),
        _give_back,
    ),
    "assign": Act(
        gettext_lazy("Giao cho một người"), Action.DECIDE, _refuse_assigning, _assign, ("to", "cap"), _left_over
    ),
}


def acts_for(user) -> list[tuple[str, str]]:
    """Return (name, label) of the acts the post one acts in carries."""
    return [(name, act.label) for name, act in ACTS.items() if may(user, act.action)]


@transaction.atomic
def rehearse(dossier_ids: Iterable[int], act: str, given: Mapping, *, by, at: datetime) -> Bulk:
    """Write down what would come of an act on these dossiers, and change none; out of sight is left out.

    Raises PermissionDenied, and ValidationError for none or too many. Eight queries however many, and at most
    four for each the head judged alone.
    """
    wanted = ACTS[act]
    if not may(by, wanted.action):
        raise PermissionDenied
    seen = Dossier.objects.visible_to(by).select_related("unit", "round", "body").filter(pk__in=list(dossier_ids))
    dossiers = list(seen.order_by("submitted_at", "pk")[: MOST + 1])
    if not dossiers or len(dossiers) > MOST:
        told = _("Mỗi lần làm được từ 1 đến %(most)d hồ sơ. Hãy chọn hoặc lọc lại.") % {"most": MOST}
        raise ValidationError(told)
    given = _with_criteria(given, by) if "codes" in wanted.needs else dict(given)
    bulk = Bulk.objects.create(body=by.post.unit, by=by, post=by.post, act=act, given=given, rehearsed_at=at)
    cases = cases_of(dossiers, late_works([one.pk for one in dossiers], localdate(at)))
    lines = [_rehearsed(bulk, cases[one.pk], wanted, by) for one in dossiers]
    ready = [line for line in lines if line.outcome == Outcome.READY]
    left = wanted.together([line.dossier for line in ready], bulk.given, at)
    for line in ready:
        if told := left.get(line.dossier_id):
            line.outcome, line.why = Outcome.REFUSED, told
    BulkLine.objects.bulk_create(lines)
    return bulk


def _rehearsed(bulk: Bulk, case: Case, act: Act, by) -> BulkLine:
    line = BulkLine(bulk=bulk, dossier=case.dossier, edition=case.dossier.edition, outcome=Outcome.READY)
    line.proposed_at = case.holding.proposed_at if case.holding else None
    try:
        act.refuse(case, by, bulk.given)
    except REFUSALS as refused:
        line.outcome, line.why = Outcome.REFUSED, why(refused, case.dossier)
    return line


def _with_criteria(given: Mapping, by) -> dict:
    """Return what was given with the criteria the chosen codes name, {criterion set: [ids]}; one query."""
    of_board = Criterion.objects.filter(criterion_set__owner=by.post.unit_id, code__in=given["codes"])
    criteria: dict[str, list[int]] = {}
    for pk, chosen in of_board.values_list("pk", "criterion_set"):
        criteria.setdefault(str(chosen), []).append(pk)
    return dict(given) | {"criteria": criteria}


@transaction.atomic
def confirm(bulk_id: int, *, by, at: datetime) -> Bulk:
    """Start the job of a rehearsed bulk, once; for who rehearsed it, while the rehearsal is fresh.

    Raises Bulk.DoesNotExist, PermissionDenied, and ValidationError when it is stale or nothing of it can be done.
    """
    bulk = Bulk.objects.visible_to(by).select_for_update(of=("self",)).get(pk=bulk_id)
    if bulk.by_id != by.pk or not may(by, ACTS[bulk.act].action):
        raise PermissionDenied
    if bulk.confirmed_at is not None:
        return bulk
    ready = bulk.lines.filter(outcome=Outcome.READY).count()
    if not ready or at - bulk.rehearsed_at > GOOD_FOR:
        raise ValidationError(_("Lần xem trước này đã cũ hoặc không còn gì để làm. Hãy chọn và xem trước lại."))
    told = {"act": ACTS[bulk.act].label, "count": ready}
    bulk.confirmed_at = at
    bulk.job = start_job(
        "reviews.tasks.run_bulk",
        title=_("%(act)s: %(count)d hồ sơ") % told,
        arguments={"bulk": bulk.pk, "post": by.post.pk},
        owner=by,
        at=at,
    )
    bulk.save(update_fields=["confirmed_at", "job"])
    record("bulk.confirmed", subject="bulk", subject_id=bulk.pk, by=by, at=at, detail={"act": bulk.act, "count": ready})
    return bulk


def run(bulk: Bulk, *, by, clock: Callable[[], datetime], on_line: Callable = lambda done, total: None) -> None:
    """Do what is left of a confirmed bulk, as `by` acting in a post; at the instants `clock` tells."""
    total = bulk.lines.exclude(outcome=Outcome.REFUSED, at=None).count()
    left = list(bulk.lines.filter(outcome=Outcome.READY).values_list("pk", flat=True))
    at_once = ACTS[bulk.act].at_once
    for first in range(0, len(left), at_once):
        some = left[first : first + at_once]
        _run_lines(some, bulk, by=by, at=clock())
        for number in range(first + 1, first + len(some) + 1):
            on_line(total - len(left) + number, total)


@transaction.atomic
def _run_lines(line_ids: list[int], bulk: Bulk, *, by, at: datetime) -> None:
    """Do some lines, each or say why it was not done; a line that is over stays as it is."""
    act = ACTS[bulk.act]
    ready = BulkLine.objects.select_for_update().filter(pk__in=line_ids, outcome=Outcome.READY)
    lines = list(ready.order_by("pk"))
    cases = locked_cases([line.dossier_id for line in lines], by) if act.at_once > 1 else {}
    for line in lines:
        line.outcome, line.at = Outcome.DONE, at
        try:
            with transaction.atomic(), part_of(bulk=bulk.pk):
                act.do(line, by, at, bulk.given, cases)
        except REFUSALS as refused:
            line.outcome, line.why = Outcome.REFUSED, why(refused, line.dossier, moved=True)
    BulkLine.objects.bulk_update(lines, ["outcome", "why", "at"])


def why(refused: Exception, dossier: Dossier, *, moved: bool = False) -> str:
    """Return one sentence on a refusal; of a dossier that has `moved` since it was looked at, who did it and when."""
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    if isinstance(refused, StepNotOpen):
        return who_was_faster(refused.last) if moved else _state(dossier)
    if isinstance(refused, HeldByAnother):
        return who_holds(refused.holding)
    if isinstance(refused, DecisionPrepared):
        return what_is_prepared(refused.decision)
    if isinstance(refused, ProposalChanged):
        return what_is_proposed_now(refused.holding)
    return _("Bạn không được làm việc này với hồ sơ này: do bạn hoặc đơn vị của bạn lập, hoặc ngoài quyền của bạn.")


def _state(dossier: Dossier) -> str:
    return _("Hồ sơ đang ở trạng thái “%(state)s”.") % {"state": dossier.get_state_display()}
