"""The filters the dossier's templates ask for."""

from django import template

register = template.Library()


@register.filter
def at(mapping, key):
    """Return what a mapping holds under a key; None without the mapping or the key."""
    return mapping.get(key) if mapping else None


@register.filter
def listed(text):
    """Return the words of a row that `content` joined by commas."""
    return text.split(", ")
