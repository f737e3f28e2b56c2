"""What of a returned dossier may be written again: the places the board remarked on, and no other. Plain values.

A place is a key of `describing.describe`: of a section, a field or a row, or "" for the whole.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from models_registry.describing import describe

WHOLE = ""


class Changed(NamedTuple):
    """One row of a dossier that was written; `added` where it stood not there before."""

    section: str
    place: str
    added: bool


@dataclass(frozen=True, slots=True)
class Reopened:
    """The places that are open: those `pinned`, and those that are `lacking`, or nobody could send again.

    A list that lacks something receives more rows; those that stand in it stay as they are. Works that have `begun`
    under an earlier approval are closed whatever was pinned: steps of their own change them.
    """

    pinned: frozenset[str]
    lacking: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        return WHOLE in self.pinned

    def section(self, key: str) -> bool:
        """Whether all of a section is open."""
        return self.everything or key in self.pinned

    def place(self, section: str, place: str) -> bool:
        """Whether one field or row of a section is open."""
        if place in self.begun:
            return False
        return self.section(section) or place in self.pinned or (place in self.lacking and place != section)

    def more(self, section: str) -> bool:
        """Whether a section's list receives further rows."""
        return self.section(section) or section in self.lacking

    def closed(self, changes: Iterable[Changed]) -> list[str]:
        """Return the places among these changes that were not open."""
        return [
            one.place
            for one in changes
            if not (self.place(one.section, one.place) or (one.added and self.more(one.section)))
        ]


EVERYTHING = Reopened(frozenset({WHOLE}))


class NotReopened(PermissionDenied):
    """The board did not ask for a change at these places."""

    def __init__(self, places: Collection[str]):
        self.places = places
        super().__init__(f"not reopened: {', '.join(places)}")

    def sentence(self) -> str:
        return _("Ban chỉ yêu cầu sửa những chỗ có ý kiến. Các chỗ khác giữ nguyên như đã gửi, nên chưa lưu được.")


def changes(before: dict, after: dict) -> Iterator[Changed]:
    """Yield what differs between two contents of one dossier, row by row."""
    earlier = dict(_rows(before))
    for (section, place), value in _rows(after):
        stood = earlier.pop((section, place), None)
        if stood != value:
            yield Changed(section, place, stood is None)
    yield from (Changed(section, place, False) for section, place in earlier)


def _rows(content: dict) -> Iterator[tuple[tuple[str, str], object]]:
    for section in describe(content, mask_names=False):
        for row in section.rows:
            # A file taken for another of the same name is another file.
            files = [file["id"] for file in content.get("attachments", [])] if section.key == "files" else None
            yield (section.key, row.key), (row.name, row.value, files)
