"""What changed between two versions, in words: over the rows `models_registry.content.describe` gives. Plain Python."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from models_registry.content import Row, Section

# Beyond so many words the two texts stand whole, one after the other: matching them would take seconds.
LONGEST = 3_000


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: kept (""), or in one version only."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    key: str
    label: str
    change: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    key: str
    title: str
    rows: tuple[RowChange, ...]


def compare(before: Sequence[Section], after: Sequence[Section]) -> list[SectionChange]:
    """Return the sections in which something changed, with their changed rows alone, in the order of `after`."""
    earlier = {section.key: section.rows for section in before}
    changed = (
        SectionChange(section.key, section.title, tuple(_rows(earlier.get(section.key, ()), section.rows)))
        for section in after
    )
    return [section for section in changed if section.rows]


def _rows(before: Sequence[Row], after: Sequence[Row]) -> Iterator[RowChange]:
    earlier = {row.key: row for row in before}
    for row in after:
        old = earlier.pop(row.key, None)
        if old is None:
            if row.value:
                yield RowChange(row.key, row.label, Change.ADDED, (Piece(Change.ADDED, row.value),))
        elif old.value != row.value:
            yield RowChange(row.key, row.label, Change.CHANGED, tuple(pieces(old.value, row.value)))
    for old in earlier.values():
        if old.value:
            yield RowChange(old.key, old.label, Change.REMOVED, (Piece(Change.REMOVED, old.value),))


def pieces(before: str, after: str) -> list[Piece]:
    """Return the texts as runs of words kept, removed and added; joined without one side they are the other's text."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > LONGEST:
        return [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]
    runs = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found, removed, added = [], "", ""
    for n, (tag, i, j, k, m) in enumerate(runs):
        kept = "".join(old[i:j])
        # A space between two changed words changes with them: "tiết kiệm" for "nêu gương", not word by word.
        if tag == "equal" and not (kept.isspace() and 0 < n < len(runs) - 1):
            found += [*_changed(removed, added), Piece("", kept)]
            removed = added = ""
        else:
            removed, added = removed + kept, added + "".join(new[k:m])
    return found + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Piece]:
    both = (Piece(Change.REMOVED, removed), Piece(Change.ADDED, added))
    return [piece for piece in both if piece.text]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)
