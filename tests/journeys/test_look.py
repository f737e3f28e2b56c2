"""What the small scripts add to pages that work without them, on the page that shows every component."""

import pytest

from tests.servers.processes import until

pytestmark = pytest.mark.journey
GALLERY = "/components/"


def kept(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))")


@pytest.mark.parametrize("width", (360, 1280))
@pytest.mark.parametrize("theme", ("light", "dark"))
def test_every_component_is_accessible_in_every_light(visit, width, theme):
    window = visit("administrator", width=width)
    window.context.add_cookies([{"name": "theme", "value": theme, "url": window.url}])
    window.go(GALLERY)
    window.look(f"components-{theme}")


def test_what_the_policy_refuses_is_heard_by_its_window_and_told_in_the_log(visit, portal):
    window = visit("administrator")
    image = "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x.png'}))"
    window.go(GALLERY).evaluate(image)
    log = portal.folder / "log" / "web.log"
    until(lambda: "CSP report: img-src of elsewhere.example refused on components" in log.read_text())
    window.until(lambda: any("CSP: img-src refuses https://elsewhere.example" in one for one in window.complaints))
    # All a page has to say is heard before the next is there.
    window.go(GALLERY)
    window.complaints.clear()


def test_choosing_a_theme_keeps_the_page_and_what_was_typed(visit):
    page = (window := visit("administrator")).go(GALLERY)
    page.fill("#id_title", "Chưa lưu")
    page.click(".menu-account > summary")
    page.click("button[name=theme][value=dark]")
    assert page.input_value("#id_title") == "Chưa lưu"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert {"theme": "dark"}.items() <= {c["name"]: c["value"] for c in window.context.cookies()}.items()


def test_escape_closes_a_menu_and_gives_focus_back(visit):
    page = visit("administrator").go(GALLERY)
    page.focus(".menu-account > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.menu-account > summary')")
    assert not page.evaluate("document.querySelector('.menu-account').open")


def test_the_summary_takes_focus_and_leads_to_the_field(visit):
    page = visit("administrator").go(GALLERY)
    assert page.evaluate("document.activeElement.matches('[data-focus-errors]')")
    page.click(".error-summary a[href='#id_due_on']")
    assert page.evaluate("document.activeElement.id") == "id_due_on"


def test_a_counter_counts_characters_and_not_bytes(visit):
    page = visit("administrator").go(GALLERY)
    page.fill("#id_content", "Ệ\N{GRINNING FACE}")
    assert page.inner_text("#id_content_counter") == "Còn 498 ký tự"


def test_a_question_can_be_left_without_an_answer(visit):
    page = visit("administrator").go(GALLERY)
    page.click(".form-actions .confirm > summary")
    page.click("[data-confirm-cancel]")
    assert not page.is_visible(".confirm-panel")


def test_what_was_typed_is_offered_back_after_the_page_was_lost(visit):
    page = (window := visit("administrator")).go(GALLERY)
    page.fill("#id_title", "Nội dung chưa kịp lưu")
    window.until(lambda: kept(page))
    page.reload()
    page.click("[data-kept-restore]")
    assert page.input_value("#id_title") == "Nội dung chưa kịp lưu"


def test_signing_out_leaves_nothing_typed_on_the_machine(visit):
    page = (window := visit("administrator")).go(GALLERY)
    page.fill("#id_title", "Nội dung chưa kịp lưu")
    window.until(lambda: kept(page))
    page.click(".menu-account > summary")
    page.click(".menu-item-leave")
    page.wait_for_url("**/account/login/**")
    assert kept(page) == []


def test_the_navigation_of_a_phone_opens_by_keyboard_without_script(visit):
    page = visit("administrator", width=360).go(GALLERY)
    page.focus("#mainnav-open")
    page.keyboard.press("Space")
    assert page.is_visible(".mainnav-list")
