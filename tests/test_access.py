"""Every URL × role × place, as the tables of tests/<app>/access.py say; their format: tests/access.py."""

from collections.abc import Callable
from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import access, matrix

TABLES = access.tables()
URLS = {url: takes for url, takes in access.urls().items() if url not in access.ALLOWED}


def test_every_url_of_the_project_stands_in_a_table():
    known = {(row.url, row.method, row.place) for row in TABLES.rows}
    needed = {
        (url, method, place)
        for url, takes_arguments in URLS.items()
        for method in ("GET", "POST")
        for place in (access.PLACES if takes_arguments else ["-"])
    }
    assert needed - known == set()


def test_no_table_names_a_url_that_is_gone():
    assert {row.url for row in TABLES.rows} - set(URLS) == set()


def test_no_row_stands_twice():
    rows = [(row.url, row.method, row.place) for row in TABLES.rows]
    assert sorted(rows) == sorted(set(rows))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world and who is signed in to it, built once; nothing that is asked of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = access.build_world()
        cookies = {role: cookies_of(world, role) for role in access.ROLES}
        matrix.hold_sessions()
        yield world, cookies
        transaction.set_rollback(True)


@pytest.mark.once
@pytest.mark.parametrize("url", sorted({row.url for row in TABLES.rows}))
def test_each_answer_is_given_to_the_first_who_gets_it(url, built, db):
    assert wrong_answers(url, first_of_each_answer, built) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("url", sorted({row.url for row in TABLES.rows}))
def test_everybody_else_gets_the_own_answer(url, built, db):
    assert wrong_answers(url, everybody_else, built) == []


def first_of_each_answer(row: access.Row) -> list[tuple[str, int]]:
    """Return (role, expected status) of one role for each status, which is other SQL each time."""
    everybody = list(zip(access.ROLES, row.statuses, strict=True))
    return [(role, status) for status, role in {status: role for role, status in reversed(everybody)}.items()]


def everybody_else(row: access.Row) -> list[tuple[str, int]]:
    """Return (role, expected status) of the others; of none where the URL takes no such method, whoever asks."""
    if set(row.statuses) == {302, 405}:
        return []
    asked = first_of_each_answer(row)
    return [pair for pair in zip(access.ROLES, row.statuses, strict=True) if pair not in asked]


def wrong_answers(url: str, whom: Callable, built) -> list[str]:
    world, cookies = deepcopy(built)
    clients = {role: client_with(cookies[role]) for role in access.ROLES}
    asked = [
        (access.unit_at(world, role, row.place) if row.place != "-" else None, row, role, expected)
        for row in TABLES.rows
        if row.url == url
        for role, expected in whom(row)
    ]
    return [
        f"{row.method} {row.place} {role}: expected {expected}, got {got}"
        for unit in dict.fromkeys(unit for unit, *_ in asked)
        for row, role, expected, got in answers(world, clients, url, unit, asked)
        if got != expected
    ]


def cookies_of(world, role: str) -> SimpleCookie:
    client = Client()
    if role != "anonymous":
        client.force_login(world.people[role])
    return client.cookies


def client_with(cookies: SimpleCookie) -> Client:
    client = Client()
    client.cookies = cookies
    return client


def answers(world, clients, url: str, unit, asked):
    """Yield (row, role, expected, status) for all who are asked about the thing standing at one unit."""
    with transaction.atomic():
        make = TABLES.objects.get(url)
        kwargs = make(world, unit) if make else {}
        for at, row, role, expected in asked:
            if at == unit:
                yield row, role, expected, ask(world, clients[role], row, unit, kwargs)
        transaction.set_rollback(True)


def ask(world, client: Client, row: access.Row, unit, kwargs) -> int | str:
    """Return the status this client gets, of a GET that writes nothing; all of it is rolled back, cookies too."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        address = reverse(row.url, kwargs=kwargs)
        if row.method == "POST":
            data = TABLES.data.get(row.url, {})
            answer = client.post(address, data(world, unit) if callable(data) else data)
        else:
            answer = matrix.get_without_writing(client, row.url, address)
        transaction.set_rollback(True)
    client.cookies = cookies
    tells = row.place != "-" and tells_more(client, answer)
    return "404, in other words than of an unknown page" if tells else answer.status_code


def tells_more(client: Client, answer) -> bool:
    return answer.status_code == 404 and matrix.told(answer) != matrix.told(matrix.unknown_page(client))
