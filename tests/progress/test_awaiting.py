import datetime as dt

import pytest

from models_registry.models import Obligation
from progress.queries import awaiting
from progress.services import ask_change, report_completion, send_quarterly_report, take_item_step
from tests.progress import making
from tests.progress.making import claim, instant

APRIL_5 = instant("2026-04-05")
WHY = "Ảnh không cho thấy đèn sáng"


def lines(user, at=APRIL_5):
    return {line.text: line.count for line in awaiting(user, at)}


@pytest.fixture
def year(district, sheet):
    """One overdue, one due soon, one refused, one to confirm, one with a request; and the quarter's report owed."""
    Obligation.objects.create(round=sheet.round, unit=district.cell, owes="registration_sheet")
    far = dt.date(2026, 9, 30)
    making.item(sheet)
    making.item(sheet, due=dt.date(2026, 4, 19))
    refused, waiting, asked = (making.item(sheet, due=far) for _ in range(3))
    for work in (refused, waiting):
        report_completion(work.pk, claim("2026-03-18"), by=district.secretary, at=APRIL_5)
    take_item_step(refused.pk, "refuse", by=district.committee, at=APRIL_5, reason=WHY)
    ask_change(asked.pk, "suspend", by=district.secretary, at=APRIL_5, reason=WHY)


def test_each_sees_what_waits_for_the_own_hand(district, year):
    own_works = {"Việc đã quá hạn": 1, "Việc đến hạn trong 14 ngày tới": 1}
    refused = {"Báo cáo hoàn thành chưa được xác nhận, cần làm lại": 1}
    assert lines(district.secretary) == own_works | refused | {"Báo cáo Quý I/2026 chưa gửi": 1}
    assert lines(district.clerk) == own_works | refused
    early = {"Việc đến hạn trong 14 ngày, chưa có tiến độ": 1}
    assert lines(district.committee) == {"Việc chờ bạn xác nhận hoàn thành": 1} | early
    assert lines(district.head) == {"Đề nghị chờ bạn quyết định": 1} | early
    assert [lines(district.leader), lines(district.administrator)] == [early, {}]


def test_a_line_ends_when_its_work_is_done(district, year):
    send_quarterly_report(district.cell, 2026, 1, by=district.secretary, at=APRIL_5, results="Đã xong.")
    assert "Báo cáo Quý I/2026 chưa gửi" not in lines(district.secretary)


def test_a_report_not_sent_in_time_is_told_as_overdue(district, year):
    assert lines(district.secretary, instant("2026-04-11"))["Báo cáo Quý I/2026 đã quá hạn gửi"] == 1


def test_every_line_leads_to_a_page_that_opens(client, district, year):
    for user in (district.secretary, district.committee, district.head):
        client.force_login(user)
        for line in awaiting(user, APRIL_5):
            assert client.get(line.url).status_code == 200


@pytest.mark.parametrize(("role", "most"), [("secretary", 3), ("committee", 2), ("head", 5), ("leader", 1)])
def test_what_waits_is_asked_in_few_queries(district, year, django_assert_max_num_queries, role, most):
    with django_assert_max_num_queries(most):
        awaiting(getattr(district, role), APRIL_5)


def test_without_a_post_nothing_waits(district):
    assert awaiting(district.secretary.acting_as(None), APRIL_5) == []
