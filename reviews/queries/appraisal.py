"""Questions about appraisals that need more than one word."""

from collections.abc import Collection

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from journal.questions import Among, Blank, Question
from models_registry.lifecycle import State
from models_registry.models import Criterion, CriterionSet, Dossier, DossierVersion
from models_registry.querysets.conflicts import unbarred
from organizations.models import Post
from reviews.models import Assignment, Judgement


def criterion_set_of(dossier: Dossier) -> CriterionSet:
    """Return the set the version at hand is judged by; one query."""
    return CriterionSet.objects.get(pk=_chosen(dossier))


def criteria_of(dossier: Dossier) -> list[Criterion]:
    """Return the criteria the version at hand is judged by, in their order; one query."""
    return list(Criterion.objects.filter(criterion_set=_chosen(dossier)))


def criteria_by_set(dossier: Dossier, sets: Collection[int]) -> tuple[list[Criterion], dict[int, list[Criterion]]]:
    """Return the criteria of the version at hand, and {set: its criteria} of others by their ids; one query."""
    found = _criteria(sets=sets, dossier=dossier.pk, number=dossier.version, of_round=_of_round(dossier))
    by_set = {pk: [one for one in found if one.criterion_set_id == pk] for pk in sets}
    return [one for one in found if one.is_at_hand], by_set


@Question
def _criteria():
    chosen = _pinned(Blank("dossier"), Blank("number", IntegerField()), Blank("of_round"))
    is_at_hand = Q(criterion_set=chosen)
    found = Criterion.objects.filter(is_at_hand | Q(Among("criterion_set", "sets")))
    return found.annotate(is_at_hand=ExpressionWrapper(is_at_hand, output_field=BooleanField()))


def _chosen(dossier: Dossier):
    """The set it was first judged by; before that, the one its round appraises this kind of dossier by."""
    return _pinned(dossier.pk, dossier.version, Value(_of_round(dossier)))


def _pinned(dossier, number, of_round):
    pinned = DossierVersion.objects.filter(dossier=dossier, number=number).values("criterion_set")
    return Coalesce(Subquery(pinned), of_round)


def _of_round(dossier: Dossier) -> int:
    return dossier.round.model_criteria_id if dossier.is_model else dossier.round.sheet_criteria_id


def holding_of(dossier_id: int) -> Assignment | None:
    """Return who holds (leads) the dossier now, with the person loaded; one query."""
    return Assignment.objects.held().leading().filter(dossier=dossier_id).select_related("appraiser").first()


def others_sign(dossier: Dossier, user) -> bool:
    """Whether the board has another lasting head who may decide a dossier: who judged it then does not sign; at most
    two queries."""
    heads = Post.objects.filter(unit=dossier.body_id, role=Post.Role.HEAD, ends_at=None, person__is_active=True)
    people = [post.person for post in heads.exclude(person=user.pk).select_related("person")]
    return bool(unbarred(people, dossier))


def short_of_scorers(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return those being appraised by fewer people than their round asks for; no query."""
    seats = Assignment.objects.filter(dossier=OuterRef("pk"), released_at__isnull=True).order_by().values("dossier")
    taken = Coalesce(Subquery(seats.annotate(count=Count("pk")).values("count")), Value(0))
    return dossiers.filter(state=State.UNDER_APPRAISAL, round__appraisers__gt=1).filter(round__appraisers__gt=taken)


def judgements_of(dossier: Dossier, number: int, appraiser_id: int) -> dict[int, Judgement]:
    """Return {criterion id: judgement} of one appraiser on one version, drafts included; one query."""
    found = Judgement.objects.filter(version__dossier=dossier, version__number=number, appraiser=appraiser_id)
    return {judgement.criterion_id: judgement for judgement in found}


def unjudged(dossier: Dossier, appraiser_id: int) -> list[Criterion]:
    """Return the criteria this appraiser has not marked yet on the version at hand; two queries."""
    marked = {pk for pk, one in judgements_of(dossier, dossier.version, appraiser_id).items() if one.mark}
    return [criterion for criterion in criteria_of(dossier) if criterion.pk not in marked]
