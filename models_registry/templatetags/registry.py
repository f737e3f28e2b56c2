"""What the dossier's templates ask for."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from models_registry.describing import Row
from models_registry.documents import pdf
from vietnamese.display import DASH

register = template.Library()


@register.filter
def at(mapping, key):
    """Return what a mapping holds under a key; None without the mapping or the key."""
    return mapping.get(key) if mapping else None


@register.filter
def said(row: Row) -> SafeString:
    """Return what stands in a row: its pieces, its keywords, each of which leads on, its paragraphs, or a dash.

    A dossier has fifty rows, and template nodes for them would cost more than the rest of its page.
    """
    if row.parts:
        pieces = (part for part in row.parts if part[1])
        told = format_html_join("", '<li><span class="quiet">{}:</span> {}</li>', pieces)
        return format_html('<ul class="part-list">{}</ul>', told)
    if not row.value:
        return format_html('<span class="quiet">{}</span>', DASH)
    if row.key == "tags":
        address = reverse("models_registry:search")
        tags = ((address, quote(tag), tag) for tag in row.value.split(", "))
        told = format_html_join("", '<li><a class="tag" href="{}?tag={}">{}</a></li>', tags)
        return format_html('<ul class="tag-list">{}</ul>', told)
    return linebreaks_filter(row.value)


@register.filter
def facts(rows: Iterable[Row]) -> Iterator[dict]:
    """Yield what `rows` fills in of each row where nothing is pinned to any."""
    return ({"key": row.key, "label": row.label, "said": said(row)} for row in rows)


@register.inclusion_tag("models_registry/papers/_take.html", takes_context=True)
def take_paper(context, dossier, which, version="", label=""):
    """Draw the two ways to take a document: Word at once, PDF by the worker where the system can draw it."""
    shown = {"dossier": dossier, "which": which, "version": version, "label": label, "draws_pdf": pdf.can_draw()}
    return shown | {"csrf_token": context.get("csrf_token"), "request": context.get("request")}
