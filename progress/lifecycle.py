"""When an approved item may move, who confirms and checks it, and what its facts add up to. Plain values, no queries.

A step writes one fact; `standing_of` replays the facts, so that the item's columns can always be proven.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import ItemState, Move, Reason
from organizations.permissions import Action
from vietnamese.quarters import day_after, first_day, quarter_of


class ItemStep(TextChoices):
    REPORT = "report", _("Báo cáo hoàn thành")
    CONFIRM = "confirm", _("Xác nhận hoàn thành")
    REFUSE = "refuse", _("Không xác nhận")
    REVOKE = "revoke", _("Hủy xác nhận")
    EXTEND = "extend", _("Gia hạn")
    EXCLUDE = "exclude", _("Loại khỏi chỉ tiêu")
    SUSPEND = "suspend", _("Tạm dừng")
    RESUME = "resume", _("Tiếp tục thực hiện")
    TERMINATE = "terminate", _("Dừng")
    FAIL = "fail", _("Kết luận không hoàn thành")
    CARRY_OVER = "carry_over", _("Chuyển tiếp sang năm sau")


class Confirmer(enum.Enum):
    CELL = "cell"  # an officer of the own unit: another than who reported, where one is seated
    COMMITTEE = "committee"  # a committee anywhere above
    BOARD = "board"  # the head of the body that appraises for the unit


# Who acts for each confirmer, and whether that is the unit's own business.
_ACTS: dict[Confirmer, tuple[Action, bool]] = {
    Confirmer.CELL: (Action.CONFIRM_OWN, True),
    Confirmer.COMMITTEE: (Action.CONFIRM_BELOW, False),
    Confirmer.BOARD: (Action.DECIDE, False),
}


@dataclass(frozen=True, slots=True)
class ConfirmingRow:
    """One row of the table of confirmers; None means "whichever"."""

    who: Confirmer
    individual: bool | None = None
    of_head: bool | None = None
    committee_above: bool | None = None


# The first row that fits says who confirms. A member's work has two people even where the cell has one officer: who
# did it and who confirms it; the officer's own goes up.
CONFIRMING = (
    ConfirmingRow(Confirmer.CELL, individual=True, of_head=False),
    ConfirmingRow(Confirmer.COMMITTEE, committee_above=True),
    ConfirmingRow(Confirmer.BOARD),
)


def who_confirms(*, individual: bool, of_head: bool, committee_above: bool) -> Confirmer:
    """Return who confirms the completion of such an item; an answer always exists."""
    case = {"individual": individual, "of_head": of_head, "committee_above": committee_above}
    return next(row.who for row in CONFIRMING if all(getattr(row, key) in (None, value) for key, value in case.items()))


class Authors(NamedTuple):
    """The ids of who sent an item's last report and who prepared it; None where nobody did."""

    sent: int | None = None
    prepared: int | None = None

    @property
    def all(self) -> frozenset[int]:
        return frozenset({*self} - {None})


def kept_out(authors: Authors, officers: frozenset[int]) -> frozenset[int]:
    """Return who may not confirm in the cell: who wrote the report, as long as another officer is seated to do it."""
    if officers - authors.all:
        return authors.all
    return frozenset({authors.sent}) if officers - {authors.sent} else frozenset()


STAYS = ""  # the target of a step that leaves the state as it is

