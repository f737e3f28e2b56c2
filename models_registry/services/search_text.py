"""What search looks through: folded text kept beside the row by whoever writes it."""

from models_registry.models import Dossier, WorkItem
from vietnamese.folding import fold

LONGEST = 4_000


def refold(dossier: Dossier) -> None:
    """Save the dossier with its search text: title, unit, tags, place and works, never an individual's name."""
    works = dossier.items.exclude(kind=WorkItem.Kind.INDIVIDUAL).values_list("title", flat=True)
    place = dossier.practice.place if dossier.is_model else ""
    texts = [dossier.title, dossier.unit.name, place, *dossier.tags, *works]
    dossier.folded = fold(" | ".join(filter(None, texts)))[:LONGEST]
    dossier.save()


def folded_item(item: WorkItem) -> str:
    """Return the search text of one work; of an individual's without who it is."""
    named = item.kind == WorkItem.Kind.INDIVIDUAL
    texts = [item.title, item.expected_result, "" if named else item.assignee]
    return fold(" | ".join(filter(None, texts)))[:LONGEST]
