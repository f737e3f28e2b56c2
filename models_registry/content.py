"""A dossier as plain values, read once: what a version freezes, and what `describing.describe` makes rows of."""

from decimal import Decimal

from django.db.models import F

from journal.questions import Blank, Question
from models_registry.models import Attachment, Dossier, PracticeModel, WorkItem
from models_registry.sections import ITEM_SECTIONS, PRACTICE_FIELDS, SECTION_FIELDS


def content_of(dossier: Dossier) -> dict:
    """Return the whole dossier as JSON-ready values, keyed by field names; nine queries at most."""
    content = {
        "kind": dossier.kind,
        "title": dossier.title,
        "unit": dossier.unit.name,
        "round": dossier.round.name,
        "year": dossier.year,
        "co_units": [unit.name for unit in dossier.co_units.all()],
        "tags": dossier.tags,
        "programmes": dossier.programmes,
        "practice": {},
        "targets": [],
        "shortcomings": [],
        "exemplars": [],
        "outputs": [],
        "items": [plain_item(item) for item in _items_in_order(dossier=dossier.pk)],
        **attachments_of(dossier),
    }
    if dossier.is_model:
        content.update(_practice(getattr(dossier, "practice", None)))
    return content


def attachments_of(dossier: Dossier) -> dict:
    """Return the part of a dossier's content that names its files; one query."""
    kept = _kept(dossier=dossier.pk)
    return {"attachments": [{"id": pk, "name": name, "size": size} for pk, name, size in kept]}


@Question
def _kept():
    return Attachment.objects.filter(dossier=Blank("dossier")).kept().values_list("pk", "name", "size")


def content_of_section(dossier: Dossier, key: str, number: int | None = None) -> dict:
    """Return as much of `content_of` as one section's advice is drawn from, of the individual with this number alone.

    One query at most.
    """
    items = dossier.items.filter(kind=ITEM_SECTIONS[key]).select_related("measure") if key in ITEM_SECTIONS else ()
    outputs = dossier.practice.outputs.select_related("measure") if key == "outputs" else ()
    return {
        "kind": dossier.kind,
        "title": dossier.title if key == "general" else "",
        "practice": {name: getattr(dossier.practice, name) for name in SECTION_FIELDS.get(key, ()) if dossier.is_model},
        "items": [plain_item(item) for item in items if number in (None, item.subject_number)],
        "outputs": [_output(one) for one in outputs],
    }


def _output(one) -> dict:
    return {"id": one.pk, "name": one.name, "value": _number(one.value), "measure": one.measure.name}


def _practice(practice: PracticeModel | None) -> dict:
    if practice is None:
        return {}
    return {
        "practice": {name: getattr(practice, name) for name in PRACTICE_FIELDS},
        "targets": [link.target.text for link in practice.target_links.select_related("target").order_by("id")],
        "shortcomings": [
            {"text": link.shortcoming.text, "remedy": link.remedy}
            for link in practice.shortcoming_links.select_related("shortcoming").order_by("id")
        ],
        "exemplars": [
            {"id": one.pk, "name": one.name, "position": one.position, "evidence": one.evidence, "consent": one.consent}
            for one in practice.exemplars.all()
        ],
        "outputs": [_output(one) for one in practice.outputs.select_related("measure")],
    }


@Question
def _items_in_order():
    """The works with their measure, those of one individual together."""
    items = WorkItem.objects.filter(dossier=Blank("dossier")).select_related("measure").defer("folded")
    return items.order_by(F("subject_number").asc(nulls_first=True), "order", "id")


def plain_item(item: WorkItem) -> dict:
    """Return one work as JSON-ready values, keyed by field names."""
    return {
        "id": item.pk,
        "kind": item.kind,
        "title": item.title,
        "assignee": item.assignee,
        "accountable": item.accountable,
        "starts_on": item.starts_on and item.starts_on.isoformat(),
        "due_on": item.due_on and item.due_on.isoformat(),
        "ongoing": item.ongoing,
        "expected_result": item.expected_result,
        "expected_value": _number(item.expected_value),
        "measure": item.measure.name if item.measure else "",
        "subject_name": item.subject_name,
        "subject_position": item.subject_position,
        "subject_number": item.subject_number,
        "subject_is_head": item.subject_is_head,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
