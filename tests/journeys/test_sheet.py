"""A cell's registration sheet by the two hardest ways: without script, and by keyboard alone."""

import pytest

from tests.journeys.filling import LAST_DAY, TODAY, by_keys, go_on, named, press, saying, work, write

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("cell")]
SECRETARY, DEPUTY = "bithu-ap-9", "pho-ap-9"


def start_sheet(page) -> None:
    page.goto("/registry/dossiers/start/")
    page.get_by_label("Bản đăng ký: việc của tập thể").check()
    page.locator("input[name=round]").first.check()
    press(page, "Bắt đầu soạn")
    page.wait_for_url("**/edit/general/")
    go_on(page)


def test_the_secretary_registers_a_sheet_without_script(visit):
    window = visit(SECRETARY, width=360, script=False)
    page = window.page
    start_sheet(page)
    row = page.get_by_role("group", name="Mục 1")
    work(row, "Đọc và bàn một câu chuyện về Bác", "Mười hai buổi")
    write(row, {"Rõ người": "Chi ủy", "Số lượng": "12"})
    press(page, "Thêm một mục")
    work(page.get_by_role("group", name="Mục 2"), "Giúp hộ khó khăn", "Mười hai hộ")
    assert press(page, "Lưu và đi tiếp").status == 302
    window.keep("year-issues")
    row = page.get_by_role("group", name="Mục 1")
    work(row, "Đèn đường đầu ấp hỏng", "Sáu bóng đèn sáng")
    write(row, {"Rõ người": "Chi ủy"})
    go_on(page)
    page.get_by_role("link", name="Thêm cá nhân").click()
    assert press(page, "Lưu và đi tiếp").status == 422
    window.keep("year-individual-error")
    write(page, {"Họ và tên": "Đảng viên mẫu", "Chức danh": "Đảng viên"})
    work(page.get_by_role("group", name="Mục 1"), "Kể một câu chuyện về Bác mỗi tháng", "Mười câu chuyện")
    assert press(page, "Lưu và đi tiếp").status == 302
    page.get_by_role("link", name="Đi tiếp").click()
    page.get_by_role("link", name="Đi tiếp").click()
    window.keep("year-sheet-lacking")
    page.locator("#section-collective").get_by_role("link", name="Sửa").click()
    page.get_by_role("group", name="Mục 2").get_by_label("Rõ người").fill("Đoàn viên")
    assert press(page, "Lưu và đi tiếp").status == 302
    page.get_by_text("Xem các bước").click()
    page.get_by_role("button", name="Kiểm tra và gửi").click()
    window.keep("year-sheet-check")
    assert press(page, "Gửi thẩm định").status == 302
    page.wait_for_selector("text=Đã gửi hồ sơ (bản 1) tới")


def test_a_deputy_registers_a_further_sheet_by_keyboard_alone(visit, portal):
    page = visit(width=360).go("/account/login/")
    by_keys(page, named("login"))
    page.keyboard.type(DEPUTY)
    by_keys(page, named("password"))
    page.keyboard.type(portal.password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Việc cần làm").wait_for()
    by_keys(page, saying("Hồ sơ đăng ký"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hồ sơ đăng ký").wait_for()
    by_keys(page, saying("Đăng ký mới"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Đăng ký mới").wait_for()
    for name in ("kind", "round"):
        by_keys(page, named(name))
        page.keyboard.press("Space")
    by_keys(page, saying("Bắt đầu soạn"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thông tin chung").wait_for()
    for heading in ("Việc của tập thể", "Vấn đề bức xúc, nổi cộm"):
        by_keys(page, saying("Lưu và đi tiếp"))
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=heading).wait_for()
    page.evaluate("document.activeElement.blur()")
    texts = {"title": "Rác ở bãi đất trống", "assignee": "Chi ủy", "accountable": "Bí thư"}
    days = {"starts_on": f"{TODAY:%d%m%Y}", "due_on": f"{LAST_DAY:%d%m%Y}"}
    for name, text in (texts | days | {"expected_result": "Bãi đất sạch"}).items():
        by_keys(page, named(f"rows-0-{name}"))
        page.keyboard.type(text)
    by_keys(page, saying("Lưu và đi tiếp"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Việc của cá nhân").wait_for()
    by_keys(page, "document.activeElement.id === 'steps-open'")
    page.keyboard.press("Space")
    by_keys(page, saying("Kiểm tra và gửi"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Kiểm tra và gửi").wait_for()
    by_keys(page, saying("Gửi thẩm định"))
    page.keyboard.press("Enter")
    page.get_by_text("Đã gửi hồ sơ (bản 1) tới").wait_for()
