import datetime as dt
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.working_days import Calendar, fixed_days_off


def off(first: date, last: date) -> dict[date, bool]:
    return {first + dt.timedelta(days=n): False for n in range((last - first).days + 1)}


KEPT = Calendar(
    off(date(2026, 1, 1), date(2026, 1, 2))
    | off(date(2026, 2, 14), date(2026, 2, 22))
    | off(date(2026, 4, 26), date(2026, 4, 27))
    | {date(2026, 1, 10): True}
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 2), False),  # exchanged for the Saturday after
        (date(2026, 1, 10), True),
        (date(2026, 1, 11), False),
        (date(2026, 2, 17), False),  # first day of the lunar year
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # Giỗ Tổ fell on a Sunday
        (date(2026, 4, 28), True),
    ],
)
def test_a_year_that_was_entered_is_what_its_calendar_says(day, worked):
    assert KEPT.is_working_day(day) is worked


def test_a_year_nobody_entered_knows_weekends_and_fixed_holidays_with_their_make_up_days():
    assert fixed_days_off(2028) == (
        date(2028, 1, 1), date(2028, 1, 3), date(2028, 4, 30), date(2028, 5, 1), date(2028, 5, 2), date(2028, 9, 2),
        date(2028, 9, 4),
    )  # fmt: skip
    assert [KEPT.is_working_day(date(2028, 5, day)) for day in (1, 2, 3)] == [False, False, True]
    assert KEPT.unknown(date(2025, 12, 1), date(2027, 1, 1)) == [2025, 2027]


def test_a_clock_started_before_tet_rests_through_it():
    assert KEPT.add(date(2026, 2, 12), 3) == date(2026, 2, 24)


DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_spans_that_meet_add_up_and_agree_with_counting_day_by_day(one, two, three):
    first, middle, last = sorted((one, two, three))
    counted = sum(KEPT.is_working_day(first + dt.timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert KEPT.between(first, middle) + KEPT.between(middle, last) == KEPT.between(first, last) == counted


@given(DAYS, st.integers(0, 60))
def test_days_between_and_days_added_agree(day, count):
    assert KEPT.between(day, KEPT.add(day, count)) == count
