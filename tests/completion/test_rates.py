import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from completion.quarters import ZONE, Quarter
from completion.rates import COUNTERS, Checked, Fact, Frame, Item, judge, known


def day(text):
    return dt.date(2026, *reversed([int(part) for part in text.split("/")]))


def at(text):
    """ "10/4 23:59:59" of 2026, local."""
    date, _, time = text.partition(" ")
    return dt.datetime.combine(day(date), dt.time.fromisoformat(time or "09:00"), ZONE)


def frame(quarter, known_until=None):
    quarter = Quarter(2026, quarter)
    return Frame.of(quarter, known_until=known_until or quarter.closes_at())


def counted(item, quarter):
    """Names of the counters an item adds one to in a quarter."""
    state = known(item, frame(quarter))
    return {n for n, c in zip(COUNTERS, judge(state, frame(quarter)).counts, strict=True) if c} if state else set()


def done(on, confirmed):
    return (Fact("completed", at(on), on=day(on)), Fact("confirmed", at(confirmed)))


def item(due, *facts, approved="5/1", ongoing=False):
    return Item("A", day(due), at(approved), ongoing, facts)


DONE_IN_TIME = {"r1_n", "r1_base", "r2_n", "r2_base", "r3_n", "r3_base", "r4_n"}
NOT_DONE = {"r1_base", "r2_base", "r3_base"}


class TestOneItem:
    def test_done_and_confirmed_in_its_quarter(self):
        assert counted(item("20/3", *done("15/3", "18/3")), 1) == DONE_IN_TIME

    def test_done_after_its_due_day_is_not_on_time(self):
        """Case 3."""
        assert counted(item("20/3", *done("28/3", "30/3")), 1) == DONE_IN_TIME - {"r4_n"}

    def test_confirmed_just_before_the_closing_instant(self):
        """Case 4."""
        assert counted(item("31/3", *done("30/3", "10/4 23:59:59")), 1) == DONE_IN_TIME

    def test_confirmed_at_the_closing_instant_counts_in_the_next_quarter(self):
        late = item("31/3", *done("30/3", "11/4 00:00:00"))
        assert counted(late, 1) == NOT_DONE
        assert counted(late, 2) == {"r2_n", "r2_base", "r3_n", "r3_base", "r5_n", "r5_base"}

    def test_done_after_the_quarter_is_recovered_in_the_next(self):
        """Case 2."""
        after = item("31/3", *done("1/4", "2/4"))
        assert counted(after, 1) == NOT_DONE
        assert {"r5_n", "r5_base"} <= counted(after, 2)

    def test_excluded_before_its_due_day(self):
        """Case 8."""
        out = Fact("excluded", at("15/2"), on=day("15/2"), exclusion="changed_plan")
        assert counted(item("20/3", out), 1) == {"r1_x", "r2_x", "r3_x"}

    @pytest.mark.parametrize(
        ("reason", "counts"), [("changed_plan", NOT_DONE), ("duplicate", {"r1_x", "r2_x", "r3_x"})]
    )
    def test_after_its_due_day_only_errors_of_record_exclude(self, reason, counts):
        """Case 9."""
        out = Fact("excluded", at("5/4"), on=day("20/3"), exclusion=reason)
        assert counted(item("20/3", out), 1) == counts

    def test_an_exclusion_counts_from_its_effective_day(self):
        out = Fact("excluded", at("15/2"), on=day("1/4"), exclusion="duplicate")
        assert counted(item("20/3", out), 1) == NOT_DONE

    def test_extended_in_time_it_leaves_the_quarter(self):
        """Case 10."""
        moved = item("20/3", Fact("extended", at("10/3"), due_on=day("30/5")), *done("20/5", "21/5"))
        assert counted(moved, 1) == {"r3_base"}
        assert counted(moved, 2) == DONE_IN_TIME

    def test_extended_too_late_it_stays_and_is_recovered(self):
        """Case 11."""
        moved = item("20/3", Fact("extended", at("25/3"), due_on=day("30/5")), *done("20/5", "21/5"))
        assert counted(moved, 1) == NOT_DONE
        assert counted(moved, 2) == {"r2_n", "r2_base", "r3_n", "r3_base", "r5_n", "r5_base"}

    def test_a_late_extension_starts_no_chain(self):
        late = Fact("extended", at("25/3"), due_on=day("30/5"))
        later = Fact("extended", at("10/5"), due_on=day("30/6"))
        assert counted(item("20/3", late, later), 1) == NOT_DONE

    def test_approved_after_the_quarter_it_is_not_counted(self):
        """Case 21."""
        assert counted(item("30/4", approved="5/4"), 1) == set()
        assert counted(item("30/4", approved="5/4"), 2) == NOT_DONE

    def test_a_revoked_confirmation_counts_no_more(self):
        """Case 29."""
        again = item("20/3", *done("18/3", "20/3"), Fact("revoked", at("5/5")))
        assert counted(again, 1) == DONE_IN_TIME
        assert counted(again, 2) == {"r2_base", "r3_base"}

    def test_ongoing_work_is_due_at_the_end_of_the_year(self):
        """Case 31."""
        steady = item("31/3", ongoing=True)
        assert counted(steady, 1) == {"r3_base", "r8_base"}
        assert counted(steady, 4) == NOT_DONE | {"r8_base"}

    def test_it_is_owned_where_it_was_before_the_quarter_ended(self):
        """Case 22."""
        moved = item("31/3", Fact("transferred", at("10/3"), on=day("10/3"), unit="B"))
        assert known(moved, frame(1)).owner == "B"

    def test_a_transfer_effective_at_the_end_belongs_to_the_next_quarter(self):
        moved = item("31/3", Fact("transferred", at("10/3"), on=day("1/4"), unit="B"))
        assert [known(moved, frame(q)).owner for q in (1, 2)] == ["A", "B"]


