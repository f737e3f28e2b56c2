import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from progress.models import Evidence, Fact
from progress.queries.authority import authority_over, confirmers_of, open_item_steps, waiting_for
from progress.services import prepare_report, report_completion, take_item_step
from tests.factories import person, unit
from tests.progress.making import claim, instant
from tests.progress.making import item as make_item
from tests.progress.making import sheet as make_sheet

MARCH_19, MARCH_25 = instant("2026-03-19"), instant("2026-03-25")


def report(item, by, day="2026-03-18", at=MARCH_19):
    return report_completion(item.pk, claim(day), by=by, at=at)


def columns(item):
    return WorkItem.objects.values_list("state", "completed_on", "confirmed_at", "plain").get(pk=item.pk)


def test_a_report_and_its_confirmation_leave_two_facts_and_fill_the_columns(district, item):
    report(item, district.secretary)
    take_item_step(item.pk, "confirm", by=district.committee, at=MARCH_25)
    assert columns(item) == ("completed", dt.date(2026, 3, 18), MARCH_25, True)
    assert list(Fact.objects.values_list("kind", "at", "on")) == [
        ("completed", MARCH_19, dt.date(2026, 3, 18)),
        ("confirmed", MARCH_25, None),
    ]
    assert ItemChange.objects.filter(item=item).count() == 1


def test_a_report_keeps_its_evidence_and_tells_the_committee(district, item):
    report(item, district.secretary)
    assert Evidence.objects.get().report.item == item
    assert list(Notice.objects.values_list("recipient", "text")) == [
        (district.committee.pk, "Báo cáo hoàn thành: Lắp đèn đường ấp 1")
    ]
    event = Event.objects.about("workitem", item.pk).get()
    assert (event.verb, event.actor, event.detail["from"]) == ("workitem.report", district.secretary, "in_progress")


def test_a_notice_of_an_individual_work_names_nobody(district, deputy, sheet):
    work = make_item(sheet, kind="IND", subject_name="Nguyễn Thị Kín", title="Nguyễn Thị Kín đọc sách")
    report(work, district.secretary)
    assert Notice.objects.get(recipient=deputy).text == "Báo cáo hoàn thành: Cá nhân (số —) đọc sách"


def test_a_report_without_evidence_is_refused(district, item):
    with pytest.raises(ValidationError, match="ít nhất một minh chứng"):
        report_completion(item.pk, claim("2026-03-18", files=[]), by=district.secretary, at=MARCH_19)
    assert columns(item)[0] == "in_progress"


@pytest.mark.parametrize(("day", "sentence"), [("2026-03-20", "sau hôm nay"), ("2026-01-09", "duyệt ngày 10/01/2026")])
def test_a_completion_day_that_cannot_be_true_is_refused(district, item, day, sentence):
    with pytest.raises(ValidationError, match=sentence):
        report(item, district.secretary, day)
    assert not Fact.objects.exists()


def test_the_approval_day_and_today_are_both_good_completion_days(district, sheet):
    for day in ("2026-01-10", "2026-03-19"):
        assert report(make_item(sheet), district.secretary, day).state == "reported"


@pytest.mark.parametrize("state", ["reported", "completed", "suspended", "terminated", "not_completed", "carried_over"])
def test_a_report_is_refused_where_the_item_is_not_in_progress(district, sheet, state):
    with pytest.raises(StepNotOpen):
        report(make_item(sheet, state=state), district.secretary)


def test_a_refusal_needs_a_reason_and_opens_the_item_again(district, item):
    report(item, district.secretary)
    with pytest.raises(ValidationError):
        take_item_step(item.pk, "refuse", by=district.committee, at=MARCH_25, reason="chưa")
    take_item_step(item.pk, "refuse", by=district.committee, at=MARCH_25, reason="Ảnh không cho thấy đèn sáng")
    assert columns(item) == ("in_progress", None, None, True)
    report(item, district.secretary, "2026-03-24", at=MARCH_25)
    assert columns(item) == ("reported", dt.date(2026, 3, 24), None, False)


