"""Checks the head-counts of a roster: of cells that stand, or that the same file adds."""

import datetime as dt

from django.utils.translation import gettext as _

from organizations.models import CELL_KINDS, MOST_MEMBERS, HeadCount
from organizations.permissions import reaches
from organizations.rosters.values import day_of, in_chunks, stands
from organizations.workbooks import Row
from vietnamese.display import day_text


def check_head_counts(rows: list[Row], plan, units: dict[str, dict], by, today: dt.date) -> None:
    """Put into the plan what these rows say anew of the members of cells; one query a 5.000 rows."""
    known = _counted_already(rows, plan)
    seen: dict[tuple, int] = {}
    for row in rows:
        code, day = row.cells["unit"], day_of(row, "valid_from", plan.problems)
        members, exempt = (_number(row, key, plan) for key in ("members", "exempt"))
        reason = row.cells["exempt_reason"] if exempt else ""
        if (problem := _place_problem(row, plan, units, by, day, today)) or (
            problem := _number_problem(row, members, exempt, reason)
        ):
            plan.problems.append(problem)
        elif (code, day) in seen:
            number = seen[code, day]
            plan.problems.append(row.problem("unit", _("Chi bộ này đã có ở dòng %(row)d.") % {"row": number}))
        elif None in (members, exempt, day):
            continue
        elif known.get((code, day)) == (members, exempt, reason):
            plan.known += 1
        else:
            told = {"valid_from": day, "members": members, "exempt": exempt, "exempt_reason": reason}
            plan.head_counts.append({"unit": code, **told})
        seen[code, day] = row.number


def _counted_already(rows: list[Row], plan) -> dict[tuple, tuple]:
    """Return {(code, day): what the count of that very day says} of units that stand already."""
    ids = {unit.pk for row in rows if (unit := plan.known_units.get(row.cells["unit"]))}
    counts = in_chunks(HeadCount.objects.select_related("unit").order_by("id"), "unit", ids)
    return {(c.unit.code, c.valid_from): (c.members, c.exempt, c.exempt_reason) for c in counts}


def _place_problem(row: Row, plan, units: dict[str, dict], by, day, today: dt.date):
    code = row.cells["unit"]
    unit = plan.known_units.get(code)
    if not code:
        return None
    if code not in units and (unit is None or not reaches(by, unit)):
        return row.problem("unit", _("Không có đơn vị mã “%(code)s”.") % {"code": code[:40]})
    if (unit.kind if unit else units[code]["kind"]) not in CELL_KINDS:
        return row.problem("unit", _("Đơn vị này không phải chi bộ."))
    if day is not None and day > today:
        return row.problem("valid_from", _("Ngày này chưa đến."))
    if day is not None and not stands(unit or units[code], day):
        return row.problem("unit", _("Đơn vị này không hoạt động vào ngày %(day)s.") % {"day": day_text(day)})
    return None


def _number_problem(row: Row, members: int | None, exempt: int | None, reason: str):
    if members is not None and exempt is not None and exempt > members:
        return row.problem("exempt", _("Số được miễn không thể nhiều hơn số đảng viên."))
    if exempt and not reason:
        return row.problem("exempt_reason", _("Hãy nêu lý do miễn."))
    if len(reason) > 300:
        return row.problem("exempt_reason", _("Lý do không quá 300 ký tự."))
    return None


def _number(row: Row, key: str, plan) -> int | None:
    """Return the whole number of a cell, 0 of an empty one; None, and a problem, where it is none."""
    typed = row.cells[key] or "0"
    if typed.isascii() and typed.isdigit() and int(typed[:9]) <= MOST_MEMBERS and len(typed) < 9:
        return int(typed)
    plan.problems.append(row.problem(key, _("Hãy nhập một số nguyên từ 0 đến %(most)d.") % {"most": MOST_MEMBERS}))
    return None
