import io
import json
import logging
import re

import pytest
from django.conf import settings as configured
from django.test import Client
from structlog.contextvars import bound_contextvars

from journal.jobs import start_job
from portal.operating.logs import formatter
from reviews.views.verifying import MOST_A_MINUTE
from tests.portal.failing import say

SHOWN = re.compile(r'<p class="error-reference">.*<strong>([A-Z0-9-]+)</strong>')
HOSTILE = "x\n2026-01-01 INFO root: forged\r\x1b[2K\u2028\u202e\x85y"


@pytest.fixture
def told(settings):
    """Return a function that gives the lines logged so far, read as a program reads them."""
    settings.ROOT_URLCONF = "tests.portal.failing"
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().split("\n") if line]
    root.removeHandler(handler)
    root.setLevel(level)


def _throttled(client):
    answers = (client.get("/verify/") for _ in range(MOST_A_MINUTE + 1))
    return next(answer for answer in answers if answer.status_code == 429)


REFUSED = {
    "bad host": (400, lambda client: client.get("/", headers={"host": "elsewhere.example"})),
    "not granted": (403, lambda client: client.get("/org/people/")),
    "no token": (403, lambda client: Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"})),
    "unknown": (404, lambda client: client.get("/nowhere/", {"name": "Nguyễn Văn Kín"})),
    "method": (405, lambda client: client.post("/")),
    "too long": (422, lambda client: client.post("/appearance/", {"next": "x" * (configured.UPLOAD_MOST_BYTES // 16)})),
    "too often": (429, _throttled),
    "failure": (500, lambda client: client.post("/fail/", {"name": "Nguyễn Văn Kín"})),
}


@pytest.mark.parametrize(("status", "ask"), REFUSED.values(), ids=REFUSED)
def test_every_error_page_is_ours_and_its_reference_finds_the_one_line_that_tells_of_it(told, district, status, ask):
    client = Client(raise_request_exception=False)
    client.force_login(district.clerk)
    answer = ask(client)
    page = answer.content.decode()
    assert (answer.status_code, 'lang="vi"' in page) == (status, True)
    shown = SHOWN.search(page)[1]
    assert answer.headers["X-Request-ID"] == shown
    lines = [line for line in told() if line.get("request_id") == shown]
    requests = [line for line in lines if line["event"] == "request"]
    person = district.clerk.pk if requests[0].get("person") else None
    assert [(line["status"], line["path"], line.get("person")) for line in requests] == [
        (status, answer.request["PATH_INFO"], person)
    ]
    assert (person is not None) == (ask not in (REFUSED["bad host"][1], REFUSED["no token"][1]))
    assert [line["logger"] for line in lines if "exception" in line] == ["django.request"] * (status == 500)
    assert "Kín" not in json.dumps([line for line in lines if "exception" not in line], ensure_ascii=False)


@pytest.mark.parametrize("look", ["json", "plain"])
def test_nothing_typed_begins_a_line_of_its_own(look):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(look))
    try:
        raise LookupError(HOSTILE)
    except LookupError as failure:
        because = (LookupError, failure, failure.__traceback__)
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "said %s", (HOSTILE,), because)
    record.fields = {"path": f"/{HOSTILE}"}
    with bound_contextvars(request_id="A1B2C-D3E4F"):
        handler.handle(record)
    first, *trace = written.getvalue().rstrip("\n").split("\n")
    assert not re.search("[\r\x1b\u2028\u202e\x85]", written.getvalue())
    assert "\\u001b[2K" in first and "A1B2C-D3E4F" in first
    assert all(line.startswith("    | ") for line in trace) and bool(trace) == (look == "plain")
    if look == "json":
        assert json.loads(first)["path"] == f"/{HOSTILE}"


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "4bf92f3577b34da6a3ce929d0e0e4736", True),
        (0, "4bf92f3577b34da6a3ce929d0e0e4736", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "forged line\x1b[2K", False),
    ],
)
def test_only_our_own_proxy_names_a_request(db, settings, client, proxies, given, taken):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answers = [client.get("/robots.txt", headers={"X-Request-ID": given}).headers["X-Request-ID"] for _ in range(2)]
    assert [answer == given for answer in answers] == [taken, taken]
    assert taken or len({*answers}) == 2


def test_a_job_is_logged_under_the_request_that_asked_for_it_however_it_was_sent(told, db, now):
    with bound_contextvars(request_id="A1B2C-D3E4F"):
        job = start_job("tests.portal.failing.say", title="x", arguments={}, owner=None, at=now)
    say(job.pk)
    lines = [(line["event"], line.get("job"), line.get("request_id")) for line in told()]
    assert lines == [(said, job.pk, "A1B2C-D3E4F") for said in ("said something", f"job {job.pk} is done")]


def test_a_line_tells_how_many_questions_its_answer_took_and_no_query_string(told, district, client):
    client.force_login(district.clerk)
    client.get("/", {"q": "Nguyễn Văn Kín"})
    (line,) = [line for line in told() if line["event"] == "request"]
    assert (line["path"], line["method"], line["person"]) == ("/", "GET", district.clerk.pk)
    assert 1 <= line["queries"] <= 12 and line["ms"] >= 0
