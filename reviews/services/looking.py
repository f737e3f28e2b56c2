"""What an appraiser has seen, and taking the own earlier marks over to the version at hand."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from journal.services import record
from models_registry.models import Dossier, DossierVersion
from models_registry.scales import level_of
from reviews.models import Judgement, Look
from reviews.queries.appraisal import criteria_of, judgements_of
from reviews.services.judging import Judged, save_judgements


def remember_look(version: DossierVersion, *, by, at: datetime) -> None:
    """Keep that this person has the version before the eyes; a second look changes nothing. One query, no event."""
    Look.objects.bulk_create([Look(version=version, person=by, at=at)], ignore_conflicts=True)


@transaction.atomic
def take_over(dossier_id: int, chosen: Collection[int], *, by, at: datetime, edition: int | None = None) -> int:
    """Put the own marks and remarks with these ids, of earlier versions, on the version at hand; return how many.

    What is judged there already stays, and so does a criterion whose scale has changed. Raises as `save_judgements`.
    """
    dossier = Dossier.objects.visible_to(by).select_related("round").get(pk=dossier_id)
    now = {one.code: one for one in criteria_of(dossier)}
    marked = judgements_of(dossier, dossier.version, by.pk)
    own = Judgement.objects.filter(pk__in=chosen, appraiser=by, version__dossier=dossier).select_related("criterion")
    entries, versions = {}, set()
    for one in own.filter(version__number__lt=dossier.version).select_related("version").order_by("version__number"):
        criterion = now.get(one.criterion.code)
        if criterion and criterion.pk not in marked and (not one.mark or level_of(criterion, one.mark)):
            entries[criterion.pk] = Judged(one.mark, one.remark)
            versions.add(one.version.number)
    count = save_judgements(dossier_id, entries, by=by, at=at, edition=edition)
    if count:
        told = {"version": dossier.version, "from": sorted(versions), "count": count}
        record(
            "appraisal.taken_over",
            subject="dossier",
            subject_id=dossier.pk,
            unit_id=dossier.unit_id,
            by=by,
            at=at,
            detail=told,
        )
    return count
