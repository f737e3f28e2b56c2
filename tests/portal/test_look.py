import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Post
from organizations.permissions import GRANTS
from portal.navigation import MAIN, entries_for, places_for
from tests.factories import person


def labels(user):
    return [str(row["label"]) for row in entries_for(user, "/")]


def test_navigation_offers_only_what_the_acting_post_opens(district):
    all_read = ["Kho mô hình hay", "Tìm kiếm"]
    figures, kept = ["Chốt quý", "Số liệu đã công bố"], ["Lịch nghỉ", "Tổ chức", "Người dùng", "Sao lưu"]
    assert labels(district.administrator) == ["Việc cần làm", *all_read, "Số liệu", "Thiết lập"]
    places = [str(place["label"]) for place in places_for(district.administrator, "/")]
    assert places == ["Việc cần làm", *all_read, *figures, *kept]
    assert labels(district.clerk) == ["Việc cần làm", "Hồ sơ đăng ký", "Phần việc", *all_read]


def test_what_belongs_together_is_offered_together_and_alone_stands_for_itself(client, district):
    client.force_login(district.administrator)
    page = client.get(reverse("organizations:people")).text
    nav = page.partition('<nav class="subnav" aria-label="Thiết lập">')[2].partition("</nav>")[0]
    assert nav.count("<a ") == 4
    assert f'href="{reverse("organizations:people")}" aria-current="page"' in nav
    assert 'class="subnav"' not in client.get(reverse("home")).text
    assert labels(person(district.commune, "administrator"))[-2:] == ["Số liệu đã công bố", "Thiết lập"]


@pytest.mark.parametrize("role", Post.Role.values)
def test_every_role_has_somewhere_to_go_but_home(role):
    offered = [part for entry in MAIN for part in entry.parts or (entry,)]
    assert any(GRANTS[role].intersection(entry.actions) for entry in offered)


def test_a_chosen_theme_is_kept_and_drawn_by_the_server(client, district):
    client.force_login(district.clerk)
    home = reverse("home")
    assert client.post(reverse("appearance"), {"theme": "dark", "next": home}).url == home
    assert 'data-theme="dark"' in client.get(home).content.decode()


def test_an_unknown_theme_changes_nothing(client, db):
    assert "theme" not in client.post(reverse("appearance"), {"theme": "pink"}).cookies


def test_choosing_a_theme_never_leads_to_another_site(client, db):
    assert client.post(reverse("appearance"), {"next": "https://example.org/"}).url == reverse("home")


def test_pages_carry_a_strict_policy_and_ask_for_no_device(client, db):
    answer = client.get(reverse("account_login"))
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_an_unknown_address_gets_the_portals_own_page_with_a_reference(client, district):
    client.force_login(district.clerk)
    answer = client.get("/khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Mã tra cứu" in answer.content.decode()


def test_a_form_without_its_token_is_told_plainly(district):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("appearance"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()
