"""Whose hands a dossier is in: taking it, giving it back, and what every other service asks first."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateTimeField
from django.utils.translation import gettext as _

from journal.questions import Among, Blank, Change
from models_registry import gate
from models_registry.lifecycle import Step
from models_registry.models import Dossier
from models_registry.querysets.conflicts import is_barred
from models_registry.services.steps import advance, locked
from organizations.permissions import Action, may
from reviews.lifecycle import ACTS, JOIN, OF_A_SCORER
from reviews.models import Assignment, Decision
from reviews.queries.appraisal import holding_of, unjudged


class HeldByAnother(Exception):
    """The step needs the dossier in one's own hands; `holding` is the assignment of who has it, or None."""

    def __init__(self, holding: Assignment | None):
        self.holding = holding
        super().__init__(f"held by {holding.appraiser_id if holding else 'nobody'}")


class DecisionPrepared(Exception):
    """A decision waits to be announced: nothing moves until it is told or taken back; `decision` says whose it is."""

    def __init__(self, decision: Decision):
        self.decision = decision
        super().__init__(f"decision {decision.pk} is prepared")


@transaction.atomic
def take(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Take a waiting dossier into one's own hands; of two who try at once, one does.

    Raises what `take_step` raises, and then changes nothing.
    """
    dossier = advance(locked(dossier_id, by), Step.TAKE, by=by, at=at, edition=edition)
    return seat(dossier, by, at=at, is_lead=True)


def seat(dossier: Dossier, who, *, at: datetime, is_lead: bool, assigned_by=None) -> Assignment:
    """Give somebody a hand on the dossier: the open one where there is one.

    Who handed a sheet in on this version before, and may have read others' since, finds it handed in.
    """
    known = Assignment.objects.filter(dossier=dossier, version=dossier.version, appraiser=who)
    own = known.filter(released_at__isnull=True).first()
    if own is None:
        before = known.filter(finished_at__isnull=False).last()
        own = Assignment(dossier=dossier, version=dossier.version, appraiser=who, taken_at=at, assigned_by=assigned_by)
        own.finished_at = before.finished_at if before else None
    own.is_lead = is_lead
    own.save()
    return own


@transaction.atomic
def give_back(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Dossier:
    """Put a dossier back into the queue: the own one, or (the head) anybody's, who is then told.

    The judgements stay, and those who only score keep their seats; what was proposed goes with the assignment. Raises
    also HeldByAnother.
    """
    dossier = locked(dossier_id, by)
    holding = held_by(dossier, by)
    advance(dossier, Step.GIVE_BACK, by=by, at=at, edition=edition, also_tell=holder(holding))
    release(holding, at)
    return dossier


def opened(dossier_id: int, act: str, *, by, edition: int | None, reason: str = "") -> Dossier:
    """Lock the dossier for an act that leaves its state, checked by the same gate, in the actor's own hands.

    Raises HeldByAnother without a seat, and without the lead's where the act is not one of every scorer.
    """
    dossier = locked(dossier_id, by)
    gate.check(dossier, act, ACTS, by=by, reason=reason, conflicted=is_barred(by, dossier))
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, act, ACTS)
    own = Assignment.objects.held().filter(dossier=dossier, appraiser=by).first()
    if act != JOIN and (own is None or not (own.is_lead or act in OF_A_SCORER)):
        raise HeldByAnother(holding_of(dossier_id))
    refuse_prepared(prepared_of(dossier))
    return dossier


def held_by(dossier: Dossier, by) -> Assignment | None:
    """Return who holds a locked dossier; only that person, or a head, goes on, and only while nothing is prepared."""
    holding = holding_of(dossier.pk)
    refuse_another(holding, by)
    refuse_prepared(prepared_of(dossier))
    return holding


def refuse_another(holding: Assignment | None, by) -> None:
    """Raise HeldByAnother where it is neither one's own nor a head's; nobody holding is the gate's."""
    own = holding is None or holding.appraiser_id == by.pk
    if not own and not may(by, Action.DECIDE) and may(by, Action.APPRAISE):
        raise HeldByAnother(holding)


def prepared_of(dossier: Dossier) -> Decision | None:
    """Return the decision on the dossier that waits to be announced, with who made it; one query."""
    found = Decision.objects.prepared().filter(version__dossier=dossier, version__number=dossier.version)
    return found.select_related("by").first()


def refuse_prepared(decision: Decision | None) -> None:
    if decision is not None:
        raise DecisionPrepared(decision)


def holder(holding: Assignment | None) -> list:
    """Return whom to tell of what is done in somebody's stead."""
    return [holding.appraiser] if holding else []


def release(holding: Assignment | None, at: datetime) -> None:
    if holding is not None:
        holding.released_at = at
        holding.save(update_fields=["released_at"])


def release_all(dossiers: Iterable[Dossier], at: datetime) -> None:
    """End every hand on dossiers of which the board has spoken; one query."""
    _released(dossiers=[dossier.pk for dossier in dossiers], at=at)


@Change
def _released():
    open_ones = Assignment.objects.filter(Among("dossier", "dossiers"), released_at__isnull=True)
    return open_ones, {"released_at": Blank("at", DateTimeField())}


def refuse_half_judged(dossier: Dossier, by) -> None:
    """Raise ValidationError naming the criteria this person has not marked on the version at hand."""
    if missing := unjudged(dossier, by.pk):
        raise ValidationError(
            _("Còn %(count)d tiêu chí chưa đánh giá: %(names)s.")
            % {"count": len(missing), "names": "; ".join(criterion.text for criterion in missing[:5])}
        )


def refuse_missing_sheets(dossier: Dossier, lead: Assignment) -> None:
    """Raise ValidationError unless every sheet the round asks for is handed in; one who scores alone needs only marks.

    At most two queries.
    """
    seats = list(Assignment.objects.held().filter(dossier=dossier))
    asked = max(len(seats), dossier.round.appraisers)
    done = sum(1 for one in seats if one.finished_at)
    if lead.finished_at is None:
        if asked > 1:
            raise ValidationError(_("Hãy nộp phiếu chấm của bạn trước, rồi đề xuất khi đã đủ phiếu."))
        refuse_half_judged(dossier, lead.appraiser)
    elif done < asked:
        told = {"done": done, "asked": asked}
        raise ValidationError(_("Mới có %(done)d/%(asked)d phiếu chấm. Đủ phiếu thì mới đề xuất được.") % told)


def refuse_full(dossier: Dossier) -> None:
    """Raise ValidationError where as many sit as the round asks for; one query."""
    if Assignment.objects.held().filter(dossier=dossier).count() >= dossier.round.appraisers:
        raise ValidationError(_("Hồ sơ này đã đủ người chấm."))


def finish(seats: Iterable[Assignment | None], at: datetime) -> None:
    """Keep when scoresheets were handed in; the first time counts. One query, none where all were."""
    open_ones = [own for own in seats if own is not None and own.finished_at is None]
    for own in open_ones:
        own.finished_at = at
    if open_ones:
        Assignment.objects.filter(pk__in=[own.pk for own in open_ones]).update(finished_at=at)