_I = ItemState
_OPEN = frozenset({_I.IN_PROGRESS, _I.SUSPENDED})
ITEM_MOVES: dict[str, Move] = {
    ItemStep.REPORT: Move(Action.REPORT, frozenset({_I.IN_PROGRESS}), _I.REPORTED),
    ItemStep.CONFIRM: Move(Action.CONFIRM_BELOW, frozenset({_I.REPORTED}), _I.COMPLETED, four_eyes=True),
    ItemStep.REFUSE: Move(
        Action.CONFIRM_BELOW, frozenset({_I.REPORTED}), _I.IN_PROGRESS, reason=Reason.REQUIRED, four_eyes=True
    ),
    ItemStep.REVOKE: Move(
        Action.CONFIRM_BELOW, frozenset({_I.COMPLETED}), _I.IN_PROGRESS, reason=Reason.REQUIRED, four_eyes=True
    ),
    ItemStep.EXTEND: Move(Action.DECIDE, _OPEN | {_I.REPORTED}, STAYS, four_eyes=True),
    ItemStep.EXCLUDE: Move(Action.DECIDE, _OPEN, STAYS, four_eyes=True),
    ItemStep.SUSPEND: Move(Action.DECIDE, frozenset({_I.IN_PROGRESS}), _I.SUSPENDED, four_eyes=True),
    ItemStep.RESUME: Move(Action.DECIDE, frozenset({_I.SUSPENDED}), _I.IN_PROGRESS, four_eyes=True),
    ItemStep.TERMINATE: Move(Action.DECIDE, _OPEN, _I.TERMINATED, four_eyes=True),
    ItemStep.FAIL: Move(Action.CONFIRM_BELOW, _OPEN, _I.NOT_COMPLETED, reason=Reason.REQUIRED, four_eyes=True),
    ItemStep.CARRY_OVER: Move(Action.DECIDE, _OPEN, _I.CARRIED_OVER, four_eyes=True),
}

# Steps taken by whoever confirms the item, by a superior, and by deciding the unit's request.
CONFIRMING_STEPS = frozenset({ItemStep.CONFIRM, ItemStep.REFUSE, ItemStep.REVOKE})
CONCLUDING_STEPS = frozenset({ItemStep.FAIL})
REQUEST_STEPS = frozenset(
    {
        ItemStep.EXTEND,
        ItemStep.EXCLUDE,
        ItemStep.SUSPEND,
        ItemStep.RESUME,
        ItemStep.TERMINATE,
        ItemStep.CARRY_OVER,
    }
)
# A confirmation or what changes N, X, the day in force or the checks owed: these change a counted figure.
COUNTED_STEPS = frozenset({ItemStep.CONFIRM, ItemStep.REVOKE, ItemStep.EXTEND, ItemStep.EXCLUDE, ItemStep.TERMINATE})

# The quarterly check of ongoing work: taken by whoever confirms the item, and the state stays. Stopped work may still
# be checked for the quarters before it stopped; completed work no more, its confirmation rests on the last check.
CHECK = "check"
CHECK_MOVES: dict[str, Move] = {
    CHECK: Move(Action.CONFIRM_BELOW, _OPEN | {_I.REPORTED, _I.TERMINATED}, STAYS, four_eyes=True),
}


@cache
def moves_for(confirmer: Confirmer, superior: Confirmer) -> Mapping[str, Move]:
    """Return the table of moves with each confirming and concluding step given to whom it belongs."""
    return {
        step: _given_to(move, confirmer)
        if step in CONFIRMING_STEPS
        else _given_to(move, superior)
        if step in CONCLUDING_STEPS
        else move
        for step, move in ITEM_MOVES.items()
    }


@cache
def check_moves_for(confirmer: Confirmer) -> Mapping[str, Move]:
    """Return the table of the quarterly check, given to whom it belongs."""
    return {step: _given_to(move, confirmer) for step, move in CHECK_MOVES.items()}


def _given_to(move: Move, who: Confirmer) -> Move:
    action, own_unit = _ACTS[who]
    return Move(action, move.sources, move.target, move.reason, move.four_eyes, own_unit)


# The fact each step writes, and the state each fact leaves behind (none: it stays).
FACT_OF: dict[str, str] = {
    ItemStep.REPORT: "completed",
    ItemStep.CONFIRM: "confirmed",
    ItemStep.REFUSE: "refused",
    ItemStep.REVOKE: "revoked",
    ItemStep.EXTEND: "extended",
    ItemStep.EXCLUDE: "excluded",
    ItemStep.SUSPEND: "suspended",
    ItemStep.RESUME: "resumed",
    ItemStep.TERMINATE: "terminated",
    ItemStep.FAIL: "failed",
    ItemStep.CARRY_OVER: "carried_over",
}
_STATE_AFTER = {FACT_OF[step]: move.target for step, move in ITEM_MOVES.items() if move.target}
_NEVER_PLAIN = frozenset({"extended", "excluded", "transferred", "revoked"})


