"""What would go and what would stay of a person, and where the name still stands in words."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q

from models_registry.models import Exemplar, Recognition, WorkItem, name_key
from organizations.models import Person
from privacy.register import HELD

WORDS = frozenset({"texts", "members", "exemplars", "told"})
# Looked through on their own, or copies of what is.
NOT_LOOKED_THROUGH = {"models_registry.DossierVersion", "completion.ItemList", "models_registry.KnownSentence"}
MOST = 50  # places of one field that are listed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that bears the very name; whether it means this person only somebody who knows both can say."""

    kind: str
    pk: int
    name: str
    position: str
    unit: str


@dataclass
class Candidates:
    exemplar: list[Candidate] = field(default_factory=list)
    recognition: list[Candidate] = field(default_factory=list)
    item: list[Candidate] = field(default_factory=list)

    def all(self) -> list[Candidate]:
        return [*self.exemplar, *self.recognition, *self.item]


def names_of(person: Person) -> list[str]:
    """Return every name a person bore, the present one first; one query."""
    former = person.former_names.order_by("-until").values_list("full_name", flat=True)
    return list(dict.fromkeys([person.full_name, *former]))


def candidates(names: list[str]) -> Candidates:
    """Return the rows that are named so, as exemplary, as recognised, as who does an individual work; three queries."""
    keys = {name_key(name) for name in names}
    written = {form for name in names for form in (name, name.upper(), name.title())}
    exemplars = Exemplar.objects.filter(Q(folded_name__in=keys) | Q(name__in=written)).exclude(name="")
    exemplars = exemplars.select_related("practice__dossier__unit")
    recognised = Recognition.objects.exclude(name="").select_related("unit")
    items = WorkItem.objects.filter(kind=WorkItem.Kind.INDIVIDUAL, subject_name__in=written).select_related("unit")
    return Candidates(
        [Candidate("exemplar", one.pk, one.name, one.position, one.practice.dossier.unit.name) for one in exemplars],
        [
            Candidate("recognition", one.pk, one.name, one.position, one.unit.name)
            for one in recognised
            if name_key(one.name) in keys
        ],
        [Candidate("item", one.pk, one.subject_name, one.subject_position, one.unit.name) for one in items],
    )


def places(names: list[str]) -> list[dict]:
    """Return where a full name still stands in words: {"what", "field", "ids"}; a query for each table with text.

    Found as it is written, whatever the case where the database can tell; a name written otherwise is not found.
    """
    full = [name for name in names if " " in name.strip()]
    found = []
    for label, kept in HELD.items():
        model = apps.get_model(label)
        texts = [name for key, named in kept.items() if key in WORDS for name in named.split() if _is_text(model, name)]
        if not texts or not full or label in NOT_LOOKED_THROUGH:
            continue
        said = Q()
        for text in texts:
            for name in full:
                said |= Q(**{f"{text}__icontains": name})
        if ids := list(model._default_manager.filter(said).order_by("pk").values_list("pk", flat=True)[:MOST]):
            found.append({"table": label, "ids": ids})
    return found


def _is_text(model, name: str) -> bool:
    one = model._meta.get_field(name)
    return isinstance(one, (models.CharField, models.TextField)) and not isinstance(one, models.FileField)


def place_name(table: str) -> str:
    """Return what a table is called to whoever reads the list."""
    return str(apps.get_model(table)._meta.verbose_name)
