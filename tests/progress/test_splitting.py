"""A unit split: what was ticked for each new unit goes there, the rest where the page says, and nothing is lost."""

import datetime as dt

import pytest
from django.urls import reverse

from models_registry.models import Dossier, Obligation, WorkItem
from organizations.models import Placement, Unit
from organizations.services import let_appraise
from organizations.services.reorganising import Founded
from progress.models import Fact
from progress.services.leaving_behind import left_behind
from progress.services.reorganising import rehearse, reorganise
from tests import factories
from tests.factories import FOUNDED
from tests.progress import decisions, making
from tests.progress.decisions import DAY, NOW, plan


@pytest.fixture
def world(district):
    found = decisions.two_cells(district)
    found.sheet = Dossier.objects.get(unit=found.cell)
    found.third = making.item(found.sheet, assignee=found.clerk.full_name)
    found.done, found.open = WorkItem.objects.filter(unit=found.cell).exclude(pk=found.third.pk).order_by("pk")
    return found


def split(world, unit=None, **asks):
    unit = unit or world.cell
    parent = Unit.objects.get(pk=unit.ancestor_ids[-1])
    news = [Founded(code, f"Chi bộ {code}", unit.kind, parent) for code in ("A1", "A2")]
    return plan("split", [unit], founds=news, **asks)


def held():
    codes = dict(Unit.objects.values_list("pk", "code"))
    return {pk: codes[unit] for pk, unit in WorkItem.objects.values_list("pk", "unit")}


def test_each_new_unit_gets_what_was_ticked_and_one_of_them_the_rest(world):
    shares = {f"item-{world.done.pk}": "A1", f"post-{world.secretary.post.pk}": "A1"}
    shares[f"post-{world.clerk.post.pk}"] = "A2"
    asked = split(world, shares=shares, rest="A2")
    told = dict(rehearse(asked, by=world.administrator, at=NOW).parts)
    assert told["A1 · Chi bộ A1"][0] == "1 việc, kể cả việc đã hoàn thành"
    assert told["A2 · Chi bộ A2"] == [
        "2 việc, kể cả việc đã hoàn thành", "1 hồ sơ, giữ nguyên tình trạng", "1 người", "1 nghĩa vụ đăng ký",
    ]  # fmt: skip
    reorganise(asked, by=world.administrator, at=NOW)
    first, second = Unit.objects.filter(code__in=["A1", "A2"]).order_by("code")
    assert {held()[pk] for pk in (world.open.pk, world.third.pk)} == {"A2"}
    assert held()[world.done.pk] == "A1"
    assert set(Fact.objects.values_list("kind", "on")) == {("transferred", DAY)}
    assert Dossier.objects.get(pk=world.sheet.pk).unit == second
    assert {(post.person, post.role) for post in first.posts.all()} == {(world.secretary, "secretary")}
    assert set(second.posts.values_list("role", flat=True)) == {"clerk"}
    assert set(Obligation.objects.filter(exempted_at=None).values_list("unit__code", flat=True)) >= {"A1", "A2"}
    assert not left_behind(world.administrator, DAY).exists()


def test_what_nobody_gets_waits_and_an_open_dossier_always_has_somebody(world):
    told = reorganise(split(world), by=world.administrator, at=NOW)
    assert dict(told.parts)["Chưa bàn giao"][0].startswith("3 việc, kể cả việc đã hoàn thành: tính cho đơn vị cấp trên")
    assert left_behind(world.administrator, DAY).count() == 3
    assert Dossier.objects.get(pk=world.sheet.pk).unit.code == "A1"


def test_a_committee_is_split_with_the_cells_below_it_and_the_body_that_served_it(world):
    let_appraise(world.board, world.commune, valid_from=FOUNDED, by=None, at=NOW)
    third = factories.unit("Chi bộ ấp 3", parent=world.commune)
    asked = split(world, world.commune, shares={f"unit-{world.second.pk}": "A2"}, rest="")
    told = reorganise(asked, by=world.administrator, at=NOW)
    parents = dict(Placement.objects.on(DAY).filter(valid_from=DAY).values_list("unit__name", "parent__code"))
    assert {parents[unit.name] for unit in (world.cell, third)} == {"A1"}
    assert parents[world.second.name] == "A2"
    assert "2 đơn vị trực thuộc" in dict(told.parts)["A1 · Chi bộ A1"]
    assert {one.appraised_by.get().body for one in Unit.objects.filter(code__in=["A1", "A2"])} == {world.board}


def test_the_page_deals_out_suggests_and_counts_before_it_is_done(world, client):
    client.force_login(world.administrator)
    url = reverse("progress:reorganise", args=["split"])
    today = f"{dt.date.today():%d/%m/%Y}"
    typed = {
        "units": world.cell.code, "number": "7-QĐ/HU", "decided_on": today, "effective_on": today,
        "new_units": "CB-X · Chi bộ X\nCB-Y · Chi bộ Y",
    }  # fmt: skip
    typed[f"to_post-{world.clerk.post.pk}"] = "CB-Y"
    shown = client.post(url, typed | {"suggest": "1"})
    page = shown.content.decode()
    assert f'name="to_item-{world.third.pk}"><option value="">Không chọn</option><option value="CB-X">' in page
    assert dict(shown.context["outcome"].parts)["CB-Y · Chi bộ Y"][0] == "1 việc, kể cả việc đã hoàn thành"
    typed |= {f"to_item-{world.third.pk}": "CB-Y", "rest": "CB-X"}
    seen = {"seen": shown.context["outcome"].seal, "confirmed": "1"}
    again = client.post(url, typed | seen)
    assert (again.status_code, "vừa tính lại theo lựa chọn" in again.content.decode()) == (409, True)
    done = client.post(url, typed | seen | {"seen": again.context["outcome"].seal})
    assert done.status_code == 302
    assert sorted(code for code in held().values() if code.startswith("CB-")) == ["CB-X", "CB-X", "CB-Y"]
