"""Turns an XLSX file into the rows of a roster; what cannot be read is a problem at its cell, never an exception."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from organizations.rosters.columns import SHEETS
from organizations.workbooks import UNREADABLE, Problem, Row, broken_inside, opened, rows_of, unreadable
from vietnamese.folding import bare


@dataclass
class Contents:
    units: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    head_counts: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.units) + len(self.people) + len(self.posts) + len(self.head_counts)


def read(file) -> Contents:
    """Return what a file holds in the sheets of a roster."""
    contents = Contents()
    try:
        book = opened(file)
    except UNREADABLE:
        contents.problems.append(unreadable())
        return contents
    try:
        by_name = {bare(page.title): page for page in book.worksheets}
        for sheet in SHEETS:
            if page := by_name.get(bare(sheet.name)):
                getattr(contents, sheet.key).extend(rows_of(page, sheet, contents.problems))
    except UNREADABLE:
        contents.problems.append(broken_inside())
    finally:
        book.close()
    if not contents.total and not contents.problems:
        contents.problems.append(
            Problem(
                "",
                0,
                "",
                _("Tệp không có dòng nào trong các trang %(sheets)s. Hãy dùng tệp mẫu.")
                % {"sheets": ", ".join(sheet.name for sheet in SHEETS)},
            )
        )
    return contents
