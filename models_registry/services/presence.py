"""A page tells that a draft is open in it, and that it no longer is. Nobody is held up by it and no journal kept."""

from datetime import datetime

from models_registry.models import Dossier, OpenDraft
from models_registry.models.presence import EXPIRES


def hold_open(dossier: Dossier, window: str, *, by, at: datetime) -> None:
    """Tell that this window has the dossier open; what has expired of it is forgotten. Two queries, three at first."""
    OpenDraft.objects.filter(dossier=dossier, seen_at__lt=at - EXPIRES).delete()
    OpenDraft.objects.update_or_create(
        dossier=dossier,
        person=by,
        window=window,
        defaults={"seen_at": at},
        create_defaults={"seen_at": at, "opened_at": at},
    )


def leave(dossier: Dossier, window: str, *, by) -> None:
    """Tell that this window was closed; one query."""
    OpenDraft.objects.filter(dossier=dossier, person=by, window=window).delete()