def passed(quarter, recorded):
    return Checked(quarter, passed=True, at=at(recorded))


def failed(quarter, recorded):
    return Checked(quarter, passed=False, at=at(recorded))


class TestChecksOfOngoingWork:
    """R8: what each quarter counts of one item."""

    def r8(self, *facts, checks=(), approved="5/1", ongoing=True):
        """ "n/N" of each quarter, with X behind a plus."""
        steady = Item("A", day("31/12"), at(approved), ongoing, facts, checks)
        found = [counted(steady, quarter) for quarter in (1, 2, 3, 4)]
        return [f"{int('r8_n' in c)}/{int('r8_base' in c)}" + ("+1" if "r8_x" in c else "") for c in found]

    def test_passed_in_three_quarters_and_not_in_the_fourth(self):
        """Case 31."""
        checks = [passed(1, "30/3"), passed(2, "29/6"), passed(3, "2/10"), failed(4, "28/12")]
        assert self.r8(checks=checks) == ["1/1", "1/1", "1/1", "0/1"]

    def test_a_check_nobody_recorded_is_not_passed(self):
        assert self.r8() == ["0/1"] * 4

    def test_work_with_a_due_day_owes_no_check(self):
        assert self.r8(checks=[passed(1, "30/3")], ongoing=False) == ["0/0"] * 4

    @pytest.mark.parametrize(
        ("approved", "expected"), [("31/3 23:30", ["0/1"] * 4), ("1/4 00:00", ["0/0", *["0/1"] * 3])]
    )
    def test_the_first_is_owed_of_the_quarter_of_its_approval(self, approved, expected):
        assert self.r8(approved=approved) == expected

    @pytest.mark.parametrize(("recorded", "expected"), [("10/4 23:59:59", "1/1"), ("11/4 00:00:00", "0/1")])
    def test_what_is_recorded_from_the_closing_instant_on_comes_too_late(self, recorded, expected):
        assert self.r8(checks=[passed(1, recorded)])[0] == expected

    @pytest.mark.parametrize(
        ("checks", "expected"),
        [
            ([failed(1, "20/3"), passed(1, "30/3")], "1/1"),
            ([passed(1, "20/3"), failed(1, "30/3")], "0/1"),
            ([passed(1, "20/3"), failed(1, "12/4")], "1/1"),
        ],
    )
    def test_of_one_quarter_the_check_recorded_last_stands(self, checks, expected):
        assert self.r8(checks=checks)[0] == expected

    def test_stopped_it_owes_none_from_that_quarter_on(self):
        assert self.r8(Fact("terminated", at("20/6"), on=day("1/7"))) == ["0/1", "0/1", "0/0", "0/0"]

    def test_excluded_it_stands_in_x_from_that_quarter_on(self):
        out = Fact("excluded", at("20/6"), on=day("1/7"), exclusion="changed_plan")
        assert self.r8(out) == ["0/1", "0/1", "0/0+1", "0/0+1"]

    def test_suspended_it_still_owes(self):
        assert self.r8(Fact("suspended", at("20/6"), on=day("20/6"))) == ["0/1"] * 4

    def test_completed_it_owes_none_of_the_quarters_after(self):
        checks = [passed(1, "30/3"), passed(2, "29/6")]
        assert self.r8(*done("28/6", "30/6"), checks=checks) == ["1/1", "1/1", "0/0", "0/0"]

    def test_completed_and_revoked_it_owes_again(self):
        assert self.r8(*done("28/6", "30/6"), Fact("revoked", at("5/11")))[2:] == ["0/0", "0/1"]


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
INSTANTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 2, 1), timezones=st.just(ZONE))
FACTS = st.one_of(
    st.builds(Fact, st.just("completed"), INSTANTS, on=DAYS),
    st.builds(Fact, st.sampled_from(["confirmed", "revoked", "suspended"]), INSTANTS),
    st.builds(Fact, st.just("extended"), INSTANTS, due_on=DAYS),
    st.builds(
        Fact, st.just("excluded"), INSTANTS, on=DAYS, exclusion=st.sampled_from(["other", "duplicate", "changed_plan"])
    ),
)
CHECKS = st.builds(Checked, st.sampled_from([1, 2, 3, 4]), st.booleans(), INSTANTS)


