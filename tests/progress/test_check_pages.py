import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from progress.models import QuarterlyCheck
from progress.queries import awaiting
from progress.services import record_check
from tests.factories import person
from tests.progress import making
from tests.progress.making import claim, file, instant

MAY_10 = instant("2026-05-10")
WHY = "Ba tuần liền không có ai trực"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MAY_10, tick=False):
        yield


@pytest.fixture
def steady(sheet):
    return steadily(sheet)


def steadily(sheet, **fields):
    return making.item(sheet, ongoing=True, due=dt.date(2026, 12, 31), **fields)


@pytest.fixture
def committee(client, district):
    client.force_login(district.committee)
    return client


def page_of(client, name, *args, **query):
    answer = client.get(reverse(f"progress:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_committee_finds_the_work_in_its_list_and_records_the_check(committee, steady):
    address = reverse("progress:check", args=[steady.pk, 2])
    assert f"{address}?from=list" in page_of(committee, "checks")
    answer = committee.post(f"{address}?from=list", {"verdict": "passed", "remark": ""})
    assert (answer.status_code, answer["Location"]) == (302, reverse("progress:checks") + "?year=2026&quarter=2")
    assert address not in page_of(committee, "checks")
    assert address in page_of(committee, "checks", verdict="passed")
    assert (QuarterlyCheck.objects.get().quarter, QuarterlyCheck.objects.get().verdict) == (2, "passed")


def test_the_items_page_tells_its_year_and_offers_the_quarters_that_are_owed(committee, district, steady):
    kept = record_check(steady.pk, 1, verdict="failed", remark=WHY, by=district.committee, at=MAY_10)
    page = page_of(committee, "item", steady.pk)
    offered = [reverse("progress:check", args=[steady.pk, number]) in page for number in (1, 2, 3, 4)]
    assert offered == [True, True, False, False]
    assert WHY in page and "Kiểm tra Quý I/2026: Chưa đạt" in page
    earlier = page_of(committee, "check", steady.pk, 1)
    assert WHY in earlier and f'name="replaces" value="{kept.pk}"' in earlier


def test_others_read_the_checks_and_are_offered_none(client, district, steady):
    record_check(steady.pk, 1, verdict="failed", remark=WHY, by=district.committee, at=MAY_10)
    for user in (district.secretary, district.leader):
        client.force_login(user)
        page = page_of(client, "item", steady.pk)
        assert WHY in page
        assert reverse("progress:check", args=[steady.pk, 1]) not in page


@pytest.mark.parametrize("typed", [{"verdict": "failed", "remark": "chưa ổn"}, {"verdict": "", "remark": "đã đến xem"}])
def test_a_bad_check_is_shown_again_with_what_was_typed(committee, steady, typed):
    answer = committee.post(reverse("progress:check", args=[steady.pk, 2]), typed)
    assert answer.status_code == 422
    assert typed["remark"] in answer.content.decode()
    assert not QuarterlyCheck.objects.exists()


def test_the_slower_of_two_is_told_who_checked_and_keeps_the_remark(committee, district, steady):
    other = person(district.commune, "committee")
    record_check(steady.pk, 2, verdict="passed", by=other, at=MAY_10)
    answer = committee.post(reverse("progress:check", args=[steady.pk, 2]), {"verdict": "failed", "remark": WHY})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{other} đã ghi kết quả kiểm tra việc này lúc 10/05/2026 09:00" in page
    assert WHY in page


@pytest.mark.parametrize(("day", "told"), [("2026-04-10", False), ("2026-04-11", True)])
def test_the_form_says_when_a_check_comes_too_late_for_its_quarter(committee, steady, day, told):
    with time_machine.travel(instant(day), tick=False):
        page = page_of(committee, "check", steady.pk, 1)
    assert ("kết quả ghi bây giờ không đổi số liệu đã chốt" in page) is told


@pytest.mark.parametrize(("quarter", "status"), [(0, 404), (5, 404), (3, 409)])
def test_a_quarter_that_is_none_is_not_found_and_one_to_come_is_told(committee, steady, quarter, status):
    assert committee.get(reverse("progress:check", args=[steady.pk, quarter])).status_code == status


def test_work_with_a_due_day_has_no_page_of_checks(committee, item):
    assert committee.get(reverse("progress:check", args=[item.pk, 2])).status_code == 404
    assert "Kiểm tra hằng quý" not in page_of(committee, "item", item.pk)


def test_the_report_form_says_what_holds_it_back_and_refuses(client, district, steady):
    client.force_login(district.secretary)
    sentence = "Quý II/2026 chưa được kiểm tra"
    assert sentence in page_of(client, "report", steady.pk)
    typed = {"completed_on": "09/05/2026", "result": "Đã trực đủ", "files": [file()]}
    answer = client.post(reverse("progress:report", args=[steady.pk]), typed)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Đã trực đủ" in page) == (422, True, True)
    record_check(steady.pk, 2, verdict="passed", by=district.committee, at=MAY_10)
    assert "chưa được kiểm tra" not in page_of(client, "report", steady.pk)
    typed["files"] = [file()]
    assert client.post(reverse("progress:report", args=[steady.pk]), typed).status_code == 302


def test_a_name_is_masked_in_the_list_of_a_committee(committee, sheet):
    steadily(sheet, kind="IND", subject_is_head=True, subject_name="Nguyễn Thị Kín", title="Nguyễn Thị Kín đọc sách")
    page = page_of(committee, "checks")
    assert "đọc sách" in page and "Nguyễn Thị Kín" not in page


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2026-05-10", ("info", "Việc thường xuyên cần kiểm tra Quý II/2026", 2)),
        ("2026-06-20", ("warning", "Việc thường xuyên cần kiểm tra Quý II/2026", 2)),
        ("2026-07-10", ("warning", "Việc thường xuyên cần kiểm tra Quý II/2026", 2)),
        ("2026-07-11", ("info", "Việc thường xuyên cần kiểm tra Quý III/2026", 3)),
    ],
)
def test_the_work_queue_asks_for_the_checks_of_the_quarter_in_hand(district, sheet, day, line):
    works = [steadily(sheet) for _ in range(3)]
    record_check(works[0].pk, 2, verdict="passed", by=district.committee, at=MAY_10)
    assert [(row.level, row.text, row.count) for row in awaiting(district.committee, instant(day))] == [line]
    assert awaiting(district.leader, instant(day)) == []


@pytest.mark.parametrize(("role", "kind"), [("committee", "COL"), ("secretary", "IND")])
@pytest.mark.parametrize("rows", [1, 60])
def test_the_list_keeps_its_budget_and_is_paged(
    client, district, sheet, django_assert_max_num_queries, rows, role, kind
):
    for _ in range(rows):
        steadily(sheet, kind=kind, subject_name="A B")
    client.force_login(getattr(district, role))
    with django_assert_max_num_queries(12):
        page = page_of(client, "checks")
    assert page.count("?from=list") == min(rows, 50)


@pytest.mark.parametrize("role", ["secretary", "committee", "head", "leader"])
def test_an_ongoing_items_page_keeps_its_budget(client, district, steady, django_assert_max_num_queries, role):
    for number in (1, 2):
        record_check(steady.pk, number, verdict="passed", by=district.committee, at=MAY_10)
    client.force_login(district.secretary)
    typed = claim("2026-05-09")
    client.post(
        reverse("progress:report", args=[steady.pk]),
        {"completed_on": "09/05/2026", "result": typed.result, "files": [file()]},
    )
    client.force_login(getattr(district, role))
    with django_assert_max_num_queries(12):
        page_of(client, "item", steady.pk)
