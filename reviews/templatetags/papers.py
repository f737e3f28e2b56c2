"""What the pages of a dossier show of the board's papers."""

from django import template

from models_registry.lifecycle import State
from organizations.permissions import Action, may
from reviews.models import IssuedPaper

register = template.Library()


@register.inclusion_tag("reviews/papers/_handed.html")
def issued_decisions(dossier, user):
    """Draw the decisions issued on a dossier, to be taken by who sees it outside the board; one query once decided."""
    decided = dossier.state in (State.APPROVED, State.REJECTED) and not may(user, Action.APPRAISE)
    return {"papers": IssuedPaper.objects.deciding(dossier) if decided else ()}
