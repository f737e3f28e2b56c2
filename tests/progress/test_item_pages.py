import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from models_registry.models import MeasureUnit, WorkItem
from progress.models import ChangeRequest, CompletionReport, Evidence
from progress.services import ask_change, report_completion, take_item_step
from tests.factories import person
from tests.pictures import photo
from tests.progress import making
from tests.progress.making import claim, file, instant

MARCH_19 = instant("2026-03-19")
WHY = "Chờ địa phương bố trí kinh phí"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MARCH_19, tick=False):
        yield


@pytest.fixture
def sign_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


def typed(**more):
    MeasureUnit.objects.get_or_create(code="bong", defaults={"name": "bóng"})
    measure = MeasureUnit.objects.get(code="bong").pk
    return {
        "completed_on": "18/03/2026",
        "result": "Đã lắp 12 bóng đèn.",
        "value": "1.150,5",
        "measure": measure,
        "files": [file()],
    } | more


def test_a_secretary_reports_with_evidence_and_comes_back_to_the_item(sign_in, district, item):
    answer = sign_in(district.secretary).post(reverse("progress:report", args=[item.pk]), typed())
    assert (answer.status_code, answer["Location"]) == (302, reverse("progress:item", args=[item.pk]))
    report = CompletionReport.objects.get()
    assert (report.completed_on, str(report.value), report.evidence.get().name) == (
        dt.date(2026, 3, 18),
        "1150.50",
        "bien-ban.pdf",
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("completed_on", "31/02/2025", "Ngày không đúng"),
        ("completed_on", "20/03/2026", "không thể ở sau hôm nay"),
        ("completed_on", "09/01/2026", "Việc được duyệt ngày 10/01/2026"),
        ("files", [], "ít nhất một minh chứng"),
        ("value", "nhiều", "Số không đúng"),
        ("measure", "", "Hãy chọn đơn vị tính"),
        ("result", "a\x00b", "ký tự không đọc được"),
        ("result", "x" * 6000, "5000"),
    ],
)
def test_a_bad_report_is_shown_again_with_what_was_typed(sign_in, district, item, field, value, sentence):
    answer = sign_in(district.secretary).post(reverse("progress:report", args=[item.pk]), typed(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence.lower() in page.lower()
    assert "18/03/2026" in page or field == "completed_on"
    assert WorkItem.objects.get(pk=item.pk).state == "in_progress"


def test_a_file_that_is_not_what_it_says_is_told_by_name(sign_in, district, item):
    bad = file("anh.png", b"<html>x</html>")
    answer = sign_in(district.secretary).post(reverse("progress:report", args=[item.pk]), typed(files=[file(), bad]))
    assert answer.status_code == 422
    assert "anh.png" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_evidence_is_handed_out_as_a_download_to_who_sees_the_item(sign_in, district, item):
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    address = reverse("progress:evidence", args=[Evidence.objects.get().pk])
    answer = sign_in(district.committee).get(address)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    for stranger in (district.other_secretary, district.administrator):
        assert sign_in(stranger).get(address).status_code == 404


def test_photos_are_shown_small_to_who_confirms_and_to_nobody_else(
    sign_in, district, item, django_assert_max_num_queries
):
    photos = [file(f"anh-{n}.jpg", photo(40 + n, 30)) for n in range(6)]
    report_completion(item.pk, claim("2026-03-18", files=photos), by=district.secretary, at=MARCH_19)
    client = sign_in(district.committee)
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("progress:to_confirm")).content.decode()
    addresses = [reverse("progress:thumbnail", args=[one.pk]) for one in Evidence.objects.all()]
    assert [f'src="{address}" alt="Xem ảnh:" loading="lazy"' in shown for address in addresses] == [True] * 6
    small = client.get(addresses[0])
    assert (small["Content-Type"], small["Cache-Control"]) == ("image/jpeg", "private, no-cache")
    again = client.get(addresses[0], headers={"If-None-Match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    looked_at = client.get(reverse("progress:evidence", args=[Evidence.objects.first().pk]))
    assert looked_at["Content-Disposition"].startswith("inline")
    for answer in (small, looked_at):
        assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
            "nosniff",
            "default-src 'none'; sandbox",
        )
    stranger = sign_in(district.other_secretary)
    assert stranger.get(addresses[0], headers={"If-None-Match": small["ETag"]}).status_code == 404


def test_a_committee_confirms_with_one_click_and_returns_to_the_list(sign_in, district, item):
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    client = sign_in(district.committee)
    assert "Lắp đèn đường ấp 1" in client.get(reverse("progress:to_confirm")).content.decode()
    answer = client.post(reverse("progress:step", args=[item.pk, "confirm"]), {"next": "list"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("progress:to_confirm"))
    assert WorkItem.objects.get(pk=item.pk).state == "completed"


def test_the_slower_of_two_is_told_who_and_when_and_keeps_what_was_typed(sign_in, district, item):
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    take_item_step(item.pk, "confirm", by=district.committee, at=MARCH_19)
    other = person(district.commune, "committee")
    answer = sign_in(other).post(
        reverse("progress:step", args=[item.pk, "refuse"]), {"reason": "Chưa thấy kết quả cụ thể"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{district.committee} đã xác nhận hoàn thành việc này lúc 19/03/2026 09:00" in page
    assert "Chưa thấy kết quả cụ thể" in page


def test_a_refusal_without_a_reason_is_shown_again(sign_in, district, item):
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    client = sign_in(district.committee)
    assert client.post(reverse("progress:step", args=[item.pk, "refuse"]), {"reason": "chưa"}).status_code == 422
    reason = {"reason": "Ảnh không cho thấy đèn sáng"}
    assert client.post(reverse("progress:step", args=[item.pk, "refuse"]), reason).status_code == 302
    assert (
        reason["reason"] in sign_in(district.secretary).get(reverse("progress:item", args=[item.pk])).content.decode()
    )


def test_a_step_that_is_none_is_not_found(sign_in, district, item):
    for step in ("report", "extend", "nonsense"):
        assert sign_in(district.committee).get(reverse("progress:step", args=[item.pk, step])).status_code == 404


def test_buttons_follow_the_gate(sign_in, district, item):
    page = reverse("progress:item", args=[item.pk])
    report_link = reverse("progress:report", args=[item.pk])
    assert report_link in sign_in(district.secretary).get(page).content.decode()
    assert report_link not in sign_in(district.committee).get(page).content.decode()
    assert sign_in(district.committee).get(report_link).status_code == 403
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    confirm_link = reverse("progress:step", args=[item.pk, "confirm"])
    assert confirm_link in sign_in(district.committee).get(page).content.decode()
    assert confirm_link not in sign_in(district.head).get(page).content.decode()


@pytest.mark.parametrize("mask", [True, False])
def test_an_individual_is_named_in_the_cell_and_masked_above_unless_the_round_says_otherwise(sign_in, district, mask):
    sheet = making.sheet(district.cell, district.board, mask_names=mask)
    work = making.item(
        sheet,
        kind="IND",
        title="Đọc sách mỗi tuần",
        subject_name="Nguyễn Thị Kín",
        subject_position="Đảng viên",
        subject_number=3,
        assignee="Nguyễn Thị Kín",
        expected_result="Sổ đọc của Nguyễn Thị Kín",
    )
    for address in (reverse("progress:item", args=[work.pk]), reverse("progress:items")):
        assert "Nguyễn Thị Kín" in sign_in(district.clerk).get(address).content.decode()
        for superior in (district.committee, district.head, district.leader):
            page = sign_in(superior).get(address).content.decode()
            assert ("Nguyễn Thị Kín" in page) is not mask
            assert ("Đảng viên (số 3)" in page) is mask


def test_a_unit_asks_and_the_head_decides_from_the_queue(sign_in, district, item):
    client = sign_in(district.secretary)
    asked = {"due_on": "30/05/2026", "reason": WHY}
    assert client.post(reverse("progress:ask", args=[item.pk, "extend"]), asked).status_code == 302
    request = ChangeRequest.objects.get()
    client = sign_in(district.head)
    assert "30/05/2026" in client.get(reverse("progress:requests")).content.decode()
    page = reverse("progress:decide", args=[request.pk])
    assert "quý của hạn mới" in client.get(page).content.decode()
    assert client.post(page, {"outcome": "granted"}).status_code == 302
    assert WorkItem.objects.get(pk=item.pk).due_in_force == dt.date(2026, 5, 30)
    assert (
        "Hạn chuyển từ 20/03/2026 sang 30/05/2026"
        in client.get(reverse("progress:item", args=[item.pk])).content.decode()
    )
    assert client.post(page, {"outcome": "refused", "answer": WHY}).status_code == 409


def test_a_unit_withdraws_from_the_items_page_until_it_is_decided(sign_in, district, item):
    asked = ask_change(item.pk, "extend", by=district.secretary, at=MARCH_19, reason=WHY, due_on=dt.date(2026, 5, 30))
    withdraw = reverse("progress:withdraw_request", args=[asked.pk])
    page = reverse("progress:item", args=[item.pk])
    for reader in (district.clerk, district.head):
        assert withdraw not in sign_in(reader).get(page).content.decode()
    client = sign_in(district.secretary)
    assert withdraw in client.get(page).content.decode()
    assert client.post(withdraw)["Location"] == page
    shown = client.get(page).content.decode()
    assert "Rút đề nghị: Gia hạn" in shown
    assert withdraw not in shown
    late = client.post(withdraw)
    assert late.status_code == 409
    assert f"{district.secretary.full_name} đã rút đề nghị về việc này lúc" in late.content.decode()
    assert (
        sign_in(district.head).post(reverse("progress:decide", args=[asked.pk]), {"outcome": "granted"}).status_code
        == 409
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"due_on": "31/02/2026", "reason": WHY}, "Ngày không đúng"),
        ({"due_on": "01/03/2026", "reason": WHY}, "sau hạn đang có hiệu lực"),
        ({"due_on": "30/05/2027", "reason": WHY}, "trong năm kế hoạch 2026"),
        ({"due_on": "30/05/2026", "reason": "ngắn"}, "10"),
    ],
)
def test_a_bad_request_is_shown_again(sign_in, district, item, asked, sentence):
    answer = sign_in(district.secretary).post(reverse("progress:ask", args=[item.pk, "extend"]), asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_an_answer_names_its_outcome(sign_in, district, item):
    asked = ask_change(item.pk, "suspend", by=district.secretary, at=MARCH_19, reason=WHY)
    page = reverse("progress:decide", args=[asked.pk])
    assert sign_in(district.head).post(page, {"answer": ""}).status_code == 422
    assert sign_in(district.head).post(page, {"outcome": "refused", "answer": "ngắn"}).status_code == 422
    assert sign_in(district.secretary).get(page).status_code == 403
    assert sign_in(district.other_secretary).get(page).status_code == 404


def test_an_overdue_item_names_its_state_once(sign_in, district, item):
    page = sign_in(district.secretary)
    WorkItem.objects.filter(pk=item.pk).update(due_in_force=dt.date(2026, 3, 18))
    text = page.get(reverse("progress:item", args=[item.pk])).text
    assert (text.count("state-in_progress"), text.count("state-overdue")) == (1, 1)
