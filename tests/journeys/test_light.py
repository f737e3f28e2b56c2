"""Every page of a secretary is light on a phone's network: weighed in a browser, and used at 400 kbit/s."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.filling import press

pytestmark = pytest.mark.journey
FIRST, LATER = 100_000, 30_000  # bytes over the wire
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
PATIENCE = {"opened": 15, "saved": 12}  # seconds
# Makes what each page shows, in a world of its own, and signs its secretary in.
MADE = """
import json
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests import access, secretary_pages
world, found = access.build_world(), []
for name, place in secretary_pages.pages():
    try:
        with transaction.atomic():
            path = secretary_pages.address(name, place, world)
    except Exception:
        world = access.build_world()
        path = secretary_pages.address(name, place, world)
    client = Client()
    client.force_login(world.people["secretary"])
    found.append([name, path, client.cookies[settings.SESSION_COOKIE_NAME].value])
print(json.dumps(found))
"""


class Scale:
    """Weighs what a page asks for: bytes received with their headers, by address."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.asked: dict[str, str] = {}
        self.received: dict[str, float] = {}
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.on("Network.loadingFinished", self._finished)

    def _asked(self, one) -> None:
        self.asked[one["requestId"]] = one["request"]["url"]

    def _finished(self, one) -> None:
        self.received[one["requestId"]] = one["encodedDataLength"]

    def weigh(self, page, path: str) -> tuple[int, int]:
        """Open a page with nothing in the cache; return the bytes of all of it, and without what stays cached."""
        self.asked.clear()
        self.received.clear()
        page.goto(path, wait_until="load")
        page.wait_for_timeout(50)
        weights = [(self.asked.get(key, ""), size) for key, size in self.received.items()]
        changing = sum(size for url, size in weights if "/static/" not in url)
        return int(sum(size for _url, size in weights)), int(changing)


def test_every_page_is_light_at_first_and_lighter_after(visit, portal, measured):
    window = visit()
    page, scale = window.page, None
    weights = {}
    for name, path, session in json.loads(portal.manage("shell", "--no-imports", "-c", MADE).splitlines()[-1]):
        window.context.add_cookies([{"name": "sessionid", "value": session, "url": window.url}])
        answer = window.context.request.get(path)
        assert answer.status == 200, name
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        scale = scale or Scale(page)
        scale.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights[name] = scale.weigh(page, path)
        assert page.url.endswith(path), name
    for name, (first, later) in sorted(weights.items(), key=lambda one: -one[1][0])[:3]:
        measured(f"of {len(weights)} pages {name} weighs {first / 1000:.1f} kB first, {later / 1000:.1f} kB after")
    assert len(weights) > 30
    assert {name: first for name, (first, _later) in weights.items() if first > FIRST} == {}
    assert {name: later for name, (_first, later) in weights.items() if later > LATER} == {}
    # And the cache does keep what was counted as kept.
    scale.session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    scale.weigh(page, "/")
    assert scale.weigh(page, "/")[0] < LATER


@pytest.mark.usefixtures("cell")
def test_a_step_is_opened_typed_and_saved_at_400_kbit_a_second(visit, measured):
    window = visit("bithu-ap-9", width=360)
    page = window.page
    page.goto("/registry/dossiers/start/")
    page.get_by_label("Mô hình, cách làm hay").check()
    page.locator("input[name=round]").first.check()
    press(page, "Bắt đầu soạn")
    page.wait_for_url("**/edit/general/")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.clearBrowserCache")
    slow.send("Network.emulateNetworkConditions", SLOW)
    page.set_default_timeout(60_000)
    started = time.monotonic()
    page.goto(page.url.replace("general", "reasons"))
    opened = time.monotonic() - started
    page.fill("#id_goal", "Cuối năm không còn điểm rác tự phát nào ven đường.")
    started = time.monotonic()
    expect(page.locator("[data-autosave-line]")).to_contain_text("Đã tự lưu lúc", timeout=60_000)
    saved = time.monotonic() - started
    measured(f"at 400 kbit/s and 400 ms: opened in {opened:.1f} s, saved {saved:.1f} s after typing")
    assert (opened < PATIENCE["opened"], saved < PATIENCE["saved"]) == (True, True), (opened, saved)
