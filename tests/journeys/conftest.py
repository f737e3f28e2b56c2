import os

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.portal import Portal, running_portal
from tests.journeys.visits import Visit
from tests.servers.chromium import chromium

# The first two give every window an address bar of web pages, more than half of what opening one costs.
# A second switch replaces Playwright's own, which the others repeat.
NOT_WANTED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FOUND = """
import datetime as dt
from django.utils import timezone
from organizations import services
from organizations.models import Person, Unit
from portal.sample_accounts import sample_password
at = timezone.now()
committee = Person.objects.get(username="capuy").posts.get().unit
cell = services.add_unit(
    code="CB-AP-9", name="Chi bộ ấp 9", kind=Unit.Kind.CELL, parent=committee,
    valid_from=dt.date(2020, 1, 1), valid_to=None, by=None, at=at,
)
for username, role, name in (("bithu-ap-9", "secretary", "Bí thư ấp 9"), ("pho-ap-9", "deputy", "Phó bí thư ấp 9")):
    person = services.add_person(username=username, full_name=name, password=sample_password(), by=None, at=at)
    services.give_post(person, unit=cell, role=role, starts_at=at, by=None, at=at)
"""


@pytest.fixture(autouse=True)
def own_place():
    """Not here: the portal of these tests runs in processes and a folder of its own."""


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Portal:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def cell(portal):
    """A cell that has registered nothing yet, with a secretary and a deputy, under the sample committee."""
    portal.manage("shell", "--no-imports", "-c", FOUND)


@pytest.fixture(scope="session")
def browser():
    # Chromium's own sandbox does not start as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        arguments = [*sandbox, f"--disable-features={NOT_WANTED}"]
        opened = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield opened
        opened.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def measured(record_property):
    """Return a function that keeps one sentence with a figure, for the end of the run."""
    return lambda sentence: record_property("measured", sentence)


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for sentence in (value for name, value in report.user_properties if name == "measured"):
            terminalreporter.write_line(f"measured: {sentence}")


@pytest.fixture
def visit(browser, portal, request):
    """Return a function that opens a window: signed in as a user name or a role, or not at all; with script or without.

    It is 1280 px wide, or 360 as a phone's.
    Every window fails the test at its end for a console error, a CSP violation, a script error or a 5xx answer.
    Of a failed test it tells what each window showed.
    """
    opened = []

    def open_window(who: str = "", *, width: int = 1280, script: bool = True) -> Visit:
        window = Visit(browser, portal.url, width, script=script)
        opened.append(window)
        if who:
            window.sign_in(portal.accounts.get(who, who), portal.password)
        return window

    yield open_window
    if request.node.stash.get(FAILED, False):
        for window in opened:
            print(window.shown())
    for window in opened:
        window.close()
