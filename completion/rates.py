"""The rates: how one item is judged. Plain Python, no queries; what n/N says is `completion.shares`.

The definition is docs/rates.md. `completion/rollup.py` says the same of plain items in SQL; a test holds the two equal.
"""

import enum
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from completion.quarters import Quarter, midnight

RULE_VERSION = "2026.4"
# Errors of record and force majeure are the only reasons that still exclude an item after its due day.
LATE_EXCLUSIONS = frozenset({"duplicate", "registered_in_error", "force_majeure"})

# What is counted of every unit and kind, in this order everywhere. R4 shares N and X with R1.
COUNTERS = (
    "r1_n", "r1_base", "r1_x", "r2_n", "r2_base", "r2_x", "r3_n", "r3_base", "r3_x", "r4_n", "r5_n", "r5_base", "r5_x",
    "r8_n", "r8_base", "r8_x",
)  # fmt: skip
NOTHING = (0,) * len(COUNTERS)
RATES = ("r1", "r2", "r3", "r4", "r5", "r8")


def base_of(rate: str) -> str:
    """Return the rate whose N and X this one shares: R4 counts over the items of R1."""
    return "r1" if rate == "r4" else rate


@dataclass(frozen=True, slots=True)
class Frame:
    """What a quarter is judged by: its days, the knowledge instant K, and the quarter before with its own instant."""

    quarter: Quarter
    known_until: datetime  # K, exclusive
    before_known_until: datetime  # G of the quarter before, exclusive; never after K
    ongoing_due: date
    first_day: date
    end_day: date
    before_end_day: date
    approved_before: datetime  # an item counts when it was approved before E, and that was known

    @classmethod
    def of(cls, quarter: Quarter, *, known_until: datetime, before_closes_at: datetime | None = None, ongoing="12-31"):
        month, day = map(int, ongoing.split("-"))
        earlier = before_closes_at or quarter.before.closes_at()
        return cls(
            quarter=quarter,
            known_until=known_until,
            before_known_until=min(earlier, known_until),
            ongoing_due=date(quarter.year, month, day),
            first_day=quarter.first_day,
            end_day=quarter.end_day,
            before_end_day=quarter.before.end_day,
            approved_before=min(quarter.ends_at, known_until),
        )


class Fact(NamedTuple):
    """One fact of an item with its two clocks; the names are those of `progress.Fact`."""

    kind: str
    at: datetime
    on: date | None = None
    due_on: date | None = None
    exclusion: str = ""
    unit: Hashable = None


class Checked(NamedTuple):
    """What a check of ongoing work found of one quarter of its year, and when that became known."""

    quarter: int
    passed: bool
    at: datetime


class Check(enum.StrEnum):
    """How an item stands to the check of a quarter; the values are marks of its line (completion/lines.py)."""

    NONE = ""  # owes none
    MISSED = "k"  # owes one, and it was not passed, or never recorded
    PASSED = "d"


class Item(NamedTuple):
    """An item as registered: its first owner, due day and approval; `checks` in the order they were recorded."""

    unit: Hashable
    due_on: date
    approved_at: datetime
    ongoing: bool = False
    facts: Sequence[Fact] = ()
    checks: Sequence[Checked] = ()


class Known(NamedTuple):
    """What was known of an item at K: the facts come down to these values, and the figures to nothing else."""

    due: date
    completed_on: date | None  # of a confirmation that still stood at K
    confirmed_at: datetime | None
    excluded: bool
    completed_before: bool  # for the quarter before, at its own closing instant
    owner: Hashable = None
    check: Check = Check.NONE


class Judgement(NamedTuple):
    """Where an item stands in a quarter; `counts` are its ones and zeros in the order of COUNTERS."""

    due_in_quarter: bool
    due_to_date: bool
    backlog: bool  # due in an earlier quarter of the year, and not completed for the quarter before
    completed: bool
    on_time: bool
    excluded: bool
    check: Check = Check.NONE

    @property
    def counts(self) -> tuple[int, ...]:
        return _counts_of(self)