def test_a_revocation_takes_the_completion_away_and_the_columns_say_they_are_not_all(district, item):
    report(item, district.secretary)
    take_item_step(item.pk, "confirm", by=district.committee, at=MARCH_25)
    take_item_step(item.pk, "revoke", by=district.committee, at=MARCH_25, reason="Vấn đề lại tái phát")
    assert columns(item) == ("in_progress", None, None, False)
    assert ItemChange.objects.filter(item=item).count() == 2


def test_a_clerk_does_not_report(district, item):
    with pytest.raises(PermissionDenied):
        report(item, district.clerk)


def test_another_cell_does_not_even_see_the_item(district, item):
    with pytest.raises(WorkItem.DoesNotExist):
        report(item, district.other_secretary)


@pytest.mark.parametrize("role", ["secretary", "deputy", "head", "leader", "appraiser"])
def test_only_the_committee_above_confirms_a_collective_work(district, deputy, item, role):
    report(item, district.secretary)
    someone = deputy if role == "deputy" else getattr(district, role)
    with pytest.raises(PermissionDenied):
        take_item_step(item.pk, "confirm", by=someone, at=MARCH_25)
    assert not waiting_for(someone, MARCH_25).exists()
    assert list(waiting_for(district.committee, MARCH_25)) == [item]


def test_a_committee_does_not_confirm_the_work_of_its_own_unit(district):
    person(district.commune, "secretary")
    own = make_item(make_sheet(district.commune, district.board))
    report(own, own.unit.posts.get(role="secretary").person.acting_as(own.unit.posts.get(role="secretary")))
    with pytest.raises(PermissionDenied):
        take_item_step(own.pk, "confirm", by=district.committee, at=MARCH_25)
    # No committee stands above it, so the board head does.
    assert list(waiting_for(district.head, MARCH_25)) == [own]
    assert take_item_step(own.pk, "confirm", by=district.head, at=MARCH_25).state == "completed"


def test_where_no_committee_stands_above_the_board_head_confirms(district):
    union = unit("Hội Nông dân huyện", Unit.Kind.MASS_ORG, district.top)
    officer = person(union, "secretary")
    own = make_item(make_sheet(union, district.board))
    report(own, officer)
    assert list(waiting_for(district.head, MARCH_25)) == [own]
    assert take_item_step(own.pk, "confirm", by=district.head, at=MARCH_25).state == "completed"


def test_an_individual_work_is_confirmed_by_another_officer_of_the_cell(district, deputy, sheet):
    work = make_item(sheet, kind="IND", subject_position="Đảng viên")
    report(work, district.secretary)
    assert not waiting_for(district.secretary, MARCH_25).exists()
    assert list(waiting_for(deputy, MARCH_25)) == [work]
    assert not waiting_for(district.committee, MARCH_25).exists()
    with pytest.raises(PermissionDenied):
        take_item_step(work.pk, "confirm", by=district.secretary, at=MARCH_25)
    assert take_item_step(work.pk, "confirm", by=deputy, at=MARCH_25).state == "completed"


def test_where_the_cell_has_one_officer_that_one_confirms_a_members_work(district, sheet):
    work = make_item(sheet, kind="IND", subject_position="Đảng viên")
    report(work, district.secretary)
    assert list(waiting_for(district.secretary, MARCH_25)) == [work]
    assert not waiting_for(district.committee, MARCH_25).exists()
    with pytest.raises(PermissionDenied):
        take_item_step(work.pk, "confirm", by=district.committee, at=MARCH_25)
    assert take_item_step(work.pk, "confirm", by=district.secretary, at=MARCH_25).state == "completed"


def test_where_both_officers_wrote_the_report_the_one_who_did_not_send_it_confirms(district, deputy, sheet):
    work = make_item(sheet, kind="IND", subject_position="Đảng viên")
    prepare_report(work.pk, claim("2026-03-18"), by=deputy, at=MARCH_19)
    report(work, district.secretary)
    assert not waiting_for(district.secretary, MARCH_25).exists()
    assert list(waiting_for(deputy, MARCH_25)) == [work]