@st.composite
def items(draw):
    approved = draw(st.datetimes(dt.datetime(2025, 12, 1), dt.datetime(2026, 12, 30), timezones=st.just(ZONE)))
    due = draw(st.dates(max(approved.date(), dt.date(2026, 1, 1)), dt.date(2026, 12, 31)))
    facts, checks = draw(st.lists(FACTS, max_size=6)), draw(st.lists(CHECKS, max_size=6))
    return Item("A", due, approved, draw(st.booleans()), facts, sorted(checks, key=lambda check: check.at))


@given(items())
def test_every_item_is_in_n_or_x_of_exactly_one_quarter(item):
    seen = [counted(item, quarter) & {"r1_base", "r1_x"} for quarter in (1, 2, 3, 4)]
    assert sum(map(len, seen)) == 1


@given(items())
def test_at_the_end_of_the_year_what_is_due_is_the_whole_plan(item):
    counts = dict(zip(COUNTERS, judge(known(item, frame(4)), frame(4)).counts, strict=True))
    assert [counts["r2_n"], counts["r2_base"], counts["r2_x"]] == [counts["r3_n"], counts["r3_base"], counts["r3_x"]]


@given(items(), st.sampled_from([1, 2, 3, 4]))
def test_what_becomes_known_after_the_closing_instant_changes_nothing(item, quarter):
    closing = Quarter(2026, quarter).closes_at()
    facts, checks = ([one for one in known if one.at < closing] for known in (item.facts, item.checks))
    before = Item(item.unit, item.due_on, item.approved_at, item.ongoing, facts, checks)
    assert known(item, frame(quarter)) == known(before, frame(quarter))
