import datetime as dt

import pytest

from completion.quarters import ZONE, Quarter


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_quarter_ends_at_the_first_local_instant_after_it():
    assert Quarter(2026, 1).ends_at == dt.datetime(2026, 3, 31, 17, 0, tzinfo=dt.UTC)


def test_a_quarter_closes_ten_days_after_its_end():
    assert Quarter(2026, 1).closes_at() == at("2026-04-11 00:00")


@pytest.mark.parametrize(
    ("instant", "quarter"),
    [("2026-03-31 23:30", "2026-Q1"), ("2026-04-01 00:10", "2026-Q2"), ("2026-12-31 23:59", "2026-Q4")],
)
def test_an_instant_belongs_to_the_quarter_of_its_local_day(instant, quarter):
    assert str(Quarter.of(at(instant))) == quarter


def test_the_quarter_before_the_first_is_the_last_of_the_year_before():
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2025, 4).after == Quarter(2026, 1)


def test_a_quarter_is_read_as_it_is_written():
    assert Quarter.parse("2026-Q3") == Quarter(2026, 3)


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "2026-Q0", "Q1-2026", "26-Q1", "", "2026-Q1x"])
def test_anything_else_is_no_quarter(text):
    with pytest.raises(ValueError):
        Quarter.parse(text)
