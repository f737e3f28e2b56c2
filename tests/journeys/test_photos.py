"""A photo on its way over a weak network: made small, sent again after a broken connection, there once."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.filling import press
from tests.pictures import GPS, photo

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("cell")]


def at_the_files(page) -> None:
    page.goto("/registry/dossiers/start/")
    page.get_by_label("Mô hình, cách làm hay").check()
    page.locator("input[name=round]").first.check()
    press(page, "Bắt đầu soạn")
    page.wait_for_url("**/edit/general/")
    page.goto(page.url.replace("general", "files"))


def picture(name: str) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(2400, 1800, quality=98)}


def test_photos_survive_a_lost_answer_and_arrive_small_upright_and_once(visit):
    window = visit("bithu-ap-9", width=360)
    page = window.page
    at_the_files(page)
    tries, sizes = [], []

    def lose_two(route):
        if route.request.method != "POST":
            return route.fallback()
        tries.append(route.request)
        sizes.append(len(route.request.post_data_buffer))
        if len(tries) > 2:
            return route.fallback()
        if len(tries) == 1:
            route.fetch()  # the portal has it, the telephone does not know
        return route.abort("connectionreset")

    page.route("**/edit/files/", lose_two)
    page.set_input_files("input[type=file]", [picture("họp-tổ.jpg"), picture("đường-hoa.jpg")])
    expect(page.locator("[data-uploads]")).to_contain_text("Mất kết nối. Tự tải lại sau 2 giây.")
    page.get_by_role("button", name="Tải lại ngay").click()
    expect(page.locator("[data-uploads]")).to_contain_text("Mất kết nối. Tự tải lại sau 4 giây.")
    # However long this takes: the third try comes by itself.
    window.look("photos-broken")
    expect(page.locator("[data-uploads-told]")).to_have_text("Đã tải lên 2 tệp.")
    expect(page.locator(".file-picture")).to_have_count(1)  # the two are the same photo under two names
    assert len(tries) == 4
    assert max(sizes) < 200_000, "made small before it was sent"
    address = page.locator("#kept-files a").get_attribute("href")
    kept = Image.open(io.BytesIO(page.request.get(address).body()))
    assert (kept.size, GPS in kept.getexif()) == ((1200, 1600), False)
    page.reload()
    expect(page.locator(".file-picture")).to_have_count(1)
    assert page.evaluate("document.querySelector('.file-picture').naturalWidth") == 180
    window.look("photos-kept")
    window.complaints[:] = [one for one in window.complaints if "ERR_CONNECTION_RESET" not in one]


def test_without_script_a_photo_goes_by_the_form_and_what_is_no_photo_is_told(visit):
    window = visit("bithu-ap-9", width=360, script=False)
    page = window.page
    at_the_files(page)
    page.set_input_files("input[type=file]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<svg/>"}])
    assert press(page, "Tải tệp lên").status == 422
    expect(page.locator(".error-summary")).to_contain_text("không đúng với phần mở rộng")
    page.set_input_files("input[type=file]", [picture("họp.jpg")])
    assert press(page, "Tải tệp lên").status == 302
    expect(page.locator(".file-picture")).to_have_count(1)
