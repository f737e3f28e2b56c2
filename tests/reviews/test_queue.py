"""The board's queue: what it shows, filters, counts, sorts and costs."""

import datetime as dt
import itertools
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from models_registry.services.extending import extend_turn
from reviews import services
from reviews.queries import criteria_of
from reviews.tasks import export_queue
from tests.factories import AT, person, unit
from tests.reviews import factories

NOW = AT + dt.timedelta(days=30)
QUEUE = "/reviews/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(client, district):
    """Return a function that asks for the queue as the appraiser and returns the response."""
    client.force_login(district.appraiser)
    return lambda address="": client.get(QUEUE + address)


def titles(response):
    return [row.title for row in response.context["page_obj"].object_list]


def test_the_longest_waiting_stands_first(page, district, round_):
    factories.sent(district, round_, "Gửi sau", at=AT + dt.timedelta(days=2))
    factories.sent(district, round_, "Gửi trước")
    assert titles(page()) == ["Gửi trước", "Gửi sau"]


def test_only_the_own_bodys_dossiers_are_shown(page, district, round_):
    from tests.factories import district as another_district

    other = another_district()
    factories.sent(other, factories.judged_round(other), "Của huyện khác")
    factories.sent(district, round_, "Của huyện mình")
    assert titles(page("?state=all")) == ["Của huyện mình"]


def test_a_secretary_has_no_queue(client, district):
    client.force_login(district.secretary)
    assert client.get(QUEUE).status_code == 403


def test_search_needs_no_accents_and_takes_them(page, district, round_):
    factories.sent(district, round_, "Tổ bảo vệ môi trường")
    factories.sent(district, round_, "Thắp sáng đường quê")
    for words in ("to bao ve moi truong", "Tổ bảo vệ môi trường", "BẢO VỆ"):
        assert titles(page(f"?q={words}")) == ["Tổ bảo vệ môi trường"]
    assert titles(page("?q=trồng rừng")) == []


def test_a_unit_stands_for_itself_and_all_below(page, district, round_):
    factories.sent(district, round_, "Của chi bộ")
    factories.sent(district, round_, "Của xã", unit=district.commune)
    factories.sent(district, round_, "Của xã khác", unit=district.other_cell)
    assert sorted(titles(page(f"?unit={district.commune.pk}"))) == ["Của chi bộ", "Của xã"]


def test_a_unit_out_of_sight_is_refused_in_words(page, district, round_):
    foreign = unit("Huyện ủy khác")
    response = page(f"?unit={foreign.pk}")
    assert response.status_code == 422
    assert "Đơn vị" in response.content.decode()


@pytest.mark.parametrize("address", ["?state=bogus", "?round=999", "?waiting=-1", "?sort=colour", "?kind=x"])
def test_a_value_that_does_not_exist_is_named_not_a_traceback(page, dossier, address):
    assert page(address).status_code == 422


def test_kind_round_and_theme_narrow(page, district, round_):
    other = factories.judged_round(district, name="Đợt hai")
    factories.sent(district, round_, "Mô hình")
    factories.sent(district, other, "Bản đăng ký", kind="registration_sheet")
    assert titles(page("?kind=registration_sheet")) == ["Bản đăng ký"]
    assert titles(page(f"?round={round_.pk}")) == ["Mô hình"]
    assert titles(page(f"?theme={other.theme_id}")) == ["Bản đăng ký"]


def test_waiting_counts_days_since_it_was_sent(page, district, round_):
    factories.sent(district, round_, "Mười ngày", at=NOW - dt.timedelta(days=10))
    factories.sent(district, round_, "Chín ngày", at=NOW - dt.timedelta(days=9))
    assert titles(page("?waiting=10")) == ["Mười ngày"]
    assert [row.days for row in page().context["page_obj"].object_list] == [10, 9]


def test_overdue_is_after_fifteen_working_days(page, district, round_):
    # Fifteen working days before 4 February 2026 is 14 January: due on the 4th, not late yet.
    in_time = dt.datetime(2026, 1, 14, 8, 0, tzinfo=AT.tzinfo)
    factories.sent(district, round_, "Đúng hạn", at=in_time)
    factories.sent(district, round_, "Quá hạn", at=in_time - dt.timedelta(days=1))
    assert titles(page("?overdue=1")) == ["Quá hạn"]
    assert [(row.title, row.late) for row in page().context["page_obj"].object_list] == [
        ("Quá hạn", True),
        ("Đúng hạn", False),
    ]


def test_mine_and_proposed(page, district, dossier, proposed, round_, colleague):
    other = factories.sent(district, round_, "Của đồng nghiệp")
    services.take(other.pk, by=colleague, at=AT)
    assert sorted(titles(page("?state=under_appraisal"))) == ["Của đồng nghiệp", "Mô hình mẫu"]
    assert titles(page("?state=under_appraisal&mine=1")) == ["Mô hình mẫu"]
    [row] = page("?state=under_appraisal&proposed=1").context["page_obj"].object_list
    assert (row.title, row.holder, row.proposed) == ("Mô hình mẫu", district.appraiser.full_name, "approve")


