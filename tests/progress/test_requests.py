import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from models_registry.models import ItemChange, WorkItem
from organizations import services as units
from organizations.models import Unit
from progress.models import ChangeRequest, Fact
from progress.queries.authority import requests_waiting_for
from progress.services import ask_change, decide_request, report_completion, withdraw_request
from tests.factories import AT, FOUNDED, person, unit
from tests.progress.making import claim, instant
from tests.progress.making import item as make_item
from tests.progress.making import sheet as make_sheet

MARCH_10, MARCH_20, MARCH_25 = instant("2026-03-10"), instant("2026-03-20", 23, 30), instant("2026-03-25")
MAY_30 = dt.date(2026, 5, 30)
WHY = "Chờ địa phương bố trí kinh phí"


def ask(item, by, kind="extend", at=MARCH_10, **asked):
    asked = {"extend": {"due_on": MAY_30}, "exclude": {"effective_on": at.date(), "exclusion": "changed_plan"}}.get(
        kind, {}
    ) | asked
    return ask_change(item.pk, kind, by=by, at=at, reason=WHY, **asked)


def due(item):
    return WorkItem.objects.values_list("due_in_force", flat=True).get(pk=item.pk)


def test_an_extension_granted_in_time_moves_the_due_day_with_both_clocks(district, item):
    asked = ask(item, district.secretary)
    decide_request(asked.pk, grant=True, by=district.head, at=MARCH_20)
    assert due(item) == MAY_30
    assert list(Fact.objects.values_list("kind", "at", "on", "due_on")) == [
        ("extended", MARCH_20, dt.date(2026, 3, 20), MAY_30)
    ]
    assert ItemChange.objects.filter(item=item).exists()
    assert WorkItem.objects.get(pk=item.pk).plain is False


def test_an_extension_granted_late_is_a_promise_and_moves_nothing(district, item):
    asked = ask(item, district.secretary)
    decide_request(asked.pk, grant=True, by=district.head, at=MARCH_25)
    assert due(item) == item.due_in_force
    assert Fact.objects.get().due_on == MAY_30


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-03-20", "sau hạn đang có hiệu lực"), ("2027-01-01", "trong năm kế hoạch 2026"), (None, "hạn mới")],
)
def test_an_extension_asks_for_a_later_day_within_the_plan_year(district, item, day, sentence):
    with pytest.raises(ValidationError, match=sentence):
        ask(item, district.secretary, due_on=day and dt.date.fromisoformat(day))
    assert not ChangeRequest.objects.exists()


def test_an_ongoing_work_cannot_be_extended(district, sheet):
    ongoing = make_item(sheet, ongoing=True, due=dt.date(2026, 12, 31))
    with pytest.raises(ValidationError):
        ask(ongoing, district.secretary, due_on=dt.date(2027, 1, 31))


def test_a_request_tells_the_head_and_its_decision_tells_the_unit(district, item):
    asked = ask(item, district.secretary)
    assert list(requests_waiting_for(district.head, MARCH_10)) == [asked]
    decide_request(asked.pk, grant=False, by=district.head, at=MARCH_20, answer="Kinh phí đã được bố trí")
    assert list(Notice.objects.order_by("id").values_list("recipient", "text")) == [
        (district.head.pk, "Đề nghị: Gia hạn · Lắp đèn đường ấp 1"),
        (district.secretary.pk, "Không đồng ý: Gia hạn · Lắp đèn đường ấp 1"),
    ]
    assert not requests_waiting_for(district.head, MARCH_20).exists()
    assert (due(item), Fact.objects.count()) == (item.due_in_force, 0)


def test_one_item_has_one_open_request(district, item):
    asked = ask(item, district.secretary)
    with pytest.raises(ValidationError, match="chờ quyết định"):
        ask(item, district.secretary, "suspend")
    decide_request(asked.pk, grant=True, by=district.head, at=MARCH_10)
    assert ask(item, district.secretary, "suspend").pk


def test_a_request_and_a_refusal_need_a_reason(district, item):
    with pytest.raises(ValidationError):
        ask_change(item.pk, "suspend", by=district.secretary, at=MARCH_10, reason="mưa bão")
    asked = ask(item, district.secretary, "suspend")
    with pytest.raises(ValidationError):
        decide_request(asked.pk, grant=False, by=district.head, at=MARCH_10, answer="không")
    assert ChangeRequest.objects.get().outcome == ""


