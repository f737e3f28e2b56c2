"""The board's word on a version: returned, approved or not approved."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from models_registry.lifecycle import Step
from models_registry.models import Criterion
from models_registry.services.criteria import pin_criteria
from models_registry.services.steps import advance, locked
from reviews.models import Assignment, Decision
from reviews.queries.appraisal import criteria_of, holding_of
from reviews.services.holding import held_by, holder, refuse_half_judged, release_all


class ProposalChanged(Exception):
    """What the page showed is not what is proposed now; `holding` is the assignment with the newer word."""

    def __init__(self, holding: Assignment):
        self.holding = holding
        super().__init__(f"proposed again at {holding.proposed_at}")


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
    dossier = locked(dossier_id, by)
    holding = held_by(dossier, by)
    advance(
        dossier,
        Step.REQUEST_REVISION,
        by=by,
        at=at,
        reason=reason,
        edition=edition,
        remarks=remarks,
        due_on=due_on,
        also_tell=holder(holding),
    )
    chosen = [criterion for criterion in criteria_of(dossier) if criterion.pk in set(criteria)]
    if not chosen or len(chosen) != len(set(criteria)):
        raise ValidationError({"criteria": _("Hãy chọn ít nhất một tiêu chí mà hồ sơ chưa đạt.")})
    pin_criteria(dossier, chosen[0].criterion_set, by=by, at=at)
    return _decide(dossier, Decision.Outcome.RETURNED, reason=reason, by=by, at=at, criteria=chosen)


@transaction.atomic
def approve(
    dossier_id: int, *, by, at: datetime, edition: int | None = None, proposed_at: datetime | None = None
) -> Decision:
    """Approve what was proposed (or what the head judged alone); the items begin.

    `proposed_at` is the proposal the head read: a newer one raises ProposalChanged. Raises also what `take_step`
    raises, and ValidationError while nothing is proposed; then changes nothing.
    """
    return _conclude(dossier_id, Step.APPROVE, by=by, at=at, edition=edition, proposed_at=proposed_at)


@transaction.atomic
def reject(
    dossier_id: int,
    *,
    reason: str,
    by,
    at: datetime,
    edition: int | None = None,
    proposed_at: datetime | None = None,
) -> Decision:
    """Do not approve, with a reason of at least 10 characters; final. Raises as `approve`."""
    return _conclude(dossier_id, Step.REJECT, by=by, at=at, edition=edition, proposed_at=proposed_at, reason=reason)


OUTCOME = {Step.APPROVE: Decision.Outcome.APPROVED, Step.REJECT: Decision.Outcome.REJECTED}


def _conclude(dossier_id: int, step: str, *, by, at, edition, proposed_at, reason: str = "") -> Decision:
    dossier = locked(dossier_id, by)
    holding = holding_of(dossier_id)
    advance(dossier, step, by=by, at=at, reason=reason, edition=edition, also_tell=holder(holding))
    if proposed_at is not None and holding is not None and holding.proposed_at != proposed_at:
        raise ProposalChanged(holding)
    if holding is None or not holding.proposed:
        if holding is None or holding.appraiser_id != by.pk:
            raise ValidationError(_("Chuyên viên chưa gửi đề xuất, nên chưa thể quyết định hồ sơ này."))
        refuse_half_judged(dossier, by)
    return _decide(dossier, OUTCOME[step], reason=reason, by=by, at=at)


def _decide(dossier, outcome, *, reason: str, by, at: datetime, criteria: Collection[Criterion] = ()):
    version = dossier.versions.get(number=dossier.version)
    decision = Decision.objects.create(
        version=version, outcome=outcome, reason=reason.strip(), by=by, prepared_at=at, announced_at=at
    )
    if criteria:
        decision.criteria.set(criteria)
    release_all(dossier, at)
    return decision
