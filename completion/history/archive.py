"""Reads an archive of CSV files (docs/rates.md, 8) into rows, and says what is wrong with it line by line.

No queries: what only the database knows (units and items loaded before) is checked by `completion.history.matching`.
"""

import csv
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from completion.history import cells
from completion.history.cells import Unreadable
from completion.history.rows import (
    COLUMNS,
    DEEPEST,
    LONGEST,
    NEEDED,
    SUCCESSIONS,
    Archive,
    ArchiveRefused,
    EventRow,
    Folder,
    ItemRow,
    UnitRow,
)
from completion.history.successions import refuse_circles, refuse_contradictions, take_succession
from completion.quarters import local_day
from models_registry.models import WorkItem
from organizations.models import Unit
from progress.models import Fact


def read_archive(folder: Folder) -> Archive:
    """Return the rows of an archive, each checked by itself and against its own file; raises ArchiveRefused."""
    archive = Archive()
    if not folder.is_dir():
        raise ArchiveRefused([_("%(folder)s:0: không có thư mục này") % {"folder": folder}])
    for name, take in _TAKEN.items():
        if name == SUCCESSIONS and not (folder / name).is_file():
            continue
        for line, row in _rows(archive, folder / name):
            try:
                take(archive, line, row)
            except Unreadable as problem:
                archive.refuse(name, line, str(problem))
                archive.refused.add(row.get("code", ""))
    _refuse_cycles(archive)
    refuse_contradictions(archive)
    refuse_circles(archive)
    return archive


def _take_unit(archive: Archive, line: int, row: dict[str, str]) -> None:
    code = cells.text(row, "code", LONGEST["code"])
    if code in archive.units:
        raise Unreadable(_("mã “%(code)s” đã có ở dòng %(line)d") % {"code": code, "line": archive.units[code].line})
    unit = UnitRow(
        line,
        code,
        cells.text(row, "name", LONGEST["name"]),
        cells.one_of(row, "kind", Unit.Kind.values),
        cells.text(row, "parent_code", LONGEST["code"]) if row["parent_code"] else None,
        cells.day(row["valid_from"], "valid_from"),
        cells.day(row["valid_to"], "valid_to") if row["valid_to"] else None,
    )
    if unit.valid_to is not None and unit.valid_to <= unit.valid_from:
        raise Unreadable(
            _("valid_to %(end)s phải sau valid_from %(start)s") % {"end": unit.valid_to, "start": unit.valid_from}
        )
    archive.units[code] = unit


def _take_item(archive: Archive, line: int, row: dict[str, str]) -> None:
    code = cells.text(row, "code", LONGEST["code"])
    if code in archive.items:
        raise Unreadable(_("mã “%(code)s” đã có ở dòng %(line)d") % {"code": code, "line": archive.items[code].line})
    if row["ongoing"] not in ("0", "1"):
        raise Unreadable(_("ongoing phải là 0 hoặc 1, không phải “%(text)s”") % {"text": row["ongoing"]})
    ongoing = row["ongoing"] == "1"
    item = ItemRow(
        line,
        code,
        cells.text(row, "unit_code", LONGEST["code"]),
        cells.one_of(row, "kind", WorkItem.Kind.values),
        cells.year(row["year"]),
        cells.text(row, "title", LONGEST["title"]),
        cells.instant(row["approved_at"], "approved_at"),
        None if ongoing and not row["due_on"] else cells.day(row["due_on"], "due_on"),
        ongoing,
    )
    # An ongoing work is due on 31 December, whatever its due_on says.
    check_due_day(item, date(item.year, 12, 31) if ongoing else item.due_on, "due_on")
    archive.items[code] = item


def _take_event(archive: Archive, line: int, row: dict[str, str]) -> None:
    kind, value = cells.one_of(row, "event", NEEDED), row["value"]
    for name in NEEDED[kind]:
        if not row[name]:
            raise Unreadable(_("sự kiện %(kind)s thiếu %(name)s") % {"kind": kind, "name": name})
    event = EventRow(
        line,
        kind,
        cells.instant(row["at"], "at") if row["at"] else None,
        cells.day(row["on"], "on") if row["on"] else None,
    )
    if kind == "extended":
        event.due_on = cells.day(value, "value")
    elif kind == "excluded":
        event.exclusion = cells.one_of(row, "value", Fact.Exclusion.values)
    elif kind == "transferred":
        event.unit_code = cells.text(row, "value", LONGEST["code"])
    code = cells.text(row, "item_code", LONGEST["code"])
    archive.events.setdefault(code, []).append(event)
    archive.event_count += 1


def check_due_day(item: ItemRow, due: date, column: str) -> None:
    """Raise Unreadable unless a due day lies within the plan year, not before the approval day."""
    if due.year != item.year:
        raise Unreadable(
            _("%(column)s %(due)s nằm ngoài năm kế hoạch %(year)d") % {"column": column, "due": due, "year": item.year}
        )
    if due < (approved := local_day(item.approved_at)):
        raise Unreadable(
            _("%(column)s %(due)s trước ngày duyệt %(approved)s") % {"column": column, "due": due, "approved": approved}
        )


def _rows(archive: Archive, path: Folder) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (number of its first line, {column: cell}) of every row; refuses a file it cannot read."""
    name, wanted = path.name, COLUMNS[path.name]
    if not path.is_file():
        archive.refuse(name, 1, _("thiếu tệp này"))
        return
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = [cell.strip() for cell in next(reader, [])]
            if problem := _problem_of_head(head, wanted):
                archive.refuse(name, 1, problem)
                return
            line = reader.line_num + 1
            for row in reader:
                if len(row) == len(head):
                    yield line, dict(zip(head, map(str.strip, row), strict=True))
                elif row:
                    archive.refuse(
                        name, line, _("có %(count)d ô, cần %(wanted)d") % {"count": len(row), "wanted": len(head)}
                    )
                line = reader.line_num + 1
    except UnicodeDecodeError:
        archive.refuse(name, _first_bad_line(path), _("không phải UTF-8"))
    except csv.Error as problem:
        archive.refuse(name, line, _("không đọc được CSV (%(problem)s)") % {"problem": problem})


def _problem_of_head(head: list[str], wanted: tuple[str, ...]) -> str:
    if unknown := [name for name in head if name not in wanted]:
        return _("cột lạ: %(names)s") % {"names": ", ".join(unknown)}
    if missing := [name for name in wanted if name not in head]:
        return _("thiếu cột: %(names)s") % {"names": ", ".join(missing)}
    return _("cột lặp lại") if len(set(head)) < len(head) else ""


def _first_bad_line(path: Folder) -> int:
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 1


def _refuse_cycles(archive: Archive) -> None:
    depth: dict[str, int] = {}
    for unit in archive.units.values():
        line: dict[str, None] = {}
        code = unit.code
        while code in archive.units and code not in depth and code not in line:
            line[code] = None
            code = archive.units[code].parent_code
        if code in line:
            round_trip = " → ".join([*list(line)[list(line).index(code) :], code])
            reason = _("vòng lặp đơn vị cấp trên: %(line)s") % {"line": round_trip}
            archive.refuse("units.csv", archive.units[code].line, reason)
        level = depth.get(code, 0)
        for below in reversed(line):
            level += 1
            depth[below] = level
        if level > DEEPEST:
            reason = _("cây tổ chức sâu quá %(count)d cấp") % {"count": DEEPEST}
            archive.refuse("units.csv", unit.line, reason)


_TAKEN = {
    "units.csv": _take_unit,
    "items.csv": _take_item,
    "events.csv": _take_event,
    SUCCESSIONS: take_succession,
}
