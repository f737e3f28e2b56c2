"""What is owed, by whom and until when."""

from datetime import datetime

from journal.awaiting import Awaited


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return what the open rounds still ask of the unit one acts for."""
    return []