@pytest.mark.parametrize("role", ["clerk", "committee", "head", "leader", "appraiser"])
def test_only_the_unit_asks(district, item, role):
    with pytest.raises(PermissionDenied):
        ask(item, getattr(district, role))


@pytest.mark.parametrize("role", ["secretary", "committee", "leader", "appraiser"])
@pytest.mark.parametrize("grant", [True, False])
def test_only_the_board_head_decides(district, item, role, grant):
    asked = ask(item, district.secretary)
    with pytest.raises(PermissionDenied):
        decide_request(asked.pk, grant=grant, by=getattr(district, role), at=MARCH_10, answer="Không đủ căn cứ")
    assert not requests_waiting_for(getattr(district, role), MARCH_10).exists()


def test_a_head_never_decides_what_the_own_body_asked(district):
    officer = person(district.board, "secretary")
    own = make_item(make_sheet(district.board, district.board))
    asked = ask(own, officer)
    with pytest.raises(ChangeRequest.DoesNotExist):
        decide_request(asked.pk, grant=True, by=district.head, at=MARCH_10)
    assert not requests_waiting_for(district.head, MARCH_10).exists()


def test_a_decision_is_taken_once(district, item):
    asked = ask(item, district.secretary)
    other = person(district.board, "head")
    decide_request(asked.pk, grant=True, by=district.head, at=MARCH_10)
    with pytest.raises(StepNotOpen) as stale:
        decide_request(asked.pk, grant=False, by=other, at=MARCH_20, answer="Không đủ căn cứ")
    assert (stale.value.last.actor, stale.value.last.at) == (district.head, MARCH_10)


def test_a_unit_withdraws_its_request_and_the_head_is_told(district, item):
    asked = ask(item, district.secretary)
    withdrawn = withdraw_request(asked.pk, by=person(district.cell, "deputy"), at=MARCH_20)
    assert withdrawn.outcome == "withdrawn"
    assert not requests_waiting_for(district.head, MARCH_20).exists()
    assert (due(item), Fact.objects.count()) == (item.due_in_force, 0)
    told = Notice.objects.order_by("id").values_list("recipient", "text")
    assert list(told)[-1] == (district.head.pk, "Đã rút: Gia hạn · Lắp đèn đường ấp 1")
    assert Event.objects.filter(verb="workitem.request_withdrawn", subject_id=item.pk).count() == 1
    assert ask(item, district.secretary, "suspend", at=MARCH_20).pk


def test_a_decided_request_is_not_withdrawn_nor_a_withdrawn_one_decided(district, item):
    decided = ask(item, district.secretary)
    decide_request(decided.pk, grant=False, by=district.head, at=MARCH_10, answer="Không đủ căn cứ")
    with pytest.raises(StepNotOpen) as late:
        withdraw_request(decided.pk, by=district.secretary, at=MARCH_20)
    assert (late.value.last.actor, late.value.last.at) == (district.head, MARCH_10)
    taken_back = ask(item, district.secretary, at=MARCH_20)
    withdraw_request(taken_back.pk, by=district.secretary, at=MARCH_20)
    with pytest.raises(StepNotOpen) as late:
        decide_request(taken_back.pk, grant=True, by=district.head, at=MARCH_20)
    assert (late.value.last.actor, late.value.last.at) == (district.secretary, MARCH_20)
    assert set(ChangeRequest.objects.values_list("outcome", flat=True)) == {"refused", "withdrawn"}


@pytest.mark.parametrize("role", ["clerk", "committee", "head", "leader", "appraiser"])
def test_only_the_unit_withdraws(district, item, role):
    asked = ask(item, district.secretary)
    with pytest.raises(PermissionDenied):
        withdraw_request(asked.pk, by=getattr(district, role), at=MARCH_20)
    with pytest.raises(ChangeRequest.DoesNotExist):
        withdraw_request(asked.pk, by=district.other_secretary, at=MARCH_20)
    assert ChangeRequest.objects.get().outcome == ""


def test_a_pause_and_its_end_go_there_and_back(district, item):
    for kind, state in (("suspend", "suspended"), ("resume", "in_progress"), ("terminate", "terminated")):
        asked = ask(item, district.secretary, kind)
        decide_request(asked.pk, grant=True, by=district.head, at=MARCH_10)
        assert WorkItem.objects.get(pk=item.pk).state == state


