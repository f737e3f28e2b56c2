"""Somebody at a browser without script, who opens pages, fills their forms, and keeps what was answered."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

PATIENCE = 60  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` is None where nobody answered."""

    status: int | None
    content: bytes = b""
    leads_to: str = ""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    @property
    def is_ours(self) -> bool:
        """Whether a failure is told on the portal's own page: plain words, a reference, nothing of the inside."""
        told = "Mã tra cứu" in self.text and 'lang="vi"' in self.text
        return told and not any(word in self.text for word in ("Traceback", "psycopg2", "OperationalError"))


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and its fields as they are."""

    action: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, changes: Mapping[str, str]) -> list[tuple[str, str]]:
        return [pair for pair in self.fields if pair[0] not in changes] + list(changes.items())


class _Forms(HTMLParser):
    """Reads the forms of a page, each with what a browser would send of it."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._text: str | None = None
        self._choice: tuple[str, str] | None = None

    def handle_starttag(self, tag, attrs):
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(known.get("action", ""))
            self.forms.append(self._open)
        elif self._open is None or "disabled" in known:
            return
        elif tag == "input" and known.get("name") and self._is_sent(known):
            self._open.fields.append((known["name"], known.get("value", self._plain(known))))
        elif tag == "textarea":
            self._text, self._name = "", known.get("name", "")
        elif tag == "select":
            self._choice = (known.get("name", ""), "")
            self._chosen = False
        elif tag == "option" and self._choice and not self._chosen:
            name, first = self._choice
            self._chosen = "selected" in known
            self._choice = (name, known.get("value", "") if self._chosen or not first else first)

    @staticmethod
    def _plain(known) -> str:
        return "on" if known.get("type") in ("checkbox", "radio") else ""

    @staticmethod
    def _is_sent(known) -> bool:
        kind = known.get("type", "text")
        return kind not in ("submit", "button", "file", "reset") and (
            kind not in ("checkbox", "radio") or "checked" in known
        )

    def handle_data(self, data):
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text is not None:
            if self._open is not None:
                self._open.fields.append((self._name, self._text.removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._choice:
            self._open.fields.append(self._choice)
            self._choice = None
        elif tag == "form":
            self._open = None


def form_with(page: str, name: str) -> Form:
    """Return the first form of a page that has a field of this name, or whose action ends with it; "" is the page's."""
    reader = _Forms()
    reader.feed(page)
    for form in reader.forms:
        path = urlsplit(form.action).path
        if (path.endswith(name) and name) or path == name or any(name == one for one, _value in form.fields):
            return form
    raise AssertionError(f"no form with {name} among {[form.action for form in reader.forms]}")


class Person:
    """One signed-in person; every request is a connection of its own, so that no answer depends on another."""

    def __init__(self, portal, username: str):
        self.portal, self.username = portal, username
        self.cookies: SimpleCookie = SimpleCookie()

    def sign_in(self) -> "Person":
        """Sign in by the form; raises when that does not lead on."""
        page = self.get("/account/login/")
        answer = self.send(page, "login", path="/account/login/", login=self.username, password=self.portal.password)
        if answer.status != 302:
            raise AssertionError(f"{self.username} could not sign in: {answer.status}")
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def send(self, page: Answer, name: str, *, path: str = "", files: Mapping = {}, **changes: str) -> Answer:
        """Send the form of a page that has the field `name`, with these changes and {field: (file name, bytes)}."""
        form = form_with(page.text, name)
        return self.post(urljoin(path, form.action).split("#")[0] or path, form.filled(changes), files)

    def post(self, path: str, fields: list[tuple[str, str]], files: Mapping = {}) -> Answer:
        if not files:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        border = secrets.token_hex(16)
        body = b"".join(
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields
        )
        for name, (filename, content) in files.items():
            head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            body += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
        return self._ask("POST", path, body + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        began = time.monotonic()
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        connection = HTTPConnection(self.portal.address, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            return Answer(None, seconds=time.monotonic() - began)
        finally:
            connection.close()
        for set_cookie in response.headers.get_all("Set-Cookie", ()):
            self.cookies.load(set_cookie)
        leads_to = response.headers.get("Location", "")
        return Answer(response.status, content, urlsplit(leads_to).path, time.monotonic() - began)
