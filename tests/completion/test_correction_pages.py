"""Corrections as people meet them: from the list behind a number to the newer revision beside the older one."""

from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from completion.models import Correction, Period
from completion.quarters import Quarter
from completion.queries import Behind, reading_of
from journal.models import Job
from journal.services import tell_about_new_events
from tests import factories
from tests.completion.archives import close, done, item, load, rates
from tests.completion.corrections import correct, unit, work
from tests.completion.test_cases import ten
from tests.dashboards.reading import MOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(tmp_path):
    with time_machine.travel("2026-05-20T09:00:00+07:00", tick=True):
        items, events = ten("31/3", 8)
        load(tmp_path, items=[*items, item("B1", "31/3", unit="B")], events=[*events, *done("B1", "10/3")])
        close("2026-Q1")
        yield Period.objects.get()


@pytest.fixture
def committee(period):
    return factories.person(unit("G"), "committee", "Cấp ủy")


@pytest.fixture
def leader(period):
    return factories.person(unit("D"), "leader", "Lãnh đạo")


def gather(client, period, *codes, **typed):
    for code in codes:
        address = reverse("completion:correct_item", args=[period.pk, work(code).pk])
        answer = client.post(address, {"error": "false_confirmation"} | typed)
        assert answer.status_code == 302, answer.text
    return Correction.objects.latest("pk")


def post(client, name, *args, **data):
    return client.post(reverse(f"completion:{name}", args=args), data)


def test_from_the_list_behind_a_number_to_the_revision_beside_it(client, period, committee, leader, run_jobs):
    """Case 19, as the committee, the leader and everybody after them see it."""
    client.force_login(committee)
    listed = client.get(reverse("dashboards:items", args=[unit("A").pk]), {"quarter": "2026-Q1", "rate": "r1"})
    assert reverse("completion:correct_item", args=[period.pk, work("I0").pk]) in listed.text
    asked = gather(client, period, "I0", "I1")
    assert client.get(reverse("completion:correction", args=[asked.pk])).status_code == 200
    answer = post(client, "correction_step", asked.pk, "ask", reason="Kiểm tra tại chỗ: chưa làm xong.")
    assert "chờ bạn duyệt" not in client.get(reverse("home")).text
    client.force_login(leader)
    assert "Đính chính chờ bạn duyệt" in client.get(reverse("home")).text
    answer = post(client, "correction_step", asked.pk, "approve")
    page = client.get(answer.url).text
    assert "Chi bộ ấp 1; hạn 31/03/2026; hoàn thành ngày 10/03/2026, xác nhận lúc 10/03/2026 09:00" in page
    assert "Chi bộ ấp 1; hạn 31/03/2026; chưa hoàn thành" in page
    assert "Sổ việc vẫn ghi đã xác nhận" in page
    post(client, "reseal", period.pk)
    (job,) = run_jobs()
    assert (job.state, job.result["revision"]) == (Job.State.DONE, 2)
    rows = client.get(job.result["url"]).context["rows"]
    cell = [(one.rate, one.before.text, one.after.text, one.text) for one, _name in rows if one.name == "Chi bộ ấp 1"]
    assert cell[0] == ("r1", "80,0%", "60,0%", "−20,0 điểm %")
    assert rows[0][0].unit == unit("D").pk


def test_both_revisions_stay_readable_and_the_older_says_it_is_older(client, period, committee, leader):
    second = correct(period, committee, leader, ("I0", "false_confirmation"), ("I1", "false_confirmation"))
    client.force_login(leader)
    address, asked = reverse("dashboards:unit", args=[unit("A").pk]), {"quarter": "2026-Q1", "rate": "r1"}
    newest, older = (client.get(address, asked | more) for more in ({}, {"revision": 1}))
    assert [page.context["table"].row.rate("r1").text for page in (newest, older)] == ["60,0%", "80,0%"]
    assert "Đây là bản chốt mới nhất: bản 2" in newest.text
    assert "Bạn đang xem bản 1, không phải bản mới nhất" in older.text
    for page in (newest, older):
        assert reverse("completion:difference", args=[second.pk]) in page.text
    assert "revision=1" in older.context["address"]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("part", ["n", "N", "X", "rest"])
def test_the_list_behind_a_number_is_as_long_as_the_number_in_each_revision(part, number, period, committee, leader):
    changes = [("I0", "false_confirmation"), ("I9", "duplicate"), ("I1", "wrong_owner", {"to_unit": unit("B")})]
    correct(period, committee, leader, *changes)
    for code in "DGAB":
        reading = reading_of(unit(code), Quarter(2026, 1), number)
        figures = rates("2026-Q1", revision=number)[code]
        for rate in ("r1", "r2", "r3", "r4"):
            shown = figures[rate]
            expected = {"n": shown["n"], "N": shown["N"], "X": shown["X"], "rest": shown["N"] - shown["n"]}[part]
            assert len(Behind(reading, rate, part)[0:50]) == expected, (code, rate)


