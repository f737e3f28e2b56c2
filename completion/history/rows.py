"""What an archive holds: its files and columns, its rows by code, and what is wrong with it."""

import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

Folder = Path | zipfile.Path
COLUMNS = {
    "units.csv": ("code", "name", "kind", "parent_code", "valid_from", "valid_to"),
    "items.csv": ("code", "unit_code", "kind", "year", "title", "approved_at", "due_on", "ongoing"),
    "events.csv": ("item_code", "event", "at", "on", "value"),
    "successions.csv": ("kind", "predecessor_code", "successor_code", "effective_on", "recorded_at"),
}
SUCCESSIONS = "successions.csv"  # may be left out
# What each event cannot do without.
NEEDED = {
    "completed": ("on",),
    "confirmed": ("at",),
    "revoked": ("at",),
    "extended": ("at", "value"),
    "excluded": ("at", "on", "value"),
    "transferred": ("at", "on", "value"),
}
LONGEST = {"code": 40, "name": 300, "title": 500}
DEEPEST = 15
SHOWN = 200


class ArchiveRefused(Exception):
    """The archive cannot be loaded; `problems` are lines "file:line: reason", at most SHOWN of them."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(slots=True)
class UnitRow:
    line: int
    code: str
    name: str
    kind: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class EventRow:
    line: int
    kind: str
    at: datetime | None
    on: date | None
    due_on: date | None = None
    exclusion: str = ""
    unit_code: str | None = None


@dataclass(slots=True)
class ItemRow:
    line: int
    code: str
    unit_code: str
    kind: str
    year: int
    title: str
    approved_at: datetime
    due_on: date | None
    ongoing: bool


@dataclass(slots=True)
class SuccessionRow:
    """`successor` is a unit's code, "" where nobody follows; of a renaming the new name."""

    line: int
    kind: str
    predecessor_code: str
    successor: str
    effective_on: date
    recorded_at: datetime

    @property
    def key(self) -> tuple:
        """What makes two of them the same one, so that loading an archive twice adds nothing."""
        follows = "" if self.kind == "dissolve" else self.successor
        return self.kind, self.predecessor_code, follows, self.effective_on, self.recorded_at


@dataclass(slots=True)
class Archive:
    """Rows by code, in file order; `events` are those of each item, in file order too."""

    units: dict[str, UnitRow] = field(default_factory=dict)
    items: dict[str, ItemRow] = field(default_factory=dict)
    events: dict[str, list[EventRow]] = field(default_factory=dict)
    event_count: int = 0
    successions: dict[tuple, SuccessionRow] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # codes whose own row could not be taken: not unknown, but unread

    def refuse(self, file: str, line: int, reason: str) -> None:
        if len(self.problems) < SHOWN:
            self.problems.append(f"{file}:{line}: {reason}")

    def stop_at_problems(self) -> None:
        if self.problems:
            raise ArchiveRefused(self.problems)
