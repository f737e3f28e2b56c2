"""What changed between two versions, in words: over the rows of `models_registry.describing`. Plain Python."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from models_registry.describing import Row, Section

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


# What a change of a row in a list is called, by the first word of its key.
CALLED = {
    ("item", Change.ADDED): _("Thêm việc"),
    ("item", Change.REMOVED): _("Bỏ việc"),
    ("item", Change.CHANGED): _("Sửa việc"),
    ("exemplar", Change.ADDED): _("Thêm cá nhân"),
    ("exemplar", Change.REMOVED): _("Bỏ cá nhân"),
    ("exemplar", Change.CHANGED): _("Sửa cá nhân"),
    ("output", Change.ADDED): _("Thêm sản phẩm, kết quả"),
    ("output", Change.REMOVED): _("Bỏ sản phẩm, kết quả"),
    ("output", Change.CHANGED): _("Sửa sản phẩm, kết quả"),
    ("file", Change.ADDED): _("Thêm tệp"),
    ("file", Change.REMOVED): _("Bỏ tệp"),
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row; of one that is made of parts, only the `parts` in which something changed."""

    key: str
    label: str
    change: str
    pieces: tuple[Piece, ...]
    name: str = ""
    parts: tuple[tuple[str, tuple[Piece, ...]], ...] = ()

    @property
    def called(self) -> str:
        """What was done to a row of a list ("Thêm việc"); "" for a field."""
        return CALLED.get((self.key.partition(".")[0], self.change), "")


@dataclass(frozen=True, slots=True)
class SectionChange:
    key: str
    title: str
    rows: tuple[RowChange, ...]


Files = Mapping[int, str]


def compare(
    before: Sequence[Section], after: Sequence[Section], files: tuple[Files, Files] | None = None
) -> list[SectionChange]:
    """Return the sections in which something changed, with their changed rows alone, in the order of `after`.

    `files` are {id: name} of either side: of two files with one name, one may have replaced the other.
    """
    earlier = {section.key: section.rows for section in before}
    changed = []
    for section in after:
        named = files is not None and section.key == "files"
        rows = _files(*files) if named else _rows(earlier.get(section.key, ()), section.rows)
        changed.append(SectionChange(section.key, section.title, tuple(rows)))
    return [section for section in changed if section.rows]


def _files(before: Files, after: Files) -> Iterator[RowChange]:
    for change, here, there in ((Change.ADDED, after, before), (Change.REMOVED, before, after)):
        for pk, name in here.items():
            if pk not in there:
                yield RowChange(f"file.{pk}", "", change, (), name)


def _rows(before: Sequence[Row], after: Sequence[Row]) -> Iterator[RowChange]:
    earlier = {row.key: row for row in before}
    for row in after:
        old = earlier.pop(row.key, None)
        if old is None:
            if row.value:
                yield _change(row, Change.ADDED, "", row.value)
        elif (old.name, old.value) != (row.name, row.value):
            yield _change(row, Change.CHANGED, old.value, row.value, old)
    for old in earlier.values():
        if old.value:
            yield _change(old, Change.REMOVED, old.value, "")


def _change(row: Row, change: str, was: str, now: str, old: Row | None = None) -> RowChange:
    parts = tuple(_parts(old, row)) if old else ()
    return RowChange(row.key, row.label, change, tuple(pieces(was, now)), row.name, parts)


def _parts(old: Row, new: Row) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    stood, stands = dict(_parts_of(old)), dict(_parts_of(new))
    for label in {**stands, **stood}:
        was, now = stood.get(label, ""), stands.get(label, "")
        if was != now:
            yield label, tuple(pieces(was, now))


def _parts_of(row: Row) -> tuple[tuple[str, str], ...]:
    """An output is a name and a number, and either may change."""
    named = ((_("Tên"), row.name), (_("Số lượng"), row.value)) if row.name else ()
    return row.parts or named


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
