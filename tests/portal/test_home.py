import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from journal.awaiting import Awaited
from journal.models import Notice
from journal.services import record, tell_about_new_events
from models_registry import queries as registry
from models_registry.services import start_dossier
from organizations import services
from organizations.models import Post
from portal import work_queue
from tests import factories
from tests.factories import AT
from tests.models_registry import plans

DAY = dt.timedelta(days=1)


@pytest.fixture
def owed(district):
    return plans.obligation(plans.round_of(district.board), district)


def home(client, person):
    client.force_login(person)
    return client.get(reverse("home"))


def lines(user, at):
    """What the registry alone asks of somebody."""
    groups = work_queue.work_queue(user, at, sources=[registry.awaiting])
    return [(group.level, line.text) for group in groups for line in group.lines]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (AT, ("info", "Bản đăng ký cần gửi chậm nhất ngày 31/03/2026 (Đợt đăng ký năm 2026)")),
        (AT + 79 * DAY, ("warning", "Bản đăng ký cần gửi chậm nhất ngày 31/03/2026 (Đợt đăng ký năm 2026)")),
        (
            AT + 86 * DAY,
            ("danger", "Bản đăng ký đã quá hạn, chỉ còn nhận đến hết ngày 10/04/2026 (Đợt đăng ký năm 2026)"),
        ),
    ],
)
def test_what_a_unit_owes_grows_more_pressing_with_the_days(district, owed, at, expected):
    assert lines(district.secretary, at) == [expected]
    assert lines(district.clerk, at) == [expected]


def test_what_is_owed_leads_to_its_start_and_once_begun_to_its_draft(district, owed):
    start = f"{reverse('models_registry:start')}?round={owed.round_id}&kind=registration_sheet"
    assert [line.url for line in registry.plans.awaiting(district.secretary, AT)] == [start]
    draft = start_dossier(round=owed.round, kind=owed.owes, unit=district.cell, by=district.secretary, at=AT)
    url = reverse("models_registry:dossier", args=[draft.pk])
    assert [line.url for line in registry.plans.awaiting(district.secretary, AT)] == [url]


def test_what_waits_in_another_own_post_is_counted_after_the_page(
    client, district, owed, django_assert_max_num_queries
):
    services.give_post(district.clerk, unit=district.commune, role="committee", starts_at=AT, by=None, at=AT)
    clerk, committee = district.clerk.posts.order_by("id")
    client.force_login(district.clerk)
    client.post(reverse("organizations:switch_post"), {"post": committee.pk})
    with time_machine.travel(AT + DAY, tick=False):
        with django_assert_max_num_queries(12):
            page = client.get(reverse("home")).content.decode()
        with django_assert_max_num_queries(12):
            counted = client.get(reverse("other_posts")).content.decode()
    assert f'hx-get="{reverse("other_posts")}"' in page and f'value="{clerk.pk}"' in page
    assert "Có 1 việc đang chờ" in counted and "hx-get" not in counted
    assert "Vai trò khác" not in home(client, district.secretary).content.decode()


def test_a_notice_says_to_which_post_it_was_told_and_opens_in_it(client, district):
    services.give_post(district.clerk, unit=district.commune, role="committee", starts_at=AT, by=None, at=AT)
    second = district.clerk.posts.last()
    told = [district.clerk.acting_as(second)]
    record("x", subject="x", subject_id=1, by=None, at=AT, tell=told, text="Việc mới", link=reverse("home"))
    tell_about_new_events(at=AT)
    client.force_login(district.clerk)
    assert "gửi tới vai trò Cấp ủy cơ sở, Đảng ủy xã An" in client.get(reverse("journal:notices")).content.decode()
    opened = client.post(reverse("journal:open_notice", args=[district.clerk.notices.get().pk]), follow=True)
    assert opened.context["user"].post == second


def test_nothing_is_asked_of_a_unit_that_is_exempt_or_that_owes_nothing(district, owed):
    assert lines(district.other_secretary, AT) == []
    owed.exempted_at, owed.exempt_reason = AT, "Đang sắp xếp lại tổ chức"
    owed.save()
    assert lines(district.secretary, AT) == []


def test_nothing_is_asked_after_the_last_day(district, owed):
    assert lines(district.secretary, AT + 100 * DAY) == []


def test_a_head_is_asked_to_open_what_was_prepared(district):
    plans.round_of(district.board, opened_at=None)
    assert lines(district.head, AT) == [("warning", "Đợt đăng ký chưa mở")]
    assert lines(district.appraiser, AT) == []


def test_the_most_pressing_comes_first_whichever_app_asks(district):
    def one(user, at):
        return [Awaited("Không gấp", 2, "/a/"), Awaited("Trống", 0, "/b/", "danger")]

    def another(user, at):
        return [Awaited("Quá hạn", 1, "/c/", "danger"), Awaited("Sắp đến hạn", 3, "/d/", "warning")]

    groups = work_queue.work_queue(district.secretary, AT, sources=(one, another))
    assert [(group.level, group.count) for group in groups] == [("danger", 1), ("warning", 3), ("info", 2)]


def test_the_home_page_shows_the_work_the_rounds_and_the_notices(client, district, owed, time_machine):
    time_machine.move_to(AT)
    record(
        "dossier.approve", subject="dossier", subject_id=1, by=None, at=AT, tell=[district.secretary], text="Đã duyệt"
    )
    Notice.objects.update(told_at=AT)
    page = home(client, district.secretary).content.decode()
    assert "Bản đăng ký cần gửi chậm nhất ngày 31/03/2026" in page
    assert "Đợt đăng ký đang nhận" in page
    assert "Đã duyệt" in page
    assert "(1 chưa đọc)" in page


def test_an_empty_home_says_so_kindly_and_where_to_go(client, district):
    page = home(client, district.leader).content.decode()
    assert "Không có việc nào đang chờ" in page


def test_a_person_without_a_post_is_told_whom_to_ask(client, db):
    assert "chưa được giao vai trò nào" in home(client, factories.person()).content.decode()


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("role", Post.Role.values)
def test_the_home_page_costs_at_most_twelve_queries_whatever_there_is(
    client, district, role, count, time_machine, django_assert_max_num_queries
):
    time_machine.move_to(AT)
    seats = {"secretary": "cell", "deputy": "cell", "clerk": "cell", "committee": "commune", "leader": "top"}
    someone = factories.person(getattr(district, seats.get(role, "board")), role)
    for n in range(count):
        opened = plans.round_of(district.board, name=f"Đợt {n}")
        plans.obligation(opened, district)
        plans.round_of(district.board, name=f"Đợt chưa mở {n}", opened_at=None)
        record("dossier.approve", subject="dossier", subject_id=n, by=None, at=AT, tell=[someone], text="Đã duyệt")
    Notice.objects.update(told_at=AT)
    client.force_login(someone)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("home")).status_code == 200
