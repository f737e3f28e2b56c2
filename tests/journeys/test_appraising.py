"""A board's day: the queue, a return with its remarks, a proposal and the head's word."""

import pytest

pytestmark = pytest.mark.journey
TITLE = "Tổ tự quản số"
# What other journeys of this portal have sent waits beside these, in rounds of other rules.
QUEUE = f"/reviews/?q={TITLE}"
SEND = f"""
from types import SimpleNamespace
from django.utils import timezone
from models_registry.models import RegistrationRound
from portal.sample_accounts import one_per_role
from tests.reviews import factories
posts = {{post.role: post for post in one_per_role(timezone.now())}}
board, secretary = posts["appraiser"].unit, posts["secretary"]
district = SimpleNamespace(board=board, cell=secretary.unit, secretary=secretary.person)
opened = RegistrationRound.objects.filter(body=board, appraisers=1).first()
for number in range(6):
    factories.sent(district, opened, f"{TITLE} {{number}}", at=timezone.now())
"""


@pytest.fixture(scope="module", autouse=True)
def waiting(portal):
    """Six dossiers wait at the board of the sample appraiser and head."""
    portal.manage("shell", "--no-imports", "-c", SEND)


def first_waiting(window) -> str:
    """Open the dossier that waits longest, take it, and return its address."""
    page = window.go(QUEUE)
    window.look("queue")
    page.click(".data-table tbody a")
    page.click("text=Nhận thẩm định hồ sơ này")
    page.wait_for_selector("text=Bạn đã nhận thẩm định hồ sơ này")
    return page.url


def judge(page, mark: str) -> None:
    for group in page.locator("fieldset.criterion:has(input[name^=mark_])").all():
        group.locator(f"input[value={mark}]").check()


def fetched_before_asked(page) -> list[str]:
    """Return the addresses this page has had fetched before anybody goes there; it grows as they become ready."""
    found = []

    def heard(told: dict) -> None:
        if told["status"] == "Ready":
            found.append(told["prefetchUrl"])

    session = page.context.new_cdp_session(page)
    session.on("Preload.prefetchStatusUpdated", heard)
    session.send("Preload.enable")
    return found


@pytest.mark.parametrize("width", [360, 1280])
def test_an_appraiser_returns_a_dossier_with_remarks_at_its_fields(visit, width):
    window = visit("appraiser", width=width)
    first_waiting(window)
    page = window.page
    window.look("appraisal")
    judge(page, "not_met")
    page.click("text=Lưu, rồi yêu cầu bổ sung")
    page.wait_for_url("**/return/?*")
    page.fill("[name=reason]", "Ngắn")
    page.click("text=Gửi yêu cầu bổ sung")
    page.wait_for_selector(".error-summary")
    window.look("return-refused")
    page.locator(".place-remark summary").first.click()
    page.locator(".place-remark textarea").first.fill("Nêu rõ số hộ tham gia.")
    page.fill("[name=reason]", "Nội dung chưa có số liệu để kiểm tra.")
    page.click("text=Gửi yêu cầu bổ sung")
    page.wait_for_selector("text=Đã gửi yêu cầu bổ sung tới đơn vị")


@pytest.mark.parametrize("width", [360, 1280])
def test_an_appraiser_proposes_and_the_head_approves(visit, width):
    window = visit("appraiser", width=width)
    address = first_waiting(window)
    judge(window.page, "met")
    window.page.check("input[name=proposed][value=approve]")
    window.page.click("text=Lưu và gửi đề xuất")
    window.page.wait_for_selector("text=Đã gửi đề xuất.")
    head = visit("head", width=width)
    page = head.go(f"{QUEUE}&state=under_appraisal&proposed=1")
    head.look("queue-proposed")
    page.goto(address)
    head.look("decision")
    page.locator("details.confirm summary", has_text="Duyệt").first.click()
    page.locator("details.confirm button.btn-primary").first.click()
    page.wait_for_selector("text=Hồ sơ đã được duyệt")
    page.goto(address.split("?")[0] + "history/")
    head.look("history")


def test_a_second_appraiser_is_told_who_was_faster(visit):
    slow = visit("head")
    slow.go(QUEUE)
    slow.page.click(".data-table tbody a")
    fast = visit("appraiser")
    fast.go(slow.page.url).click("text=Nhận thẩm định hồ sơ này")
    slow.page.click("text=Nhận thẩm định hồ sơ này")
    slow.page.wait_for_selector("text=đã nhận thẩm định hồ sơ này lúc")
    slow.look("too-late")
    fast.page.locator("details.confirm summary", has_text="Trả lại hàng chờ").click()
    fast.page.locator("details.confirm button", has_text="Trả lại hàng chờ").first.click()
    fast.page.wait_for_selector("text=Hồ sơ đã trở lại hàng chờ")


def test_a_queue_is_gone_through_by_keyboard(visit):
    window = visit("head")
    page = window.go(QUEUE)
    with page.expect_navigation():
        page.click(".data-table tbody a")
    page.keyboard.press("?")
    page.wait_for_selector(".keys-help[open]")
    window.look("keys")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("t")
    taken = page.url
    fieldsets = page.locator("fieldset.criterion:has(input[type=radio][name^=mark_])")
    for _number in range(fieldsets.count()):
        page.keyboard.press("1")
    assert page.locator("input[name^=mark_]:checked").count() == fieldsets.count()
    after = page.get_attribute("a[rel=next]", "href")
    with page.expect_navigation():
        page.keyboard.press("s")
    page.wait_for_selector("text=Đã lưu đánh giá.")
    fetched = fetched_before_asked(page)
    window.until(lambda: any(address.endswith(after) for address in fetched))
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith(after)
    delivered = page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType")
    assert delivered == "navigational-prefetch"
    for key in "jk":
        with page.expect_navigation():
            page.keyboard.press(key)
    assert page.url.endswith(after)
    page.goto(taken)
    # Keys typed are no commands.
    page.locator(".place-remark summary").first.click()
    page.locator(".place-remark textarea").first.press_sequentially("t1js?")
    assert page.locator(".place-remark textarea").first.input_value() == "t1js?"