def test_the_page_of_closings_says_which_revision_is_the_newest(client, period, committee, leader):
    correct(period, committee, leader, ("I0", "duplicate"))
    client.force_login(factories.person(unit("D"), "administrator"))
    (tree,) = client.get(reverse("completion:closings")).context["trees"]
    (closing,) = [one for one in tree if str(one.quarter) == "2026-Q1"]
    assert (closing.state, closing.revision.number) == ("sealed", 2)
    assert "Bản 2" in client.get(reverse("completion:closings")).text


def test_the_difference_sheet_is_a_workbook_too(client, period, committee, leader):
    second = correct(period, committee, leader, ("I0", "false_confirmation"), ("I1", "false_confirmation"))
    client.force_login(leader)
    answer = client.post(reverse("completion:difference", args=[second.pk]), {"file": "xlsx"})
    rows = list(load_workbook(BytesIO(answer.getvalue())).active.values)
    found = next(row for row in rows if row[:3] == ("Chi bộ ấp 1", "A", "R1 · Hoàn thành trong quý"))
    assert found[3:] == (8, 10, 0, "80,0%", 6, 10, 0, "60,0%", "−20,0 điểm %")


def test_a_step_too_late_is_told_and_a_refusal_needs_its_reason(client, period, committee, leader):
    client.force_login(committee)
    asked = gather(client, period, "I0")
    empty = post(client, "correction_step", asked.pk, "ask", reason="ngắn")
    assert (empty.status_code, "ít nhất 10 ký tự" in empty.text) == (422, True)
    post(client, "correction_step", asked.pk, "ask", reason="Kiểm tra tại chỗ: chưa làm xong.")
    client.force_login(leader)
    assert post(client, "correction_step", asked.pk, "refuse", reason="").status_code == 422
    post(client, "correction_step", asked.pk, "refuse", reason="Chưa đủ căn cứ để sửa.")
    late = post(client, "correction_step", asked.pk, "approve")
    assert (late.status_code, f"{leader} đã không duyệt lúc" in late.text) == (409, True)


def test_a_draft_lets_go_of_its_works_and_of_itself(client, period, committee):
    client.force_login(committee)
    draft = gather(client, period, "I0", "I1")
    for line in draft.lines.all():
        post(client, "drop_line", line.pk)
    assert not Correction.objects.exists()
    found = client.get(reverse("completion:correct", args=[period.pk]), {"q": "viec I3"})
    assert [one.code for one, _shown in found.context["works"]] == ["I3"]


def test_another_sealed_quarter_of_the_year_is_named_beside(client, period, committee):
    with time_machine.travel("2026-08-01T09:00:00+07:00", tick=True):
        close("2026-Q2")
        committee = factories.person(unit("G"), "committee")
        client.force_login(committee)
        page = client.get(reverse("completion:correction", args=[gather(client, period, "I0").pk]))
    other = Period.objects.get(quarter=2)
    assert page.context["beside"] == [other]
    assert reverse("completion:correct", args=[other.pk]) in page.text


def test_whoever_took_a_file_of_the_older_revision_is_told(client, period, committee, leader):
    secretary = factories.person(unit("A"), "secretary", "Bí thư")
    client.force_login(secretary)
    answer = client.get(reverse("dashboards:export", args=[unit("A").pk, "csv"]), {"quarter": "2026-Q1"})
    assert answer.status_code == 200
    correct(period, committee, leader, ("I0", "duplicate"))
    tell_about_new_events(at=timezone.now())
    page = client.get(reverse("journal:notices")).text
    assert "Quý I/2026 của Huyện ủy Mẫu vừa có bản chốt số 2, có đính chính." in page


def test_whoever_printed_a_page_of_the_older_revision_is_told_too(client, period, committee, leader):
    secretary = factories.person(unit("A"), "secretary", "Bí thư")
    client.force_login(secretary)
    shown = client.get(reverse("dashboards:unit", args=[unit("A").pk]), {"quarter": "2026-Q1"})
    address = reverse("completion:printed", args=[shown.context["table"].passport.revision_id, unit("A").pk])
    assert f'action="{address}" data-printed' in shown.text
    assert client.post(address).status_code == 204
    second = correct(period, committee, leader, ("I0", "duplicate"))
    assert [one.link for one in secretary.notices.all()] == [f"/figures/revisions/{second.pk}/difference/"]


@pytest.mark.parametrize("works", [1, 9])
def test_the_pages_cost_the_same_however_many_works(
    client, period, committee, leader, works, django_assert_max_num_queries
):
    codes = [f"I{n}" for n in range(works)]
    second = correct(period, committee, leader, *((code, "duplicate") for code in codes))
    client.force_login(leader)
    commune = unit("G").pk
    with django_assert_max_num_queries(12):
        client.get(reverse("completion:correction", args=[Correction.objects.get().pk]))
    with django_assert_max_num_queries(12):
        client.get(reverse("completion:difference", args=[second.pk]))
    with django_assert_max_num_queries(12):
        client.get(reverse("completion:corrections"))
    with django_assert_max_num_queries(MOST["unit"]):
        client.get(reverse("dashboards:unit", args=[commune]), {"quarter": "2026-Q1", "revision": 1})
    with django_assert_max_num_queries(12):
        client.get(reverse("dashboards:items", args=[commune]), {"quarter": "2026-Q1"})
