"""Whose names are hidden from whom: above the own cell an individual is post and number."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from models_registry.models import Dossier, WorkItem, public_subject
from organizations.permissions import sits_at
from vietnamese.display import DASH

# An e-mail address, or nine to eleven digits as a telephone number is written.
CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w|(?<![\w.,])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")


def masks_names(user, dossier: Dossier) -> bool:
    """Whether individuals' names are hidden from this person: outside the cell, unless the round shows them.

    Outside it are those whose office ended with the cell too, and those who read what a unit before theirs left.
    """
    return dossier.round.mask_names and not sits_at(user, dossier.unit_id)


def masked(content: dict) -> dict:
    """Return the content with individuals of a sheet as post and number, also where other fields repeat the name.

    A name of one word is hidden only where it stands for the individual: it may be a common word elsewhere.
    """
    people = [item for item in content.get("items", []) if item["kind"] == WorkItem.Kind.INDIVIDUAL]
    public = {
        item["subject_name"].lower(): public_subject(item["subject_position"], item["subject_number"])
        for item in people
        if item["subject_name"].strip()
    }
    content = replaced(content, hiding(public))
    return {**content, "items": [_unnamed(item, public) for item in content.get("items", [])]}


def hiding(public: dict[str, str]) -> Callable[[str], str]:
    """Return what puts another word in the place of each full name in a text: {name: word}, whatever the case."""
    public = {name.lower(): word for name, word in public.items()}
    full = sorted((name for name in public if " " in name.strip()), key=len, reverse=True)
    if not full:
        return lambda text: text
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, full))})(?!\w)", re.IGNORECASE)
    return lambda text: names.sub(lambda found: public.get(found[0].lower(), DASH), text)


def _unnamed(item: dict, public: dict[str, str]) -> dict:
    named = ("subject_name", "assignee", "accountable")
    hidden = {field: public.get(item[field].lower(), item[field]) for field in named}
    return {**item, **hidden} if item["kind"] == WorkItem.Kind.INDIVIDUAL else item


def without_contacts(text: str) -> str:
    """Return a text in which nobody's telephone number or e-mail address stands any more."""
    return CONTACT.sub(_("(đã ẩn)"), text)


def replaced(value, replace: Callable[[str], str]):
    """Return plain values with every text in them replaced."""
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {key: replaced(one, replace) for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, replace) for one in value]
    return value
