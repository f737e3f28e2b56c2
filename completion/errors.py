"""Errors of record as a table: when there is one, what must be told besides, what it makes of a line. Plain Python.

A correction says what was true of the quarter and was recorded wrongly. What was known of the quarter before at that
quarter's closing is no part of it: R5 asks that, and it stays (docs/rates.md, 6).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from completion.lines import INHERITED, WAITS, line_of, read_lines
from completion.rates import Check, Frame, Known, judge

# How a work came to where it counts, kept as it was unless it goes to another unit.
CAME = (WAITS, INHERITED)


class NoSuchError(ValueError):
    """The line, as it was sealed, does not hold what this error is about."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`takes` is "day", "unit" or ""; `stands` says whether a sealed state can hold the error."""

    takes: str
    stands: Callable[[Known], bool]
    change: Callable[[Known, date | None], Known]


def _confirmed(state: Known) -> bool:
    return state.confirmed_at is not None


def _counted(state: Known) -> bool:
    return not state.excluded


def _always(state: Known) -> bool:
    return True


def _excluded(state: Known, day) -> Known:
    return state._replace(excluded=True)


def _other_check(state: Known, day) -> Known:
    return state._replace(check=Check.MISSED if state.check is Check.PASSED else Check.PASSED)


ERRORS: dict[str, Rule] = {
    "false_confirmation": Rule("", _confirmed, lambda s, day: s._replace(completed_on=None, confirmed_at=None)),
    "wrong_day": Rule("day", _confirmed, lambda s, day: s._replace(completed_on=day)),
    "wrong_due": Rule("day", _always, lambda s, day: s._replace(due=day)),
    "wrong_owner": Rule("unit", _always, lambda s, day: s),
    "duplicate": Rule("", _counted, _excluded),
    "registered_in_error": Rule("", _counted, _excluded),
    "false_exclusion": Rule("", lambda s: s.excluded, lambda s, day: s._replace(excluded=False)),
    "wrong_check": Rule("", lambda s: s.check is not Check.NONE, _other_check),
}


def corrected(line: str, error: str, frame: Frame, *, day: date | None = None) -> str:
    """Return the line as it should be; NoSuchError where it cannot hold the error."""
    ((kind, code, state),) = read_lines(line, frame)
    rule = ERRORS[error]
    if not rule.stands(state):
        raise NoSuchError(error)
    came = "" if rule.takes == "unit" else came_by(line)
    return line_of(kind, code, rule.change(state, day), frame) + came


def came_by(line: str) -> str:
    """Return the mark of how a work came to where it counts; "" for its own."""
    marks = line.rpartition("|")[2]
    return next((mark for mark in CAME if mark in marks), "")


def counts_of(line: str, frame: Frame) -> tuple[str, Sequence[int], str]:
    """Return (kind, its ones and zeros in the order of COUNTERS, how it came there)."""
    ((kind, _code, state),) = read_lines(line, frame)
    return kind, judge(state, frame).counts, came_by(line)
