"""Every URL × role × place, as the tables of tests/<app>/access.py say; their format: tests/access.py."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import access

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


@pytest.mark.parametrize("url", sorted({row.url for row in TABLES.rows}))
def test_each_role_gets_what_the_table_says(url, db):
    world = access.build_world()
    wrong = []
    for row in (row for row in TABLES.rows if row.url == url):
        for role, expected in zip(access.ROLES, row.statuses, strict=True):
            got = ask(world, row, role)
            if got != expected:
                wrong.append(f"{row.method} {row.place} {role}: expected {expected}, got {got}")
    assert wrong == []


def ask(world, row: access.Row, role: str) -> int:
    """Return the status this role gets; whatever the request did is rolled back."""
    with transaction.atomic():
        unit = None if row.place == "-" else access.unit_at(world, role, row.place)
        make = TABLES.objects.get(row.url)
        kwargs = make(world, unit) if make else {}
        data = TABLES.data.get(row.url, {})
        client = Client()
        if role != "anonymous":
            client.force_login(world.people[role])
        if row.method == "POST":
            status = client.post(reverse(row.url, kwargs=kwargs), data(world, unit) if callable(data) else data)
        else:
            status = client.get(reverse(row.url, kwargs=kwargs))
        transaction.set_rollback(True)
    return status.status_code
