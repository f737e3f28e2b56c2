"""What the board has said of a dossier, for whoever must take a name out of it."""

from django.db.models import QuerySet

from models_registry.models import Dossier
from reviews.models import Assignment, Decision, Judgement, Reopening, Session, SessionPoint


def said_of(dossier: Dossier) -> list[tuple[QuerySet, tuple[str, ...]]]:
    """Return (rows, their texts) of what the board wrote of a dossier; papers once issued stay as they are (ADR 14)."""
    return [
        (Judgement.objects.filter(version__dossier=dossier), ("remark",)),
        (Assignment.objects.filter(dossier=dossier), ("proposed_reason", "sent_back_reason")),
        (Decision.objects.filter(version__dossier=dossier), ("reason",)),
        (Reopening.objects.filter(decision__version__dossier=dossier), ("reason",)),
        (SessionPoint.objects.filter(version__dossier=dossier), ("discussion", "conclusion")),
        (Session.objects.filter(points__version__dossier=dossier).distinct(), ("conclusion",)),
    ]
