"""What follows from the access tables, asked cell by cell; the rules stand in tests/matrix.py."""

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from journal.acting import SESSION_KEY
from models_registry.models import Dossier
from tests import access, matrix

TABLES = access.tables()
BY_CELL = {(row.url, row.method, row.place): dict(zip(access.ROLES, row.statuses, strict=True)) for row in TABLES.rows}
APPS = sorted({row.url.partition(":")[0] for row in TABLES.rows if row.url in TABLES.objects})
# Who asks about what stands at the cell of A, and which of the table's places that is to them.
AT_THE_CELL = {role: "child" if access.SEATS[role][1] == "cell" else "own" for role in access.ROLES}
# To sign in, before anything is looked at, as the rows written by hand ask.
SENT_AWAY = {"anonymous"}
# The page of a job; a form held for who must sign in again; the list of scripts; a method not taken, and a form too
# large: a part of a page gets no whole one.
LOOKING_AT_HTMX = [
    "journal/views.py",
    "organizations/held.py",
    "portal/apps.py",
    "portal/error_pages.py",
    "portal/middleware.py",
]
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Question:
    url: str
    method: str
    role: str
    place: str
    expected: frozenset[int]
    kwargs: tuple = ()
    htmx: bool = False


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = matrix.build_world()
        clients = {role: signed_in(world, role) for role in [*access.ROLES, "ended", "several"]}
        matrix.hold_sessions()
        yield world, clients
        transaction.set_rollback(True)


