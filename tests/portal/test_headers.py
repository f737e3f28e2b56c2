"""Every answer carries the headers, whoever gives it: a view, a middleware, an error page, a file on disk."""

import gzip
import http.client
import json
import logging
import re

import brotli
import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from models_registry import services
from models_registry.kept_files import SEALED
from portal.csp_reports import MOST_A_MINUTE
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER
from tests.models_registry.test_uploads import JPG, PDF
from tests.servers.processes import python, until
from tests.servers.valkey import free_port

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": r".*camera=\(\).*geolocation=\(\).*",
}
OVER_HTTPS = {"Strict-Transport-Security": r"max-age=31536000; includeSubDomains; preload"}
OURS = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"}
OURS |= {"connect-src 'self'", "form-action 'self'", "base-uri 'self'", "frame-ancestors 'none'", "manifest-src 'self'"}
POLICIES = (OURS | {"report-uri /csp-reports/"}, set(SEALED["Content-Security-Policy"].split("; ")))
FORGED = "/a%0D%0AERROR%20forged%1B%5B2K%C2%85ERROR%20forged%E2%80%A8ERROR%20forged"
STYLE = "a{}" * 100
HTTPS = {"X-Forwarded-Proto": "https"}


def lacking(headers, *, https=True) -> dict[str, str | None]:
    """Return the headers an answer lacks, or has otherwise."""
    wanted = EVERYWHERE | (OVER_HTTPS if https else {})
    lacks = {name: headers.get(name) for name, how in wanted.items() if not re.fullmatch(how, headers.get(name) or "")}
    policy = headers.get("Content-Security-Policy") or ""
    return lacks if set(policy.split("; ")) in POLICIES else lacks | {"Content-Security-Policy": policy}


@pytest.fixture
def production(settings, tmp_path):
    """What the settings are with HTTPS=1, and gathered static files of one style sheet, compressed too."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "a.css").write_text(STYLE)
    (settings.STATIC_ROOT / "a.css.gz").write_bytes(gzip.compress(STYLE.encode()))


@pytest.fixture
def world(production, db, district):
    """A secretary's browser and the addresses of a dossier with a paper and a photo."""
    browser = Client(headers=HTTPS, raise_request_exception=False)
    browser.force_login(district.secretary)
    model = make.full_model(district.cell, district.secretary, make.opened_round(district))
    files = reverse("models_registry:files", args=[model.pk])
    for name, body in (("a.pdf", PDF), ("b.jpg", JPG)):
        browser.post(files, {"file": SimpleUploadedFile(name, body)})
    return browser, model, [one.pk for one in model.attachments.order_by("id")]


