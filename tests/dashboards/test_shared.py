"""Works led by one unit with another as partner: counted once, where they are led (docs/rates.md, case 23)."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from completion import services
from completion.quarters import Quarter
from completion.queries import table_of
from tests.progress import making
from tests.progress.making import instant

MAY_10 = instant("2026-05-10")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MAY_10, tick=False):
        yield


@pytest.fixture
def shared(district):
    """A work the first cell leads, the cell of the other commune its partner; beside it works that are not shared."""
    joint, alone = (making.sheet(district.cell, district.board) for _ in range(2))
    joint.co_units.add(district.other_cell, district.other_commune)
    work = making.item(joint, title="Tuyến đường hoa liên ấp")
    making.item(joint, kind="IND", title="Việc riêng của một người")
    making.item(joint, title="Đã loại", excluded_at=MAY_10, plain=False)
    making.item(joint, title="Duyệt quý sau", approved_at=instant("2026-07-01"))
    making.item(alone, title="Tự làm")
    services.compute_provisional(district.top, Quarter(2026, 2), at=MAY_10)
    return work


def page(client, person, name, unit, **query):
    client.force_login(person)
    return client.get(reverse(f"dashboards:{name}", args=[unit.pk]), {"quarter": "2026-Q2"} | query)


def test_a_partner_shows_the_work_beside_its_rates_and_counts_nothing(client, district, shared):
    """Case 23: one item at A; B shows "phối hợp: 1" outside the rate."""
    lead, partner = (table_of(unit, Quarter(2026, 2), kind="COL").row for unit in (district.cell, district.other_cell))
    assert (lead.rate("r3").base, partner.rate("r3").base) == (3, 0)
    answer = page(client, district.other_secretary, "unit", district.other_cell)
    assert "Phối hợp: 1" in answer.content.decode()
    assert 'href="shared/?' in answer.content.decode()


@pytest.mark.parametrize("place", ["other_cell", "other_commune"])
def test_the_list_holds_exactly_that_work_once_at_the_partner_and_above_it(client, district, shared, place):
    answer = page(client, district.leader, "shared", getattr(district, place))
    assert answer.context["rows"] == [shared]
    assert district.cell.name in answer.content.decode()


@pytest.mark.parametrize("place", ["cell", "commune", "top"])
def test_it_is_no_shared_work_of_who_leads_it_nor_of_whom_both_stand_below(client, district, shared, place):
    unit = getattr(district, place)
    assert page(client, district.leader, "shared", unit).context["rows"] == []
    assert "Phối hợp:" not in page(client, district.leader, "unit", unit).content.decode()


def test_a_link_is_offered_only_to_who_sees_the_work(client, district, shared):
    address = reverse("progress:item", args=[shared.pk])
    for person, linked in ((district.leader, True), (district.other_secretary, False)):
        text = page(client, person, "shared", district.other_cell).content.decode()
        assert (shared.title in text, address in text) == (True, linked)


@pytest.mark.parametrize(("query", "count"), [({"kind": "COL"}, 1), ({"kind": "ISS"}, 0), ({"quarter": "2026-Q1"}, 1)])
def test_the_list_follows_what_the_address_asks_for(client, district, shared, query, count):
    assert len(page(client, district.leader, "shared", district.other_cell, **query).context["rows"]) == count


def test_the_work_of_another_year_is_not_shared_in_this(client, district, shared):
    shared.year, shared.due_on = 2025, dt.date(2025, 6, 1)
    shared.save()
    assert page(client, district.leader, "shared", district.other_cell).context["rows"] == []
