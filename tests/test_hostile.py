"""Whatever is typed into any form of any page, or written behind any address: an answer, never a failure.

The pages and their objects are those of the access tables, the forms those the pages show; a POST that no page shows a
form for is sent the data of its table, made hostile. Every run tries each once, in its own way and always the same;
HOSTILE=200 tries two hundred fillings of each.
"""

import json
import os
import re
from contextlib import contextmanager
from zlib import crc32

import pytest
from django.conf import settings as portal_settings
from django.db import connection, transaction
from django.urls import resolve, reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from models_registry.kept_files import SEALED, SHOWN
from tests import access
from tests.hostile import Form, as_kept, body_of, forms_of, hostile, kept, unclean
from tests.test_access import TABLES, built, client_with  # noqa: F401

EXAMPLES = int(os.environ.get("HOSTILE", "1"))
few = settings(
    max_examples=EXAMPLES,
    database=None,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ANSWERS = {200, 204, 302, 403, 404, 405, 409, 410, 413, 422, 429}
PAGES = {"", "text/html", "text/plain", "application/json"}
# What is not sent yet is kept as it was typed, to be shown to whoever typed it.
AS_TYPED = re.compile("journal_typed|organizations_session")
ASKED = sorted(
    {
        name
        for path in portal_settings.BASE_DIR.glob("[a-z]*/**/*.py")
        if "tests" not in path.parts
        for name in re.findall(r"""GET\.(?:get|getlist)\(\s*["'](\w+)["']""", path.read_text(encoding="utf-8"))
    }
)
# Forms that stand on every page are tried on one.
tried: set[tuple] = set()


def first_allowed(url: str, method: str) -> tuple[access.Row, str] | None:
    """Return the first row of a URL that somebody signed in may use, and the role."""
    for row in TABLES.rows:
        if (row.url, row.method) == (url, method):
            for role, status in zip(access.ROLES, row.statuses, strict=True):
                if status in (200, 422) or (method == "POST" and status == 302 and role != "anonymous"):
                    return row, role
    return None


URLS = sorted(
    url for url in {row.url for row in TABLES.rows} if any(first_allowed(url, how) for how in ("GET", "POST"))
)


@pytest.mark.sqlite
@pytest.mark.parametrize("url", URLS)
def test_no_page_no_form_of_it_and_no_address_fails(url, built, db):  # noqa: F811
    world, cookies = built
    if allowed := first_allowed(url, "GET"):
        with nothing_kept():
            stage = Stage(world, cookies, *allowed)
            page = stage.ask("get", stage.address)
            type_into(stage, url, untried_forms(page, stage.address), of_page=True)
    if (allowed := first_allowed(url, "POST")) and not any(url == view for view, _names in tried):
        with nothing_kept():
            stage = Stage(world, cookies, *allowed)
            type_into(stage, url, [Form("post", stage.address, tuple(stage.fields()))])


@contextmanager
def nothing_kept():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Stage:
    """One page with its object, a client who may open it, and the texts that are written meanwhile."""

    def __init__(self, world, cookies, row: access.Row, role: str):
        unit = access.unit_at(world, role, row.place) if row.place != "-" else None
        make = TABLES.objects.get(row.url)
        self.address = reverse(row.url, kwargs=make(world, unit) if make else {})
        self.client = client_with(cookies[role].copy())
        self.client.raise_request_exception = False
        data = TABLES.data.get(row.url, {})
        self.data = data(world, unit) if callable(data) else data
        self.written: list[str] = []

    def fields(self):
        """Yield the fields of what the access table posts here, and one that nothing asks for."""
        for name, value in [*self.data.items(), ("nothing", "")]:
            if isinstance(value, str | int):
                yield name, "text", str(value), ()

    def ask(self, method: str, address: str, body: str = ""):
        cookies = self.client.cookies.copy()
        with nothing_kept(), connection.execute_wrapper(self._seen):
            if method == "get":
                answer = self.client.get(f"{address}?{body}" if body else address)
            else:
                answer = self.client.generic("POST", address, body, content_type="application/x-www-form-urlencoded")
        self.client.cookies = cookies
        assert served_unsafely(answer) == "", address
        return answer

    def _seen(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and not AS_TYPED.search(sql):
            for row in params if many else [params or ()]:
                self.written += [one for value in row if isinstance(value, str) for one in texts_in(value)]
        return execute(sql, params, many, context)


def served_unsafely(answer) -> str:
    """Return what a browser might run of an answer that is no page; every file of every address comes this way."""
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if kind in PAGES or answer.status_code in (204, 304):
        return ""
    policy, how = answer.headers["Content-Security-Policy"], answer.headers.get("Content-Disposition", "")
    looked_at = kind in SHOWN and how.startswith("inline")  # made anew from their pixels
    if answer.headers["X-Content-Type-Options"] != "nosniff" or policy != SEALED["Content-Security-Policy"]:
        return f"{kind}: {policy}"
    return "" if looked_at or how.startswith("attachment") else f"{kind}: {how}"


def texts_in(value: str) -> list[str]:
    """Return the texts of a value that is written: itself, or what its JSON holds."""
    try:
        found = json.loads(value) if value[:1] in ("[", "{") else value
    except ValueError:
        return [value]
    waiting, texts = [found], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict | list):
            waiting += [*one, *one.values()] if isinstance(one, dict) else one
    return texts


def untried_forms(page, address: str) -> list[Form]:
    if page.streaming or not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    found = []
    for form in forms_of(page.content, address):
        key = resolve(form.path).view_name, tuple(re.sub(r"\d+", "0", field[0]) for field in form.fields)
        if key not in tried:
            tried.add(key)
            found.append(form)
    return found


def type_into(stage: Stage, url: str, forms: list[Form], *, of_page: bool = False) -> None:
    salt = crc32(url.encode())
    first = salt % len(ASKED)
    some = st.lists(st.sampled_from(ASKED[first:] + ASKED[:first]), min_size=4, max_size=8, unique=True)

    @few
    @seed(salt)
    @given(st.data())
    def check(data):
        if of_page:
            asked = [(name, data.draw(hostile("text", name, salt))) for name in data.draw(some)]
            answered(stage, "get", stage.address, asked)
        for form in forms:
            typed = data.draw(form.filled(salt))
            answer = answered(stage, form.method, form.path, typed)
            assert [text for text in stage.written if unclean(text)] == [], (form.path, typed)
            stage.written.clear()
            if answer.status_code == 422 and of_page:
                assert lost(form, typed, answer.content) == [], form.path

    check()


def answered(stage: Stage, method: str, address: str, typed: list[tuple[str, str]]):
    answer = stage.ask(method, address, body_of(typed))
    assert answer.status_code in ANSWERS, (method, address, answer.status_code, typed)
    return answer


def lost(form: Form, typed: list[tuple[str, str]], page: bytes) -> list[tuple]:
    """Return what was typed and is not in its field again; a password is never shown again."""
    kinds = {name: kind for name, kind, _held, _choices in form.fields}
    free = [(name, value) for name, value in typed if kinds.get(name) in ("text", "textarea", "number", "email", "tel")]
    shown = {name: [as_kept(one) for one in kept(page, name)] for name, _value in free}
    return [(name, value, shown[name]) for name, value in free if shown[name] and as_kept(value) not in shown[name]]
