"""One individual's works on a registration sheet, saved together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from models_registry.lifecycle import Edit
from models_registry.models import Dossier, WorkItem
from models_registry.services.drafts import held_dossier, record_saving, touch
from models_registry.services.rows import replace_items


@transaction.atomic
def save_individual(
    dossier_id: int,
    number: int | None,
    *,
    subject: Mapping,
    works: Sequence[Mapping],
    by,
    at: datetime,
    edition: int | None = None,
    on_behalf_of=None,
    unasked: bool = False,
) -> Dossier:
    """Replace the works of the individual with this number, or add one; without works the individual leaves the sheet.

    `subject` has subject_name, subject_position and subject_is_head. `unasked` and what is
    raised: as for `save_draft`.
    """
    dossier = held_dossier(dossier_id, Edit.SAVE, by=by, edition=edition)
    mine = dossier.items.filter(kind=WorkItem.Kind.INDIVIDUAL)
    mine = mine.filter(subject_number=number) if number else mine.none()
    rows = [{**work, **subject, "subject_number": number} for work in works]
    replace_items(dossier, WorkItem.Kind.INDIVIDUAL, rows, among=mine)
    touch(dossier, at)
    record_saving(dossier, by=by, at=at, on_behalf_of=on_behalf_of, unasked=unasked)
    return dossier
