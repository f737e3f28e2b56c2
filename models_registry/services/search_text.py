"""What search looks through: the text kept beside the row by whoever writes it."""

from models_registry.masking import public_title
from models_registry.models import Dossier, WorkItem
from models_registry.querysets.search import programme_token, tag_token
from models_registry.sections import PRACTICE_FIELDS
from vietnamese.searching import search_text


def refold(dossier: Dossier) -> None:
    """Save the dossier with its search text: title, unit, tags, works and what a model says; no individual's name."""
    works = dossier.items.exclude(kind=WorkItem.Kind.INDIVIDUAL).values_list("title", flat=True)
    said = [getattr(dossier.practice, name) for name in PRACTICE_FIELDS] if dossier.is_model else []
    tokens = [*map(tag_token, dossier.tags), *map(programme_token, dossier.programmes)]
    dossier.folded = search_text(dossier.title, dossier.unit.name, *dossier.tags, *works, *said, tokens=tokens)
    dossier.save()


def folded_item(item: WorkItem) -> str:
    """Return the search text of one work; of an individual's without who it is."""
    named = item.kind == WorkItem.Kind.INDIVIDUAL
    return search_text(public_title(item), item.expected_result, "" if named else item.assignee)