def test_every_kind_of_answer_carries_them(world, district):
    browser, model, (paper, photo) = world
    anybody = Client(headers=HTTPS, raise_request_exception=False)
    strict = Client(headers=HTTPS, enforce_csrf_checks=True)
    plain = Client()
    files = reverse("models_registry:files", args=[model.pk])
    long = {"text": "x" * (portal_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    told = {"data": "{}", "content_type": "application/csp-report"}
    answers = {
        "a page": (200, browser.get("/")),
        "the door": (200, anybody.get(reverse("account_login"))),
        "led to the door": (302, anybody.get("/")),
        "led to https": (301, plain.get("/")),
        "a host that is not ours": (400, browser.get("/", headers={"Host": "evil.example"})),
        "not granted": (403, browser.get(reverse("organizations:people"))),
        "a token too old": (403, strict.post(reverse("account_login"), {})),
        "out of sight": (404, browser.get(reverse("models_registry:dossier", args=[10**9]))),
        "no such page": (404, browser.get("/nowhere/")),
        "no such method": (405, browser.delete("/")),
        "a bad form": (422, browser.post(files, {})),
        "too large": (422, browser.post(files, long)),
        "too large, a part": (413, browser.post(files, long, headers={"HX-Request": "true"})),
        "a language": (302, anybody.post(reverse("set_language"), {"language": "en"})),
        "whether it lives": (200, anybody.get("/healthz")),
        "numbers nobody may see": (404, anybody.get("/metrics")),
        "robots": (200, anybody.get("/robots.txt")),
        "a report": (204, anybody.post("/csp-reports/", **told)),
        "static": (200, anybody.get("/static/a.css")),
        "static, compressed": (200, anybody.get("/static/a.css", headers={"Accept-Encoding": "gzip"})),
        "static, not changed": (304, anybody.get("/static/a.css", headers={"If-None-Match": _etag(anybody)})),
        "static, missing": (404, anybody.get("/static/nothing.css")),
        "a paper": (200, browser.get(reverse("models_registry:attachment", args=[paper]))),
        "a photo": (200, browser.get(reverse("models_registry:attachment", args=[photo]))),
        "a thumbnail": (200, browser.get(reverse("models_registry:thumbnail", args=[photo]))),
    }
    model.refresh_from_db()
    services.submit(model.pk, edition=model.edition, by=district.secretary, at=LATER)
    late = {"file": SimpleUploadedFile("c.jpg", JPG)}
    answers["too late"] = (409, browser.post(files, late, headers={"X-Upload": "1"}))
    for kind, status, raised in (("a failure", 500, ValueError), ("no database", 503, OperationalError)):
        with connection.execute_wrapper(_raising(raised)):
            answers[kind] = (status, browser.get("/"))
    assert [(kind, one.status_code) for kind, (status, one) in answers.items() if one.status_code != status] == []
    wrong = {kind: lacking(answer, https=kind != "led to https") for kind, (_, answer) in answers.items()}
    assert {kind: lacks for kind, lacks in wrong.items() if lacks} == {}
    assert answers["static, compressed"][1]["Content-Encoding"] == "gzip"
    for kind in ("a paper", "a photo", "a thumbnail"):
        assert answers[kind][1]["Content-Security-Policy"] == SEALED["Content-Security-Policy"]


def _raising(error: type[Exception]):
    def fail(*_):
        raise error("the disk is full")

    return fail


def _etag(browser) -> str:
    return browser.get("/static/a.css").headers.get("ETag", "") or "none"


def test_no_check_of_security_is_silenced(settings):
    assert [one for one in settings.SILENCED_SYSTEM_CHECKS if not one.startswith("models.")] == []


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real gunicorn with the production settings, gathered static files, and a database without tables."""
    folder, port = tmp_path_factory.mktemp("web"), free_port()
    (folder / "static").mkdir()
    (folder / "static" / "a.css").write_text(STYLE)
    (folder / "static" / "a.css.br").write_bytes(brotli.compress(STYLE.encode()))
    environment = {"HTTPS": "1", "ALLOWED_HOSTS": "portal.example", "SECRET_KEY": "k" * 60, "REDIS_URL": ""}
    environment |= {"DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3", "VAR_DIR": str(folder)}
    gunicorn = f"-m gunicorn portal.wsgi --bind 127.0.0.1:{port} --worker-class gthread --no-control-socket"
    with python(gunicorn, folder / "web.log", **environment):
        until(lambda: "Booting worker" in (folder / "web.log").read_text())
        yield lambda *asked, **headers: answer(port, *asked, **headers), folder / "web.log"


def answer(port: int, method: str, path: str, body: bytes = b"", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {"Host": "portal.example", **HTTPS} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, sent)
    found = connection.getresponse()
    found.read()
    connection.close()
    return found


def test_a_real_server_sends_them_with_every_answer_of_the_portal(server):
    """What gunicorn itself refuses, a request that is no HTTP, never reaches the portal and says nothing of it."""
    ask, log = server
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    answers = {
        "a page": (200, ask("GET", "/account/login/")),
        "its head": (200, ask("HEAD", "/account/login/")),
        "led to the door": (302, ask("GET", "/")),
        "led to https": (301, ask("GET", "/", X_Forwarded_Proto="http")),
        "a host that is not ours": (400, ask("GET", "/", Host="evil.example")),
        "a host that is not ours, led to https": (400, ask("GET", "/", Host="evil.example", X_Forwarded_Proto="http")),
        "a token missing": (403, ask("POST", "/account/login/", b"login=a", **form)),
        "no such method": (405, ask("PUT", "/csp-reports/")),
        "too large": (422, ask("POST", "/account/login/", b"x" * (6 * 1024 * 1024), **form)),
        "static": (200, ask("GET", "/static/a.css")),
        "static, compressed": (200, ask("GET", "/static/a.css", Accept_Encoding="br")),
        "static, missing": (404, ask("GET", "/static/missing.css")),
        "whether it lives": (200, ask("GET", "/healthz")),
        "whether it is ready": (503, ask("GET", "/readyz")),
        "an address that forges a line": (404, ask("GET", FORGED)),
        "a name that forges a line": (
            403,
            ask("POST", f"/account/login/?{FORGED}", b"login=" + FORGED.encode(), **form),
        ),
        "robots": (200, ask("GET", "/robots.txt")),
        "a report": (204, ask("POST", "/csp-reports/", REPORT, Content_Type="application/csp-report")),
        "no database": (503, ask("GET", "/", Cookie="__Host-session=" + "a" * 32)),
    }
    assert [kind for kind, (status, one) in answers.items() if one.status != status] == []
    wrong = {kind: lacking(one.headers, https="led to https" not in kind) for kind, (_, one) in answers.items()}
    assert {kind: lacks for kind, lacks in wrong.items() if lacks} == {}
    assert answers["static, compressed"][1].headers["Content-Encoding"] == "br"
    said = log.read_text()
    assert "CSP report: script-src-elem of cdn.example refused on account_login" in said
    assert not re.search("[\r\x1b\x85\u2028]", said)
    assert [line for line in said.split("\n") if line.startswith("ERROR forged")] == []
    assert "forged" in said


def report(**said) -> bytes:
    told = {"document-uri": "https://portal.example/account/login/", "effective-directive": "script-src-elem"}
    return json.dumps({"csp-report": told | {name.replace("_", "-"): value for name, value in said.items()}}).encode()


REPORT = report(blocked_uri="https://cdn.example/x.js?who=nguyen", source_file="inline", line_number=3)
HERE = "http://testserver"


def told(client, caplog, body: bytes, **kwargs) -> list[str]:
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert client.post("/csp-reports/", body, content_type="application/csp-report", **kwargs).status_code == 204
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"blocked_uri": "inline"}, "script-src-elem of inline refused on home, line ? of nothing named"),
        (
            {"document_uri": f"{HERE}/registry/dossiers/12/?q=Nguyen", "blocked_uri": "eval", "line_number": 7},
            "script-src-elem of eval refused on models_registry:dossier, line 7 of nothing named",
        ),
        (
            {"source_file": f"{HERE}/static/js/a.js", "blocked_uri": "https://x.example/a?b"},
            "script-src-elem of x.example refused on home, line ? of /static/js/a.js",
        ),
        (
            {"effective_directive": "a\r\nERROR forged", "document_uri": "https://b.example/", "line_number": "1\n2"},
            "a directive of nothing named refused on a page elsewhere, line ? of nothing named",
        ),
        (
            {"blocked_uri": "https://x\n.example/", "source_file": "https://[", "document_uri": f"{HERE}/\u2028/"},
            "script-src-elem of x.example refused on no page of ours, line ? of somewhere",
        ),
    ],
)
def test_a_report_is_one_line_of_our_own_words(client, caplog, said, line):
    assert told(client, caplog, report(**{"document_uri": f"{HERE}/"} | said)) == [f"CSP report: {line}"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"1" * 5_000, b"[" * 8_000, b'{"csp-report": []}'])
def test_what_is_no_report_and_what_an_add_on_did_is_not_told(client, caplog, body):
    assert told(client, caplog, body) == []
    assert told(client, caplog, report(blocked_uri="inline", source_file="chrome-extension://abc")) == []


def test_a_flood_of_reports_is_not_a_flood_of_lines(client, caplog):
    lines = sum(len(told(client, caplog, report(blocked_uri="inline"))) for _ in range(MOST_A_MINUTE + 5))
    assert lines == MOST_A_MINUTE
    assert client.post("/csp-reports/", b"x" * 9_000, content_type="application/csp-report").status_code == 422
