"""Reorganisations of an archive: read, checked, matched with what the database holds, and written with their places.

A merge or a split leads to another unit, a move puts a unit under another, a renaming gives it another name. The
dates units begin and end on stand in units.csv; what a merged unit held follows by itself when figures are computed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _

from completion.bulk import these
from completion.history import cells
from completion.history.cells import Unreadable
from completion.history.rows import LONGEST, SUCCESSIONS, Archive, SuccessionRow
from organizations.models import Succession
from organizations.services.imports import NewSuccession, reorganise
from vietnamese.display import day_text

Kind = Succession.Kind
# Those whose successor is another unit; a dissolved unit may leave it out, and is told by its items' own events.
LEADING = (Kind.MERGE, Kind.SPLIT, Kind.MOVE)
ENDING = (Kind.MERGE, Kind.SPLIT, Kind.DISSOLVE)
# The first and the last day of units by code, the last exclusive or None.
Dates = Mapping[str, tuple[date, date | None]]


def take_succession(archive: Archive, line: int, row: dict[str, str]) -> None:
    kind = cells.one_of(row, "kind", Kind.values)
    unit = cells.text(row, "predecessor_code", LONGEST["code"])
    longest = LONGEST["name" if kind == Kind.RENAME else "code"]
    needed = kind != Kind.DISSOLVE or row["successor_code"]
    found = SuccessionRow(
        line,
        kind,
        unit,
        cells.text(row, "successor_code", longest) if needed else "",
        cells.day(row["effective_on"], "effective_on"),
        cells.instant(row["recorded_at"], "recorded_at"),
    )
    if kind in LEADING and found.successor == unit:
        raise Unreadable(_("“%(code)s” không thể kế thừa chính mình") % {"code": unit})
    if found.key in archive.successions:
        raise Unreadable(_("trùng với dòng %(line)d") % {"line": archive.successions[found.key].line})
    archive.successions[found.key] = found


def refuse_contradictions(archive: Archive) -> None:
    """Refuse what says at one instant that a unit merged, moved or was renamed into two, or ended in two ways."""
    said: dict[tuple, SuccessionRow] = {}
    for row in archive.successions.values():
        ends = row.kind in ENDING
        first = said.setdefault((ends or row.kind, row.predecessor_code, row.effective_on, row.recorded_at), row)
        if first is not row and (first.kind != row.kind or row.kind != Kind.SPLIT):
            told = _("mâu thuẫn với dòng %(line)d: “%(unit)s” không thể cùng lúc có hai kết cục")
            archive.refuse(SUCCESSIONS, row.line, told % {"line": first.line, "unit": row.predecessor_code})


def in_order(rows: Iterable[SuccessionRow]) -> list[SuccessionRow]:
    """Return reorganisations as they took effect, and of one day as they became known."""
    return sorted(rows, key=lambda row: (row.effective_on, row.recorded_at, row.line))


def ends_told(archive: Archive) -> dict[str, set[date]]:
    """Return {unit: days} on which merges, splits and dissolutions of an archive end units."""
    found: dict[str, set[date]] = {}
    for row in archive.successions.values():
        if row.kind in (Kind.MERGE, Kind.SPLIT, Kind.DISSOLVE):
            found.setdefault(row.predecessor_code, set()).add(row.effective_on)
    return found


def refuse_circles(archive: Archive) -> None:
    """Refuse merges that lead back to where they began, and moves that put a unit under itself on any day."""
    rows = in_order(archive.successions.values())
    merged: dict[str, str | None] = {}
    parents = {unit.code: unit.parent_code for unit in archive.units.values()}
    for _day, of_a_day in groupby(rows, key=lambda row: row.effective_on):
        leading = [(row, {Kind.MERGE: merged, Kind.MOVE: parents}.get(row.kind)) for row in of_a_day]
        leading = [(row, above) for row, above in leading if above is not None]
        for row, above in leading:
            above[row.predecessor_code] = row.successor
        for row, above in leading:
            if _returns(row.predecessor_code, above):
                told = _("vòng lặp kế thừa: “%(unit)s” → “%(successor)s”")
                names = {"unit": row.predecessor_code, "successor": row.successor}
                archive.refuse(SUCCESSIONS, row.line, told % names)


def _returns(code: str, above: dict[str, str | None]) -> bool:
    seen, unit = set(), above.get(code)
    while unit is not None and unit not in seen:
        if unit == code:
            return True
        seen.add(unit)
        unit = above.get(unit)
    return False


@dataclass(slots=True)
class Kept:
    """What the database holds of these units' reorganisations: their keys, and how units began."""

    keys: set[tuple] = field(default_factory=set)
    first_names: dict[int, str] = field(default_factory=dict)
    moved_at_birth: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, units: Iterable[int]) -> "Kept":
        """Return what is kept of units, by id; one query."""
        kept = cls()
        found = Succession.objects.filter(predecessor__in=these(units)).select_related("predecessor", "successor")
        for row in found.order_by("effective_on", "recorded_at", "id"):
            successor = row.new_name or (row.successor.code if row.successor else "")
            kept.keys.add((row.kind, row.predecessor.code, successor, row.effective_on, row.recorded_at))
            if row.old_name:
                kept.first_names.setdefault(row.predecessor_id, row.old_name)
            if row.kind == Kind.MOVE and row.effective_on <= row.predecessor.valid_from:
                kept.moved_at_birth.add(row.predecessor_id)
        return kept


def match_successions(archive: Archive, kept: Kept, stands: Callable[[str], bool], dates: Dates) -> list[SuccessionRow]:
    """Return what of an archive is new, in order; names units it does not know, or that did not exist on the day."""
    fresh = []
    for row in in_order(archive.successions.values()):
        units = {"predecessor_code": row.predecessor_code}
        if row.kind != Kind.RENAME and row.successor:
            units["successor_code"] = row.successor
        for name, code in units.items():
            if not stands(code):
                told = _("%(name)s không có: “%(code)s”")
                archive.refuse(SUCCESSIONS, row.line, told % {"name": name, "code": code})
        untimely = (_untimely(row, code, *dates[code]) for code in units.values() if code in dates)
        if said := next(filter(None, untimely), ""):
            archive.refuse(SUCCESSIONS, row.line, said)
        if row.key not in kept.keys:
            fresh.append(row)
    return fresh


def _untimely(row: SuccessionRow, code: str, begins: date, ends: date | None) -> str:
    """Return why a day lies outside the days of a unit it names, "" where it does not."""
    told = {"code": code, "day": day_text(row.effective_on)}
    if row.effective_on < begins:
        return _("ngày %(day)s trước khi có “%(code)s” (từ %(begins)s)") % (told | {"begins": day_text(begins)})
    if ends is not None and row.effective_on > ends:
        return _("ngày %(day)s sau khi “%(code)s” kết thúc (%(ends)s)") % (told | {"ends": day_text(ends)})
    return ""


def write_successions(rows: Iterable[SuccessionRow], units: dict[str, int], *, at: datetime) -> None:
    """Write reorganisations with the places and names they lead to; paths are laid by the caller."""
    reorganise(
        [
            NewSuccession(
                row.kind,
                units[row.predecessor_code],
                units[row.successor] if row.kind in LEADING else None,
                row.successor if row.kind == Kind.RENAME else "",
                row.effective_on,
                row.recorded_at,
            )
            for row in rows
        ],
        at=at,
    )
