"""Every page of a secretary costs at most twelve queries and little of a weak network, with one row and with thirty."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.services import record, tell_about_new_events
from models_registry.models import Dossier, WorkItem
from tests import access, secretary_pages
from tests.factories import AT
from tests.progress import making

MOST_QUERIES = 12
# The works of an open quarter regrouped: nothing of it is sealed, so its tree and its facts are read for the page.
DEARER = {"dashboards:regrouped_items": 18}
# What a page itself may weigh, compressed; with scripts and styles it is weighed in a browser (journeys/test_light).
MOST_BYTES = 20_000
PAGES = secretary_pages.pages()


def fill(world, count: int) -> None:
    """Give the secretary's cell so many drafts, works under way and notices."""
    secretary, cell = world.people["secretary"], world.a.cell
    sheet = making.sheet(cell, world.a.board)
    work = making.item(sheet)
    same = values_of(Dossier.objects.get(pk=sheet.pk)) | {"kind": "practice_model", "state": "draft", "version": 0}
    Dossier.objects.bulk_create(Dossier(**same) for _ in range(count))
    WorkItem.objects.bulk_create(WorkItem(**values_of(work) | {"code": None}) for _ in range(count - 1))
    for n in range(count):
        record("dossier.approve", subject="dossier", subject_id=n, by=None, at=AT, tell=[secretary], text="Đã duyệt")
    tell_about_new_events(at=AT)


def values_of(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def test_there_are_pages_to_ask():
    assert len(PAGES) > 30


@pytest.mark.once
@pytest.mark.parametrize("rows", [1, 30])
def test_no_page_of_a_secretary_costs_more_than_twelve_queries(rows, db):
    world = access.build_world()
    fill(world, rows)
    cost = {name: asked(world, name, place) for name, place in PAGES}
    most = {name: DEARER.get(name, MOST_QUERIES) for name in cost}
    assert {name: queries for name, (queries, _bytes) in cost.items() if queries > most[name]} == {}
    assert {name: size for name, (_queries, size) in cost.items() if size > MOST_BYTES} == {}


def asked(world, name: str, place: str) -> tuple[int, int]:
    """Return how many queries a page costs and how many bytes, 0 for a file; what was made for it is rolled back."""
    with transaction.atomic():
        path = secretary_pages.address(name, place, world)
        client = Client(headers={"Accept-Encoding": "gzip"})
        client.force_login(world.people["secretary"])
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200, name
        transaction.set_rollback(True)
    is_page = answer["Content-Type"].startswith("text/html")
    return len(queries), len(answer.content) if is_page else 0


def test_pages_are_compressed_and_files_are_not(district, client):
    client.force_login(district.secretary)
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert (page["Content-Encoding"], page["Vary"].count("Accept-Encoding")) == ("gzip", 1)
    assert "Content-Encoding" not in client.get("/").headers
    book = client.get("/progress/reports.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in book.headers
