"""A secretary who never did it before registers in under five minutes (effort.py says how it is counted)."""

import pytest

from portal.samples.cells import COLLECTIVE, INDIVIDUAL
from tests.journeys.conftest import FOUND
from tests.journeys.effort import Effort
from tests.journeys.filling import LAST_DAY

pytestmark = pytest.mark.journey
FIVE_MINUTES = 300
LAST_YEAR = """
from models_registry.models import Dossier, RegistrationRound
from django.utils import timezone
day = timezone.localdate()
found = Dossier.objects.filter(kind="practice_model", state="approved", year__lt=day.year).first()
print(found.unit.posts.filter(role="secretary").first().person.username)
"""


def sign_in(effort, portal, who: str) -> None:
    page = effort.page
    page.goto("/account/login/")
    effort.type(page.locator("input[name=login]"), who)
    effort.type(page.locator("input[name=password]"), portal.password)
    effort.tap(page.locator("main form button[type=submit]"))
    page.get_by_role("heading", name="Việc cần làm").wait_for()
    effort.tap(page.locator("#main").get_by_role("link", name="Hồ sơ đăng ký", exact=True))
    effort.tap(page.get_by_role("link", name="Đăng ký mới").first)
    page.get_by_role("heading", name="Đăng ký mới").wait_for()


def write_work(effort, row, title: str, result: str, assignee: str = "") -> None:
    """What a new work does not know yet: who answers and the first day stand there, number and unit are said once."""
    effort.type(row.get_by_label("Rõ việc", exact=True), title)
    if assignee:
        effort.type(row.get_by_label("Rõ người", exact=True), assignee)
    effort.type(row.get_by_label("Rõ tiến độ: hoàn thành"), f"{LAST_DAY:%d%m%Y}")
    effort.type(row.get_by_label("Rõ kết quả", exact=True), result)


def go_on(effort, heading: str) -> None:
    effort.tap(effort.page.get_by_role("button", name="Lưu và đi tiếp"))
    effort.page.get_by_role("heading", name=heading, exact=True).wait_for()


def send(effort, measured) -> None:
    page = effort.page
    for section in page.locator("dl.facts").all():
        effort.read(section)
    effort.tap(page.get_by_role("button", name="Gửi thẩm định"))
    page.get_by_text("Đã gửi hồ sơ (bản 1) tới").wait_for()
    measured(f"to “Đã gửi” by {effort.told()}")
    assert effort.seconds() < FIVE_MINUTES, effort.told()


def test_a_sheet_is_sent_within_five_minutes(visit, portal, measured):
    portal.manage("shell", "--no-imports", "-c", FOUND.replace("ap-9", "ap-8").replace("AP-9", "AP-8"))
    page = visit(width=360).page
    effort = Effort(page)
    sign_in(effort, portal, "bithu-ap-8")
    effort.tap(page.get_by_label("Bản đăng ký: việc của tập thể"))
    if page.locator("input[name=round]:checked").count() == 0:
        effort.tap(page.locator("input[name=round]").first)
    effort.tap(page.get_by_role("button", name="Bắt đầu soạn"))
    go_on(effort, "Việc của tập thể")
    title, result, _number, _unit = COLLECTIVE[0]
    write_work(effort, page.get_by_role("group", name="Mục 1"), title, result, "Đảng viên được phân công")
    effort.tap(page.get_by_text("Xem các bước"))
    effort.tap(page.get_by_role("button", name="Việc của cá nhân"))
    effort.tap(page.get_by_role("link", name="Thêm cá nhân"))
    effort.type(page.get_by_label("Họ và tên"), "Đảng viên mẫu")
    effort.type(page.get_by_label("Chức danh"), "Bí thư")
    title, result, _number, _unit = INDIVIDUAL[0]
    write_work(effort, page.get_by_role("group", name="Mục 1"), title, result)
    effort.tap(page.get_by_text("Xem các bước"))
    effort.tap(page.get_by_role("button", name="Kiểm tra và gửi"))
    page.get_by_role("heading", name="Kiểm tra và gửi").wait_for()
    send(effort, measured)


def test_a_model_of_last_year_is_sent_again_within_five_minutes(visit, portal, measured):
    who = portal.manage("shell", "--no-imports", "-c", LAST_YEAR).splitlines()[-1]
    page = visit(width=360).page
    effort = Effort(page)
    sign_in(effort, portal, who)
    effort.tap(page.locator("#earlier a").first)
    if page.locator("input[name=round]:checked").count() == 0:
        effort.tap(page.locator("input[name=round]").first)
    effort.tap(page.get_by_role("button", name="Sao chép"))
    page.get_by_role("heading", name="Kiểm tra và gửi").wait_for()
    effort.tap(page.locator("#section-exemplars").get_by_role("link", name="Sửa"))
    effort.tap(page.get_by_label("Người được nêu đã đồng ý").first)
    go_on(effort, "Giải pháp và nguồn lực")
    effort.tap(page.get_by_text("Xem các bước"))
    effort.tap(page.get_by_role("button", name="Lộ trình, phần việc"))
    row = page.get_by_role("group", name="Mục 1")
    effort.type(row.get_by_label("Rõ tiến độ: hoàn thành"), f"{LAST_DAY:%d%m%Y}")
    effort.tap(page.get_by_text("Xem các bước"))
    effort.tap(page.get_by_role("button", name="Kiểm tra và gửi"))
    page.get_by_role("heading", name="Kiểm tra và gửi").wait_for()
    send(effort, measured)
