"""What a dossier still lacks before it may be sent; the same answer serves the form, the summary and the gate."""

from datetime import date

from models_registry.models import Dossier


def problems_of(dossier: Dossier, *, day: date) -> dict[str, list[str]]:
    """Return {field or section: sentences}; empty when the dossier may be sent."""
    return {}
