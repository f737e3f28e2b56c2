"""Individuals by name inside their own cell, by post and number above it: one rule for every list and page of items.

A dossier's own pages use `hidden_names.masks_names` and `masked`, which this builds on.
"""

from django.utils.translation import gettext as _

from models_registry.content import plain_item
from models_registry.hidden_names import masked
from models_registry.models import WorkItem
from models_registry.names_shown import name_shown
from models_registry.querysets.conflicts import barred_at_work
from organizations.permissions import sits_at


def masks_names_of(user, item: WorkItem) -> bool:
    """Whether this person sees the item's individual as post and number only.

    The item's `dossier__round` should be loaded; an item without a dossier (imported) is always masked above.
    """
    if item.kind != WorkItem.Kind.INDIVIDUAL or sits_at(user, item.unit_id):
        return False
    return item.dossier is None or item.dossier.round.mask_names


def shown_subject(item: WorkItem, user) -> str:
    """Return how this person sees the item's individual: the name, or post and number; "" for other works."""
    if item.kind != WorkItem.Kind.INDIVIDUAL:
        return ""
    if masks_names_of(user, item) or not item.subject_name:
        return item.public_subject
    name_shown(item.unit_id)
    return item.subject_name


def shown_item(item: WorkItem, user) -> dict:
    """Return the item's own fields as this person may read them, the name hidden also where other texts repeat it.

    Keys are the fields'; `measure` is its name. Of a dossier somebody of a board may not judge, a figure's list still
    counts the work and says no more (`is_barred`). No query where measure and dossier__round are loaded, one a request
    for people of a board.
    """
    content = plain_item(item)
    if item.dossier_id in barred_at_work(user):
        told = {"title": _("Một việc của hồ sơ bạn không được thẩm định"), "subject": "", "is_barred": True}
        return {field: "" if isinstance(value, str) else None for field, value in content.items()} | told
    if masks_names_of(user, item):
        content = masked({"items": [content]})["items"][0] | {"subject_name": ""}
    return content | {"subject": shown_subject(item, user)}


def public_title(item: WorkItem) -> str:
    """Return the item's title as notices say it, whoever reads them: without the individual's name."""
    if item.kind != WorkItem.Kind.INDIVIDUAL:
        return item.title
    return shown_title(item.title, name=item.subject_name, position=item.subject_position, number=item.subject_number)


def shown_title(title: str, *, name: str, position: str, number: int | None) -> str:
    """Return a masked item's title with the individual's name hidden where the title repeats it; a list's quick way."""
    if not name.strip() or name.lower() not in title.lower():
        return title
    content = {"kind": WorkItem.Kind.INDIVIDUAL, "title": title, "assignee": "", "accountable": ""}
    content |= {"subject_name": name, "subject_position": position, "subject_number": number}
    return masked({"items": [content]})["items"][0]["title"]
