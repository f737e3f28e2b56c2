"""What the board's words on a dossier are judged by, loaded for one or for many alike, and the refusals.

A service asks of one dossier it has locked; a rehearsal asks the same functions of hundreds, without a query for each.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.questions import Blank, Question
from models_registry import gate
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Criterion, Dossier, DossierVersion
from models_registry.querysets.conflicts import conflicts
from models_registry.services.effects import late_works, refuse_late
from reviews.models import Assignment, Decision
from reviews.queries.appraisal import criteria_of, others_sign
from reviews.services.holding import DecisionPrepared, refuse_another, refuse_missing_sheets


class ProposalChanged(Exception):
    """What the page showed is not what is proposed now; `holding` is the assignment with the newer word."""

    def __init__(self, holding: Assignment):
        self.holding = holding
        super().__init__(f"proposed again at {holding.proposed_at}")


@dataclass(slots=True)
class Case:
    """A dossier before the board: who holds it, what is prepared, its version at hand (without the content).

    `late` is the title of a work whose day has passed, where that is asked beforehand. `seen_edition` and
    `seen_proposal` are what the decider read. `barred` are who of the decider and the holder may not judge it, where
    that was asked under the lock.
    """

    dossier: Dossier
    holding: Assignment | None
    version: DossierVersion | None
    prepared: Decision | None
    late: str | None
    seen_edition: int | None = None
    seen_proposal: datetime | None = None
    barred: frozenset[int] = frozenset()


def case_of(dossier: Dossier, *, seen_edition=None, seen_proposal=None) -> Case:
    """Return the case of one dossier this transaction has locked; two queries."""
    holding = next(iter(_holding(dossier=dossier.pk)), None)
    version = next(iter(_version(dossier=dossier.pk, number=dossier.version)), None)
    return Case(dossier, holding, version, _prepared(version), None, seen_edition, seen_proposal)


@Question
def _holding():
    return Assignment.objects.held().leading().filter(dossier=Blank("dossier")).select_related("appraiser")


@Question
def _version():
    versions = DossierVersion.objects.filter(dossier=Blank("dossier"), number=Blank("number", IntegerField()))
    return versions.defer("content").select_related("decision__by")


def cases_of(dossiers: Iterable[Dossier], late: Mapping[int, str] | None = None) -> dict[int, Case]:
    """Return {dossier id: its case}, as things stand now; two queries however many. `late` as `late_works` returns."""
    found = {dossier.pk: dossier for dossier in dossiers}
    held = Assignment.objects.held().leading().filter(dossier__in=found).select_related("appraiser")
    holdings = {holding.dossier_id: holding for holding in held}
    versions = DossierVersion.objects.filter(dossier__in=found, number=F("dossier__version"))
    versions = {one.dossier_id: one for one in versions.defer("content").select_related("decision__by")}
    return {
        pk: Case(dossier, holdings.get(pk), versions.get(pk), _prepared(versions.get(pk)), (late or {}).get(pk))
        for pk, dossier in found.items()
    }


def locked_cases(dossier_ids: Collection[int], by, at: datetime) -> dict[int, Case]:
    """Return {dossier id: its case} of those within sight, locked until commit in the order of their ids; five queries.

    Works that would be late and conflicts of interest are asked of all at once, after they are locked.
    """
    seen = Dossier.objects.visible_to(by).filter(pk__in=dossier_ids).select_related("unit", "round", "body")
    locked = list(seen.defer("folded").select_for_update(of=("self",)).order_by("pk"))
    cases = cases_of(locked, late_works([dossier.pk for dossier in locked], localdate(at)))
    people = {by.pk, *(case.holding.appraiser_id for case in cases.values() if case.holding)}
    found = conflicts(people, body=by.post.unit_id, dossiers=cases) if cases else {}
    for pk, case in cases.items():
        case.barred = frozenset(who for who in people if pk in found[who])
    return {pk: case for pk, case in cases.items() if by.pk not in case.barred}


def _prepared(version: DossierVersion | None) -> Decision | None:
    decision = getattr(version, "decision", None)
    return decision if decision is not None and decision.announced_at is None else None


def refuse_conclusion(case: Case, step: str, *, by, reason: str = "") -> None:
    """Raise what stands against approving (or not) this dossier now; see `services.approve`."""
    _refuse_step(case, step, by=by, reason=reason)
    if case.seen_proposal is not None and case.holding and case.holding.proposed_at != case.seen_proposal:
        raise ProposalChanged(case.holding)
    if case.holding is None or not case.holding.proposed:
        if case.holding is None or case.holding.appraiser_id != by.pk:
            raise ValidationError(_("Chuyên viên chưa gửi đề xuất, nên chưa thể quyết định hồ sơ này."))
        refuse_missing_sheets(case.dossier, case.holding)
    if case.holding and case.holding.appraiser_id == by.pk and others_sign(case.dossier, by):
        raise ValidationError(
            _("Người thẩm định không tự ký khi Ban còn lãnh đạo khác. Hãy gửi đề xuất để người đó ký.")
        )
    if step == Step.APPROVE:
        refuse_late(case.late)


def refuse_return(case: Case, *, by, reason: str) -> None:
    """Raise what stands against returning this dossier to its unit now; see `services.request_revision`."""
    _refuse_step(case, Step.REQUEST_REVISION, by=by, reason=reason)
    refuse_another(case.holding, by)


def refuse_giving_back(case: Case, *, by) -> None:
    """Raise what stands against putting this dossier back into the queue now; see `services.give_back`."""
    _refuse_step(case, Step.GIVE_BACK, by=by)
    refuse_another(case.holding, by)


def refuse_assigning(case: Case, person_id: int, *, by) -> None:
    """Raise what stands against giving this dossier to somebody now, whoever that is; see `services.assign`."""
    if case.dossier.state != State.UNDER_APPRAISAL:
        _refuse_step(case, Step.TAKE, by=by)
    if case.prepared is not None:
        raise DecisionPrepared(case.prepared)
    if case.holding is not None and case.holding.appraiser_id == person_id:
        raise ValidationError(_("%(person)s đang giữ hồ sơ này rồi.") % {"person": case.holding.appraiser})


def _refuse_step(case: Case, step: str, *, by, reason: str = "") -> None:
    # Conflicts are out of sight here, and `advance` asks again under the lock.
    gate.check(case.dossier, step, MOVES, by=by, reason=reason, conflicted=False)
    if case.seen_edition is not None and case.seen_edition != case.dossier.edition:
        raise gate.StepNotOpen(case.dossier, step, MOVES)
    if case.prepared is not None:
        raise DecisionPrepared(case.prepared)


def unmet(dossier: Dossier, wanted: Collection[int]) -> list[Criterion]:
    """Return the criteria of its set a return names; raises ValidationError for none, and for one of another set."""
    chosen = [criterion for criterion in criteria_of(dossier) if criterion.pk in set(wanted)]
    if not chosen or len(chosen) != len(set(wanted)):
        raise ValidationError({"criteria": _("Hãy chọn ít nhất một tiêu chí mà hồ sơ chưa đạt.")})
    return chosen
