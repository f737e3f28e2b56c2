"""A committee checks an ongoing work of the quarter; the leader finds it behind R8."""

import pytest

pytestmark = pytest.mark.journey
LIST = "/progress/checks/"


@pytest.mark.parametrize("width", (360, 1280))
def test_a_committee_checks_an_ongoing_work(visit, width):
    window = visit("committee", width=width)
    page = window.go(LIST)
    window.look("checks")
    waiting = page.locator("tbody a").count()
    page.locator("tbody a").first.click()
    title = page.locator("dl.facts a").first.inner_text()
    page.click("text=Chưa đạt")
    page.click("button:has-text('Ghi kết quả')")
    window.look("check-with-errors")
    page.fill("textarea[name=remark]", "Hai tháng liền chưa thấy làm.")
    page.click("button:has-text('Ghi kết quả')")
    page.wait_for_url(f"**{LIST}?*")
    assert page.locator("tbody a").count() == waiting - 1
    window.go(f"{LIST}?verdict=failed")
    page.click(f"text={title}")
    page.locator("dl.facts a").first.click()
    assert "Hai tháng liền chưa thấy làm." in page.inner_text("main")
    window.look("ongoing-work")


@pytest.mark.parametrize("width", (360, 1280))
def test_a_leader_opens_the_works_behind_the_checks(visit, width):
    window = visit("leader", width=width)
    page = window.go("/dashboards/?rate=r8")
    window.look("unit-r8")
    page.locator(".stat", has_text="R8").locator("a").last.click()
    window.look("behind-r8")
    assert "kiểm tra" in page.inner_text("tbody")
    window.go(page.url.split("/items/")[0].removeprefix(window.url) + "/shared/")
    window.look("shared")
