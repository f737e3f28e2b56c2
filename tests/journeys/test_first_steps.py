"""What everybody does first: sign in, look around, change the look, read notices, leave."""

import pytest

from organizations.models import Post

pytestmark = pytest.mark.journey
WIDTHS = (360, 1280)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_wrong_password_is_told_in_a_summary_that_takes_focus(visit, width):
    window = visit(width=width)
    page = window.go("/account/login/")
    window.look("login")
    page.fill("input[name=login]", "nobody")
    page.fill("input[name=password]", "not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-focus-errors], .form-errors, [role=alert]:not([hidden])")
    window.look("login-refused")
    assert page.input_value("input[name=login]") == "nobody"


@pytest.mark.parametrize("role", Post.Role.values)
def test_each_role_signs_in_and_finds_a_home(visit, portal, role):
    window = visit(role, width=360 if role in ("secretary", "clerk", "deputy") else 1280)
    assert window.page.locator("h1").count() == 1
    window.look(f"home-{role}")
    window.go("/journal/notices/")
    window.look(f"notices-{role}")


def test_a_page_nobody_knows_is_ours_and_accessible(visit):
    window = visit("secretary")
    page = window.go("/registry/dossiers/999999/")
    assert page.locator("h1").count() == 1
    window.look("not-found")


def test_signing_in_works_by_keyboard_alone(visit, portal):
    window = visit()
    page = window.go("/account/login/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "login":
            break
    page.keyboard.type(portal.accounts["secretary"])
    page.keyboard.press("Tab")
    for _ in range(5):
        if page.evaluate("document.activeElement.name") == "password":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(portal.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)