@pytest.mark.parametrize("sort", ["submitted", "-due", "title", "-unit"])
@pytest.mark.parametrize("number", [1, 2])
def test_words_that_stand_everywhere_find_the_same_among_the_first_rows(
    page, district, round_, monkeypatch, sort, number
):
    monkeypatch.setattr("reviews.queries.queue.PAGE", 2)
    for n, title in enumerate(("Hoa xuân", "Rừng", "Hoa hè", "Hoa thu", "Hoa đông")):
        factories.sent(district, round_, title, at=AT + dt.timedelta(days=n % 3))
    by_index = titles(page(f"?q=hoa&sort={sort}&page={number}"))
    monkeypatch.setattr("reviews.queries.queue.MANY", 3)
    assert titles(page(f"?q=hoa&sort={sort}&page={number}")) == by_index and len(by_index) == 2


def test_each_state_is_counted_under_the_same_filters(page, district, round_):
    factories.sent(district, round_, "Một")
    factories.sent(district, round_, "Hai")
    factories.sent(district, round_, "Ba", state="approved", decided_at=AT)
    counts = {tab["label"]: tab["count"] for tab in page("?q=mot").context["tabs"]}
    assert (counts["Đã gửi"], counts["Đã duyệt"], counts["Tất cả"]) == (1, 0, 1)
    counts = {tab["label"]: tab["count"] for tab in page().context["tabs"]}
    assert (counts["Đã gửi"], counts["Đã duyệt"], counts["Tất cả"]) == (2, 1, 3)


@pytest.mark.parametrize("address", ["", "&waiting=1"])
def test_states_one_does_not_look_at_are_counted_so_far_only(page, district, round_, monkeypatch, address):
    monkeypatch.setattr("reviews.queries.counting.MANY", 2)
    monkeypatch.setattr("reviews.views.queue.MANY", 2)
    for n in range(3):
        factories.sent(district, round_, f"Chờ {n}")
        made = factories.sent(district, round_, f"Đang thẩm định {n}")
        services.take(made.pk, by=district.appraiser, at=AT)
    counts = {tab["label"]: tab.get("over", False) for tab in page(f"?state=submitted{address}").context["tabs"]}
    assert [label for label, over in counts.items() if over] == ["Đang thẩm định", "Tất cả"]
    told = page(f"?state=submitted{address}").content.decode()
    assert '<span class="tab-count">3</span>' in told
    assert '<span class="tab-count">hơn 2</span>' in told
    counts = {tab["label"]: tab["count"] for tab in page(f"?state=all{address}").context["tabs"]}
    assert (counts["Đang thẩm định"], counts["Tất cả"]) == (3, 6)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["An toàn", "Đoàn kết", "Xanh sạch"]),
        ("-title", ["Xanh sạch", "Đoàn kết", "An toàn"]),
        ("submitted", ["Đoàn kết", "An toàn", "Xanh sạch"]),
        ("-submitted", ["Xanh sạch", "An toàn", "Đoàn kết"]),
        ("unit", ["Xanh sạch", "Đoàn kết", "An toàn"]),
    ],
)
def test_it_sorts(page, district, round_, sort, expected):
    days = {"Đoàn kết": (0, district.other_cell), "An toàn": (1, district.commune), "Xanh sạch": (2, district.cell)}
    for title, (offset, owner) in days.items():
        factories.sent(district, round_, title, unit=owner, at=AT + dt.timedelta(days=offset))
    assert titles(page(f"?sort={sort}")) == expected


def many(district, round_, count):
    return [factories.sent(district, round_, f"Mô hình {n:03d}", at=AT + dt.timedelta(minutes=n)) for n in range(count)]


@pytest.mark.parametrize("sort", ["submitted", "-submitted", "title", "-unit"])
def test_every_dossier_stands_on_exactly_one_page(page, district, round_, sort):
    made = many(district, round_, 130)
    pages = [titles(page(f"?sort={sort}&page={n}")) for n in (1, 2, 3)]
    assert [len(one) for one in pages] == [50, 50, 30]
    assert sorted(itertools.chain(*pages)) == [dossier.title for dossier in made]
    if sort == "submitted":
        assert list(itertools.chain(*pages)) == [dossier.title for dossier in made]


