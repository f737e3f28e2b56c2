"""Everything the portal holds of one person, by the table of the register, so that nothing is missed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Func, Q, Subquery

from organizations.models import Person
from privacy.register import CATEGORIES, HELD, OWN, UNREADABLE, fields_of

CHUNK = 500
ALONE = frozenset({"typed", "told"})  # categories of what only the person sees
PERSON = "organizations.Person"


@dataclass(frozen=True, slots=True)
class Table:
    """One table that points to people: `links` are the fields that do, `shown` what is given away of a row."""

    label: str
    links: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    def of(self, person: Person):
        """Return the rows that point to a person, in the order they were written."""
        asked = Q(pk=person.pk) if self.label == PERSON else Q()
        for link in self.links:
            asked |= Q(**{link: person.pk})
        return self.model._default_manager.filter(asked).order_by("pk")


def tables(*, to_others: bool = False) -> Iterator[Table]:
    """Yield every table of the register that points to people; of those that are not one's own only who, what, when.

    `to_others` leaves out what the register says nobody else sees: what was typed and not sent, what one was told.
    """
    for label in HELD:
        if to_others and label in OWN and fields_of(label)[OWN[label]] in ALONE:
            continue
        model = apps.get_model(label)
        kept = {name: key for name, key in fields_of(label).items() if key != UNREADABLE}
        links = tuple(name for name in fields_of(label) if model._meta.get_field(name).related_model is Person)
        if not links and label != PERSON:
            continue
        if label == PERSON:
            shown = (*kept, "created_at", "last_login", "wants_mail", "mail_language", "is_active")
        elif label in OWN:
            links = (OWN[label],)
            whole = (one.name for one in model._meta.concrete_fields if not one.primary_key)
            secret = {name for name, key in fields_of(label).items() if key == UNREADABLE}
            shown = tuple(name for name in whole if name not in {*links, *secret})
        else:
            shown = _when(model)
        yield Table(label, links, tuple(dict.fromkeys(shown)))


def _when(model) -> tuple[str, ...]:
    return tuple(one.name for one in model._meta.fields if isinstance(one, (models.DateField, models.DateTimeField)))


def rows_of(person: Person, table: Table) -> Iterator[dict]:
    """Yield the rows of a table as plain values: the id, as whom the person stands in it, and what is shown."""
    extra = ("verb", "subject", "subject_id") if table.label == "journal.Event" else ()
    links = [f"{link}_id" if table.label != PERSON else link for link in table.links]
    for row in table.of(person).values("pk", *links, *table.shown, *extra).iterator(chunk_size=CHUNK):
        roles = [link.removesuffix("_id") for link in links if row.pop(link) == person.pk]
        yield {"id": row.pop("pk"), "as": roles} | row


def held_of(person: Person) -> list[tuple[str, int]]:
    """Return (category, rows) of what is held of a person, in the order of the register; one query."""
    every = list(tables())
    counted = {
        f"t{number}": Subquery(table.of(person).order_by().annotate(n=Func("pk", function="COUNT")).values("n"))
        for number, table in enumerate(every)
    }
    found = Person.objects.filter(pk=person.pk).annotate(**counted).values(*counted).get()
    counts: dict[str, int] = {}
    for number, table in enumerate(every):
        key = fields_of(table.label)[(table.links or ("username",))[0]]
        counts[key] = counts.get(key, 0) + found[f"t{number}"]
    return [(str(CATEGORIES[key].name), counts[key]) for key in CATEGORIES if counts.get(key)]
