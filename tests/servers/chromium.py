"""A Chromium to drive: the one on the machine, else Playwright's own, else the system's package where allowed."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 300  # seconds for one way of getting it


def chromium() -> str:
    """Return the path of a Chromium, fetching one when there is none; raises RuntimeError when it cannot be had."""
    for way in (_on_the_machine, _playwrights_own, _fetched_by_playwright, _fetched_by_apt):
        if path := way():
            return path
    raise RuntimeError("no Chromium on this machine, and neither Playwright nor apt-get could fetch one")


def _on_the_machine() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) and _starts(path) else None  # noqa: PTH110


def _fetched_by_playwright() -> str | None:
    return _playwrights_own() if _run(sys.executable, "-m", "playwright", "install", "chromium") else None


def _fetched_by_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "update", "-q", **quietly)
    _run("apt-get", "install", "-qy", "--no-install-recommends", "chromium", "fonts-liberation", **quietly)
    return _on_the_machine()


def _starts(path: str) -> bool:
    """Whether the system has the libraries this Chromium needs."""
    return _run(path, "--headless", "--no-sandbox", "--version")


def _run(*command: str, **environment: str) -> bool:
    try:
        done = subprocess.run(
            command, env=os.environ | environment, timeout=PATIENCE, capture_output=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
