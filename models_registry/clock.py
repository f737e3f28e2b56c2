"""How long each side has held a dossier, and whether it is late. Plain Python over its turns.

Days are told in two ways, calendar days and working days, each counted from local midnight to local midnight, so that
turns which meet add up exactly to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, get_default_timezone, make_aware

from vietnamese.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Days:
    """A span in both counts."""

    calendar: int = 0
    working: int = 0

    def __add__(self, other: "Days") -> "Days":
        return Days(self.calendar + other.calendar, self.working + other.working)


def days_from(first: date, last: date, calendar: Calendar) -> Days:
    return Days(max(0, (last - first).days), calendar.between(first, last))


@dataclass(frozen=True, slots=True)
class Spell:
    """One turn as it is shown: how long it lasted (so far), and by how many working days it was late."""

    turn: object
    days: Days
    late_by: int

    @property
    def is_late(self) -> bool:
        return self.late_by > 0


@dataclass(frozen=True, slots=True)
class Clock:
    """A dossier's whole way: what each side used of it, and what lay between a decision and a reopening.

    board + unit + closed = whole, in both counts.
    """

    spells: tuple[Spell, ...]
    board: Days
    unit: Days
    closed: Days
    whole: Days

    @property
    def running(self) -> Spell | None:
        """The turn of whoever holds it now; None before the first submission and after a decision."""
        last = self.spells[-1] if self.spells else None
        return last if last and last.turn.ended_at is None else None


def clock_of(turns: Sequence, calendar: Calendar, now: datetime) -> Clock:
    """Return the clock of one dossier's turns, oldest first; those still open run until `now`."""
    zone = get_current_timezone()
    held = {"board": Days(), "unit": Days()}
    closed, spells, before = Days(), [], None
    for turn in turns:
        began = turn.began_at.astimezone(zone).date()
        ended = (turn.ended_at or max(now, turn.began_at)).astimezone(zone).date()
        if before is not None:
            closed += days_from(before, began, calendar)
        days = days_from(began, ended, calendar)
        held[turn.side] += days
        spells.append(Spell(turn, days, late_by(turn.due_on, ended, calendar)))
        before = ended
    if len(spells) > 1:
        whole = days_from(turns[0].began_at.astimezone(zone).date(), before, calendar)
    else:
        whole = spells[0].days if spells else Days()
    return Clock(tuple(spells), held["board"], held["unit"], closed, whole)


def late_by(due_on: date, day: date, calendar: Calendar) -> int:
    """Return by how many working days a day is past a due day, at least 1 when it is past at all; else 0."""
    return max(1, calendar.between(due_on, day)) if day > due_on else 0


def sent_before(today: date, days: int) -> datetime:
    """Return the instant before which a turn began that has lasted at least so many calendar days."""
    return make_aware(datetime.combine(today - timedelta(days=days - 1), time.min), get_default_timezone())
