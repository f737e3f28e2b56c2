"""A dossier as plain values: what a version freezes, a print shows and a comparison compares."""

from models_registry.models import Dossier


def content_of(dossier: Dossier) -> dict:
    """Return the whole dossier as JSON-ready values, keyed by field names."""
    return {"title": dossier.title}
