"""Corrections of sealed quarters: asked, approved by another, sealed beside what stood before."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from completion import correcting, services
from completion.models import Correction, Period, Revision, Taken
from completion.quarters import Quarter
from completion.revising import NothingToSeal, seal_corrections
from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from tests import factories
from tests.completion.archives import TREE, close, done, event, item, load, local, rates
from tests.completion.corrections import REASON, ask, correct, rows, step, unit, work
from tests.completion.test_cases import shown, ten
from tests.threads import at_once

pytestmark = pytest.mark.django_db
OTHER = [
    item("B1", "31/3", unit="B"),
    item("C1", "31/3", unit="B", kind="ISS"),
    item("R1", "31/12", unit="B", ongoing=1),
]
EVENTS = [*done("B1", "10/3"), event("C1", "excluded", "15/2", "15/2", "other")]


@pytest.fixture
def may(tmp_path):
    """20 May 2026: ten works of A, eight of them done; the first quarter is sealed."""
    with time_machine.travel("2026-05-20T09:00:00+07:00", tick=True):
        items, events = ten("31/3", 8)
        load(tmp_path, items=[*items, *OTHER], events=[*events, *EVENTS])
        close("2026-Q1")
        yield Period.objects.get()


@pytest.fixture
def committee(may):
    return factories.person(unit("G"), "committee", "Cấp ủy")


@pytest.fixture
def leader(may):
    return factories.person(unit("D"), "leader", "Lãnh đạo")


def refused(period, by, code, error, **how):
    with pytest.raises(ValidationError) as caught:
        correcting.add_line(period, work(code), error, by=by, at=timezone.now(), **how)
    return " ".join(caught.value.messages)


def test_two_confirmations_found_false_make_a_second_revision_beside_the_first(may, committee, leader):
    """Case 19."""
    first = Revision.objects.get()
    before = rows(first)
    second = correct(may, committee, leader, ("I0", "false_confirmation"), ("I1", "false_confirmation"))
    printed = {number: rates("2026-Q1", revision=number) for number in (1, 2)}
    assert [shown(printed[number]["A"], "r1") for number in (1, 2)] == ["8/10 80,0%", "6/10 60,0%"]
    assert [shown(printed[number]["D"], "r1") for number in (1, 2)] == ["9/11 81,8% X=1", "7/11 63,6% X=1"]
    assert rates("2026-Q1")["A"] == printed[2]["A"]
    assert (printed[2]["A"]["revision"], printed[2]["A"]["sealed"]) == (2, True)
    assert (second.number, second.as_of.date(), rows(first)) == (2, dt.date(2026, 5, 20), before)


def test_whatever_else_happened_since_stays_out(may, committee, leader, tmp_path):
    load(tmp_path / "more", units=[], items=[], events=[event("I2", "revoked", "2/5"), *done("I9", "1/3", "2/5")])
    correct(may, committee, leader, ("I0", "false_confirmation"))
    assert shown(rates("2026-Q1")["A"], "r1") == "7/10 70,0%"


ERRORS = [
    ("I0", "wrong_day", {"day": dt.date(2026, 2, 28)}, {("A", "r1"): "8/10 80,0%"}),
    ("I8", "wrong_due", {"day": dt.date(2026, 6, 30)}, {("A", "r1"): "8/9 88,9%", ("A", "r3"): "8/10 80,0%"}),
    ("I8", "duplicate", {}, {("A", "r1"): "8/9 88,9% X=1", ("D", "r1"): "9/10 90,0% X=2"}),
    ("C1", "false_exclusion", {}, {("B", "r1"): "1/2 50,0%", ("D", "r1"): "9/12 75,0%"}),
    ("B1", "registered_in_error", {}, {("B", "r1"): "0/0 — X=2", ("D", "r1"): "8/10 80,0% X=2"}),
]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case[1])
def test_each_error_of_record_counts_as_it_should_have(case, may, committee, leader):
    code, error, how, expected = case
    correct(may, committee, leader, (code, error, how))
    printed = rates("2026-Q1")
    assert {(unit_code, rate): shown(printed[unit_code], rate) for unit_code, rate in expected} == expected


def test_a_work_of_the_wrong_unit_moves_with_what_it_counts(may, committee, leader):
    correct(may, committee, leader, ("I0", "wrong_owner", {"to_unit": unit("B")}))
    printed = rates("2026-Q1")
    assert {code: shown(printed[code], "r1") for code in "ABG"} == {
        "A": "7/9 77,8%",
        "B": "2/2 100% X=1",
        "G": "9/11 81,8% X=1",
    }


def test_the_next_correction_rests_on_the_one_before(may, committee, leader):
    first = Revision.objects.get()
    correct(may, committee, leader, ("I0", "wrong_owner", {"to_unit": unit("B")}))
    third = correct(may, committee, leader, ("I0", "wrong_owner", {"to_unit": unit("A")}))
    assert third.number == 3
    assert rows(third) == rows(first)
    assert len(set(Revision.objects.values_list("input_hash", flat=True))) == 3


def test_a_later_quarter_asks_the_facts_and_not_the_correction(may, committee, leader):
    """R5 of the second quarter takes the first as it was known at its closing; R2 and R3 what is known now."""
    correct(may, committee, leader, ("I0", "false_confirmation"))
    now = services.compute_provisional(unit("D"), Quarter(2026, 2), at=timezone.now())
    assert now.number == 0
    assert shown(rates("2026-Q2")["A"], "r5") == "0/2 0,0%"
    assert shown(rates("2026-Q2")["A"], "r2") == "8/10 80,0%"


def test_what_cannot_be_corrected_is_refused_with_why(may, committee, leader, tmp_path):
    load(tmp_path / "late", units=[], items=[item("N1", "30/6", approved="5/4")])
    said = {
        "not in the list": refused(may, committee, "N1", "duplicate"),
        "not confirmed": refused(may, committee, "I9", "false_confirmation"),
        "out already": refused(may, committee, "C1", "duplicate"),
        "the same day": refused(may, committee, "I0", "wrong_day", day=dt.date(2026, 3, 10)),
        "before its approval": refused(may, committee, "I0", "wrong_day", day=dt.date(2026, 1, 4)),
        "the same unit": refused(may, committee, "I0", "wrong_owner", to_unit=unit("A")),
        "no due day of its own": refused(may, committee, "R1", "wrong_due", day=dt.date(2026, 6, 1)),
    }
    assert said == {
        "not in the list": "Việc này không có trong danh sách đã chốt của quý nên không đính chính được.",
        "not confirmed": "Bản đã chốt không ghi việc này là đã xác nhận hoàn thành.",
        "out already": "Bản đã chốt đã loại trừ việc này rồi.",
        "the same day": "Điều đề nghị giống hệt điều đã chốt, nên không có gì để đính chính.",
        "before its approval": "Ngày phải từ 05/01/2026 đến 10/03/2026.",
        "the same unit": "Bản đã chốt đã ghi việc này ở chính đơn vị đó.",
        "no due day of its own": "Việc thường xuyên đến hạn cuối năm, không có hạn riêng để sửa.",
    }
    assert not Correction.objects.exists()


def test_an_open_quarter_has_nothing_to_correct(may, committee):
    open_one = services.period_of(unit("D"), Quarter(2026, 2))
    assert "chưa chốt" in refused(open_one, committee, "I0", "duplicate")


def test_who_asked_and_who_stands_no_higher_does_not_approve(may, committee, leader):
    beside = factories.person(unit("G"), "leader", "Lãnh đạo xã")
    asked = ask(may, leader, ("I0", "duplicate"))
    with pytest.raises(ValidationError, match="không tự duyệt"):
        step(asked, "approve", leader)
    below = ask(may, committee, ("I1", "duplicate"))
    for person in (beside, committee, factories.person(unit("D"), "administrator")):
        with pytest.raises((PermissionDenied, Correction.DoesNotExist)):
            step(below, "approve", person)
    assert set(Correction.objects.values_list("state", flat=True)) == {"asked"}
    step(asked, "approve", factories.person(unit("D"), "leader", "Lãnh đạo khác"))
    step(below, "approve", leader)


def test_each_step_is_taken_once_and_told(may, committee, leader):
    asked = ask(may, committee, ("I0", "duplicate"))
    step(asked, "refuse", leader, "Chưa đủ căn cứ để sửa.")
    for name in ("approve", "refuse"):
        with pytest.raises(StepNotOpen):
            step(asked, name, leader, REASON)
    with pytest.raises(NothingToSeal):
        seal_corrections(may, at=timezone.now(), by=leader)
    verbs = Event.objects.filter(subject="correction").order_by("id").values_list("verb", "actor")
    assert list(verbs) == [("correction.ask", committee.pk), ("correction.refuse", leader.pk)]
    told = Notice.objects.order_by("id").values_list("recipient", "text")
    assert list(told) == [
        (leader.pk, "Đảng ủy xã An đề nghị đính chính Quý I/2026: chờ bạn duyệt."),
        (committee.pk, "Đề nghị đính chính Quý I/2026 của Đảng ủy xã An không được duyệt."),
    ]


def test_one_work_waits_in_one_correction_only(may, committee, leader):
    ask(may, committee, ("I0", "duplicate"))
    assert "đang chờ duyệt" in refused(may, leader, "I0", "false_confirmation")


def test_a_draft_overtaken_by_a_newer_seal_is_refused_when_sent(may, committee, leader):
    late = ask(may, leader, ("I0", "duplicate"), send=False)
    correct(may, committee, leader, ("I0", "false_confirmation"))
    with pytest.raises(ValidationError, match="bản mới hơn"):
        step(late, "ask", leader, REASON)


def test_whoever_took_the_older_figure_away_is_told(may, committee, leader):
    holder = factories.person(unit("A"), "secretary", "Bí thư")
    stranger = factories.person(unit("B"), "secretary", "Bí thư khác")
    services.note_taking(Revision.objects.get().pk, unit("A"), "xlsx", by=holder, at=timezone.now())
    second = correct(may, committee, leader, ("I0", "duplicate"))
    told = Notice.objects.filter(recipient__in=[holder, stranger])
    assert [(one.recipient, one.post, one.link) for one in told] == [
        (holder, holder.post, f"/figures/revisions/{second.pk}/difference/")
    ]
    assert "bản chốt số 2" in told[0].text


@pytest.mark.parametrize("table", ["correction", "correctionline", "taken"])
@pytest.mark.parametrize("statement", ["UPDATE completion_{} SET id = id", "DELETE FROM completion_{}"])
def test_the_database_keeps_what_was_sealed_of_a_correction(table, statement, may, committee, leader):
    services.note_taking(Revision.objects.get().pk, unit("A"), "xlsx", by=committee, at=timezone.now())
    correct(may, committee, leader, ("I0", "duplicate"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert (Correction.objects.count(), Taken.objects.count()) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_revision(may, committee, leader):
    step(ask(may, committee, ("I0", "duplicate")), "approve", leader)

    def seal():
        try:
            return seal_corrections(may, at=timezone.now(), by=leader).number
        except NothingToSeal:
            return None

    assert sorted(at_once(seal, seal), key=str) == [2, None]
    assert Revision.objects.count() == 2


def test_what_a_reorganisation_left_is_kept_by_a_correction(db, tmp_path):
    """A merged unit's works, inherited, and those that wait in a bucket are sealed again as they were."""
    merged, ended = ["M", "Chi bộ ấp 3", "cell", "G", "2020-01-01", "2026-02-15"], ["E", "Chi bộ ấp 4", "cell", "G"]
    units = [*TREE, merged, [*ended, "2020-01-01", "2026-02-20"]]
    items = [
        item("M1", "31/3", unit="M"),
        item("E1", "31/3", unit="E"),
        item("E2", "31/3", unit="E"),
        *ten("31/3", 2)[0],
    ]
    with time_machine.travel("2026-05-20T09:00:00+07:00", tick=True):
        load(
            tmp_path,
            units=units,
            items=items,
            events=[*done("M1", "10/3"), *done("E1", "10/2")],
            successions=[["merge", "M", "B", "2026-02-15", local("10/2")]],
        )
        close("2026-Q1")
        period, first = Period.objects.get(), Revision.objects.get()
        committee, leader = factories.person(unit("G"), "committee"), factories.person(unit("D"), "leader")
        correct(period, committee, leader, ("I0", "wrong_owner", {"to_unit": unit("B")}))
        third = correct(period, committee, leader, ("I0", "wrong_owner", {"to_unit": unit("A")}))
        assert rows(third) == rows(first)
        assert rows(first)["parts"]
        correct(period, committee, leader, ("E1", "false_confirmation"), ("M1", "false_confirmation"))
    printed = rates("2026-Q1")
    assert {code: shown(printed[code], "r1") for code in "BGD"} == {
        "B": "0/1 0,0%",
        "G": "0/13 0,0%",
        "D": "0/13 0,0%",
    }
