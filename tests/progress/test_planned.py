"""A decision entered before its day: kept as shown, told, taken back or replaced, and carried out once on its day."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from completion.tree import frozen_tree
from journal.models import Event, Notice
from models_registry.models import Dossier
from organizations.models import PlannedReorganisation, Reorganisation, Unit
from organizations.services import end_post
from progress.services.planning import carry_out_due, keep_plan, withdraw_plan
from progress.services.reorganising import Moved
from progress.tasks import carry_out_plans
from tests.factories import person
from tests.progress import decisions, making
from tests.progress.decisions import NOW, merge, plan

DAY = dt.date(2026, 4, 1)
ON_THE_DAY = making.instant("2026-04-01", 1)


@pytest.fixture
def world(district):
    return decisions.two_cells(district)


def keep(world, asked=None, **more):
    return keep_plan(asked or merge(world, on=DAY), by=world.administrator, at=NOW, **more)


def test_a_decision_ahead_of_its_day_is_kept_as_shown_and_changes_nothing_yet(world):
    kept = keep(world)
    assert (kept.state, kept.effective_on, kept.made_by) == ("waiting", DAY, world.administrator)
    assert dict(kept.shown["parts"])["Số đảng viên"] == ["35"]
    assert [node["mark"] for node in kept.shown["before"][0]["below"][0]["below"]] == ["kết thúc", "kết thúc"]
    assert [node["name"] for node in kept.shown["after"][0]["below"][0]["below"]] == ["Chi bộ ấp Mới"]
    assert not Reorganisation.objects.exists()
    assert not Unit.objects.filter(code="CB-M").exists()
    assert carry_out_due(at=NOW) == 0
    told = Notice.objects.get(recipient=world.other_secretary)
    assert told.link == reverse("progress:planned", args=[kept.pk])
    assert told.text.startswith("Từ 01/04/2026, Chi bộ ấp 2 sáp nhập vào Chi bộ ấp Mới theo 12-QĐ/HU.")


def test_figures_know_of_a_plan_only_once_it_is_carried_out(world):
    def home_of_the_cell(known):
        tree = frozen_tree(world.top.pk, dt.date(2026, 7, 1), known)
        return tree.places[tree.homes[world.cell.pk]].code

    before = frozen_tree(world.top.pk, dt.date(2026, 7, 1), ON_THE_DAY)
    keep(world)
    assert frozen_tree(world.top.pk, dt.date(2026, 7, 1), ON_THE_DAY) == before
    assert home_of_the_cell(ON_THE_DAY) == world.cell.code
    carry_out_due(at=ON_THE_DAY)
    assert home_of_the_cell(making.instant("2026-07-11")) == "CB-M"


def test_its_day_carries_it_out_once_under_whoever_confirmed_it(world, time_machine):
    kept = keep(world)
    time_machine.move_to(ON_THE_DAY)
    assert [carry_out_plans(), carry_out_plans()] == [1, 0]
    kept.refresh_from_db()
    made = Reorganisation.objects.get()
    assert (kept.state, kept.reorganisation, kept.differed) == ("done", made, [])
    assert (made.effective_on, made.recorded_by, made.recorded_at) == (DAY, world.administrator, ON_THE_DAY)
    assert Event.objects.get(verb="unit.reorganised").actor == world.administrator
    assert Unit.objects.get(code="CB-M").items.count() == 3
    mine = Notice.objects.filter(recipient=world.administrator).latest("pk")
    assert "đúng như lúc bạn xác nhận" in mine.text
    assert Notice.objects.filter(recipient=world.other_secretary).count() == 3  # before, the new role, and when done


def test_what_its_day_finds_otherwise_is_done_and_told(world):
    kept = keep(world)
    making.item(Dossier.objects.filter(unit=world.cell).first())
    newcomer = person(world.second, "clerk", "Người mới")
    assert carry_out_due(at=ON_THE_DAY) == 1
    kept.refresh_from_db()
    heads = {head: (shown, done) for head, shown, done in kept.differed}
    assert heads["Tiếp tục ở Chi bộ ấp Mới"][1][0] == "4 việc (kể cả việc đã hoàn thành của năm chưa chốt)"
    assert [newcomer.full_name in line for line in heads[""][1]] == [True]
    assert newcomer.posts.filter(unit__code="CB-M", role="clerk").exists()
    assert "điểm khác" in Notice.objects.filter(recipient=world.administrator).latest("pk").text


def test_what_has_become_impossible_stops_it_and_asks(world, client):
    kept = keep(world, plan("move", [world.cell], on=DAY, to=world.other_commune))
    decisions.end(world.other_cell, world.other_commune, on=dt.date(2026, 3, 20))
    assert carry_out_due(at=ON_THE_DAY) == carry_out_due(at=ON_THE_DAY) == 0
    kept.refresh_from_db()
    assert (kept.state, Reorganisation.objects.exists()) == ("stopped", False)
    assert "không hoạt động vào ngày 01/04/2026" in kept.stopped_because
    assert kept.stopped_because in Notice.objects.filter(recipient=world.administrator).latest("pk").text
    with time_machine.travel(ON_THE_DAY, tick=False):
        client.force_login(world.administrator)
        typed = {
            "units": world.cell.code, "number": "12-QĐ/HU", "decided_on": "10/02/2026", "effective_on": "01/04/2026",
            "parent": world.top.code, "instead_of": str(kept.pk),
        }  # fmt: skip
        url = reverse("progress:reorganise", args=["move"])
        assert world.cell.code in client.get(url, {"plan": kept.pk}).content.decode()
        shown = client.post(url, typed)
        seal = shown.context["outcome"].seal
        assert client.post(url, typed | {"confirmed": "1", "seen": seal}).status_code == 302
    kept.refresh_from_db()
    assert (kept.state, Unit.objects.get(pk=world.cell.pk).ancestor_ids) == ("replaced", [world.top.pk])


def test_nothing_is_carried_out_for_somebody_who_no_longer_administers(world):
    other = person(world.top, "administrator", "Quản trị khác")
    kept = keep(world)
    end_post(world.administrator.post, ends_at=making.instant("2026-03-15"), by=other, at=NOW)
    assert carry_out_due(at=ON_THE_DAY) == 0
    kept.refresh_from_db()
    assert kept.state == "stopped"
    assert Notice.objects.filter(recipient=other, text__contains="Chưa thực hiện được").exists()


def test_a_plan_is_taken_back_before_its_day_and_those_told_hear_so(world, client):
    kept = keep(world)
    client.force_login(world.administrator)
    url = reverse("progress:withdraw_plan", args=[kept.pk])
    assert [client.post(url).status_code for _ in range(2)] == [302, 409]
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert "đã được rút lại" in Notice.objects.filter(recipient=world.other_secretary).latest("pk").text
    with pytest.raises(ValidationError):
        withdraw_plan(kept.pk, by=world.administrator, at=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_plan(kept.pk, by=world.leader, at=NOW)


def test_another_decision_on_units_that_a_plan_ends_replaces_it_or_is_refused(world):
    first = keep(world)
    split = plan("dissolve", [world.cell], on=DAY)
    with pytest.raises(ValidationError) as refused:
        keep(world, split)
    assert "12-QĐ/HU từ 01/04/2026" in refused.value.messages[0]
    second = keep(world, split, instead_of=first.pk)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "waiting")
    with pytest.raises(Moved):
        keep(world, plan("rename", [world.second], on=DAY, name="Chi bộ khu phố 9"), seen="another")
    assert PlannedReorganisation.objects.waiting().get() == second


@pytest.mark.parametrize("asked", [{"on": dt.date(2027, 4, 1)}, {"decided_on": dt.date(2026, 3, 5)}])
def test_days_too_far_ahead_and_decisions_of_tomorrow_are_refused(world, asked):
    with pytest.raises(ValidationError):
        keep(world, merge(world, **({"on": DAY} | asked)))


@pytest.mark.parametrize("role", ["administrator", "other_secretary", "committee", "leader"])
def test_whoever_reaches_a_unit_reads_the_plan_and_administrators_alone_the_names(world, client, role):
    kept = keep(world)
    client.force_login(getattr(world, role))
    page = client.get(reverse("progress:planned", args=[kept.pk])).content.decode()
    assert "Chi bộ ấp Mới" in page
    assert (world.other_secretary.full_name in page.split("<main")[1]) == (role == "administrator")
    assert ("Rút kế hoạch" in page) == (role == "administrator")
