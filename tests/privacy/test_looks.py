"""Who looked at personal data: noted without the database, made rows of later, read by the person and the unit."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from journal.lists import FIELD, FORM
from models_registry.models import Consent
from privacy.looks import files_over, folder
from privacy.models import Look
from privacy.services.looking import keep_looks
from tests.factories import AT
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(minutes=5)


def kept():
    """Make rows of what was noted so far; returns (viewer, what, taken, person, unit) of all."""
    keep_looks(at=timezone.now() + LATER)
    return set(Look.objects.values_list("viewer", "what", "taken", "person", "unit"))


def test_a_look_is_one_row_a_day_and_costs_the_page_no_query(client, district):
    administrator, secretary = district.administrator, district.secretary
    client.force_login(administrator)
    address = reverse("organizations:person", args=[secretary.pk])
    for _often in range(3):
        client.get(address)
    client.get(reverse("organizations:person", args=[administrator.pk]))
    client.get(reverse("organizations:people"))
    client.post(reverse("organizations:people"), {FIELD: FORM})
    assert not Look.objects.exists()
    at = administrator.post.unit_id
    assert kept() == {
        (administrator.pk, "person", False, secretary.pk, None),
        (administrator.pk, "people", False, None, at),
        (administrator.pk, "people", True, None, at),
    }
    assert not list(folder().iterdir())


def test_a_page_that_only_reads_writes_nothing_into_the_database(client, district):
    client.force_login(district.administrator)
    refused = []

    def only_reads(execute, sql, *rest):
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "PREPARE", "EXECUTE")):
            refused.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(only_reads):
        client.get(reverse("organizations:person", args=[district.secretary.pk]))
    assert (refused, len(list(folder().iterdir()))) == ([], 1)


def test_a_file_read_twice_makes_its_rows_once(client, district):
    client.force_login(district.administrator)
    client.get(reverse("organizations:people"))
    (path,) = folder().iterdir()
    written = path.read_text()
    assert files_over(timezone.now()) == []  # of this very minute: somebody may still write in it
    rows = kept()
    path.write_text(written + '{"at": "2026-0')
    assert kept() == rows
    assert Look.objects.count() == 1


def test_names_hidden_from_the_viewer_were_not_looked_at(client, district, opened):
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    type(sheet).objects.filter(pk=sheet.pk).update(state="submitted", version=1, body=district.board, submitted_at=AT)
    sheet.versions.create(number=1, content=make.content(sheet), submitted_at=AT, submitted_by=district.secretary)
    for person in (district.secretary, district.committee):
        client.force_login(person)
        assert client.get(reverse("models_registry:dossier", args=[sheet.pk])).status_code == 200
    assert kept() == {(district.secretary.pk, "sheet", False, None, district.cell.pk)}
    type(opened).objects.update(mask_names=False)
    client.get(reverse("models_registry:dossier", args=[sheet.pk]))
    assert (district.committee.pk, "sheet", False, None, district.cell.pk) in kept()


def test_a_list_that_names_individuals_is_noted_of_each_of_their_units(client, district, opened):
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    make.individual(sheet, number=9, state="in_progress", approved_at=AT, due_in_force=AT.date())
    for person in (district.secretary, district.committee):
        client.force_login(person)
        assert client.get(reverse("progress:items")).status_code == 200
    assert kept() == {(district.secretary.pk, "work", False, None, district.cell.pk)}
    type(opened).objects.update(mask_names=False)
    client.get(reverse("progress:items"))
    client.post(reverse("progress:items"), {FIELD: FORM})
    assert {(taken, unit) for viewer, _, taken, _, unit in kept() if viewer == district.committee.pk} == {
        (False, district.cell.pk), (True, district.cell.pk),
    }  # fmt: skip


def test_a_signed_paper_opened_was_taken(client, district, opened):
    model = make.full_model(district.cell, district.secretary, opened)
    signed = {"name": "phieu.jpg", "file": make.stored_sample(), "size": 9}
    about = {"exemplar": model.practice.exemplars.get(), "given_on": AT.date(), "recorded_by": district.secretary}
    scan = Consent.objects.create(how="paper", words=1, recorded_at=AT, **about, **signed)
    client.force_login(district.secretary)
    assert client.get(reverse("models_registry:consent_scan", args=[scan.pk])).status_code == 200
    assert kept() == {(district.secretary.pk, "sheet", True, None, district.cell.pk)}


def test_the_person_and_the_unit_read_it_and_nobody_else(client, district, other_cell_looks):
    client.force_login(district.administrator)
    client.get(reverse("organizations:person", args=[district.clerk.pk]))
    kept()
    name = district.administrator.full_name
    shown = {"privacy:looks": ("secretary", "committee"), "privacy:looks_at_me": ("clerk",)}
    for page, roles in shown.items():
        for role in roles:
            client.force_login(getattr(district, role))
            assert name in client.get(reverse(page)).content.decode().partition("<main")[2], (page, role)
    client.force_login(district.other_secretary)
    assert district.clerk.full_name not in client.get(reverse("privacy:looks")).content.decode()


@pytest.fixture
def other_cell_looks(district):
    Look.objects.create(key="a", viewer=district.administrator, what="person", person=district.other_secretary, at=AT)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(client, district, rows, django_assert_max_num_queries):
    Look.objects.bulk_create(
        Look(key=str(n), viewer=district.administrator, what="sheet", unit=district.cell, at=AT) for n in range(rows)
    )
    client.force_login(district.secretary)
    for page in ("privacy:looks", "privacy:mine"):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(page)).status_code == 200
