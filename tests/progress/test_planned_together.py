"""Decisions of one day that build on each other: shown and carried out in order, or stopped where the first is."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from organizations.models import PlannedReorganisation, Unit
from organizations.queries import tree_on
from organizations.services.reorganising import Founded
from progress.services.depending import coming_unit
from progress.services.planning import carry_out_due, keep_plan, withdraw_plan
from tests import factories
from tests.factories import person
from tests.progress import decisions, making
from tests.progress.decisions import NOW, plan

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 1)
ON_THE_DAY = making.instant("2026-04-01", 1)


@pytest.fixture
def summer(district):
    """Two provinces merge, and on the same day the level below gives its cell to the new one and ends."""
    district.by = person(None, "administrator")
    district.second_top = factories.unit("Tỉnh ủy Hai", "province_committee")
    founds = [Founded("TU-M", "Tỉnh ủy Mới", "province_committee", None)]
    district.merge = plan("merge", [district.top, district.second_top], on=DAY, founds=founds)
    district.kept = keep_plan(district.merge, by=district.by, at=NOW)
    new = coming_unit("tu-m", district.by)
    district.move = keep_plan(plan("move", [district.cell], on=DAY, to=new), by=district.by, at=NOW)
    district.end = keep_plan(plan("dissolve", [district.commune], on=DAY, to=new), by=district.by, at=NOW)
    return district


def states(*plans):
    return [PlannedReorganisation.objects.get(pk=one.pk).state for one in plans]


def test_what_is_shown_of_a_plan_comes_after_those_it_builds_on(summer):
    assert dict(summer.move.shown["parts"])["Chuyển về Tỉnh ủy Mới"] == ["Chi bộ ấp 1"]
    assert (summer.move.asked["to"], summer.end.asked["to"]) == ("TU-M", "TU-M")
    assert not Unit.objects.filter(code="TU-M").exists()
    with pytest.raises(ValidationError, match="Còn đơn vị trực thuộc"):
        keep_plan(plan("dissolve", [summer.other_commune], on=DAY), by=summer.by, at=NOW)
    early = plan("move", [summer.other_cell], on=dt.date(2026, 3, 15), to=coming_unit("TU-M", summer.by))
    with pytest.raises(ValidationError) as refused:
        keep_plan(early, by=summer.by, at=NOW)
    assert refused.value.message_dict == {
        "parent": ["TU-M chưa được thành lập: quyết định 12-QĐ/HU, từ 01/04/2026, chưa thực hiện."]
    }


def test_their_day_carries_them_out_in_the_order_they_build_on_each_other(summer):
    with pytest.raises(ValidationError, match=r"cần TU-M\. Hãy thay hoặc rút kế hoạch đó trước"):
        withdraw_plan(summer.kept.pk, by=summer.by, at=NOW)
    # Entered anew, what founds comes last by number.
    again = keep_plan(summer.merge, by=summer.by, at=NOW, instead_of=summer.kept.pk)
    assert carry_out_due(at=ON_THE_DAY) == 3
    assert states(again, summer.move, summer.end) == ["done"] * 3
    new = Unit.objects.get(code="TU-M")
    assert tree_on(DAY)[summer.cell.pk] == new.pk
    assert Unit.objects.get(pk=summer.commune.pk).valid_to == DAY


def test_where_the_first_is_stopped_the_others_stop_and_say_which(summer):
    decisions.end(summer.second_top, on=dt.date(2026, 3, 20))
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert states(summer.kept, summer.move, summer.end) == ["stopped"] * 3
    summer.move.refresh_from_db()
    assert summer.move.stopped_because.startswith("TU-M chưa được thành lập: quyết định 12-QĐ/HU, từ 01/04/2026")
    assert not Unit.objects.filter(code="TU-M").exists()


def test_the_wizard_takes_the_code_of_a_unit_that_is_to_be_founded_where_something_goes_to(
    summer, client, time_machine
):
    time_machine.move_to(NOW)
    client.force_login(summer.by)
    url = reverse("progress:reorganise", args=["move"])
    typed = {"number": "13-QĐ/TU", "decided_on": "10/02/2026", "effective_on": "01/04/2026", "parent": "TU-M"}
    shown = client.post(url, typed | {"units": summer.other_cell.code})
    assert dict(shown.context["outcome"].parts)["Chuyển về Tỉnh ủy Mới"] == ["Chi bộ ấp 2"]
    refused = client.post(url, typed | {"units": "TU-M"})
    assert "TU-M chưa hoạt động, đến 01/04/2026 mới thành lập" in refused.content.decode()
    again = client.get(url, {"plan": summer.move.pk}).content.decode()
    assert 'value="TU-M · ' in again