@dataclass(slots=True)
class Standing:
    """What an item's columns must say after its facts; the names are the columns'."""

    due_in_force: date
    state: str = ItemState.IN_PROGRESS
    completed_on: date | None = None
    confirmed_at: object = None
    excluded_at: object = None
    plain: bool = True
    completions: int = 0


def standing_of(facts: Iterable, *, due: date, day_of) -> Standing:
    """Return where an item stands after its facts, taken in the order they became known.

    `due` is the day first in force; `day_of` turns an instant into the local day.
    """
    now = Standing(due_in_force=due)
    for fact in facts:
        follow(now, fact, day_of=day_of)
    return now


def follow(now: Standing, fact, *, day_of) -> None:
    """Let one more fact change the standing: a Standing, or a WorkItem that was told its `completions`."""
    now.state = _STATE_AFTER.get(fact.kind, now.state)
    now.plain = now.plain and fact.kind not in _NEVER_PLAIN
    match fact.kind:
        case "completed":
            now.completions += 1
            now.completed_on = fact.on
            now.plain = now.plain and now.completions == 1
        case "confirmed":
            now.confirmed_at = fact.at
        case "refused" | "revoked":
            now.completed_on = now.confirmed_at = None
        case "extended":
            now.due_in_force = due_after(now.due_in_force, fact.due_on, decided_on=day_of(fact.at))
        case "excluded":
            now.excluded_at = now.excluded_at or fact.at


def due_after(in_force: date, due_on: date, *, decided_on: date) -> date:
    """Return the due day in force after an extension (completion-rates.md, 1).

    It counts only when it was decided before the day in force had ended, and only to a later day.
    """
    return due_on if decided_on <= in_force < due_on else in_force


# After the due day only an error of record or force majeure takes an item out of the figures (completion-rates.md, 2).
LATE_EXCLUSIONS = frozenset({"duplicate", "registered_in_error", "force_majeure"})


def carry_over_asked_from(year: int) -> date:
    """Return the first day on which a work of a year that will not be done in time may be asked into the next."""
    return date(year, 12, 1)


def owed_quarters(item, facts: Iterable, *, today: date, day_of) -> list[int]:
    """Return the quarters begun by today whose check an ongoing item owes (docs/rates.md, 3, R8); [] for other work.

    From the quarter of its approval to the fourth of its year; none from the quarter in which it is excluded or
    stopped, nor after the one in which it was completed.
    """
    if not item.ongoing:
        return []
    facts, completed_on = list(facts), item.completed_on if item.confirmed_at else None
    begun = [quarter for quarter in (1, 2, 3, 4) if first_day(item.year, quarter) <= today]
    return [
        quarter
        for quarter in begun
        if day_of(item.approved_at) < day_after(item.year, quarter)
        and not any(_ends_checks(fact, item.year, quarter, day_of) for fact in facts)
        and not (completed_on and completed_on < first_day(item.year, quarter))
    ]


def _ends_checks(fact, year: int, quarter: int, day_of) -> bool:
    if fact.kind == "excluded" and day_of(fact.at) > date(year, 12, 31) and fact.exclusion not in LATE_EXCLUSIONS:
        return False
    return fact.kind in ("excluded", "terminated") and fact.on < day_after(year, quarter)


def last_check(checks: Iterable, *, year: int, day: date) -> tuple[int, str]:
    """Return the last quarter whose check is owed by work completed on a day, and its verdict ("" where there is none).

    `checks` in the order they were recorded. A quarter checked after that day is owed too: the work was still going on.
    """
    verdicts = {check.quarter: check.verdict for check in checks}
    through = quarter_of(day) if day.year == year else 4 if day.year > year else 1
    last = max([through, *verdicts])
    return last, verdicts.get(last, "")
