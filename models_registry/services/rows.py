"""Replaces one list of a dossier by another: links, exemplars, outputs, works.

Rows with a known id keep it; of these, exemplars, outputs and works that say nothing else stay as they are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from models_registry.models import (
    Dossier,
    Exemplar,
    PracticeOutput,
    ResolutionTarget,
    Shortcoming,
    ShortcomingLink,
    TargetLink,
    WorkItem,
    name_key,
    subject_key,
)
from models_registry.reopening import Reopened
from models_registry.sections import ITEM_SECTIONS, sections_of
from models_registry.services.search_text import folded_item

ITEM_FIELDS = (
    "title",
    "assignee",
    "accountable",
    "starts_on",
    "due_on",
    "ongoing",
    "expected_result",
    "expected_value",
    "measure",
    "subject_name",
    "subject_position",
    "subject_is_head",
)


ROW_KEYS = {"exemplars": "exemplar", "outputs": "output"}


def with_closed(dossier: Dossier, name: str, wanted: Sequence[Mapping], reopened: Reopened, among=None):
    """Return the rows with those that are closed put back where they stood; one query, none where the list is open.

    A row that stays as it is says only its id. `among` are the rows that stand, where not the whole list is meant.
    """
    section = section_of(dossier, name)
    if name not in (*ROW_KEYS, *WorkItem.Kind.values) or reopened.section(section):
        return wanted
    if among is None:
        among = getattr(dossier.practice, name) if name in ROW_KEYS else dossier.items.filter(kind=name)
    given = {row["id"]: row for row in wanted if row.get("id")}
    kept = []
    for pk in among.values_list("pk", flat=True):
        if pk in given or not reopened.place(section, f"{ROW_KEYS.get(name, 'item')}.{pk}"):
            kept.append(given.get(pk, {"id": pk}))
    return kept + [row for row in wanted if row not in kept]


def section_of(dossier: Dossier, name: str) -> str:
    """Return the section in which a list stands."""
    sections = sections_of(is_model=dossier.is_model)
    return next((key for key, kind in ITEM_SECTIONS.items() if kind == name and key in sections), name)


def write_targets(dossier: Dossier, name: str, wanted: Sequence[Mapping], at: datetime) -> None:
    """Link these targets: each row has a `target`, or the `text` of one the unit names itself."""
    chosen = {row.get("target") or _own_target(dossier, row["text"]): None for row in wanted}
    links = dossier.practice.target_links
    links.exclude(target__in=chosen).delete()
    known = set(links.values_list("target_id", flat=True))
    TargetLink.objects.bulk_create(
        TargetLink(practice=dossier.practice, target=target) for target in chosen if target.pk not in known
    )


def _own_target(dossier: Dossier, text: str) -> ResolutionTarget:
    own = {"owner": dossier.unit, "text": text, "year_from": dossier.year, "year_to": dossier.year}
    return ResolutionTarget.objects.filter(**own).first() or ResolutionTarget.objects.create(**own)


def write_shortcomings(dossier: Dossier, name: str, wanted: Sequence[Mapping], at: datetime) -> None:
    """Link these shortcomings with how far each is remedied: a `shortcoming`, or the `text` of an own one."""
    chosen = {row.get("shortcoming") or _own_shortcoming(dossier, row["text"]): row["remedy"] for row in wanted}
    dossier.practice.shortcoming_links.all().delete()
    ShortcomingLink.objects.bulk_create(
        ShortcomingLink(practice=dossier.practice, shortcoming=one, remedy=remedy) for one, remedy in chosen.items()
    )


def _own_shortcoming(dossier: Dossier, text: str) -> Shortcoming:
    own = {"owner": dossier.unit, "text": text, "year": dossier.year}
    return Shortcoming.objects.filter(**own).first() or Shortcoming.objects.create(**own)


def write_exemplars(dossier: Dossier, name: str, wanted: Sequence[Mapping], at: datetime) -> None:
    """Exemplars; one without consent keeps no name, and the instant of a consent is that of its first saving.

    Another name is another person's: what was agreed to ends, as `note_consents` finds by the new instant.
    """
    kept = {one.pk: one for one in dossier.practice.exemplars.all()}
    for row in wanted:
        one = kept.pop(row.get("id"), None) or Exemplar(practice=dossier.practice)
        if row.keys() == {"id"}:
            continue
        former, one.consent = one.folded_name, bool(row["consent"])
        one.name = row["name"] if one.consent else ""
        one.folded_name = name_key(one.name)
        stands = one.consented_at if former in ("", one.folded_name) else None
        one.consented_at = (stands or at) if one.consent else None
        one.position, one.evidence = row["position"], row["evidence"]
        one.save()
    dossier.practice.exemplars.filter(pk__in=kept).delete()


def write_outputs(dossier: Dossier, name: str, wanted: Sequence[Mapping], at: datetime) -> None:
    kept = {one.pk: one for one in dossier.practice.outputs.all()}
    for row in wanted:
        one = kept.pop(row.get("id"), None) or PracticeOutput(practice=dossier.practice)
        if row.keys() == {"id"}:
            continue
        one.name, one.value, one.measure = row["name"], row["value"], row["measure"]
        one.save()
    dossier.practice.outputs.filter(pk__in=kept).delete()


def write_items(dossier: Dossier, kind: str, wanted: Sequence[Mapping], at: datetime) -> None:
    """All works of one kind; individuals keep their number in the unit and year, newcomers get the next."""
    replace_items(dossier, kind, wanted, among=dossier.items.filter(kind=kind))


def replace_items(dossier: Dossier, kind: str, wanted: Sequence[Mapping], *, among) -> None:
    """Replace the works `among` (a queryset of this dossier's) by these, in at most five queries however many.

    A work that began under an earlier approval stays as it is, whatever is wanted: its own dated steps change it.
    """
    standing = list(among)
    begun = {item.pk for item in standing if item.approved_at is not None}
    kept = {item.pk: item for item in standing if item.pk not in begun}
    numbers = _Numbers(dossier) if kind == WorkItem.Kind.INDIVIDUAL else None
    written = []
    for order, row in enumerate(wanted):
        if row.get("id") in begun:
            continue
        item = kept.pop(row.get("id"), None) or WorkItem(dossier=dossier, unit=dossier.unit, kind=kind)
        for field in ITEM_FIELDS:
            if field in row:
                setattr(item, field, row[field])
        item.year, item.order = dossier.year, row.get("order", order)
        if numbers:
            item.subject_number = row.get("subject_number") or numbers.of(item)
            item.assignee = row.get("assignee") or item.subject_position
        item.folded = folded_item(item)
        written.append(item)
    dossier.items.filter(pk__in=kept).delete()
    WorkItem.objects.bulk_create(item for item in written if item.pk is None)
    fields = [*ITEM_FIELDS, "year", "order", "subject_number", "folded"]
    WorkItem.objects.bulk_update([item for item in written if item.pk is not None], fields, batch_size=100)


class _Numbers:
    """The numbers individuals go by in one unit and year; one query, and one more for the highest."""

    def __init__(self, dossier: Dossier):
        individuals = WorkItem.objects.filter(unit=dossier.unit, year=dossier.year, kind=WorkItem.Kind.INDIVIDUAL)
        named = individuals.values_list("subject_name", "subject_position", "subject_number")
        self._known = {subject_key(name, position): number for name, position, number in named if number}
        self._last = individuals.aggregate(last=Max("subject_number"))["last"] or 0

    def of(self, item: WorkItem) -> int:
        if item.subject_number:
            return item.subject_number
        key = subject_key(item.subject_name, item.subject_position)
        if key not in self._known:
            self._last += 1
            self._known[key] = self._last
        return self._known[key]


ROW_WRITERS = {
    "targets": write_targets,
    "shortcomings": write_shortcomings,
    "exemplars": write_exemplars,
    "outputs": write_outputs,
    WorkItem.Kind.COLLECTIVE: write_items,
    WorkItem.Kind.INDIVIDUAL: write_items,
    WorkItem.Kind.ISSUE: write_items,
}