@pytest.mark.parametrize("prepared_by", [None, "clerk", "secretary", "deputy"])
@pytest.mark.parametrize("officers", [("secretary",), ("secretary", "deputy"), ("secretary", "deputy", "deputy")])
@pytest.mark.parametrize("fields", [{"kind": "IND"}, {"kind": "IND", "subject_is_head": True}, {"kind": "COL"}])
def test_what_waits_for_a_person_is_what_the_service_lets_that_person_confirm(
    district, sheet, fields, officers, prepared_by
):
    seated = [district.secretary, *(person(district.cell, role) for role in officers[1:])]
    work = make_item(sheet, **fields)
    writers = dict(zip(["secretary", "deputy"], seated, strict=False)) | {"clerk": district.clerk}
    if prepared_by in writers:
        prepare_report(work.pk, claim("2026-03-18"), by=writers[prepared_by], at=MARCH_19)
    report(work, district.secretary)
    work.refresh_from_db()
    authority = authority_over(work, MARCH_25)
    may_confirm = {
        by.pk
        for by in [*seated, district.clerk, district.committee, district.head, district.leader]
        if "confirm" in open_item_steps(work, by=by, at=MARCH_25, authority=authority)
    }
    people = [*seated, district.clerk, district.committee, district.head, district.leader]
    assert {by.pk for by in people if waiting_for(by, MARCH_25).filter(pk=work.pk).exists()} == may_confirm
    assert {told.pk for told in confirmers_of(work, authority, MARCH_25)} == may_confirm != set()


def test_a_superior_confirms_the_secretarys_own_work(district, deputy, sheet):
    work = make_item(sheet, kind="IND", subject_is_head=True)
    report(work, district.secretary)
    with pytest.raises(PermissionDenied):
        take_item_step(work.pk, "confirm", by=deputy, at=MARCH_25)
    assert list(waiting_for(district.committee, MARCH_25)) == [work]


def test_who_reported_never_confirms_whatever_the_post(district, item):
    report(item, district.secretary)
    also = person(district.commune, "committee")
    post = also.post
    district.secretary.posts.update(person=also)
    item.reports.update(reported_by=also)
    with pytest.raises(PermissionDenied):
        take_item_step(item.pk, "confirm", by=also.acting_as(post), at=MARCH_25)
    assert not waiting_for(also, MARCH_25).exists()


def test_the_second_to_act_is_told_who_was_first(district, item):
    report(item, district.secretary)
    other = person(district.commune, "committee")
    take_item_step(item.pk, "confirm", by=district.committee, at=MARCH_25)
    with pytest.raises(StepNotOpen) as stale:
        take_item_step(item.pk, "refuse", by=other, at=MARCH_25, reason="Chưa thấy kết quả")
    assert (stale.value.last.actor, stale.value.last.at) == (district.committee, MARCH_25)


def test_a_conclusion_waits_for_the_end_of_the_year(district, item):
    reason = {"reason": "Không đủ kinh phí thực hiện"}
    with pytest.raises(ValidationError, match="01/01/2027"):
        take_item_step(item.pk, "fail", by=district.committee, at=MARCH_25, **reason)
    done = take_item_step(item.pk, "fail", by=district.committee, at=instant("2027-01-04"), **reason)
    assert done.state == "not_completed"


@pytest.mark.parametrize(("day", "offered"), [("2026-12-31", set()), ("2027-01-01", {"fail"})])
def test_an_item_is_concluded_only_after_its_year(district, item, day, offered):
    at = instant(day)
    assert open_item_steps(item, by=district.committee, at=at, authority=authority_over(item, at)) == offered


def test_buttons_are_the_steps_the_service_would_take(district, deputy, item):
    report(item, district.secretary)
    authority = authority_over(item, MARCH_25)
    item.refresh_from_db()
    people = [district.secretary, deputy, district.clerk, district.committee, district.head, district.leader]
    assert [open_item_steps(item, by=by, at=MARCH_25, authority=authority) for by in people] == [
        set(),
        set(),
        set(),
        {"confirm", "refuse"},
        set(),
        set(),
    ]
