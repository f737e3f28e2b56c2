"""The quarterly check of ongoing work: who records it, which quarters owe one, and what it holds back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from models_registry.models import ItemChange, WorkItem
from progress.models import Fact, QuarterlyCheck
from progress.queries.authority import authority_over
from progress.queries.checks import checked_by, checked_quarters, checks_it
from progress.services import ask_change, decide_request, record_check, report_completion, take_item_step
from tests.factories import person
from tests.progress import making
from tests.progress.making import claim, instant

YEAR_END = dt.date(2026, 12, 31)
MAY_10, DEC_20 = instant("2026-05-10"), instant("2026-12-20")
WHY = "Ba tuần liền không có ai trực"


@pytest.fixture
def steady(sheet):
    """Ongoing collective work of the cell, approved 10/01/2026."""
    return making.item(sheet, ongoing=True, due=YEAR_END)


def check(item, by, quarter=2, verdict="passed", at=MAY_10, **more):
    return record_check(item.pk, quarter, verdict=verdict, by=by, at=at, **more)


def owed(item, at):
    item.refresh_from_db()
    rows = checked_quarters(item, item.facts.all(), item.checks.in_order(), at.date())
    return [row.number for row in rows if row.owed]


def decide(item, district, kind, on, at, **asked):
    request = ask_change(item.pk, kind, by=district.secretary, at=at, reason=WHY, effective_on=on, **asked)
    decide_request(request.pk, grant=True, by=district.head, at=at)


def test_a_check_is_kept_with_both_its_clocks_told_to_the_unit_and_written_down(district, steady):
    check(steady, district.committee, quarter=1)
    kept = QuarterlyCheck.objects.get()
    assert (kept.quarter, kept.verdict, kept.recorded_at, kept.recorded_by) == (1, "passed", MAY_10, district.committee)
    assert Event.objects.about("workitem", steady.pk).get().detail == {
        "check": kept.pk,
        "quarter": 1,
        "verdict": "passed",
    }
    assert list(Notice.objects.values_list("recipient", "text")) == [
        (district.secretary.pk, "Kiểm tra Quý I/2026: Đạt · Lắp đèn đường ấp 1")
    ]
    assert ItemChange.objects.filter(item=steady).count() == 1


def test_what_was_not_passed_says_why(district, steady):
    with pytest.raises(ValidationError) as refusal:
        check(steady, district.committee, verdict="failed", remark="chưa ổn")
    assert "remark" in refusal.value.message_dict
    assert check(steady, district.committee, verdict="failed", remark=WHY).remark == WHY


def test_a_verdict_that_is_none_is_refused(district, steady):
    with pytest.raises(ValidationError):
        check(steady, district.committee, verdict="100%")
    assert not QuarterlyCheck.objects.exists()


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({}, {"committee"}),
        ({"kind": "ISS"}, {"committee"}),
        ({"kind": "IND"}, {"secretary", "deputy"}),
        ({"kind": "IND", "subject_is_head": True}, {"committee"}),
    ],
)
def test_whoever_confirms_an_item_checks_it_and_nobody_else(district, deputy, sheet, fields, who):
    work = making.item(sheet, ongoing=True, due=YEAR_END, **fields)
    people = {name: getattr(district, name) for name in ("secretary", "clerk", "committee", "head", "leader")}
    people |= {"deputy": deputy}
    authority = authority_over(work, MAY_10)
    assert {name for name, by in people.items() if checks_it(work, authority, by)} == who
    assert {name for name, by in people.items() if checked_by(by, MAY_10, 2026, 2).exists()} == who
    for name in people.keys() - who:
        with pytest.raises(PermissionDenied):
            check(work, people[name])
    assert not QuarterlyCheck.objects.exists()
    for quarter, name in enumerate(sorted(who), 1):
        check(work, people[name], quarter=quarter)
    assert QuarterlyCheck.objects.count() == len(who)


def test_where_no_committee_sits_the_head_of_the_board_checks(district, steady):
    district.committee.posts.update(ends_at=instant("2026-04-01"))
    assert list(checked_by(district.head, MAY_10, 2026, 2)) == [steady]
    assert check(steady, district.head).recorded_by == district.head


def test_another_committee_does_not_even_see_the_item(district, steady):
    stranger = person(district.other_commune, "committee")
    with pytest.raises(WorkItem.DoesNotExist):
        check(steady, stranger)
    assert not checked_by(stranger, MAY_10, 2026, 2).exists()


def test_a_check_recorded_later_stands_in_the_place_of_the_first_and_both_are_kept(district, steady):
    first = check(steady, district.committee, verdict="failed", remark=WHY)
    later = check(steady, district.committee, at=instant("2026-06-01"), replaces=first.pk)
    assert [row.check for row in checked_quarters(steady, [], steady.checks.in_order(), YEAR_END)] == [
        None, later, None, None,
    ]  # fmt: skip
    assert [item.verdict for item in checked_by(district.committee, DEC_20, 2026, 2)] == ["passed"]
    assert QuarterlyCheck.objects.count() == 2


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(verdict="passed"), lambda rows: rows._raw_delete(rows.db)], ids=["edit", "drop"]
)
def test_the_database_keeps_every_check_as_it_was_recorded(district, steady, change):
    check(steady, district.committee, verdict="failed", remark=WHY)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(QuarterlyCheck.objects.all())
    assert QuarterlyCheck.objects.get().verdict == "failed"


def test_the_second_of_two_who_check_at_once_is_told_who_was_first(district, steady):
    other = person(district.commune, "committee")
    check(steady, district.committee)
    with pytest.raises(StepNotOpen) as stale:
        check(steady, other, verdict="failed", remark=WHY)
    assert (stale.value.last.actor, stale.value.last.at) == (district.committee, MAY_10)


class TestWhichQuartersOweACheck:
    def test_from_the_approval_to_today(self, district, steady):
        assert [owed(steady, at) for at in (MAY_10, DEC_20, instant("2027-02-01"))] == [
            [1, 2], [1, 2, 3, 4], [1, 2, 3, 4],
        ]  # fmt: skip

    @pytest.mark.parametrize(("approved", "quarters"), [("2026-03-31", [1, 2, 3, 4]), ("2026-04-01", [2, 3, 4])])
    def test_the_quarter_of_the_approval_is_the_first(self, sheet, approved, quarters):
        work = making.item(sheet, ongoing=True, due=YEAR_END, approved_at=instant(approved, 23, 30))
        assert owed(work, DEC_20) == quarters

    def test_work_with_a_due_day_owes_none(self, district, item):
        assert owed(item, DEC_20) == []
        with pytest.raises(StepNotOpen):
            check(item, district.committee)

    @pytest.mark.parametrize("kind", ["exclude", "terminate"])
    def test_excluded_or_stopped_it_owes_none_from_the_quarter_that_takes_effect(self, district, steady, kind):
        more = {"exclusion": "changed_plan"} if kind == "exclude" else {}
        decide(steady, district, kind, dt.date(2026, 7, 1), MAY_10, **more)
        assert owed(steady, DEC_20) == [1, 2]
        listed = [checked_by(district.committee, DEC_20, 2026, n).exists() for n in (1, 2, 3)]
        assert listed == [True, True, False]

    def test_suspended_it_still_owes(self, district, steady):
        decide(steady, district, "suspend", dt.date(2026, 5, 1), MAY_10)
        assert owed(steady, DEC_20) == [1, 2, 3, 4]
        assert check(steady, district.committee).quarter == 2

    def test_completed_it_owes_none_after_the_quarter_of_its_completion(self, district, steady):
        check(steady, district.committee)
        report_completion(steady.pk, claim("2026-05-09"), by=district.secretary, at=MAY_10)
        take_item_step(steady.pk, "confirm", by=district.committee, at=MAY_10)
        assert owed(steady, DEC_20) == [1, 2]

    @pytest.mark.parametrize("quarter", [3, 4])
    def test_a_quarter_that_has_not_begun_is_not_checked(self, district, steady, quarter):
        with pytest.raises(StepNotOpen):
            check(steady, district.committee, quarter=quarter)

    def test_completed_work_is_checked_no_more(self, district, steady):
        kept = check(steady, district.committee)
        report_completion(steady.pk, claim("2026-05-09"), by=district.secretary, at=MAY_10)
        take_item_step(steady.pk, "confirm", by=district.committee, at=MAY_10)
        with pytest.raises(StepNotOpen):
            check(steady, district.committee, replaces=kept.pk)


class TestCompletionWaitsForTheLastCheck:
    def report(self, item, district, day="2026-12-18", at=DEC_20):
        return report_completion(item.pk, claim(day), by=district.secretary, at=at)

    def test_a_report_is_refused_while_the_quarter_was_not_checked(self, district, steady):
        check(steady, district.committee, quarter=3, at=DEC_20)
        with pytest.raises(ValidationError, match="Quý IV/2026 chưa được kiểm tra"):
            self.report(steady, district)
        assert not Fact.objects.exists()

    def test_a_report_is_refused_while_the_check_was_not_passed(self, district, steady):
        """Case 31: passed in the first three quarters, not in the fourth."""
        for quarter in (1, 2, 3):
            check(steady, district.committee, quarter=quarter, at=DEC_20)
        failed = check(steady, district.committee, quarter=4, at=DEC_20, verdict="failed", remark=WHY)
        with pytest.raises(ValidationError, match="Quý IV/2026 chưa đạt"):
            self.report(steady, district)
        check(steady, district.committee, quarter=4, at=DEC_20, replaces=failed.pk)
        assert self.report(steady, district).state == "reported"

    def test_naming_an_earlier_day_does_not_pass_over_a_later_check(self, district, steady):
        check(steady, district.committee, quarter=3, at=DEC_20)
        check(steady, district.committee, quarter=4, at=DEC_20, verdict="failed", remark=WHY)
        with pytest.raises(ValidationError, match="Quý IV/2026"):
            self.report(steady, district, day="2026-09-30")

    def test_what_was_completed_in_an_earlier_quarter_rests_on_the_check_of_that_one(self, district, steady):
        check(steady, district.committee, quarter=3, at=DEC_20)
        assert self.report(steady, district, day="2026-09-30").state == "reported"

    def test_after_the_year_the_fourth_check_counts(self, district, steady):
        january = instant("2027-01-05")
        check(steady, district.committee, quarter=4, at=DEC_20)
        assert self.report(steady, district, day="2027-01-04", at=january).state == "reported"

    def test_a_confirmation_is_refused_when_the_check_was_taken_back_meanwhile(self, district, steady):
        passed = check(steady, district.committee, quarter=4, at=DEC_20)
        self.report(steady, district)
        check(steady, district.committee, quarter=4, at=DEC_20, verdict="failed", remark=WHY, replaces=passed.pk)
        with pytest.raises(ValidationError, match="Quý IV/2026 chưa đạt"):
            take_item_step(steady.pk, "confirm", by=district.committee, at=DEC_20)
        take_item_step(steady.pk, "refuse", by=district.committee, at=DEC_20, reason=WHY)
        assert WorkItem.objects.get(pk=steady.pk).state == "in_progress"

    def test_work_with_a_due_day_needs_no_check(self, district, item):
        assert self.report(item, district).state == "reported"
