"""What an ended unit left closed is read by those whose office ended with it and by the people of what follows it."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from models_registry.hidden_names import masks_names
from models_registry.models import Dossier, WorkItem
from models_registry.queries.in_sight import on_a_page
from organizations.models import Person, Post, Unit
from organizations.queries import owner_acting
from organizations.services.reorganising import Founded
from progress.services import take_item_step
from progress.services.reorganising import reorganise
from tests import factories
from tests.factories import person
from tests.progress import decisions, making
from tests.progress.decisions import DAY, NOW, merge, plan

READER = "Chỉ đọc, đơn vị đã kết thúc"


@pytest.fixture
def world(district):
    """Two cells with a dossier of last year beside those of this one, whose works the figures closed."""
    found = decisions.two_cells(district)
    found.closed = making.sheet(found.cell, found.board)
    Dossier.objects.filter(pk=found.closed.pk).update(year=2025)
    found.named = making.item(found.closed, kind="IND", subject_name="Lê Thị Riêng", subject_position="Đảng viên")
    WorkItem.objects.filter(pk=found.named.pk).update(year=2025)
    return found


def at_the_door(who, at=NOW):
    found = Person.objects.at_the_door(who.pk, at)
    return found.acting_as(found.current_posts[0]) if found.current_posts else found


def test_an_officer_of_a_dissolved_unit_reads_what_it_left_masked_and_does_nothing(world, client):
    reorganise(plan("dissolve", [world.cell], to=world.second), by=world.administrator, at=NOW)
    reader = at_the_door(world.secretary)
    assert (reader.post.role, str(reader.post)) == ("reader", READER)
    assert set(Dossier.objects.visible_to(reader)) == {world.closed}
    client.force_login(world.secretary)
    home = client.get(reverse("home"))
    assert (READER in home.content.decode(), list(home.context["rounds"])) == (True, [])
    job = SimpleNamespace(owner=Person.objects.get(pk=reader.pk), arguments={"post": reader.post.pk})
    assert owner_acting(job, at=NOW).post.role == "reader"
    assert masks_names(reader, on_a_page(reader, world.closed.pk))
    pages = [reverse("models_registry:dossiers")]
    pages += [reverse("progress:items"), reverse("progress:item", args=[world.named.pk]), reverse("dashboards:start")]
    pages += [reverse("progress:reorganised", args=[world.cell.successions.get().reorganisation_id])]
    for page in pages:
        answer = client.get(page, follow=True)
        assert (page, answer.status_code) == (page, 200)
        assert "Lê Thị Riêng" not in answer.content.decode()
    assert client.get(reverse("progress:report", args=[world.named.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        take_item_step(world.named.pk, "confirm", by=reader, at=NOW)
    gone = Dossier.objects.exclude(pk=world.closed.pk).filter(unit=world.second).first()
    assert on_a_page(reader, gone.pk) is None


def test_who_goes_on_at_the_successor_has_no_second_post_and_who_does_not_reads_on(world):
    chosen = {world.secretary.post.pk: "", world.other_secretary.post.pk: "secretary"}
    reorganise(merge(world, posts=chosen), by=world.administrator, at=NOW)
    reads_on = dict(Post.objects.filter(unit__in=[world.cell, world.second]).values_list("person", "reads_on"))
    assert (reads_on[world.secretary.pk], reads_on[world.other_secretary.pk]) == (True, False)
    assert [post.role for post in at_the_door(world.secretary).current_posts] == ["reader"]
    assert [post.role for post in at_the_door(world.other_secretary).current_posts] == ["secretary"]


def test_people_of_the_successor_read_what_its_predecessors_left_also_after_a_second_merge(world, client):
    reorganise(merge(world), by=world.administrator, at=NOW)
    first, third = Unit.objects.get(code="CB-M"), factories.unit("Chi bộ ấp 3", parent=world.commune)
    again = Founded("CB-N", "Chi bộ ấp Lớn", "cell", world.commune)
    day = DAY + dt.timedelta(days=7)
    reorganise(plan("merge", [first, third], on=day, founds=[again]), by=world.administrator, at=NOW)
    officer = at_the_door(Unit.objects.get(code="CB-N").posts.get(role="secretary").person)
    assert set(officer.post.came_from) == {world.cell.pk, world.second.pk, first.pk, third.pk}
    assert Dossier.objects.visible_to(officer).filter(year=2025).get() == world.closed
    client.force_login(Person.objects.get(pk=officer.pk))
    assert on_a_page(officer, world.closed.pk) == world.closed
    page = client.get(reverse("progress:item", args=[world.named.pk])).content.decode()
    assert "Lê Thị Riêng" not in page
    assert client.get(reverse("progress:report", args=[world.named.pk])).status_code == 403
    Dossier.objects.filter(pk=world.closed.pk).update(state="draft", version=0)
    assert on_a_page(officer, world.closed.pk) is None
    assert not Dossier.objects.visible_to(officer).filter(year=2025).exists()
    stranger = person(world.other_cell, "secretary")
    assert not WorkItem.objects.visible_to(stranger).filter(pk=world.named.pk).exists()
