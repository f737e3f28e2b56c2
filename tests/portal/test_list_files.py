"""Every list that has a file gives it to whoever may see the list and to nobody else, with real numbers and days."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import resolve, reverse

from journal import lists
from journal.jobs import Job
from journal.models import Event
from models_registry.models import PracticeModel
from tests import access
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.papers import decision_on, issued_decision, session_of

LISTS = (
    "journal:notices",
    "organizations:units",
    "organizations:people",
    "organizations:cells",
    "privacy:notice",
    "privacy:looks",
    "completion:closings",
    "models_registry:dossiers",
    "models_registry:search",
    "models_registry:rounds",
    "models_registry:criterion_sets",
    "models_registry:showcase",
    "models_registry:themes",
    "models_registry:targets",
    "models_registry:shortcomings",
    "progress:carry_overs",
    "progress:checks",
    "progress:items",
    "progress:left_behind",
    "progress:requests",
    "reviews:papers",
    "reviews:sessions",
    "reviews:signals",
)
ROLES = [role for role in access.ROLES if role != "anonymous"]


def cells_of(answer) -> list[list]:
    """The head row and the lines below it."""
    file = io.BytesIO(b"".join(answer))
    rows = [list(row) for row in openpyxl.load_workbook(file).active.iter_rows(values_only=True)]
    return rows[2:]


@pytest.mark.once
def test_every_list_gives_its_file_to_those_who_see_it_and_to_nobody_else(client, db):
    world = access.build_world()
    for role in ROLES:
        client.force_login(world.people[role])
        for name in LISTS:
            assert hasattr(resolve(reverse(name)).func, "listing"), name
            page = client.get(reverse(name))
            file = client.post(reverse(name), {"file": "xlsx"})
            assert (file.status_code == 200) == (page.status_code == 200), (role, name)
            if page.status_code == 200:
                assert file["Content-Type"] == lists.CONTENT_TYPE
                assert len(cells_of(file)) >= 1, (role, name)


@pytest.fixture
def issued(district):
    dossier = factories.sent(district, factories.judged_round(district), "=1+1 Mô hình")
    decision_on(dossier, by=district.head)
    session_of(district.board, dossier)
    return issued_decision(district.board, district.head, dossier)


def test_a_file_holds_what_the_page_is_filtered_to_as_real_values(client, district, issued):
    client.force_login(district.head)
    url = reverse("models_registry:dossiers")
    head, line = cells_of(client.post(url, {"file": "xlsx"}))
    assert head[0] == "Số hồ sơ"
    assert line[:2] == [issued.decisions.get().version.dossier_id, "=1+1 Mô hình"]
    assert isinstance(line[8], dt.datetime)
    assert len(cells_of(client.post(f"{url}?year=2001", {"file": "xlsx"}))) == 1
    _head, line = cells_of(client.post(reverse("reviews:papers"), {"file": "xlsx"}))
    assert line[:5] == ["1-QĐ/BTG", "Quyết định", dt.datetime(2026, 1, 5), "Quyết định mẫu", 1]


def test_taking_a_list_is_recorded_without_what_was_searched_for(client, district):
    client.force_login(district.administrator)
    client.post(reverse("organizations:people") + "?q=Trưởng", {"file": "xlsx"})
    event = Event.objects.latest("id")
    assert (event.verb, event.actor, event.detail) == (
        "list.taken",
        district.administrator,
        {"list": "/org/people/", "rows": 1},
    )


def test_a_long_list_is_written_by_a_job_with_the_rights_of_then(client, district, issued, run_jobs, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    client.force_login(district.head)
    url = reverse("reviews:papers")
    assert client.post(f"{url}?kind=minutes", {"file": "xlsx"}).status_code == 200  # nothing is short
    assert client.post(url, {"file": "xlsx"}).url == reverse("journal:job", args=[Job.objects.get().pk])
    (job,) = run_jobs()
    assert (job.state, job.result["filename"][:19]) == (Job.State.DONE, "van-ban-da-phat-han")
    with job.file.open("rb") as file:
        assert len(cells_of(iter([file.read()]))) == 2
    client.post(url, {"file": "xlsx"})
    district.head.posts.update(ends_at=AT + dt.timedelta(minutes=1))
    assert [job.state for job in run_jobs()] == [Job.State.FAILED]


def test_what_was_found_and_who_adopted_are_taken_as_they_stand(client, district):
    round_ = factories.judged_round(district)
    made = factories.sent(district, round_, "Hũ gạo tình thương", state="approved")
    PracticeModel.objects.create(dossier=made)
    copy = factories.sent(district, round_, "Hũ gạo ấp 2", state="approved", unit=district.other_cell, copied_from=made)
    PracticeModel.objects.create(dossier=copy)
    client.force_login(district.leader)
    found = cells_of(client.post(reverse("models_registry:search") + "?q=tinh thuong", {"file": "xlsx"}))
    assert found[1:] == [["Hũ gạo tình thương", district.cell.name, "Mô hình", 2026, "Đã duyệt"]]
    adopted = cells_of(client.post(reverse("models_registry:adoptions", args=[made.pk]), {"file": "xlsx"}))
    assert adopted[1:] == [[district.other_cell.name, 1, "2026", 0, "Hũ gạo ấp 2"]]