@cache
def _counts_of(one: Judgement) -> tuple[int, ...]:
    n = one.completed and not one.excluded
    base, x = not one.excluded, one.excluded
    sets = [one.due_in_quarter, one.due_to_date, True]
    r1, r2, r3 = ([s and n, s and base, s and x] for s in sets)
    r4 = [one.due_in_quarter and n and one.on_time]
    r5 = [one.backlog and n, one.backlog and base, one.backlog and x]
    passed, owed = one.check is Check.PASSED, one.check is not Check.NONE
    r8 = [passed and base, owed and base, owed and x]
    return tuple(map(int, [*r1, *r2, *r3, *r4, *r5, *r8]))


def known(item: Item, frame: Frame) -> Known | None:
    """Return what was known of the item at K; None when it was not yet approved for the quarter."""
    if item.approved_at >= frame.approved_before:
        return None
    facts = sorted([f for f in item.facts if f.at < frame.known_until], key=attrgetter("at"))
    due = due_in_force(item, facts, frame)
    words = [f for f in facts if f.kind in ("confirmed", "revoked")]
    claims = [f for f in facts if f.kind == "completed"] if words else ()
    completed_on, confirmed_at = _standing_completion(words, claims)
    earlier = [f for f in words if f.at < frame.before_known_until]
    earlier_on, earlier_at = _standing_completion(earlier, claims)
    return Known(
        due=due,
        completed_on=completed_on,
        confirmed_at=confirmed_at,
        excluded=any(_excludes(f, due, frame.end_day) for f in facts if f.kind == "excluded"),
        completed_before=earlier_at is not None and earlier_on < frame.before_end_day,
        owner=_owner(item, facts, frame.end_day),
        check=_check(item, facts, completed_on, frame) if item.ongoing else Check.NONE,
    )


def judge(state: Known, frame: Frame) -> Judgement:
    """Return where an item stands in the quarter, from what was known at K."""
    completed = state.confirmed_at is not None and state.completed_on < frame.end_day
    return Judgement(
        due_in_quarter=frame.first_day <= state.due < frame.end_day,
        due_to_date=state.due < frame.end_day,
        backlog=state.due < frame.first_day and not state.completed_before,
        completed=completed,
        on_time=completed and state.completed_on <= state.due,
        excluded=state.excluded,
        check=state.check,
    )


def due_in_force(item: Item, facts: Iterable[Fact], frame: Frame) -> date:
    """Return the due day: a later one counts only if it was decided before the day then in force had ended."""
    if item.ongoing:
        return frame.ongoing_due
    due = item.due_on
    for fact in facts:
        if fact.kind == "extended" and fact.due_on > due and fact.at < midnight(due + timedelta(days=1)):
            due = fact.due_on
    return due


def _standing_completion(words: Sequence[Fact], claims: Sequence[Fact]) -> tuple[date | None, datetime | None]:
    """Return (completed on, confirmed at) while the last word is a confirmation, else two Nones."""
    if not words or words[-1].kind != "confirmed" or not claims:
        return None, None
    confirmed = words[-1]
    claimed = [f for f in claims if f.at <= confirmed.at] or claims[:1]
    return claimed[-1].on, confirmed.at


def _excludes(fact: Fact, due: date, end_day: date) -> bool:
    in_time = fact.at < midnight(due + timedelta(days=1)) or fact.exclusion in LATE_EXCLUSIONS
    return in_time and fact.on < end_day


def _check(item: Item, facts: Iterable[Fact], completed_on: date | None, frame: Frame) -> Check:
    """Return how ongoing work stands to the quarter's check: it owes none once stopped, nor after it was completed."""
    stopped = any(f.kind == "terminated" and f.on < frame.end_day for f in facts)
    if stopped or (completed_on is not None and completed_on < frame.first_day):
        return Check.NONE
    found = [c.passed for c in item.checks if c.quarter == frame.quarter.number and c.at < frame.known_until]
    return Check.PASSED if found and found[-1] else Check.MISSED


def _owner(item: Item, facts: Iterable[Fact], end_day: date) -> Hashable:
    owner = item.unit
    for fact in facts:
        if fact.kind == "transferred" and fact.on < end_day:
            owner = fact.unit
    return owner
