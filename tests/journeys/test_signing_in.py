"""The door as a browser sees it: a key in place of a code, Back after leaving, and an account ended while in use."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.visits import Visit

pytestmark = pytest.mark.journey
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
NEWCOMER = """
from django.utils import timezone
from organizations import services
from organizations.models import Person
from portal.sample_accounts import sample_password
at = timezone.now()
unit = Person.objects.get(username="capuy").posts.get().unit
person = services.add_person(username="can-bo-moi", full_name="Cán bộ mới", password=sample_password(), by=None, at=at)
services.give_post(person, unit=unit, role="committee", starts_at=at, by=None, at=at)
print(person.pk)
"""


def leave(page) -> None:
    page.locator(".menu-account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/account/login/**")


@pytest.fixture(scope="module")
def newcomer(portal) -> str:
    """The number of somebody whom no other journey meets."""
    return portal.manage("shell", "--no-imports", "-c", NEWCOMER).split()[-1]


def test_back_after_leaving_shows_nothing(visit):
    page = visit("secretary", width=360).page
    page.goto("/registry/dossiers/")
    said = page.locator("h1").inner_text()
    page.goto("/")
    leave(page)
    for _ in range(2):
        page.go_back()
        expect(page.locator("input[name=password]")).to_be_visible()
        assert said not in page.inner_text("body")


def test_a_key_of_the_device_is_set_up_and_opens_the_door(browser, portal, newcomer):
    # Keys are made for names, never for numbers.
    window = Visit(browser, portal.url.replace("127.0.0.1", "localhost"), 360)
    page = window.sign_in("can-bo-moi", portal.password)
    device = window.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Bật bằng khóa bảo mật").click()
    page.fill("input[name=name]", "điện thoại của tôi")
    window.look("second-factor-key")
    page.get_by_role("button", name="Tạo khóa").click()
    expect(page.locator(".code-list li")).to_have_count(10)
    window.look("recovery-codes")
    page.get_by_role("link", name="Tôi đã cất").click()
    leave(page)
    page.fill("input[name=login]", "can-bo-moi")
    page.fill("input[name=password]", portal.password)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/account/second/")
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url(portal.url.replace("127.0.0.1", "localhost") + "/")
    page.goto("/account/second-factor/off/")
    page.fill("input[name=password]", portal.password)
    page.get_by_role("button", name="Tắt").click()
    expect(page.locator("main")).to_contain_text("Bật bằng ứng dụng điện thoại")
    window.close()


def test_an_account_ended_while_in_use_ends_within_seconds(visit, newcomer, measured):
    used, ending = visit("can-bo-moi"), visit("administrator")
    used.go("/progress/items/")
    ending.go(f"/org/people/{newcomer}/")
    ending.page.locator("summary", has_text="Ngừng tài khoản").click()
    with ending.page.expect_response(lambda answer: "shut-out" in answer.url):
        ending.page.get_by_role("button", name="Ngừng tài khoản").click()
    began = time.monotonic()
    # A part of a page is not replaced by the sign-in.
    used.page.evaluate("htmx.ajax('GET', '/progress/items/', 'main')")
    expect(used.page.locator("[data-request-errors]")).to_contain_text("Phiên làm việc đã hết")
    assert "/account/login/" in used.go("/progress/items/").url
    measured(f"an account ended in use: nothing opens after {time.monotonic() - began:.1f} s")
