"""The only writers of the appraisal. Every change of a dossier's state goes through `models_registry`'s gate."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.lifecycle import Step
from models_registry.models import Criterion, Dossier
from models_registry.services import take_step
from models_registry.services.criteria import freeze_criteria
from models_registry.services.steps import authors_of
from organizations.permissions import Action, may
from organizations.queries import people_at
from reviews.lifecycle import ACTS, JUDGE, PROPOSE, PROPOSE_REFUSAL
from reviews.models import FAULT_MARKS, Assignment, Decision, Judgement
from reviews.queries import criteria_of, criterion_set_of, holding_of, judgements_of, unjudged


class Judged(NamedTuple):
    """What an appraiser says of one criterion; both empty takes the word back."""

    mark: str
    remark: str = ""


class HeldByAnother(Exception):
    """The step needs the dossier in one's own hands; `holding` is the assignment of who has it, or None."""

    def __init__(self, holding: Assignment | None):
        self.holding = holding
        super().__init__(f"held by {holding.appraiser_id if holding else 'nobody'}")


class JudgedElsewhere(Exception):
    """Another page of the same appraiser has saved since; `stored` is {criterion id: judgement}."""

    def __init__(self, stored: dict[int, Judgement]):
        self.stored = stored
        super().__init__("judged on another page")