def test_a_page_past_the_end_is_the_last(page, district, round_):
    many(district, round_, 51)
    assert (
        'rel="next" href="?q=mo+hinh&amp;sort=title&amp;page=2"'
        in page("?q=mo hinh&page=1&sort=title").content.decode()
    )
    assert titles(page("?page=99")) == titles(page("?page=2"))


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_rows(page, district, round_, count, django_assert_max_num_queries):
    for dossier in many(district, round_, count):
        services.take(dossier.pk, by=district.appraiser, at=NOW)
    address = f"?state=under_appraisal&q=mo hinh&unit={district.top.pk}&overdue=1&mine=1&theme={round_.theme_id}"
    with django_assert_max_num_queries(12):
        assert len(titles(page(address))) == count


def test_a_short_list_comes_at_once_as_a_workbook_of_real_numbers(client, district, round_):
    factories.sent(district, round_, "=SUM(A1)", at=NOW - dt.timedelta(days=40))
    client.force_login(district.appraiser)
    response = client.post(reverse("reviews:download"), {"state": "submitted"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    head, row = sheet.iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True)) | {"Số hồ sơ": 0} == {
        "Số hồ sơ": 0,
        "Tên": "=SUM(A1)",
        "Loại hồ sơ": "Mô hình",
        "Đơn vị": "Chi bộ ấp 1",
        "Năm": 2026,
        "Trạng thái": "Đã gửi",
        "Bản": 1,
        "Gửi lúc": dt.datetime(2025, 12, 26, 9, 0),
        "Đã chờ (ngày)": 40,
        "Quá hạn": "Quá hạn",
        "Người thẩm định": None,
        "Đề xuất": None,
        "Hạn": dt.datetime(2026, 1, 19),
        "Ban giữ (ngày làm việc)": 27,
        "Đơn vị giữ (ngày làm việc)": 0,
    }
    assert sheet["B2"].data_type == "s"


def test_a_long_list_is_written_by_a_job(client, district, round_, monkeypatch, run_jobs):
    monkeypatch.setattr("reviews.views.queue.AT_ONCE", 2)
    many(district, round_, 3)
    client.force_login(district.appraiser)
    response = client.post(reverse("reviews:download"), {"state": "submitted", "q": "mo hinh"})
    [job] = run_jobs()
    assert response.url == reverse("journal:job", args=[job.pk])
    assert (job.task, job.state, job.done, job.total) == (export_queue.name, "done", 3, 3)
    sheet = openpyxl.load_workbook(job.file).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        "Mô hình 000",
        "Mô hình 001",
        "Mô hình 002",
    ]


def test_a_post_that_ended_meanwhile_exports_nothing(client, district, round_, monkeypatch, run_jobs):
    monkeypatch.setattr("reviews.views.queue.AT_ONCE", 0)
    many(district, round_, 1)
    client.force_login(district.appraiser)
    client.post(reverse("reviews:download"), {"state": "submitted"})
    district.appraiser.posts.update(ends_at=AT + dt.timedelta(days=1))
    [job] = run_jobs()
    assert (job.state, bool(job.file)) == ("failed", False)


def test_a_body_that_serves_nothing_has_an_empty_queue(client, district, dossier):
    alone = unit("Ban mới lập", kind="advisory_body", parent=district.top)
    client.force_login(person(alone, "appraiser"))
    response = client.get(QUEUE)
    assert (response.status_code, titles(response)) == (200, [])


def test_the_most_pressing_stands_first_and_a_late_unit_is_found(page, district, round_):
    for title, day, offset in (("Hạn sau", 20, 0), ("Hạn trước", 10, 1)):
        dossier = factories.sent(district, round_, title, at=AT + dt.timedelta(days=offset))
        extend_turn(dossier.pk, dt.date(2026, 2, day), reason="Chờ kết quả kiểm tra", by=district.head, at=NOW)
    factories.sent(district, round_, "Đã xong", state="approved", decided_at=AT)
    assert titles(page("?state=all&sort=due")) == ["Hạn trước", "Hạn sau", "Đã xong"]
    assert titles(page("?sort=due")) == ["Hạn trước", "Hạn sau"]
    assert titles(page("?sort=-due")) == ["Hạn sau", "Hạn trước"]
    factories.sent(district, round_, "Đơn vị chậm", state="revision_requested")
    assert titles(page("?state=all&late_unit=1")) == ["Đơn vị chậm"]
    assert titles(page("?state=all&overdue=1")) == []


def test_a_row_says_what_each_side_has_used_once_it_went_to_and_fro(page, district, round_):
    dossier = factories.sent(district, round_)
    services.take(dossier.pk, by=district.appraiser, at=AT)
    chosen = [criteria_of(dossier)[0].pk]
    later = AT + dt.timedelta(days=2)
    services.request_revision(dossier.pk, criteria=chosen, reason="Nêu rõ ai làm", by=district.appraiser, at=later)
    factories.resent(dossier, factories.content("Mô hình mẫu"), at=AT + dt.timedelta(days=9))
    [row] = page().context["page_obj"].object_list
    assert (row.days, row.shares) == (21, "Ban 17, đơn vị 6 ngày làm việc")
