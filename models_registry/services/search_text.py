"""What search looks through: the text kept beside the row by whoever writes it."""

from django.db.models import Value
from django.db.models.functions import Concat

from models_registry.masking import public_title
from models_registry.models import Dossier, WorkItem
from models_registry.querysets.search import programme_token, tag_token
from models_registry.sections import PRACTICE_FIELDS
from organizations.models import Unit
from organizations.queries import former_names
from vietnamese.searching import search_text


def refold(dossier: Dossier) -> None:
    """Save the dossier with its search text: title, unit and its older names, tags, works and what a model says.

    No individual's name. Three queries beside the save.
    """
    names = [dossier.unit.name, *former_names(dossier.unit)]
    works = dossier.items.exclude(kind=WorkItem.Kind.INDIVIDUAL).values_list("title", flat=True)
    said = [getattr(dossier.practice, name) for name in PRACTICE_FIELDS] if dossier.is_model else []
    tokens = [*map(tag_token, dossier.tags), *map(programme_token, dossier.programmes)]
    dossier.folded = search_text(dossier.title, *names, *dossier.tags, *works, *said, tokens=tokens)
    dossier.save()


def spell_out(unit: Unit) -> int:
    """Let the dossiers of a unit be found by the name it bears now too, beside those they were written under; returns
    how many. One statement, whatever they hold."""
    found = Dossier.objects.filter(unit=unit)
    return found.update(folded=Concat("folded", Value(search_text(unit.name))))


def folded_item(item: WorkItem) -> str:
    """Return the search text of one work; of an individual's without who it is."""
    named = item.kind == WorkItem.Kind.INDIVIDUAL
    return search_text(public_title(item), item.expected_result, "" if named else item.assignee)
