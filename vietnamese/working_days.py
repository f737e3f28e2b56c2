"""Working days: Monday to Friday, but for the days a calendar names. Plain Python.

Tết and Giỗ Tổ move with the moon, and every year some days are exchanged by decision, so what a year's calendar says is
data. A year nobody has entered yet knows only weekends and the fixed holidays.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))


@lru_cache(maxsize=32)
def fixed_days_off(year: int) -> tuple[date, ...]:
    """Return the holidays that fall on the same day every year, and the weekdays that make up for a weekend's."""
    named = [date(year, month, day) for month, day in FIXED]
    off = list(named)
    for holiday in named:
        if holiday.weekday() >= 5:
            day = holiday
            while day.weekday() >= 5 or day in off:
                day += timedelta(days=1)
            off.append(day)
    return tuple(sorted(off))


@dataclass(frozen=True)
class Calendar:
    """The days on which the week's rule does not hold: {day: whether it is worked}. `years` are those entered."""

    days: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(day.year for day, works in self.days.items() if not works)

    def is_working_day(self, day: date) -> bool:
        said = self.days.get(day)
        if said is None and day.year not in self.years:
            said = False if day in fixed_days_off(day.year) else None
        return day.weekday() < 5 if said is None else said

    def add(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; `day` itself is not counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first` up to and including `last`; 0 when last is not later.

        Spans that meet add up: between(a, b) + between(b, c) = between(a, c).
        """
        if last <= first:
            return 0
        days, changes = self._changes
        changed = sum(changes[bisect_right(days, first) : bisect_right(days, last)])
        for year in self.unknown(first, last):
            off = (day for day in fixed_days_off(year) if first < day <= last and day not in self.days)
            changed -= sum(day.weekday() < 5 for day in off)
        return _weekdays_until(last) - _weekdays_until(first) + changed

    @cached_property
    def _changes(self) -> tuple[list[date], list[int]]:
        """The named days in order, and by how much each changes what the week's rule would count."""
        days = sorted(self.days)
        return days, [self.days[day] - (day.weekday() < 5) for day in days]

    def unknown(self, first: date, last: date) -> list[int]:
        """Return the years from one day to another that nobody has entered."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


def _weekdays_until(day: date) -> int:
    """Return how many Mondays to Fridays there were up to a day, from a Monday long ago."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
