"""Quarters of the calendar: plain days in, plain days out."""

from datetime import date, timedelta


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def first_day(year: int, quarter: int) -> date:
    return date(year, 3 * quarter - 2, 1)


def last_day(year: int, quarter: int) -> date:
    return day_after(year, quarter) - timedelta(days=1)


def day_after(year: int, quarter: int) -> date:
    """Return the first day that no longer belongs to the quarter."""
    return date(year + quarter // 4, 3 * quarter % 12 + 1, 1)


def quarter_before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)
