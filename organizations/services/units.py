"""The only writers of units, their places in the tree and who appraises them."""

from datetime import date, datetime

from django.db import transaction

from journal.services import record
from organizations.models import AppraisalLink, Placement, Unit
from organizations.paths import path_of
from vietnamese.folding import fold, nfc
from vietnamese.sorting import sort_key


@transaction.atomic
def add_unit(
    *, code: str, name: str, kind: str, valid_from: date, parent: Unit | None, by, at: datetime, valid_to=None
) -> Unit:
    """Add a unit under a parent (or as a root) from `valid_from` on."""
    unit = Unit(code=nfc(code), name=nfc(name), kind=kind, valid_from=valid_from, valid_to=valid_to)
    unit.folded_name, unit.sort_key = fold(name), sort_key(name)
    unit.save()
    unit.path = (parent.path if parent else "") + path_of([unit.pk])
    unit.save(update_fields=["path"])
    if parent is not None:
        Placement.objects.create(unit=unit, parent=parent, valid_from=valid_from, valid_to=valid_to)
    record("unit.added", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)
    return unit


@transaction.atomic
def let_appraise(body: Unit, serves: Unit, *, valid_from: date, by, at: datetime) -> AppraisalLink:
    """From `valid_from` on, `body` appraises what `serves` and the units below it register."""
    link = AppraisalLink.objects.create(body=body, serves=serves, valid_from=valid_from)
    record("appraisal_link.added", subject="unit", subject_id=serves.pk, by=by, at=at, detail={"body": body.pk})
    return link
