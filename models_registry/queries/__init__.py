"""Questions that need more than one word."""

from datetime import datetime

from journal.awaiting import Awaited
from models_registry.queries import dossiers, members, plans


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return what registering asks of this person now: owed, drafts and returned; for the home page."""
    return [*plans.awaiting(user, at), *members.awaiting(user, at), *dossiers.awaiting(user, at)]
