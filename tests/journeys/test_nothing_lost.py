"""Whatever happens while typing, what was typed is there after: the figures are told, and at least 99 % is asked."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.test_autosave import DEPUTY, SECRETARY, TYPED, at_the_reasons, forget_the_cut, told
from tests.models_registry.test_uploads import PDF
from tests.servers.chromium import chromium

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("cell")]
LEAST = 0.99
TEXT = " ".join([TYPED] * 4)
QUARTERS = [TEXT[n * len(TEXT) // 4 : (n + 1) * len(TEXT) // 4] for n in range(4)]


def processes_of(words: str) -> list[int]:
    """Return the ids of the processes whose command says these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words in command and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def kill(words: str) -> None:
    for process in processes_of(words):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def sign_in(page, portal) -> None:
    if "/account/login/" in page.url:
        page.fill("input[name=login]", SECRETARY)
        page.fill("input[name=password]", portal.password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/account/login/" not in url)


def test_a_killed_server_a_cut_network_and_a_killed_browser_lose_nothing(browser, portal, tmp_path, measured):
    profile = tmp_path / "profile"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    how = {"executable_path": chromium(), "args": sandbox, "base_url": portal.url, "locale": "vi-VN"}
    context = browser.browser_type.launch_persistent_context(str(profile), **how)
    page = context.pages[0]
    page.goto("/account/login/")
    sign_in(page, portal)
    address = at_the_reasons(page)
    files = address.replace("reasons", "files")
    page.goto(files)
    page.set_input_files("input[type=file]", {"name": "minh chung.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(page.get_by_role("link", name="minh chung.pdf")).to_be_visible(timeout=20_000)
    page.goto(address)
    page.focus("#id_goal")
    page.keyboard.type(QUARTERS[0], delay=2)
    kill(f"--bind {portal.url.removeprefix('http://')}")
    page.keyboard.type(QUARTERS[1], delay=2)
    expect(page.locator("[data-autosave-line]")).to_contain_text("Đã tự lưu lúc", timeout=90_000)
    context.set_offline(True)
    page.keyboard.type(QUARTERS[2], delay=2)
    context.set_offline(False)
    # A browser takes a moment to keep what it is given: as fast as the quickest typist, and no faster.
    page.keyboard.type(QUARTERS[3], delay=50)
    kill(str(profile))
    context = browser.browser_type.launch_persistent_context(str(profile), **how)
    try:
        page = context.pages[0]
        page.goto(address)
        sign_in(page, portal)
        page.wait_for_url("**/edit/reasons/")
        page.click("[data-kept-restore]")
        found = page.input_value("#id_goal")
        measured(f"after a killed server, a cut network and a killed browser: {len(found)} of {len(TEXT)} characters")
        assert TEXT.startswith(found)
        assert len(found) >= LEAST * len(TEXT)
        page.goto(files)
        expect(page.get_by_role("link", name="minh chung.pdf")).to_be_visible()
    finally:
        context.close()


def test_what_was_typed_is_merged_with_what_somebody_else_saved_meanwhile(visit):
    window = visit(SECRETARY, width=360)
    page = window.page
    address = at_the_reasons(page)
    other = visit(DEPUTY)
    other.go(address)
    expect(other.page.locator("[data-presence]")).to_contain_text("Bí thư ấp 9 đang mở bản nháp này")
    # What a closing page sends goes past a cut the browser only plays; past a lost sign-in it does not.
    signed_in = window.context.cookies()
    window.context.clear_cookies()
    page.fill("#id_situation", "Rác để lẫn, điểm tập kết có mùi")
    page.fill("#id_goal", "Bản của bí thư")
    page.wait_for_timeout(600)
    page.close()
    other.page.fill("#id_goal", "Bản của phó bí thư")
    told(other.page, "Đã tự lưu lúc")
    window.context.add_cookies(signed_in)
    window.page = page = window.context.new_page()
    page.goto(address)
    page.click("[data-kept-later]")
    page.reload()
    page.click("[data-kept-restore]")
    assert page.input_value("#id_situation") == "Rác để lẫn, điểm tập kết có mùi"
    assert page.input_value("#id_goal") == "Bản của phó bí thư"
    window.look("kept-two-versions")
    page.click("[data-kept-take]")
    assert page.input_value("#id_goal") == "Bản của bí thư"
    told(page, "Đã tự lưu lúc")
    forget_the_cut(window)


def test_nobody_at_the_page_is_warned_signed_out_and_back_with_what_was_typed(visit, portal):
    window = visit(SECRETARY, width=360)
    page = window.page
    page.clock.install()
    page.goto("/progress/year/")
    page.goto(page.url + "4/")
    field = page.locator("textarea").first
    field.fill("Đã trồng 40 cây; viết dở")
    expect(page.locator(".kept-line").first).to_contain_text("Đã giữ tạm lúc")
    page.clock.fast_forward("01:00:05")
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("giây là đăng xuất")
    window.look("idle-warning")
    page.get_by_role("button", name="Tiếp tục làm việc").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:00:05")
    expect(dialog).to_be_visible()
    page.evaluate("localStorage.setItem('active:' + document.body.dataset.person, Date.now())")
    page.clock.fast_forward("00:02")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:01:05")
    page.wait_for_url("**/account/login/**")
    window.keep("idle-ended")
    expect(page.locator("main")).to_contain_text("cổng tự đăng xuất")
    sign_in(page, portal)
    page.wait_for_url("**/4/")
    page.locator("[data-kept-restore]").first.click()
    assert page.locator("textarea").first.input_value() == "Đã trồng 40 cây; viết dở"
