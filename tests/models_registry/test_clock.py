"""Whose turn it is, how long each side has held a dossier, and who is late."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_registry.clock import Days, clock_of, sent_before
from models_registry.models import Dossier, Turn
from models_registry.queries.calendar import shown_calendar, working_calendar
from models_registry.queries.turns import clocks_of
from models_registry.services import take_step
from reviews import services as reviews
from reviews.queries import criteria_of
from tests.factories import AT
from tests.reviews import factories
from vietnamese.working_days import Calendar

LOCAL = AT.tzinfo
TET = Calendar({dt.date(2026, 2, 14) + dt.timedelta(days=n): False for n in range(9)})


def at(day, hour=9, minute=0):
    return dt.datetime(2026, *day, hour, minute, tzinfo=LOCAL)


def turn(side, began, ended, due=dt.date(2030, 1, 1)):
    return SimpleNamespace(side=side, began_at=began, ended_at=ended, due_on=due)


def way(*instants, last_open=True):
    """Turns that meet at these instants, the board's first."""
    pairs = zip(instants, [*instants[1:], None], strict=True)
    turns = [turn("unit" if n % 2 else "board", began, ended) for n, (began, ended) in enumerate(pairs)]
    return turns if last_open else turns[:-1]


def test_each_side_is_charged_only_for_what_it_held():
    clock = clock_of(way(at((2, 2)), at((2, 6)), at((2, 24))), TET, at((2, 26)))
    assert (clock.board, clock.unit, clock.whole) == (Days(6, 6), Days(18, 7), Days(24, 13))
    assert [spell.days.working for spell in clock.spells] == [4, 7, 2]


def test_half_past_eleven_in_the_evening_is_still_that_day():
    # 23:30 of 2 February in Vietnam is 16:30 of the same day elsewhere, 00:10 of 3 February is 17:10 of the 2nd.
    clock = clock_of(way(at((2, 2), 23, 30), at((2, 3), 0, 10)), TET, at((2, 3), 23, 59))
    assert (clock.board, clock.unit, clock.whole) == (Days(1, 1), Days(0, 0), Days(1, 1))


def test_what_lay_between_a_decision_and_a_reopening_is_nobodys():
    turns = [turn("board", at((2, 2)), at((2, 4))), turn("board", at((2, 10)), None)]
    clock = clock_of(turns, TET, at((2, 11)))
    assert (clock.board, clock.closed, clock.whole) == (Days(3, 3), Days(6, 4), Days(9, 7))


INSTANTS = st.datetimes(dt.datetime(2025, 6, 1), dt.datetime(2027, 6, 1), timezones=st.just(LOCAL)) | st.dates(
    dt.date(2025, 12, 25), dt.date(2026, 3, 5)
).map(lambda day: dt.datetime.combine(day, dt.time(23, 30), LOCAL))


@given(st.lists(INSTANTS, min_size=2, max_size=9), st.booleans())
def test_the_boards_and_the_units_days_add_up_exactly_to_the_whole(instants, still_held):
    *instants, now = sorted(instants)
    clock = clock_of(way(*instants, *([] if still_held else [now]), last_open=still_held), TET, now)
    assert clock.board + clock.unit == clock.whole
    assert sum((spell.days for spell in clock.spells), Days()) == clock.whole
    local = [moment.astimezone(LOCAL).date() for moment in (instants[0], now)]
    assert clock.whole == Days((local[1] - local[0]).days, TET.between(*local))


@pytest.mark.parametrize(("day", "late_by"), [((2, 5), 0), ((2, 6), 1), ((2, 7), 1), ((2, 9), 2), ((2, 24), 8)])
def test_late_begins_after_the_due_day_and_is_counted_in_working_days(day, late_by):
    [spell] = clock_of([turn("board", at((2, 2)), None, dt.date(2026, 2, 5))], TET, at(day)).spells
    assert spell.late_by == late_by


def test_a_turn_of_ten_days_ago_began_before_that_instant():
    assert sent_before(dt.date(2026, 2, 12), 10) == at((2, 3), 0, 0)


# The same through the gate.


@pytest.fixture
def round_(district):
    return factories.judged_round(district)


def sides(dossier):
    return [(one.side, one.began_at, one.ended_at, one.due_on) for one in dossier.turns.order_by("number")]


def returned(district, dossier, *, at, **how):
    reviews.take(dossier.pk, by=district.appraiser, at=at)
    criteria = [criteria_of(dossier)[0].pk]
    reviews.request_revision(
        dossier.pk, criteria=criteria, reason="Cần nêu rõ ai làm", by=district.appraiser, at=at, **how
    )


def test_a_round_is_never_late_by_the_due_day_of_the_one_before(district, round_):
    dossier = factories.sent(district, round_, at=at((3, 2)))
    first_due = working_calendar().add(dt.date(2026, 3, 2), 15)
    returned(district, dossier, at=at((3, 20)), due_on=dt.date(2026, 4, 10))
    factories.resent(dossier, factories.content("Đã sửa"), at=at((4, 14)))
    second_due = working_calendar().add(dt.date(2026, 4, 14), 15)
    assert sides(dossier) == [
        ("board", at((3, 2)), at((3, 20)), first_due),
        ("unit", at((3, 20)), at((4, 14)), dt.date(2026, 4, 10)),
        ("board", at((4, 14)), None, second_due),
    ]
    late = [bool(Dossier.objects.late(day)) for day in (dt.date(2026, 4, 30), second_due, dt.date(2026, 5, 20))]
    assert late == [False, False, True]
    clock = clocks_of([dossier.pk], at((4, 16)))[dossier.pk]
    assert [spell.late_by for spell in clock.spells] == [0, 2, 0]


def test_taking_and_giving_back_stay_within_one_turn_and_withdrawing_ends_it(district, round_):
    dossier = factories.sent(district, round_)
    reviews.take(dossier.pk, by=district.appraiser, at=at((1, 6)))
    reviews.give_back(dossier.pk, by=district.appraiser, at=at((1, 7)))
    assert [row[:3] for row in sides(dossier)] == [("board", AT, None)]
    withdrawn = take_step(dossier.pk, "withdraw", by=district.secretary, at=at((1, 8)))
    assert ([row[2] for row in sides(dossier)], withdrawn.due_on) == ([at((1, 8))], None)
    assert not Turn.objects.open().exists()


def test_the_clocks_of_a_whole_page_cost_one_query(district, round_, django_assert_num_queries):
    keys = [factories.sent(district, round_, f"Số {n}").pk for n in range(30)]
    shown_calendar()
    with django_assert_num_queries(1):
        assert len(clocks_of(keys, AT)) == 30
