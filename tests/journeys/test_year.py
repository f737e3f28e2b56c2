"""One district lives one year through its web forms: registered, appraised, done, confirmed, sealed and read.

The tests of this module follow one another: each takes up what the one before left.
"""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.filling import LAST_DAY, TODAY, day, go_on, press, refused, work, write
from tests.journeys.papers import picture

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("cell")]
MODEL = "Tuyến đường hoa do chi bộ ấp 9 tự quản"
SECRETARY, SUPERIOR = "bithu-ap-9", "committee"
told = {}


def test_the_secretary_registers_a_practice_model_with_everything(visit):
    window = visit(SECRETARY, width=360)
    window.look("year-home-secretary")
    page = window.go("/registry/dossiers/start/")
    page.get_by_label("Mô hình, cách làm hay").check()
    page.get_by_label("Đợt đăng ký bổ sung").check()
    window.look("year-start")
    page.get_by_role("button", name="Bắt đầu soạn").click()
    page.wait_for_url("**/edit/general/")
    write(
        page,
        {
            "Tên": MODEL,
            "Nơi thực hiện": "Ấp 9",
            "Đối tượng thực hiện": "Đảng viên và các hộ dọc tuyến đường",
            "Đối tượng thụ hưởng": "Người dân trong ấp",
            "Từ khóa": "môi trường, tự quản",
        },
    )
    press(page, "Thêm đơn vị phối hợp")
    row = page.get_by_role("group", name="Mục 1")
    row.get_by_label("Đơn vị phối hợp").fill("Chi bộ không có")
    refused(window, "Lưu và đi tiếp", "year-model-error")
    page.get_by_label("Đơn vị phối hợp").fill("chi bo ap 2 xa mau a (gia lap)")
    go_on(page)
    window.look("year-reasons")
    write(
        page,
        {"Thực trạng và lý do": "Hai bên đường nhiều rác, 40 hộ chưa có thùng rác.", "Mục tiêu": "1.200 m đường hoa."},
    )
    go_on(page)
    write(page, {"Học tập Bác": "Học sự nêu gương.", "Làm theo Bác": "Mỗi tuần một giờ dọn đường.", "Nêu gương": ""})
    go_on(page)
    window.look("year-targets")
    write(page, {"Chỉ tiêu khác của đơn vị": "90% hộ có thùng rác"})
    go_on(page)
    window.look("year-shortcomings")
    row = page.get_by_role("group", name="Mục 1")
    write(row, {"Hoặc nêu tồn tại, hạn chế của đơn vị": "Vận động chưa thường xuyên"})
    row.get_by_label("Tình trạng khắc phục").select_option(index=1)
    go_on(page)
    row = page.get_by_role("group", name="Mục 1")
    write(
        row,
        {
            "Họ và tên": "Đảng viên mẫu",
            "Chức danh, vai trò": "Tổ trưởng",
            "Việc làm, hiệu quả thực tế": "Trồng 300 m hoa.",
        },
    )
    refused(window, "Lưu và đi tiếp", "year-exemplar-error")
    row.get_by_label("Người được nêu đã đồng ý").check()
    go_on(page)
    window.look("year-solutions")
    write(page, {"Giải pháp": "Chia tuyến cho từng tổ.", "Nguồn lực": "Dân đóng góp cây giống."})
    go_on(page)
    row = page.get_by_role("group", name="Mục 1")
    work(row, "Trồng hoa hai bên đường ấp 9", "1.200,5 m đường hoa")
    write(row, {"Rõ người": "Tổ tự quản", "Rõ tiến độ: hoàn thành": "31/02/2026"})
    refused(window, "Lưu và đi tiếp", "year-work-error")
    write(row, {"Rõ tiến độ: hoàn thành": day(LAST_DAY)})
    go_on(page)
    row = page.get_by_role("group", name="Mục 1")
    write(row, {"Sản phẩm, kết quả": "Đường hoa", "Số lượng": "1.200,5"})
    row.get_by_label("Đơn vị tính").select_option(label="m")
    go_on(page)
    write(page, {"Cách duy trì": "Mỗi tuần một buổi.", "Cách nhân rộng": "Giới thiệu tại sinh hoạt cụm."})
    go_on(page)
    window.look("year-files")
    page.get_by_label("Chọn tệp").set_input_files(picture() | {"name": "gia.pdf", "buffer": b"MZ khong phai PDF"})
    expect(page.locator(".file-refused")).to_contain_text("không đúng với phần mở rộng")
    window.look("year-file-error")
    page.get_by_label("Chọn tệp").set_input_files(picture())
    expect(page.locator(".file-picture")).to_have_count(1)
    page.get_by_role("link", name="Đi tiếp").click()
    page.wait_for_url("**/check/")
    window.look("year-check-lacking")
    page.locator(".error-summary").get_by_role("link", name="Ba nội dung").click()
    page.locator("#section-contents").get_by_role("link", name="Sửa").click()
    write(page, {"Nêu gương": "Bí thư nhận đoạn khó nhất."})
    go_on(page)
    page.goto(page.url.split("/edit/")[0] + "/check/")
    window.look("year-check")
    assert press(page, "Gửi thẩm định").status == 302
    page.wait_for_selector("text=Đã gửi hồ sơ (bản 1) tới")
    window.look("year-sent")
    told["dossier"] = page.url