@transaction.atomic
def take(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Take a waiting dossier into one's own hands; of two who try at once, one does.

    Raises what `take_step` raises, and then changes nothing.
    """
    dossier = take_step(dossier_id, Step.TAKE, by=by, at=at, edition=edition)
    return Assignment.objects.create(dossier=dossier, version=dossier.version, appraiser=by, taken_at=at)


@transaction.atomic
def give_back(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Dossier:
    """Put a dossier back into the queue: the own one, or (the head) anybody's, who is then told.

    The judgements stay; what was proposed goes with the assignment. Raises also HeldByAnother.
    """
    holding = _held_by(dossier_id, by, or_head=True)
    tell = [holding.appraiser] if holding else []
    dossier = take_step(dossier_id, Step.GIVE_BACK, by=by, at=at, edition=edition, also_tell=tell)
    _release(holding, at)
    return dossier


@transaction.atomic
def save_judgements(
    dossier_id: int,
    entries: Mapping[int, Judged],
    *,
    by,
    at: datetime,
    edition: int | None = None,
    seen: datetime | None = None,
) -> int:
    """Keep the marks and remarks of {criterion id: Judged} on the version at hand; return how many changed.

    The first judgement freezes the criterion set. `seen` is the instant of the newest own judgement the page showed:
    a later one in the database raises JudgedElsewhere. Raises also PermissionDenied, gate.StepNotOpen, HeldByAnother
    and ValidationError (a criterion or mark that is not of this set), and then changes nothing.
    """
    dossier = _open(dossier_id, JUDGE, by=by, edition=edition)
    criterion_set = criterion_set_of(dossier)
    if criterion_set.frozen_at is None and any(said != Judged("") for said in entries.values()):
        freeze_criteria(criterion_set, by=by, at=at)
    _check_marks(criteria_of(dossier), entries)
    stored = judgements_of(dossier, dossier.version, by.pk)
    if seen is not None and any(one.at > seen for one in stored.values()):
        raise JudgedElsewhere(stored)
    changed = {pk: said for pk, said in entries.items() if said != _said(stored.get(pk))}
    if changed:
        _write_judgements(dossier, changed, by=by, at=at)
    return len(changed)


@transaction.atomic
def propose(
    dossier_id: int, proposed: str, *, by, at: datetime, reason: str = "", edition: int | None = None
) -> Assignment:
    """Propose to the head to approve, or with a reason not to; every criterion must be judged. The heads are told.

    Raises PermissionDenied, gate.StepNotOpen, HeldByAnother or ValidationError, and then changes nothing.
    """
    act = PROPOSE if proposed == Assignment.Proposed.APPROVE else PROPOSE_REFUSAL
    dossier = _open(dossier_id, act, by=by, edition=edition, reason=reason)
    _refuse_half_judged(dossier, by)
    holding = holding_of(dossier.pk)
    holding.proposed = Assignment.Proposed(proposed)
    holding.proposed_reason, holding.proposed_at = reason.strip(), at
    holding.save(update_fields=["proposed", "proposed_reason", "proposed_at"])
    record(
        "appraisal.proposed",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version, "proposed": proposed, "reason": reason.strip()},
        tell=people_at(dossier.body, ("head",), at),
        text=f"{holding.proposed.label}: {dossier.title}",
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )
    return holding


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

    For who holds it, or the head. Raises what `take_step` raises, and HeldByAnother; then changes nothing.
    """
    holding = _held_by(dossier_id, by, or_head=True)
    dossier = take_step(
        dossier_id,
        Step.REQUEST_REVISION,
        by=by,
        at=at,
        reason=reason,
        edition=edition,
        remarks=remarks,
        due_on=due_on,
        also_tell=_holder(holding),
    )
    chosen = [criterion for criterion in criteria_of(dossier) if criterion.pk in set(criteria)]
    if not chosen or len(chosen) != len(set(criteria)):
        raise ValidationError({"criteria": _("Hãy chọn ít nhất một tiêu chí mà hồ sơ chưa đạt.")})
    return _decide(dossier, Decision.Outcome.RETURNED, holding, reason=reason, by=by, at=at, criteria=chosen)


@transaction.atomic
def approve(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Decision:
    """Approve what was proposed (or what the head judged alone); the items begin.

    Raises what `take_step` raises, and ValidationError while nothing is proposed; then changes nothing.
    """
    return _conclude(dossier_id, Step.APPROVE, by=by, at=at, edition=edition)


@transaction.atomic
def reject(dossier_id: int, *, reason: str, by, at: datetime, edition: int | None = None) -> Decision:
    """Do not approve, with a reason of at least 10 characters; final. Raises as `approve`."""
    return _conclude(dossier_id, Step.REJECT, by=by, at=at, edition=edition, reason=reason)


OUTCOME = {Step.APPROVE: Decision.Outcome.APPROVED, Step.REJECT: Decision.Outcome.REJECTED}


def _conclude(dossier_id: int, step: str, *, by, at: datetime, edition: int | None, reason: str = "") -> Decision:
    _lock(dossier_id, by)
    holding = holding_of(dossier_id)
    dossier = take_step(dossier_id, step, by=by, at=at, reason=reason, edition=edition, also_tell=_holder(holding))
    if holding is None or not holding.proposed:
        if holding is None or holding.appraiser_id != by.pk:
            raise ValidationError(_("Chuyên viên chưa gửi đề xuất, nên chưa thể quyết định hồ sơ này."))
        _refuse_half_judged(dossier, by)
    return _decide(dossier, OUTCOME[step], holding, reason=reason, by=by, at=at)


def _decide(dossier, outcome, holding, *, reason: str, by, at: datetime, criteria: Collection[Criterion] = ()):
    version = dossier.versions.get(number=dossier.version)
    decision = Decision.objects.create(version=version, outcome=outcome, reason=reason.strip(), by=by, at=at)
    if criteria:
        decision.criteria.set(criteria)
    _release(holding, at)
    return decision


def _open(dossier_id: int, act: str, *, by, edition: int | None, reason: str = "") -> Dossier:
    """Lock the dossier for an act that leaves its state, checked by the same gate, in the actor's own hands."""
    dossier = _lock(dossier_id, by)
    gate.check(dossier, act, ACTS, by=by, reason=reason, authors=authors_of(dossier))
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, act, ACTS)
    holding = holding_of(dossier_id)
    if holding is None or holding.appraiser_id != by.pk:
        raise HeldByAnother(holding)
    return dossier


def _lock(dossier_id: int, by) -> Dossier:
    seen = Dossier.objects.visible_to(by).select_related("unit", "round", "body")
    return seen.select_for_update(of=("self",)).get(pk=dossier_id)


def _held_by(dossier_id: int, by, *, or_head: bool) -> Assignment | None:
    """Lock the dossier and return who holds it; only that person, or a head, goes on. Nobody holding is the gate's."""
    _lock(dossier_id, by)
    holding = holding_of(dossier_id)
    own = holding is None or holding.appraiser_id == by.pk
    if own or (or_head and may(by, Action.DECIDE)) or not may(by, Action.APPRAISE):
        return holding
    raise HeldByAnother(holding)


def _holder(holding: Assignment | None) -> list:
    return [holding.appraiser] if holding else []


def _release(holding: Assignment | None, at: datetime) -> None:
    if holding is not None:
        holding.released_at = at
        holding.save(update_fields=["released_at"])


def _refuse_half_judged(dossier: Dossier, by) -> None:
    if missing := unjudged(dossier, by.pk):
        raise ValidationError(
            _("Còn %(count)d tiêu chí chưa đánh giá: %(names)s.")
            % {"count": len(missing), "names": "; ".join(criterion.text for criterion in missing[:5])}
        )


def _check_marks(criteria: list[Criterion], entries: Mapping[int, Judged]) -> None:
    groups = {criterion.pk: criterion.group for criterion in criteria}
    for pk, said in entries.items():
        if pk not in groups:
            raise ValidationError(_("Tiêu chí này không thuộc bộ tiêu chí của đợt."))
        allowed = {"", *FAULT_MARKS} if groups[pk] == Criterion.Group.FAULT else {"", *Judgement.Mark.values}
        if said.mark not in allowed:
            raise ValidationError(_("Mức đánh giá không hợp lệ."))


def _said(judgement: Judgement | None) -> Judged:
    return Judged(judgement.mark, judgement.remark) if judgement else Judged("")


def _write_judgements(dossier: Dossier, changed: Mapping[int, Judged], *, by, at: datetime) -> None:
    version = dossier.versions.get(number=dossier.version)
    kept = [
        Judgement(version=version, criterion_id=pk, appraiser=by, mark=said.mark, remark=said.remark, at=at)
        for pk, said in changed.items()
        if said != Judged("")
    ]
    Judgement.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["version", "criterion", "appraiser"],
        update_fields=["mark", "remark", "at"],
    )
    emptied = [pk for pk, said in changed.items() if said == Judged("")]
    Judgement.objects.filter(version=version, appraiser=by, criterion__in=emptied).delete()
    record(
        "appraisal.judged",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": version.number, "marks": {str(pk): said.mark for pk, said in changed.items()}},
    )
