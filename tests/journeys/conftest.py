import os

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.portal import Portal, running_portal
from tests.journeys.visits import Visit
from tests.servers.chromium import chromium


@pytest.fixture(autouse=True)
def own_place():
    """Not here: the portal of these tests runs in processes and a folder of its own."""


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Portal:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    # Chromium's own sandbox does not start as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=sandbox)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, portal):
    """Return a function that opens a window: signed in as a user name or a role, or not at all; 1280 px wide or 360.

    Every window fails the test at its end for a console error, a CSP violation, a script error or a 5xx answer.
    """
    opened = []

    def open_window(who: str = "", *, width: int = 1280) -> Visit:
        window = Visit(browser, portal.url, width)
        opened.append(window)
        if who:
            window.sign_in(portal.accounts.get(who, who), portal.password)
        return window

    yield open_window
    for window in opened:
        window.close()