def judge(page) -> None:
    """Find every criterion met, and every fault absent."""
    for mark in page.locator("fieldset.criterion input[name^=mark_][value=met]").all():
        mark.check()


def test_the_appraiser_finds_the_model_and_returns_it_with_remarks(visit):
    window = visit("appraiser")
    page = window.go("/reviews/")
    page.get_by_label("Tìm").fill("TUYEN DUONG HOA do chi bo ap 9")
    page.get_by_role("button", name="Tìm").click()
    window.look("year-queue")
    page.get_by_role("link", name=MODEL).click()
    press(page, "Nhận thẩm định hồ sơ này")
    page.wait_for_selector("text=Bạn đã nhận thẩm định hồ sơ này")
    judge(page)
    window.look("year-appraisal")
    press(page, "Lưu, rồi yêu cầu bổ sung")
    page.wait_for_url("**/return/?*")
    refused(window, "Gửi yêu cầu bổ sung", "year-return-refused")
    page.locator("fieldset[id$=criteria] input").first.check()
    page.get_by_label("Nhận xét: Mục tiêu", exact=True).evaluate("field => field.closest('details').open = true")
    page.get_by_label("Nhận xét: Mục tiêu", exact=True).fill("Nêu rõ số hộ tham gia.")
    write(page, {"Lý do yêu cầu bổ sung": "Mục tiêu chưa có con số để kiểm tra."})
    press(page, "Gửi yêu cầu bổ sung")
    page.wait_for_selector("text=Đã gửi yêu cầu bổ sung tới đơn vị")


def test_the_secretary_sees_the_remark_at_its_field_and_sends_again(visit):
    window = visit(SECRETARY, width=360)
    window.look("year-home-returned")
    page = window.go(told["dossier"])
    window.look("year-returned")
    page.get_by_role("link", name="Kiểm tra và gửi").click()
    page.locator("#section-reasons").get_by_role("link", name="Sửa").click()
    window.look("year-remark-at-field")
    assert "Nêu rõ số hộ tham gia." in page.locator("#div_id_goal").inner_text()
    write(page, {"Mục tiêu": "1.200 m đường hoa, 60 hộ tham gia."})
    go_on(page)
    page.goto(told["dossier"] + "answers/")
    write(page, {"Đơn vị đã làm gì, hoặc vì sao không sửa": "Đã nêu số hộ và số mét đường hoa."})
    window.look("year-answers")
    press(page, "Lưu, rồi kiểm tra để gửi")
    page.wait_for_url("**/check/")
    press(page, "Gửi thẩm định")
    page.wait_for_selector("text=Đã gửi hồ sơ (bản 2) tới")


