"""Why a rate moved: each item's change between two revisions, told as steps that add up exactly. Plain Python."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from completion.rates import Frame, Judgement, Known, base_of, judge

BRIDGED = ("r1", "r2", "r3", "r4")


class Step(enum.StrEnum):
    """What may have happened to an item between two revisions, in the order a bridge tells it."""

    NEWLY = "newly"  # it has come to be counted: its day, or its approval
    COMPLETED = "completed"  # of those newly counted, or before its day
    RECOVERED = "recovered"  # it was late, and is completed now
    REVOKED = "revoked"  # its confirmation no longer stands
    EXCLUDED = "excluded"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    LEFT = "left"  # its quarter or its year is over
    CORRECTED = "corrected"  # what was known of it has been put right


class Change(NamedTuple):
    """What one step of one item adds to n and to N."""

    step: Step
    n: int
    base: int


@dataclass(frozen=True, slots=True)
class Sides:
    """The two revisions a bridge stands on: what each is judged by, and whether both are seals of one quarter."""

    rate: str
    before: Frame
    after: Frame
    both_sealed: bool

    @property
    def one_quarter(self) -> bool:
        return self.before.quarter == self.after.quarter

    @property
    def one_year(self) -> bool:
        return self.before.quarter.year == self.after.quarter.year


def counts(state: Known | None, frame: Frame, rate: str) -> tuple[int, int]:
    """Return what an item adds to (n, N) of a rate; nothing where it is not counted in the unit at all."""
    return (0, 0) if state is None else _counts(judge(state, frame), rate)


def changes(before: Known | None, after: Known | None, sides: Sides, *, elsewhere: bool) -> Iterator[Change]:
    """Yield the steps of an item from what was known of it in the one revision to what was in the other.

    None stands for "not counted in this unit"; `elsewhere` says of one that is new here that another unit had it.
    Together they are exactly the difference of `counts`.
    """
    n0, base0 = counts(before, sides.before, sides.rate)
    n1, base1 = counts(after, sides.after, sides.rate)
    if (n0, base0) == (n1, base1):
        return
    for step, n, base in _steps(before, after, sides, (n0, base0), (n1, base1), elsewhere=elsewhere):
        if n or base:
            yield Change(step, n, base)


def _steps(before, after, sides: Sides, was, now, *, elsewhere: bool) -> list[tuple[Step, int, int]]:
    (n0, base0), (n1, base1) = was, now
    if before is None:
        return [(Step.MOVED_IN, n1, base1)] if elsewhere else [(Step.NEWLY, 0, base1), (Step.COMPLETED, n1, 0)]
    if after is None:
        return [(Step.MOVED_OUT if sides.one_year else Step.LEFT, -n0, -base0)]
    if after.excluded and not before.excluded:
        return [(Step.EXCLUDED, -n0, -base0)]
    if base0 < base1:
        newly = not (before.excluded or sides.one_quarter)
        return [(Step.NEWLY, 0, 1), (Step.COMPLETED, n1, 0)] if newly else [(Step.CORRECTED, n1, 1)]
    if base0 > base1:
        over = sides.rate in ("r1", "r4") and not sides.one_quarter
        return [(Step.LEFT if over else Step.CORRECTED, -n0, -1)]
    if n0 > n1:
        return [(_taken_back(after, sides), -1, 0)]
    return [(_achieved(before, sides), 1, 0)]


def _taken_back(after: Known, sides: Sides) -> Step:
    return Step.REVOKED if after.confirmed_at is None else Step.CORRECTED


def _achieved(before: Known, sides: Sides) -> Step:
    if sides.one_quarter and sides.both_sealed:
        return Step.CORRECTED
    return Step.RECOVERED if before.due < sides.before.end_day else Step.COMPLETED


def _counts(judged: Judgement, rate: str) -> tuple[int, int]:
    over = {"r1": judged.due_in_quarter, "r2": judged.due_to_date, "r3": True}[base_of(rate)]
    base = over and not judged.excluded
    done = judged.on_time if rate == "r4" else judged.completed
    return int(base and done), int(base)


def _sum(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    return first[0] + second[0], first[1] + second[1]
