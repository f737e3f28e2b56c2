"""A unit's year by month, and the charts that are taken away."""

import pytest
import time_machine
from defusedxml import ElementTree
from django.urls import reverse

from completion.models import Taken
from completion.queries.rhythm import Rhythm, rhythm_of
from organizations.models import Unit
from tests import factories
from tests.completion.archives import close, done, event, item, load


@pytest.fixture
def unit(client, db, tmp_path):
    """G with six works of 2026: one is excluded, one goes on all year."""
    works = [item(f"A{n}", "20/3") for n in range(3)] + [item("B0", "30/6", unit="B"), item("S0", "31/12", ongoing=1)]
    works.append(item("X0", "20/6"))
    events = [
        *done("A0", "15/3"),
        *done("A1", "1/4"),
        *done("X0", "1/4"),
        event("X0", "excluded", "10/4", "10/4", "duplicate"),
    ]
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        load(tmp_path, items=works, events=events)
        close("2026-Q1")
        client.force_login(factories.person(Unit.objects.get(code="D"), "leader"))
        yield Unit.objects.get(code="G")


def months(**counts):
    return [counts.get(f"m{month}", 0) for month in range(1, 13)]


def test_works_are_counted_where_they_fall_due_and_where_they_were_confirmed(unit):
    assert rhythm_of(unit, 2026) == Rhythm(months(m3=3, m6=1, m12=1), months(m3=2), months(m3=1, m4=1))
    assert rhythm_of(Unit.objects.get(code="B"), 2026).due == months(m6=1)
    assert rhythm_of(unit, 2026, kind="IND-ISS") == Rhythm()


def test_the_year_stands_as_a_strip_with_its_table(client, unit):
    answer = client.get(reverse("dashboards:rhythm", args=[unit.pk]), {"quarter": "2026-Q1"})
    march = dict(answer.context["chart"].rows)["3"]
    assert [number for _label, number in march] == [3, 2, 1]
    assert "Nhiều việc đến hạn nhất: tháng 3, 3 việc." in answer.text


@pytest.mark.parametrize(("name", "status"), [("children", 200), ("trend", 200), ("rhythm", 200), ("nothing", 404)])
def test_a_chart_is_taken_as_a_drawing_that_stands_alone(client, unit, name, status):
    answer = client.get(reverse("dashboards:picture", args=[unit.pk, name]), {"quarter": "2026-Q1"})
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "image/svg+xml"
        assert ElementTree.fromstring(answer.text).get("width") == "640"
    assert Taken.objects.filter(form="print").exists() == (name in ("children", "trend"))  # a newer seal is told
