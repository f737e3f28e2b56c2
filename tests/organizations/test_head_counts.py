import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from journal.models import Event
from organizations.models import HeadCount, Unit
from organizations.queries import cells_counted
from organizations.services import record_head_count
from tests import factories
from tests.factories import AT

FIRST, TODAY = dt.date(2026, 1, 1), dt.date(2026, 6, 1)
WHY = {"exempt": 2, "exempt_reason": "Tuổi cao, sức yếu"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-06-01T09:00:00+07:00", tick=False):
        yield


def count(unit, by=None, members=18, day=FIRST, at=None, **more):
    at = at or dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
    return record_head_count(unit, valid_from=day, members=members, by=by, at=at, **more)


def in_force(unit, day):
    found = HeadCount.objects.in_force(day, unit=unit).first()
    return found and (found.members, found.exempt)


@pytest.mark.parametrize("who", ["secretary", "committee", "administrator"])
def test_the_cell_itself_and_those_above_say_how_many_members_it_has(district, who):
    count(district.cell, by=getattr(district, who), **WHY)
    assert in_force(district.cell, TODAY) == (18, 2)
    assert Event.objects.get(verb="unit.members_counted").detail == {"on": "2026-01-01", "members": 18, "exempt": 2}


@pytest.mark.parametrize("who", ["other_secretary", "clerk", "appraiser", "head", "leader"])
def test_nobody_else_does(district, who):
    with pytest.raises(PermissionDenied):
        count(district.cell, by=getattr(district, who))
    assert not HeadCount.objects.exists()


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("valid_from", {"day": dt.date(2026, 6, 2)}),
        ("valid_from", {"day": dt.date(2019, 12, 31)}),
        ("exempt", {"members": 1, **WHY}),
        ("exempt_reason", {"exempt": 1, "exempt_reason": " "}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(district, field, told):
    with pytest.raises(ValidationError) as refused:
        count(district.cell, **told)
    assert [*refused.value.error_dict] == [field]


def test_a_committee_has_no_members_of_its_own(district):
    with pytest.raises(ValidationError):
        count(district.commune)


def test_the_count_in_force_is_the_last_one_said_of_the_latest_day_up_to_then(district):
    count(district.cell, members=18)
    count(district.cell, members=20, day=dt.date(2026, 3, 1))
    count(district.cell, members=17)
    assert [in_force(district.cell, day) for day in (dt.date(2025, 12, 31), FIRST, dt.date(2026, 3, 1))] == [
        None,
        (17, 0),
        (20, 0),
    ]
    assert HeadCount.objects.count() == 3


def test_the_same_count_said_twice_is_one(district):
    assert count(district.cell) == count(district.cell)
    assert Event.objects.filter(verb="unit.members_counted").count() == 1


def test_the_database_keeps_what_was_said(district):
    count(district.cell)
    for change in (lambda rows: rows.update(members=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(HeadCount.objects.all())
    assert in_force(district.cell, TODAY) == (18, 0)


def test_cells_that_were_never_counted_or_not_for_a_year_are_listed(district):
    third = factories.unit("Chi bộ ấp 3", parent=district.commune)
    count(district.cell, day=dt.date(2025, 5, 31), at=AT)
    count(third, day=dt.date(2025, 6, 1), at=AT)
    listed = {
        state: list(cells_counted(district.leader, TODAY, state=state).values_list("name", flat=True))
        for state in ("", "none", "old", "ask")
    }
    assert listed == {
        "": ["Chi bộ ấp 1", "Chi bộ ấp 3", "Chi bộ ấp 2"],
        "none": ["Chi bộ ấp 2"],
        "old": ["Chi bộ ấp 1"],
        "ask": ["Chi bộ ấp 1", "Chi bộ ấp 2"],
    }


def test_a_secretary_records_the_number_and_sees_what_was_said_before(client, district):
    client.force_login(district.secretary)
    url = reverse("organizations:members", args=[district.cell.pk])
    assert "Chưa có số đảng viên" in client.get(url).text
    assert client.post(url, {"members": "18", "exempt": "2", "valid_from": "1/1/26"}).status_code == 422
    typed = {"members": "18", "exempt": "2", "exempt_reason": "Tuổi cao", "valid_from": "1/1/26"}
    shown = client.post(url, typed, follow=True).text
    assert "18 đảng viên, trong đó 2 được miễn sinh hoạt; tính từ ngày 01/01/2026" in shown
    assert "Tuổi cao" in shown


@pytest.mark.parametrize("more", [1, 30])
def test_the_list_of_cells_costs_the_same_however_long(client, district, more, django_assert_max_num_queries):
    for n in range(more):
        count(factories.unit(f"Chi bộ {n}", parent=district.commune))
    assert Unit.objects.count() > more
    client.force_login(district.committee)
    with django_assert_max_num_queries(6):
        assert client.get(reverse("organizations:cells")).status_code == 200
