"""Nothing typed is lost: a network cut in mid-word, a killed page, an ended sign-in, the same draft open twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.filling import press

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("cell")]
SECRETARY, DEPUTY = "bithu-ap-9", "pho-ap-9"
TYPED = (
    "Đến hết quý III, một trăm hai mươi hộ dân trong ấp phân loại rác tại nguồn; mỗi tổ tự quản có một đảng viên phụ "
    "trách, họp vào tối thứ sáu đầu tháng và ghi kết quả vào sổ; cuối năm không còn điểm rác tự phát nào ven đường."
)
THIRD = len(TYPED) // 3


def at_the_reasons(page) -> str:
    """Start a model and go to the screen with its situation and goal; returns its address."""
    page.goto("/registry/dossiers/start/")
    page.get_by_label("Mô hình, cách làm hay").check()
    page.locator("input[name=round]").first.check()
    press(page, "Bắt đầu soạn")
    page.wait_for_url("**/edit/general/")
    page.goto(page.url.replace("general", "reasons"))
    return page.url


def told(page, words: str) -> None:
    expect(page.locator("[data-autosave-line]")).to_contain_text(words)


def forget_the_cut(window) -> None:
    """A request without a network is an error to the console, and what the test wanted."""
    window.complaints[:] = [one for one in window.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_cut_network_and_a_killed_page_lose_nothing_typed(visit):
    window = visit(SECRETARY, width=360)
    page = window.page
    address = at_the_reasons(page)
    page.focus("#id_goal")
    page.keyboard.type(TYPED[:THIRD], delay=2)
    told(page, "Đã tự lưu lúc")
    window.context.set_offline(True)
    page.keyboard.type(TYPED[THIRD : 2 * THIRD], delay=2)
    told(page, "Chưa lưu được, nội dung vẫn còn trên máy này")
    window.keep("autosave-offline")
    window.context.set_offline(False)
    told(page, "Đã tự lưu lúc")
    window.keep("autosave-saved")
    window.context.set_offline(True)
    page.keyboard.type(TYPED[2 * THIRD :], delay=2)
    page.close()
    window.context.set_offline(False)
    page = window.context.new_page()
    page.goto(address)
    saved = page.input_value("#id_goal")
    assert saved in (TYPED[: 2 * THIRD], TYPED)
    # What a page sends in closing may still go out when the network is back; then this machine keeps nothing more.
    if saved != TYPED:
        page.click("[data-kept-restore]")
    found = page.input_value("#id_goal")
    assert TYPED.startswith(found)
    assert len(found) >= 0.99 * len(TYPED)
    if saved != TYPED:
        told(page, "Đã tự lưu lúc")
    page.reload()
    assert page.input_value("#id_goal") == found
    assert not page.is_visible("[data-kept-restore]")
    forget_the_cut(window)


def test_an_ended_sign_in_loses_nothing_typed(visit, portal):
    window = visit(SECRETARY)
    page = window.page
    address = at_the_reasons(page)
    window.context.clear_cookies()
    page.focus("#id_goal")
    page.keyboard.type(TYPED)
    told(page, "đã hết phiên đăng nhập")
    window.keep("autosave-signed-out")
    with window.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại").click()
    other = opened.value
    other.fill("input[name=login]", SECRETARY)
    other.fill("input[name=password]", portal.password)
    other.click("main form button[type=submit]")
    other.wait_for_url(lambda url: "/account/login/" not in url)
    told(page, "Đã tự lưu lúc")
    other.goto(address)
    assert other.input_value("#id_goal") == TYPED
    assert press(page, "Lưu và đi tiếp").status == 302


def test_a_draft_changed_elsewhere_stops_and_shows_both_versions(visit):
    window = visit(SECRETARY, width=360)
    page = window.page
    address = at_the_reasons(page)
    other = visit(DEPUTY)
    other.go(address)
    other.page.fill("#id_goal", "Bản của phó bí thư")
    told(other.page, "Đã tự lưu lúc")
    page.fill("#id_goal", "Bản của bí thư")
    told(page, "Phó bí thư ấp 9 đã thay đổi hồ sơ này lúc")
    window.look("autosave-stopped")
    assert press(page, "Xem cả hai bản").status == 409
    shown = page.locator(".conflict")
    expect(shown).to_contain_text("Bản của bí thư")
    expect(shown).to_contain_text("Bản của phó bí thư")
    assert page.input_value("#id_goal") == "Bản của bí thư"
    assert press(page, "Lưu và đi tiếp").status == 302
    page.wait_for_url(re.compile("/edit/contents/$"))


def test_a_row_that_was_added_comes_back_with_what_was_typed_in_it(visit):
    window = visit(SECRETARY)
    page = window.page
    address = at_the_reasons(page).replace("reasons", "works")
    page.goto(address)
    press(page, "Thêm một mục")
    expect(page.get_by_role("group", name="Mục 2")).to_be_visible()
    window.context.set_offline(True)
    for n in (0, 1):
        page.fill(f"[name=rows-{n}-title]", f"Việc thứ {n + 1}")
    page.close()
    window.context.set_offline(False)
    page = window.context.new_page()
    page.goto(address)
    page.click("[data-kept-restore]")
    for n in (0, 1):
        expect(page.locator(f"[name=rows-{n}-title]")).to_have_value(f"Việc thứ {n + 1}")
    told(page, "Đã tự lưu lúc")
    page.reload()
    for n in (0, 1):
        expect(page.locator(f"[name=rows-{n}-title]")).to_have_value(f"Việc thứ {n + 1}")
    forget_the_cut(window)
