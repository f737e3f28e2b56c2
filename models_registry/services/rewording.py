"""Putting other words in the place of some in all that a model says, its outputs and its works included."""

from collections.abc import Callable

from models_registry.models import Dossier
from models_registry.sections import PRACTICE_FIELDS
from models_registry.services.search_text import folded_item, refold

ITEM_TEXTS = ("title", "assignee", "accountable", "expected_result")


def reword(dossier: Dossier, replace: Callable[[str], str]) -> None:
    """Replace the texts of a model, of its outputs and works, and renew the search texts; a query a row that changes.

    Exemplars are left to the caller.
    """
    _reworded(dossier.practice, PRACTICE_FIELDS, replace)
    for output in dossier.practice.outputs.all():
        _reworded(output, ("name",), replace)
    for item in dossier.items.all():
        _reworded(item, ITEM_TEXTS, replace, renew=folded_item)
    dossier.title = replace(dossier.title)[:400]
    refold(dossier)


def _reworded(row, names, replace: Callable[[str], str], *, renew: Callable | None = None) -> None:
    before = [getattr(row, name) for name in names]
    for name in names:
        # The new word may be longer than the old; a field without a limit has None here.
        setattr(row, name, replace(getattr(row, name))[: row._meta.get_field(name).max_length])
    if before != [getattr(row, name) for name in names]:
        if renew is not None:
            row.folded = renew(row)
        row.save()
