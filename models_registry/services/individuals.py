"""The works of individuals on a registration sheet: one person's together, or many people's at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from models_registry.lifecycle import Edit
from models_registry.models import Dossier, WorkItem, subject_key
from models_registry.services.drafts import held_dossier, record_saving, writing
from models_registry.services.rows import replace_items, with_closed

INDIVIDUAL = WorkItem.Kind.INDIVIDUAL


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
    with writing(dossier_id, by=by, at=at, edition=edition) as (dossier, reopened):
        mine = dossier.items.filter(kind=INDIVIDUAL)
        mine = mine.filter(subject_number=number) if number else mine.none()
        works = with_closed(dossier, INDIVIDUAL, works, reopened, among=mine)
        rows = [{**work, **subject, "subject_number": number} for work in works]
        replace_items(dossier, INDIVIDUAL, rows, among=mine)
    record_saving(dossier, by=by, at=at, on_behalf_of=on_behalf_of, unasked=unasked)
    return dossier


@transaction.atomic
def save_works(
    dossier_id: int,
    rows: Sequence[Mapping],
    *,
    by,
    at: datetime,
    removed: Collection[int] = (),
    edition: int | None = None,
    on_behalf_of=None,
    unasked: bool = False,
) -> Dossier:
    """Write these works of individuals, take out the `removed` ids, and leave every other work as it is.

    A row has the subject, the work and, where it stands already, its `id`. Nothing to write counts no edition and
    records nothing. The number of queries does not depend on the rows, but for batches. Raises as `save_draft` does.
    """
    if not rows and not removed:
        return held_dossier(dossier_id, Edit.SAVE, by=by, edition=edition)
    with writing(dossier_id, by=by, at=at, edition=edition) as (dossier, _reopened):
        standing = list(dossier.items.filter(kind=INDIVIDUAL))
        named = {row.get("id") for row in rows}
        touched = [item for item in standing if item.pk in named or item.pk in removed]
        staying = [item for item in standing if item.pk not in removed]
        replace_items(dossier, INDIVIDUAL, _placed(rows, staying, _elsewhere(dossier)), among=touched)
    record_saving(dossier, by=by, at=at, on_behalf_of=on_behalf_of, unasked=unasked)
    return dossier


def _elsewhere(dossier: Dossier) -> dict[tuple[str, str], int]:
    """Return {subject: number} of the unit's individuals on its other sheets of the year; one query."""
    works = WorkItem.objects.filter(unit=dossier.unit, year=dossier.year, kind=INDIVIDUAL).exclude(dossier=dossier)
    named = works.order_by().values_list("subject_name", "subject_position", "subject_number").distinct()
    return {subject_key(name, position): number for name, position, number in named if number}


def _placed(rows: Sequence[Mapping], standing: Sequence[WorkItem], elsewhere: Mapping) -> list[dict]:
    """Return the rows with the number of their individual and their order among that individual's works.

    Who stands already, here or on another sheet, keeps the number; so does whoever is only called otherwise now, in
    all works at once. Everybody else gets the next.
    """
    items = {item.pk: item for item in standing}
    keys = {item.pk: _key_of(item) for item in standing}
    wanted = keys | {row["id"]: _key(row) for row in rows if row.get("id") in items}
    numbers = dict(elsewhere)
    numbers |= {
        keys[pk]: one.subject_number for pk, one in items.items() if wanted[pk] == keys[pk] and one.subject_number
    }
    for number, key in _renamed(standing, wanted).items():
        if number not in elsewhere.values():
            numbers.setdefault(key, number)
    last = max([0, *numbers.values(), *(item.subject_number or 0 for item in standing)])
    orders = _orders(standing)
    placed = []
    for row in rows:
        item = items.get(row.get("id"))
        if (key := _key(row)) not in numbers:
            last = numbers[key] = last + 1
        stays = item is not None and keys[item.pk] == key
        number = (item.subject_number if stays else None) or numbers[key]
        order = item.order if item else orders[number]
        orders[number] = max(orders[number], order + 1)
        placed.append({**row, "subject_number": number, "order": order})
    return placed


def _renamed(standing: Iterable[WorkItem], wanted: Mapping) -> dict[int, tuple[str, str]]:
    """Return {number: what the individual is called now} where all works of the number are to say the same."""
    called = defaultdict(set)
    for item in standing:
        called[item.subject_number].add(wanted[item.pk])
    return {number: names.pop() for number, names in called.items() if number and len(names) == 1}


def _orders(standing: Iterable[WorkItem]) -> dict[int, int]:
    """Return {number: the order the individual's next work gets}."""
    orders = defaultdict(int)
    for item in standing:
        orders[item.subject_number] = max(orders[item.subject_number], item.order + 1)
    return orders


def _key(row: Mapping) -> tuple[str, str]:
    return subject_key(row["subject_name"], row["subject_position"])


def _key_of(item: WorkItem) -> tuple[str, str]:
    return subject_key(item.subject_name, item.subject_position)
