from datetime import date

import pytest

from vietnamese.working_days import add_working_days, is_working_day, working_days_between


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 2, 17),  # first day of the lunar year
        date(2026, 4, 27),  # Giỗ Tổ fell on a Sunday
        date(2026, 5, 1),
        date(2026, 9, 2),
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_weekends_and_holidays_are_not_worked(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 2, 13), date(2026, 2, 23), date(2026, 4, 28)])
def test_the_days_around_them_are(day):
    assert is_working_day(day)


def test_a_clock_started_before_tet_rests_through_it():
    assert add_working_days(date(2026, 2, 12), 3) == date(2026, 2, 24)


def test_days_between_and_days_added_agree():
    start = date(2026, 1, 5)
    assert [working_days_between(start, add_working_days(start, n)) for n in range(0, 60, 7)] == list(range(0, 60, 7))
