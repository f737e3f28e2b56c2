"""What waits in dossiers."""

from datetime import datetime

from journal.awaiting import Awaited


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return the drafts and the returned dossiers of the unit one acts for."""
    return []
