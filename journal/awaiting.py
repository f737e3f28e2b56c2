"""What an app offers the home page: one line of somebody's work queue, derived by query, never stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Awaited:
    """One line of "Việc cần làm": how many of what, where to do it, and how pressing it is."""

    text: str
    count: int
    url: str
    level: str = "info"  # info, warning (due soon) or danger (overdue)
