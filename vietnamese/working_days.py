"""Working days: Monday to Friday, without the public holidays below. Plain Python.

The lunar feasts (Tết, Giỗ Tổ Hùng Vương) move, so each year is a row; extend the table when the year's calendar is
announced. A year without a row knows only weekends and the fixed holidays.
"""

from datetime import date, timedelta

FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
# Year: the first and last day off at Tết, the day of Giỗ Tổ, the second day off at the National Day.
LUNAR: dict[int, tuple[date, date, date, date]] = {
    2023: (date(2023, 1, 20), date(2023, 1, 26), date(2023, 4, 29), date(2023, 9, 1)),
    2024: (date(2024, 2, 8), date(2024, 2, 14), date(2024, 4, 18), date(2024, 9, 3)),
    2025: (date(2025, 1, 25), date(2025, 2, 2), date(2025, 4, 7), date(2025, 9, 1)),
    2026: (date(2026, 2, 14), date(2026, 2, 22), date(2026, 4, 26), date(2026, 9, 1)),
    2027: (date(2027, 2, 4), date(2027, 2, 10), date(2027, 4, 16), date(2027, 9, 3)),
}


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday, or the weekday that replaces a fixed one falling on a weekend."""
    if _is_named(day):
        return True
    # A holiday on a weekend is made up for on the next day that is neither.
    back = day - timedelta(days=1)
    while back.weekday() >= 5 or _is_named(back):
        if back.weekday() >= 5 and _is_named(back) and not _within_tet(back):
            return day.weekday() < 5
        back -= timedelta(days=1)
    return False


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; `day` itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Return how many working days lie after `first` up to and including `last`; 0 when last is not later."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _within_tet(day: date) -> bool:
    row = LUNAR.get(day.year)
    return row is not None and row[0] <= day <= row[1]


def _is_named(day: date) -> bool:
    row = LUNAR.get(day.year)
    return (day.month, day.day) in FIXED or _within_tet(day) or (row is not None and day in row[2:])