def test_the_appraiser_sees_what_changed_and_the_head_approves(visit):
    window = visit("appraiser")
    page = window.go("/reviews/")
    page.get_by_label("Tìm").fill(MODEL)
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=MODEL).click()
    page.wait_for_selector("text=Thay đổi từ bản 1 bạn đã xem đến bản 2")
    if page.get_by_role("button", name="Nhận thẩm định hồ sơ này").count():
        press(page, "Nhận thẩm định hồ sơ này")
    window.look("year-changes")
    judge(page)
    page.locator("input[name=proposed][value=approve]").check()
    press(page, "Lưu và gửi đề xuất")
    page.wait_for_selector("text=Đã gửi đề xuất")
    page = (head := visit("head")).go(page.url)
    head.look("year-decision")
    page.locator("summary", has_text="Duyệt").first.click()
    press(page, "Duyệt")
    page.wait_for_selector("text=Hồ sơ đã được duyệt")


def test_the_unit_reports_with_evidence_and_the_superior_confirms(visit):
    window = visit(SECRETARY, width=360)
    page = window.go("/progress/items/")
    window.look("year-items")
    page.get_by_role("link", name="Trồng hoa hai bên đường ấp 9").click()
    window.look("year-item")
    item = page.url
    page.get_by_role("link", name="Báo cáo hoàn thành").click()
    write(page, {"Ngày hoàn thành": day(TODAY), "Kết quả": "Đã trồng xong.", "Số lượng đạt được": "1.200,5"})
    page.get_by_label("Đơn vị tính").select_option(label="m")
    refused(window, "Gửi báo cáo", "year-report-refused")
    on_its_way = []
    page.route("**/report/", lambda route: on_its_way.append(route), times=1)
    page.locator("input[type=file]").set_input_files(picture())
    window.until(lambda: on_its_way)
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("[data-uploads-told]")).to_contain_text("xong sẽ gửi tiếp")
    on_its_way[0].continue_()
    page.wait_for_selector("text=Đã báo cáo hoàn thành")
    window.look("year-reported")
    page = (superior := visit(SUPERIOR, width=360)).go("/progress/to-confirm/")
    superior.look("year-to-confirm")
    page.goto(item)
    page.get_by_role("link", name="Xem và xác nhận").click()
    superior.look("year-confirm")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("text=Hoàn thành")


def names_in(path) -> set:
    # A downloaded file has no suffix, which openpyxl wants to see.
    sheet = load_workbook(BytesIO(path.read_bytes())).active
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row}


SEAL = """
from django.utils import timezone
from completion import services
from completion.quarters import Quarter
from completion.roots import roots_on
today = timezone.localdate()
quarter = Quarter(today.year, (today.month + 2) // 3)
for root in roots_on(quarter.end_day):
    services.seal_quarter(root, quarter, at=services.period_of(root, quarter).closes_at)
"""


def test_the_leader_reads_the_sealed_quarter_down_to_its_items(visit, portal):
    portal.manage("shell", "--no-imports", "-c", SEAL)
    quarter = f"{TODAY.year}-Q{(TODAY.month + 2) // 3}"
    window = visit("leader")
    page = window.page
    page.get_by_role("link", name="Số liệu").first.click()
    page.get_by_label("Quý", exact=True).select_option(value=quarter)
    page.get_by_label("Loại việc", exact=True).select_option(label="Việc của tập thể")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_selector("text=Đã chốt")
    window.look("year-dashboard")
    small = visit("leader", width=360)
    small.go(page.url)
    small.look("year-dashboard")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Tải bảng Excel").click()
    assert "Đảng ủy xã mẫu A (giả lập)" in names_in(sheet.value.path())
    for unit in ("Đảng ủy xã mẫu A (giả lập)", "Chi bộ ấp 9"):
        page.locator(".chart").get_by_role("link", name=unit).first.click()
    window.look("year-dashboard-cell")
    page.locator(".stat").filter(has_text="R2").get_by_role("link").first.click()
    window.look("year-figure-passport")
    page.get_by_role("link", name="Hoàn thành (n)").first.click()
    window.look("year-figure-items")
    page.get_by_role("link", name="Trồng hoa hai bên đường ấp 9", exact=True).click()
    page.get_by_text("Hoàn thành", exact=True).first.wait_for()