def test_a_suspended_item_is_not_reported(district, item):
    decide_request(ask(item, district.secretary, "suspend").pk, grant=True, by=district.head, at=MARCH_10)
    with pytest.raises(StepNotOpen):
        report_completion(item.pk, claim("2026-03-09"), by=district.secretary, at=MARCH_10)


def test_an_exclusion_before_the_due_day_is_the_heads_and_ends_the_items_steps(district, item):
    asked = ask(item, district.secretary, "exclude")
    decide_request(asked.pk, grant=True, by=district.head, at=MARCH_20)
    fact = Fact.objects.get()
    assert (fact.kind, fact.at, fact.on, fact.exclusion) == (
        "excluded",
        MARCH_20,
        dt.date(2026, 3, 10),
        "changed_plan",
    )
    assert WorkItem.objects.get(pk=item.pk).excluded_at == MARCH_20
    with pytest.raises(StepNotOpen):
        report_completion(item.pk, claim("2026-03-09"), by=district.secretary, at=MARCH_20)


@pytest.fixture
def province(district):
    """A province above the district, with a board and its head; the tree is put together by hand."""
    top = unit("Tỉnh ủy Mẫu", Unit.Kind.PROVINCE_COMMITTEE)
    board = unit("Ban Tuyên giáo Tỉnh ủy Mẫu", Unit.Kind.ADVISORY_BODY, top)
    units.let_appraise(board, top, valid_from=FOUNDED, by=None, at=AT)
    for below in Unit.objects.below(district.top):
        below.path = top.path + below.path
        below.save()
    district.cell.refresh_from_db()
    return person(board, "head")


@pytest.fixture
def placed_item(province, district):
    district.secretary.post.refresh_from_db()
    return make_item(make_sheet(district.cell, district.board))


def fresh(user):
    return type(user).objects.get(pk=user.pk).acting_as(user.posts.get())


def test_an_exclusion_after_the_due_day_is_decided_one_level_above(district, province, placed_item):
    asked = ask(placed_item, district.secretary, "exclude", at=MARCH_25, exclusion="duplicate")
    head, above = fresh(district.head), fresh(province)
    assert (list(requests_waiting_for(head, MARCH_25)), list(requests_waiting_for(above, MARCH_25))) == ([], [asked])
    with pytest.raises(PermissionDenied):
        decide_request(asked.pk, grant=True, by=head, at=MARCH_25)
    decide_request(asked.pk, grant=True, by=above, at=MARCH_25)
    assert WorkItem.objects.get(pk=placed_item.pk).excluded_at == MARCH_25


def test_a_head_above_does_not_decide_what_is_the_boards(district, province, placed_item):
    asked = ask(placed_item, district.secretary, "exclude")
    with pytest.raises(PermissionDenied):
        decide_request(asked.pk, grant=True, by=fresh(province), at=MARCH_20)
    # Asked in time and decided late: it is then no longer the board's.
    assert list(requests_waiting_for(fresh(province), MARCH_20)) == []
    with pytest.raises(PermissionDenied):
        decide_request(asked.pk, grant=True, by=fresh(district.head), at=MARCH_25)


@pytest.mark.parametrize("exclusion", ["changed_plan", "other"])
def test_after_the_due_day_a_change_of_plan_excludes_nothing(district, province, placed_item, exclusion):
    with pytest.raises(ValidationError, match="đã quá hạn"):
        ask(placed_item, district.secretary, "exclude", at=MARCH_25, exclusion=exclusion)


def test_where_nobody_stands_above_a_late_exclusion_is_refused_plainly(district, item):
    with pytest.raises(ValidationError, match="cấp trên một cấp"):
        ask(item, district.secretary, "exclude", at=MARCH_25, exclusion="duplicate")


@pytest.mark.parametrize("effective_on", [None, dt.date(2026, 1, 9), dt.date(2027, 1, 1)])
def test_an_exclusion_takes_effect_between_approval_and_the_end_of_the_year(district, item, effective_on):
    with pytest.raises(ValidationError, match="Ngày có hiệu lực"):
        ask(item, district.secretary, "exclude", effective_on=effective_on)


def test_nothing_is_asked_of_what_has_ended(district, sheet):
    for state in ("completed", "terminated", "not_completed", "carried_over"):
        with pytest.raises(StepNotOpen):
            ask(make_item(sheet, state=state), district.secretary)
