"""A visitor's browser window, which remembers everything that a page should not do."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# A form shown again (422) or a refusal (403, 404, 409) is an answer, though the browser logs it as an error.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
# A browser tells of most violations on its console by itself; the page's own event tells of every one.
TELL_OF_VIOLATIONS = """addEventListener("securitypolicyviolation", (told) =>
    console.error(`CSP: ${told.violatedDirective} refuses ${told.blockedURI} of ${told.sourceFile}`))"""
# Milliseconds: the other lanes share the machine.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


class Visit:
    """One window of one visitor; `complaints` are its console errors, CSP violations, script errors and 5xx answers."""

    def __init__(self, browser: Browser, url: str, width: int, *, script: bool = True):
        self.url = url
        self.width = width
        height = 800 if width < 600 else 900
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=script,
        )
        self.context.add_init_script(TELL_OF_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._answered)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def sign_in(self, username: str, password: str) -> Page:
        page = self.go("/account/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    def look(self, name: str = "") -> None:
        """Assert that the page is accessible and fits its window; keep a picture where SHOTS names a folder."""
        self.keep(name)
        self.page.wait_for_load_state()
        found = Axe().run(self.page, options=AXE).response["violations"]
        told = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
        assert told == [], f"{self.page.url}: " + "\n".join(told)
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{self.page.url} is {overflow} px wider than {self.width}"

    def keep(self, name: str) -> None:
        """Keep a picture of the page where SHOTS names a folder."""
        if name and (folder := os.environ.get("SHOTS")):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}-{self.width}.png", full_page=True)

    def follow(self, link: str) -> Page:
        """Click a link by its words and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link).click()
        return self.page

    def shown(self) -> str:
        """Return where the window is and the words before the visitor's eyes."""
        if self.page.is_closed():
            return "closed"
        return f"{self.page.url}\n{self.page.inner_text('body')[:3000]}"

    def until(self, true: Callable[[], object]) -> None:
        """Wait for what is told outside the page, asked from here: the policy lets no page evaluate a condition."""
        for _ in range(PATIENCE // 100):
            if true():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("waited in vain")

    def close(self) -> None:
        self.context.close()
        assert self.complaints == [], self.complaints

    def _heard(self, message) -> None:
        if message.type == "error" and not ANSWERED.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")
