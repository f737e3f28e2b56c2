"""What leaves the house when something fails: seen by a collector on a real socket."""

import gzip
import http.server
import json
import logging
import threading

import brotli
import pytest
import sentry_sdk
from celery import shared_task
from django.test import Client
from structlog.contextvars import bound_contextvars, clear_contextvars

from portal.operating import reporting

NAME, TELEPHONE, TYPED = "Nguyễn Thị Kín", "0912345678", "lời nói riêng"
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
CANARIES = [NAME, TELEPHONE, TYPED, "Nguy\\u1ec5n", "l\\u1eddi"]


class Collector(http.server.ThreadingHTTPServer):
    """Takes what is sent to it; `bodies` are what it took, unpacked."""

    def __init__(self):
        self.bodies: list[str] = []
        super().__init__(("127.0.0.1", 0), _Taking)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_address[1]}/1"

    def events(self) -> list[dict]:
        sentry_sdk.flush(5)
        return [json.loads(line) for body in self.bodies for line in body.splitlines()[2:]]


class _Taking(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(UNPACKED[self.headers["Content-Encoding"]](body).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def collector(settings):
    with Collector() as listening:
        settings.SENTRY_DSN = listening.dsn
        reporting.start()
        yield listening
        sentry_sdk.init()
        listening.shutdown()


@shared_task(name="tests.portal.fail_at_work")
def fail_at_work(name):
    typed = f"{TYPED} {TELEPHONE}"
    try:
        raise LookupError(f"{name}: {typed}")
    except LookupError as failure:
        raise ValueError(f"cannot do {typed}") from failure


def test_a_page_that_fails_is_told_by_kind_place_and_reference_and_by_nothing_of_anybody(collector, settings, district):
    settings.ROOT_URLCONF = "tests.portal.failing"
    client = Client(raise_request_exception=False)
    client.force_login(district.clerk)
    answer = client.post(f"/fail/?q={TELEPHONE}", {"name": NAME, "text": TYPED}, headers={"X-Note": TYPED})
    (event,) = collector.events()
    assert event["tags"] == {"request_id": answer.headers["X-Request-ID"]}
    assert event["user"] == {"id": str(district.clerk.pk)}
    (failure,) = event["exception"]["values"]
    assert (failure["type"], failure["stacktrace"]["frames"][-1]["function"]) == ("LookupError", "fail")
    assert [
        word for word in [*CANARIES, district.clerk.username, "sessionid"] if word in "".join(collector.bodies)
    ] == []


def test_a_task_that_fails_is_told_so_too(collector):
    with bound_contextvars(request_id="A1B2C-D3E4F"):
        fail_at_work.apply(args=[NAME])
    (event,) = collector.events()
    assert [one["type"] for one in event["exception"]["values"]] == ["LookupError", "ValueError"]
    assert event["tags"]["task"] == "tests.portal.fail_at_work"
    assert [word for word in CANARIES if word in "".join(collector.bodies)] == []


def test_an_error_of_the_log_is_told_by_its_sentence_without_what_it_says_of_whom(collector):
    clear_contextvars()
    logging.getLogger("tests").error("cannot read what %s sent", NAME)
    (event,) = collector.events()
    assert event["logentry"] == {"message": "cannot read what %s sent"}
    assert [word for word in CANARIES if word in "".join(collector.bodies)] == []
