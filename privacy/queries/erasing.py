"""What would go and what would stay of a person, and where the name still stands in words."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from models_registry.models import DossierVersion, Exemplar, Recognition, WorkItem, name_key
from organizations.models import Person
from privacy.register import HELD

WORDS = frozenset({"texts", "members", "exemplars", "told", "typed", "made", "access", "acts"})
# Copies of what is looked through.
NOT_LOOKED_THROUGH = {"completion.ItemList", "models_registry.KnownSentence"}
MOST = 50  # places of one field that are listed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that bears the very name; whether it means this person only somebody who knows both can say.

    Of kind "sent" it is a dossier (`pk`) whose versions name somebody of whom no row is left.
    """

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
    sent: list[Candidate] = field(default_factory=list)

    def all(self) -> list[Candidate]:
        return [*self.exemplar, *self.recognition, *self.item, *self.sent]


def names_of(person: Person) -> list[str]:
    """Return every name a person bore, the present one first; one query."""
    former = person.former_names.order_by("-until").values_list("full_name", flat=True)
    return list(dict.fromkeys([person.full_name, *former]))


def candidates(names: list[str]) -> Candidates:
    """Return the rows that are named so, as exemplary, as recognised, as who does an individual work, as one of these
    in what was sent; four queries, the last of which reads through all versions."""
    keys = {name_key(name) for name in names}
    written = {form for name in names for form in (name, name.upper(), name.title())}
    exemplars = Exemplar.objects.filter(Q(folded_name__in=keys) | Q(name__in=written)).exclude(name="")
    exemplars = exemplars.select_related("practice__dossier__unit")
    recognised = Recognition.objects.exclude(name="").select_related("unit")
    items = WorkItem.objects.filter(kind=WorkItem.Kind.INDIVIDUAL, subject_name__in=written).select_related("unit")
    found = Candidates(
        [Candidate("exemplar", one.pk, one.name, one.position, one.practice.dossier.unit.name) for one in exemplars],
        [
            Candidate("recognition", one.pk, one.name, one.position, one.unit.name)
            for one in recognised
            if name_key(one.name) in keys
        ],
        [Candidate("item", one.pk, one.subject_name, one.subject_position, one.unit.name) for one in items],
    )
    found.sent.extend(_sent(names, {(one.kind, one.pk) for one in found.all()}))
    return found


def _sent(names: list[str], standing: Collection[tuple[str, int]]) -> list[Candidate]:
    """Return the dossiers whose versions name somebody in a row that stands no more, or stands for another."""
    found: dict[int, Candidate] = {}
    versions = saying(DossierVersion, ("content",), names).select_related("dossier__unit").order_by("dossier", "number")
    for version in versions.iterator(chunk_size=50):
        for kind, row in rows_named(version.content, names):
            if (kind, row["id"]) not in standing:
                name, position = (
                    (row["name"], row["position"])
                    if kind == "exemplar"
                    else (row["subject_name"], row["subject_position"])
                )
                said = Candidate("sent", version.dossier_id, name, position, version.dossier.unit.name)
                found.setdefault(version.dossier_id, said)
    return list(found.values())


def rows_named(content: dict, names: list[str]) -> Iterator[tuple[str, dict]]:
    """Yield (kind, row) of the exemplary and of the individual works in a dossier's content that bear these names."""
    keys, lower = {name_key(name) for name in names}, {name.lower() for name in names}
    for row in content.get("exemplars", ()):
        if name_key(row["name"]) in keys:
            yield "exemplar", row
    for row in content.get("items", ()):
        if row["subject_name"].lower() in lower:
            yield "item", row


def saying(model: type[models.Model], fields: Collection[str], names: list[str]) -> models.QuerySet:
    """Return the rows in one of whose texts or plain values a name stands, whatever the case where that can be told."""
    # SQLite keeps plain values with every accent escaped.
    written = {form for name in names for one in (name, name.upper(), name.title()) for form in (one, _escaped(one))}
    said, cast = Q(), {f"{name}_text": Cast(name, models.TextField()) for name in fields if _is_json(model, name)}
    for text in (f"{name}_text" if f"{name}_text" in cast else name for name in fields):
        for form in written:
            said |= Q(**{f"{text}__icontains": form})
    return model._default_manager.alias(**cast).filter(said)


def _escaped(name: str) -> str:
    return json.dumps(name)[1:-1]


def places(names: list[str]) -> list[dict]:
    """Return where a full name still stands in words: {"table", "ids"}; a query for each table with text.

    Events are among them: what the journal says is never erased, so that whoever asked must know. Found as it is
    written, whatever the case where the database can tell; a name written otherwise is not found.
    """
    full = [name for name in names if " " in name.strip()]
    found = []
    for label, kept in HELD.items():
        model = apps.get_model(label)
        texts = [name for key, named in kept.items() if key in WORDS for name in named.split() if _is_text(model, name)]
        if not texts or not full or label in NOT_LOOKED_THROUGH:
            continue
        if ids := list(saying(model, texts, full).order_by("pk").values_list("pk", flat=True)[:MOST]):
            found.append({"table": label, "ids": ids})
    return found


def _is_text(model, name: str) -> bool:
    one = model._meta.get_field(name)
    texts = (models.CharField, models.TextField, models.JSONField)
    return isinstance(one, texts) and not isinstance(one, models.FileField)


def _is_json(model, name: str) -> bool:
    return isinstance(model._meta.get_field(name), models.JSONField)


def place_name(table: str) -> str:
    """Return what a table is called to whoever reads the list."""
    return str(apps.get_model(table)._meta.verbose_name)
