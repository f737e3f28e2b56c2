"""What the pages of sessions ask."""

from django.db.models import Count

from models_registry.lifecycle import State
from models_registry.models import Dossier
from reviews.models import Session
from reviews.queries.queue import AT_THE_BOARD
from vietnamese.searching import asked


def sessions_of(user):
    """Return the board's sessions, newest first, each with `discussed`, how many dossiers were on its agenda."""
    return Session.objects.visible_to(user).annotate(discussed=Count("points")).order_by("-held_on", "-id")


def agenda_of(session: Session, user):
    """Return the points about dossiers in sight, with what names them, in the order they came; one query."""
    seen = session.points.filter(version__dossier__in=Dossier.objects.visible_to(user))
    return seen.select_related("version__dossier__unit").defer("version__content")


def may_come(session: Session, user, *, q: str = "", decided: bool = False):
    """Return the board's dossiers whose present version is not on the agenda yet: those at the board, or all."""
    there = session.points.values("version__dossier")
    found = Dossier.objects.visible_to(user).exclude(pk__in=there).select_related("unit")
    found = found.exclude(state=State.WITHDRAWN) if decided else found.filter(state__in=AT_THE_BOARD)
    return found.speaking_of(asked(q).terms) if q.strip() else found
