""" "Việc cần làm": what every app asks of one person now, derived by query and grouped by how pressing it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from completion.queries import corrections
from journal.awaiting import Awaited
from models_registry import queries as registry
from organizations import queries as organizations
from progress import queries as progress
from reviews import queries as reviews

# One function an app; each answers in a query or two, and in none for roles it asks nothing of.
SOURCES: tuple[Callable[..., list[Awaited]], ...] = (
    registry.awaiting,
    reviews.awaiting,
    progress.awaiting,
    corrections.awaiting,
    organizations.awaiting,
)

LEVELS = {
    "danger": _("Quá hạn, cần làm ngay"),
    "warning": _("Sắp đến hạn hoặc đang có người chờ"),
    "info": _("Việc khác đang chờ"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one level; `count` is how many things they ask for."""

    level: str
    title: str
    lines: list[Awaited]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def work_queue(user, at: datetime, *, sources=SOURCES) -> list[Group]:
    """Return what awaits this person, the most pressing first; levels nothing stands in are left out."""
    if user.post is None:
        return []
    lines = [line for awaiting in sources for line in awaiting(user, at) if line.count]
    groups = [Group(level, title, [line for line in lines if line.level == level]) for level, title in LEVELS.items()]
    return [group for group in groups if group.lines]
