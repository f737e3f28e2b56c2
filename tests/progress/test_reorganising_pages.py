"""The pages of the wizard: each kind by its form, and lists that cost the same with many rows."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from models_registry.models import Dossier
from organizations.models import Reorganisation, Unit
from progress.services.reorganising import reorganise
from tests.progress import decisions, making
from tests.progress.decisions import NOW, plan


@pytest.fixture
def world(district, client):
    client.force_login(district.administrator)
    return decisions.two_cells(district)


def queries_of(client, name):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(name)).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("split", {"new_units": "CB-X · Chi bộ X\nCB-Y · Chi bộ Y"}),
        ("move", {"parent": "other_commune"}),
        ("rename", {"name": "Chi bộ khu phố 9"}),
        ("dissolve", {"to": ""}),
    ],
)
def test_each_kind_is_shown_then_done(world, client, kind, typed):
    today = f"{dt.date.today():%d/%m/%Y}"
    typed = {name: getattr(world, value).code if hasattr(world, value) else value for name, value in typed.items()}
    typed |= {"units": world.cell.code, "number": "7-QĐ/HU", "decided_on": today, "effective_on": today}
    url = reverse("progress:reorganise", args=[kind])
    shown = client.post(url, typed)
    assert (shown.status_code, Reorganisation.objects.exists()) == (200, False)
    done = client.post(url, typed | {"confirmed": "1", "seen": shown.context["outcome"].seal})
    assert (done.status_code, Reorganisation.objects.get().kind) == (302, kind)


def test_what_was_typed_stays_when_it_is_refused(world, client):
    typed = {"units": "không có đơn vị này", "number": "7-QĐ/HU"}
    refused = client.post(reverse("progress:reorganise", args=["dissolve"]), typed)
    assert refused.status_code == 422
    assert "không có đơn vị này" in refused.content.decode()


def test_works_left_behind_are_ticked_and_handed_over(world, client):
    reorganise(plan("dissolve", [world.cell]), by=world.administrator, at=NOW)
    left = list(world.cell.items.values_list("pk", flat=True))
    url = reverse("progress:left_behind")
    assert client.post(url, {"to": world.second.code}).status_code == 422
    assert client.post(url, {"to": world.second.code, "items": left}).status_code == 302
    assert not world.cell.items.exists()


def test_works_left_behind_are_found_by_unit_and_below_what_is_to_be_closed_also_in_the_file(world, client):
    for unit in (world.cell, world.other_cell):
        making.item(making.sheet(unit, world.board))
        reorganise(plan("dissolve", [unit]), by=world.administrator, at=NOW)
    url = reverse("progress:left_behind")

    def shown(**asked):
        return {item.unit for item, _title, _ticked in client.get(url, asked).context["rows"]}

    assert shown() == {world.cell, world.other_cell}
    assert shown(unit=world.cell.pk) == shown(below=world.commune.pk) == {world.cell}
    assert shown(unit=world.second.pk) == shown(below="0") == set()
    file = client.post(f"{url}?unit={world.cell.pk}", {"file": "xlsx"})
    rows = openpyxl.load_workbook(io.BytesIO(b"".join(file))).active.iter_rows(min_row=4, values_only=True)
    assert {row[:2] for row in rows} == {(world.cell.code, world.cell.name)}


def test_the_lists_cost_the_same_with_thirty_rows(world, client):
    reorganise(plan("dissolve", [world.cell]), by=world.administrator, at=NOW)
    few = [queries_of(client, name) for name in ("progress:left_behind", "progress:reorganisations")]
    sheet = Dossier.objects.filter(unit=world.cell).get()
    for number in range(30):
        making.item(sheet)
        reorganise(
            plan("rename", [Unit.objects.get(pk=world.second.pk)], name=f"Chi bộ {number}"),
            by=world.administrator,
            at=NOW,
        )
    many = [queries_of(client, name) for name in ("progress:left_behind", "progress:reorganisations")]
    assert few == many
    assert max(many) <= 12