def signed_in(world, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(world.people[role])
    if role == "several":
        session = client.session
        session[SESSION_KEY] = world.people[role].posts.get(unit=world.a.cell).pk
        session.save()
    return client


@pytest.mark.once
@pytest.mark.sqlite
@pytest.mark.parametrize("app", APPS)
def test_everything_that_follows_from_the_tables_holds(app, built, db):
    world, clients = built
    wrong = []
    for maker, urls in made_alike(app).items():
        for questions in (beside(world, maker, urls), at_the_cell(world, maker, urls), gone(world, maker, urls)):
            with transaction.atomic():
                wrong += [line for question in questions if (line := wrong_answer(world, clients, question))]
                transaction.set_rollback(True)
    assert "\n".join(wrong) == ""


def made_alike(app: str) -> dict:
    """Return {maker: the URLs whose object it makes} of one app."""
    found = {}
    for url, maker in TABLES.objects.items():
        if url.partition(":")[0] == app and (url, "GET", "own") in BY_CELL:
            found.setdefault(maker, []).append(url)
    return found


def answered(urls):
    """Yield (url, method) of those that take the method at all; the others answer 405 before they look at anything."""
    for url in urls:
        for method in ("GET", "POST"):
            if set(BY_CELL[url, method, "own"].values()) - {302, 405}:
                yield url, method


def beside(world, maker, urls):
    """Yield what is asked about the unit beside one's own, the one above, and one of another province."""
    for place in ("sibling", "parent", "other_province"):
        for unit, roles in matrix.asking_about(world, place).items():
            with transaction.atomic():
                kwargs = maker(matrix.seen_by_makers(world, place), unit)
                for url, method in answered(urls):
                    expected = {
                        role: right(url, method, role, is_in_sight(world.people[role], url, kwargs)) for role in roles
                    }
                    for role in matrix.one_of_each(expected):
                        yield Question(url, method, role, place, expected[role], tuple(kwargs.items()))
                transaction.set_rollback(True)


def is_in_sight(user, url: str, kwargs) -> bool | str | None:
    """Return whether `visible_to` shows each row an address names, "partly" where it shows one and not the other.

    None where the address names none that could say it.
    """
    told = [told for value in kwargs.values() if is_id(value) and (told := _is_shown(user, url, value)) is not None]
    if any(told) and not all(told):
        return "partly"
    return all(told) if told else None


def _is_shown(user, url: str, pk: int) -> bool | None:
    rows = getattr(matrix.model_of(pk), "objects", None)
    if url in matrix.SHOWCASE:
        models = Dossier.objects.shown_to(user)
        return models.filter(Q(pk=pk) | Q(attachments=pk)).exists()
    return rows.filter(pk=pk).visible_to(user).exists() if hasattr(rows, "visible_to") else None


def right(url: str, method: str, role: str, in_sight: bool | str | None) -> frozenset[int]:
    """Return the statuses that are right of a thing in sight, out of it, or (None) of one that cannot be told."""
    role = {"several": "secretary", "ended": "no_post"}.get(role, role)
    seen = {BY_CELL[url, method, place][role] for place in ("own", "child")}
    unseen = {BY_CELL[url, method, "foreign"][role]}
    if seen == {403} or in_sight == "partly":
        unseen |= seen & {403}  # closed to the role, whatever it is asked about; or refused at the row it sees
    by_sight = {True: seen, False: unseen, "partly": unseen, None: seen | unseen}
    return frozenset(by_sight[in_sight])


def is_id(value) -> bool:
    return isinstance(value, int) and value >= matrix.APART


def right_of_none(url: str, method: str, role: str) -> frozenset[int]:
    """Return what is right of an id that names nothing: 404, unless the page is closed to the role."""
    of_foreign = BY_CELL[url, method, "foreign"][role]
    return frozenset({of_foreign if role == "anonymous" or of_foreign == 403 else 404})


def at_the_cell(world, maker, urls):
    """Yield what is asked by htmx, what somebody asks whose post has ended, what all ask about ids that never were."""
    with transaction.atomic():
        kwargs = maker(world, world.a.cell)
        for url, method in answered(urls):
            by_status = answers_at_the_cell(url, method)
            # The best answer and the one to a stranger; that one view alone looks at htmx is asked below.
            for status in {next(iter(by_status)), 404} & set(by_status):
                role = by_status[status]
                yield Question(url, method, role, AT_THE_CELL[role], frozenset({status}), tuple(kwargs.items()), True)
            yield Question(url, method, "ended", "own", right(url, method, "ended", True), tuple(kwargs.items()))
        transaction.set_rollback(True)
    never = {name: matrix.NEVER if is_id(value) else value for name, value in kwargs.items()}
    if never == kwargs:
        return
    for url, method in answered(urls):
        expected = {role: right_of_none(url, method, role) for role in access.ROLES if role not in SENT_AWAY}
        for role in matrix.one_of_each(expected):
            yield Question(url, method, role, "unknown", expected[role], tuple(never.items()))


def answers_at_the_cell(url: str, method: str) -> dict[int, str]:
    """Return {status: the first role that is answered so} of what stands at the cell of A, refusals last."""
    signed_in = [role for role in reversed(access.ROLES) if role not in SENT_AWAY]
    by_status = {BY_CELL[url, method, AT_THE_CELL[role]][role]: role for role in signed_in}
    return dict(sorted(by_status.items(), key=lambda one: (one[0] in (403, 404), one)))


def gone(world, maker, urls):
    """Yield what is asked about rows that are deleted, by the role that was told most while they were."""
    with transaction.atomic():
        kwargs = maker(world, world.a.cell)
        if matrix.delete(value for value in kwargs.values() if is_id(value)):
            for url, method in answered(urls):
                role = next(iter(answers_at_the_cell(url, method).values()))
                yield Question(url, method, role, "deleted", right_of_none(url, method, role), tuple(kwargs.items()))
        transaction.set_rollback(True)


def wrong_answer(world, clients, question: Question) -> str:
    """Ask; return what is wrong about the answer, "" where nothing is."""
    answer = ask(world, clients[question.role], question)
    at = f"{question.place}{' htmx' if question.htmx else ''}"
    matrix.asked[at, question.role, question.method, answer.status_code] += 1
    of = f"{question.method}{' htmx' if question.htmx else ''} {question.url} {question.place} {question.role}"
    if answer.status_code == 500:
        return f"{of}: {where_it_failed(answer)}"
    if answer.status_code not in question.expected:
        return f"{of}: expected {sorted(question.expected)}, got {answer.status_code}"
    if answer.status_code == 404 and matrix.told(answer) != matrix.told(matrix.unknown_page(clients[question.role])):
        return f"{of}: 404, in other words than of an unknown page"
    return ""


def where_it_failed(answer) -> str:
    """Return the exception of an answer, and the last lines of ours it passed."""
    _kind, raised, trace = answer.exc_info
    ours = [
        f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace) if ".venv" not in frame.filename
    ]
    return f"{raised!r} at {', '.join(ours[-4:])}"


def ask(world, client: Client, question: Question):
    address, cookies = reverse(question.url, kwargs=dict(question.kwargs)), client.cookies.copy()
    headers = HTMX if question.htmx else {}
    with transaction.atomic():
        if question.method == "GET":
            answer = matrix.get_without_writing(client, question.url, address, headers=headers)
        else:
            data = TABLES.data.get(question.url, {})
            unit = world.a.cell
            answer = client.post(address, data(world, unit) if callable(data) else data, headers=headers)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def test_one_view_alone_answers_htmx_otherwise():
    """So what is asked by htmx of the others need not be asked of each role."""
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    of_ours = [path for app in ours for path in app.rglob("*.py")]
    looking = [path for path in of_ours if re.search(r"\bhtmx\b|HX-Request", path.read_text())]
    assert sorted(str(path.relative_to(settings.BASE_DIR)) for path in looking) == LOOKING_AT_HTMX
