"""The portal behind the nginx of this machine, as deploy/nginx/portal.conf has it, over TLS."""

import re
import signal
import socket
from urllib.parse import urlencode

import pytest

from tests import factories
from tests.servers.nginx import NAME, PROGRAM, nginx
from tests.servers.processes import end, python, status_of, until
from tests.servers.valkey import free_port

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(PROGRAM is None, reason="there is no nginx on this machine (Debian: apt install nginx-light)"),
]
SIGN_IN = "/account/login/"
PRODUCTION = {
    "ALLOWED_HOSTS": NAME,
    "CSRF_TRUSTED_ORIGINS": f"https://{NAME}",
    "SECRET_KEY": "long-enough-for-a-test-" * 4,
    "PROXIES": "1",
}
ALWAYS = {
    "Content-Security-Policy": "default-src 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


@pytest.fixture
def web(environment, transactional_db, tmp_path):
    """A running gunicorn as production has it, and its address."""
    with python("manage.py collectstatic --noinput -v0", tmp_path / "static.log", **environment) as gathering:
        gathering.wait()
    address = f"127.0.0.1:{free_port()}"
    arguments = f"-m gunicorn portal.wsgi --bind {address} --worker-class gthread --threads 4 --no-control-socket"
    with python(arguments, tmp_path / "web.log", **environment | PRODUCTION) as process:
        until(lambda: status_of(address, SIGN_IN))
        yield address, process


def shown(answer) -> tuple[int, str]:
    """Return the status and the heading of a page."""
    return answer.status, "".join(re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", answer.text))


def lacks(answer) -> dict[str, str]:
    """Return the headers an answer should carry and does not, or carries twice."""
    found = {name: answer.headers.get_all(name) or [] for name in ALWAYS}
    return {name: said for name, said in found.items() if len(said) != 1 or ALWAYS[name] not in said[0]}


def cookies(answer) -> str:
    return "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", ()))


def test_people_sign_in_behind_nginx_and_are_told_in_our_words_what_it_refuses(web, tmp_path):
    address, process = web
    person = factories.person()
    with nginx(address, tmp_path / "nginx") as front:
        led = status_and_place(front.plain, NAME)
        assert led == ("301", f"https://{NAME}/account/")
        assert status_and_place(front.plain, "elsewhere.example.vn") == ("", "")

        page = front.ask("GET", SIGN_IN)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)
        typed = {"login": person.username, "password": factories.PASSWORD, "csrfmiddlewaretoken": token}
        form = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
        entered = front.ask("POST", SIGN_IN, urlencode(typed).encode(), Cookie=cookies(page), **form)
        assert (entered.status, entered.headers["Location"]) == (302, "/"), entered.text
        home = front.ask("GET", "/", Cookie=cookies(entered))
        assert home.status == 200 and "__Host-session" in cookies(entered)

        style = front.ask("GET", re.search(r'href="(/static/css/portal[^"]*\.css)"', home.text).group(1))
        slow = [half_a_form(front) for _ in range(12)]  # more than there are threads
        stuck = front.ask("GET", "/nowhere/", Cookie=cookies(entered))
        refused = {
            "portal": front.ask("POST", SIGN_IN, b"x" * 6_000_000, Cookie=cookies(page), **form),
            "size": front.ask("POST", SIGN_IN, b"x", Content_Length="209715200", **form),
            "metrics": front.ask("GET", "/metrics"),
            "method": front.ask("TRACE", "/"),
            "header": front.ask("GET", "/", Cookie="a=" + 20_000 * "x"),
        }
        end(process, signal.SIGTERM)
        away = front.ask("GET", "/")
        for one in slow:
            one.close()
        answers = [page, entered, home, style, stuck, away, *refused.values()]
        assert [lacks(answer) for answer in answers] == [{}] * len(answers)
        assert {name: shown(answer) for name, answer in refused.items()} | {"away": shown(away), "": shown(stuck)} == {
            "portal": (422, "Đăng nhập"),
            "size": (413, "Tệp gửi lên quá lớn"),
            "metrics": (404, "Không có trang này"),
            "method": (405, "Yêu cầu không đọc được"),
            "header": (400, "Yêu cầu không đọc được"),
            "away": (502, "Cổng đang tạm nghỉ"),
            "": (404, "Không tìm thấy trang"),
        }
        reference = re.search(r"<strong>(\w{12})</strong>", away.text).group(1)
        # A line is written once its answer has been sent.
        until(lambda: re.search(rf'"GET /(.pages/away.html)?" 502 .* {reference}$', front.log, re.MULTILINE))


def status_and_place(port: int, host: str) -> tuple[str, str]:
    """Ask plainly for /account/; returns the status and where it leads, "" where nothing is answered."""
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        plain.sendall(f"GET /account/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answered = b"".join(iter(lambda: plain.recv(65536), b"")).decode()
    place = re.search(r"^Location: (.*?)\r$", answered, re.MULTILINE)
    return answered[9:12], place.group(1) if place else ""


def half_a_form(front, path: str = SIGN_IN):
    """Begin to send a form and stop in the middle; returns what must stay open."""
    connection = front.connect()
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", "5000")
    connection.endheaders(b"login=")
    return connection


UPLOADS = {
    "org/rosters/",
    "registry/dossiers/7/edit/files/",
    "registry/dossiers/7/edit/individual/import/",
    "registry/dossiers/7/paper/",
    "registry/dossiers/7/consent/",
    "registry/dossiers/7/consent/exemplars/7/",
    "registry/dossiers/7/consent/photos/7/",
    "progress/items/7/report/",
    "progress/items/7/progress/",
    "figures/history/",
    "figures/published/new/",
    "figures/published/7/head/",
    "figures/published/7/bring/",
}


def test_large_bodies_are_taken_only_where_files_are_sent(tmp_path):
    with nginx(f"127.0.0.1:{free_port()}", tmp_path / "nginx") as front:
        large = b"x" * 6_500_000
        taken = {path: front.ask("POST", f"/{path}", large).status for path in UPLOADS | {"verify/ABCD/"}}
        declared = {"/org/rosters/": 112_000_000, "/verify/ABCD/": 54_000_000, "/": 6_500_000, SIGN_IN: 6_500_000}
        refused = [front.ask("POST", path, b"x", Content_Length=str(size)).status for path, size in declared.items()]
    # Nobody is behind it.
    assert taken == dict.fromkeys(taken, 502)
    assert refused == [413] * 4


@pytest.mark.parametrize("path", [SIGN_IN, "/account/code/"])
def test_passwords_are_sent_more_slowly_than_pages_are_asked_for(tmp_path, path):
    with nginx(f"127.0.0.1:{free_port()}", tmp_path / "nginx") as front:
        sent = [half_a_form(front, path) for _ in range(70)]
        until(lambda: front.ask("POST", path, b"").status == 429)
        refused, read = front.ask("POST", path, b""), front.ask("GET", path)
        for one in sent:
            one.close()
    assert shown(refused) == (429, "Cổng đang nhận quá nhiều yêu cầu từ mạng này")
    assert read.status == 502
