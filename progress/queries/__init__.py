"""Questions about what happens to items."""

from progress.queries.awaiting import awaiting

__all__ = ["awaiting"]
