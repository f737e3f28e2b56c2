import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from organizations import services
from organizations.models import Placement, Reorganisation, Succession, Unit
from organizations.queries import lineage_of, names_on
from tests import factories
from tests.factories import AT, FOUNDED

Kind = Succession.Kind
DAY = dt.date(2026, 3, 1)
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=AT.tzinfo)


def told(rows):
    return [(row.kind, row.predecessor.name, row.successor and row.successor.name) for row in rows]


def named(units):
    return sorted(unit.name for unit in units)


@pytest.fixture
def merged(db):
    """A and B merged into C in March, C split into D and E in May."""
    units = {name: factories.unit(name) for name in "ABCDE"}
    for kind, one, other, month in (
        (Kind.MERGE, "A", "C", 3),
        (Kind.MERGE, "B", "C", 3),
        (Kind.SPLIT, "C", "D", 5),
        (Kind.SPLIT, "C", "E", 5),
    ):
        factories.succession(kind, units[one], units[other], on=dt.date(2026, month, 1))
    return units


def test_a_unit_knows_all_it_came_from_and_all_it_became_in_one_query(merged, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert named(Unit.objects.predecessors_of(merged["D"])) == ["A", "B", "C"]
        assert named(Unit.objects.successors_of(merged["A"])) == ["C", "D", "E"]
    assert not Unit.objects.predecessors_of(merged["A"]).exists()


def test_a_circle_of_successions_ends(merged):
    factories.succession(Kind.MERGE, merged["D"], merged["A"], on=DAY)
    assert named(Unit.objects.predecessors_of(merged["D"])) == ["A", "B", "C", "D"]


def test_the_lineage_of_a_unit_is_told_oldest_first_in_one_query(merged, django_assert_num_queries):
    factories.succession(Kind.RENAME, merged["A"], on=dt.date(2025, 1, 1), renamed=("Cũ", "A"))
    with django_assert_num_queries(1):
        found = told(lineage_of(merged["D"]))
    assert found == [
        ("rename", "A", None), ("merge", "A", "C"), ("merge", "B", "C"), ("split", "C", "D"), ("split", "C", "E"),
    ]  # fmt: skip


def test_what_an_administrator_does_to_a_unit_is_kept_with_its_day_and_instant(district):
    by = district.administrator
    data = {"code": district.cell.code, "on": DAY, "by": by, "at": NOON}
    services.correct_unit(district.cell, name="Chi bộ ấp Mới", kind=Unit.Kind.GRASSROOTS_CELL, **data)
    services.correct_unit(
        district.commune, name=district.commune.name, code="KHAC", kind=district.commune.kind, on=DAY, by=by, at=NOON
    )
    services.move_unit(district.cell, district.other_commune, on=DAY, by=by, at=NOON)
    services.end_unit(district.cell, on=DAY + dt.timedelta(days=1), by=by, at=NOON)
    assert told(Succession.objects.all()) == [
        ("rename", "Chi bộ ấp Mới", None),
        ("move", "Chi bộ ấp Mới", "Đảng ủy xã Bình"),
        ("dissolve", "Chi bộ ấp Mới", None),
    ]
    renaming = Succession.objects.first()
    assert (renaming.old_name, renaming.new_name, renaming.old_kind, renaming.new_kind) == (
        "Chi bộ ấp 1", "Chi bộ ấp Mới", "cell", "grassroots_cell",
    )  # fmt: skip
    assert {one.recorded_at for one in Succession.objects.all()} == {NOON}
    assert Placement.objects.get(unit=district.cell, parent=district.other_commune).recorded_at == NOON


def test_a_unit_ends_into_those_that_follow_it(district):
    decision = Reorganisation.objects.create(
        kind=Kind.SPLIT, number="12-QĐ/HU", decided_on=DAY, effective_on=DAY, recorded_at=NOON
    )
    halves = [factories.unit(name, parent=district.commune) for name in ("Nửa 1", "Nửa 2")]
    services.end_unit(
        district.cell, on=DAY, by=None, at=NOON, kind=Kind.SPLIT, successors=halves, reorganisation=decision
    )
    assert told(decision.successions.all()) == [("split", "Chi bộ ấp 1", half.name) for half in halves]


def test_a_unit_bears_on_each_day_the_name_it_had_then(district):
    for name, month in (("Tên 2", 3), ("Tên 3", 5)):
        district.cell = services.correct_unit(
            district.cell, name=name, code=district.cell.code, kind=district.cell.kind,
            on=dt.date(2026, month, 1), by=None, at=NOON,
        )  # fmt: skip
    found = [names_on(dt.date(2026, month, 1), [district.cell])[district.cell.pk] for month in (2, 3, 4, 5)]
    assert found == ["Chi bộ ấp 1", "Tên 2", "Tên 2", "Tên 3"]


@pytest.mark.parametrize(
    ("kind", "followed", "extra"),
    [
        (Kind.MERGE, False, {}),
        (Kind.SPLIT, False, {}),
        (Kind.DISSOLVE, True, {}),
        (Kind.RENAME, True, {"renamed": ("Cũ", "Mới")}),
        (Kind.RENAME, False, {}),
        ("vanish", False, {}),
    ],
)
def test_the_database_refuses_what_is_no_succession(district, kind, followed, extra):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.succession(kind, district.cell, district.other_cell if followed else None, **extra)


def test_successions_are_seen_from_both_units(district):
    kept = factories.succession(Kind.MERGE, district.cell, district.other_cell, on=FOUNDED)
    for user, seen in ((district.secretary, 1), (district.other_secretary, 1), (district.leader, 1)):
        assert Succession.objects.visible_to(user).filter(pk=kept.pk).count() == seen
    stranger = factories.person(factories.unit("Chi bộ khác"), "secretary")
    assert not Succession.objects.visible_to(stranger).exists()
