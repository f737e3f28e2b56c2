"""What the dossier's templates ask for."""

from django import template

from models_registry.documents import pdf

register = template.Library()


@register.filter
def at(mapping, key):
    """Return what a mapping holds under a key; None without the mapping or the key."""
    return mapping.get(key) if mapping else None


@register.filter
def listed(text):
    """Return the words of a row that `content` joined by commas."""
    return text.split(", ")


@register.inclusion_tag("models_registry/papers/_take.html", takes_context=True)
def take_paper(context, dossier, which, version="", label=""):
    """Draw the two ways to take a document: Word at once, PDF by the worker where the system can draw it."""
    shown = {"dossier": dossier, "which": which, "version": version, "label": label, "draws_pdf": pdf.can_draw()}
    return shown | {"csrf_token": context.get("csrf_token"), "request": context.get("request")}
