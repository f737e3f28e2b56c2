import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event
from organizations import services
from organizations.models import AppraisalLink, Placement, Unit
from organizations.queries import appraising_body_of, parents_on, trail_of, tree_on
from tests import factories
from tests.factories import AT, FOUNDED

Kind = Unit.Kind
DAY = dt.date(2026, 3, 1)
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=AT.tzinfo)


def fresh(unit):
    return Unit.objects.get(pk=unit.pk)


def test_a_unit_is_added_under_its_parent_and_recorded(district):
    unit = services.add_unit(
        code="CB-3", name="Chi bộ ấp 3", kind=Kind.CELL, valid_from=DAY, parent=district.commune,
        by=district.administrator, at=NOON,
    )  # fmt: skip
    assert unit.ancestor_ids == [district.top.pk, district.commune.pk]
    assert trail_of(unit) == [district.top, district.commune]
    assert Event.objects.about("unit", unit.pk).get().verb == "unit.added"


def test_a_unit_is_not_added_before_its_parent_stands(district):
    with pytest.raises(ValidationError) as refused:
        services.add_unit(
            code="X", name="X", kind=Kind.CELL, valid_from=FOUNDED - dt.timedelta(days=1), parent=district.commune,
            by=district.administrator, at=NOON,
        )  # fmt: skip
    assert list(refused.value.message_dict) == ["parent"]


def test_a_tree_is_not_deeper_than_fifteen_levels(db):
    parent = None
    for level in range(15):
        parent = factories.unit(f"Cấp {level}", parent=parent)
    with pytest.raises(ValidationError):
        factories.unit("Cấp 15", parent=parent)


def test_a_renamed_unit_stays_the_same_and_the_journal_keeps_the_old_name(district):
    services.correct_unit(
        district.cell, name="Chi bộ ấp Mới", code=district.cell.code, kind=district.cell.kind, on=DAY,
        by=district.administrator, at=NOON, decision="12-QĐ/HU",
    )  # fmt: skip
    unit = fresh(district.cell)
    assert (unit.name, unit.folded_name) == ("Chi bộ ấp Mới", "chi bo ap moi")
    event = Event.objects.about("unit", unit.pk).last()
    assert (event.verb, event.detail["changed"], event.detail["decision"]) == (
        "unit.renamed",
        {"name": ["Chi bộ ấp 1", "Chi bộ ấp Mới"]},
        "12-QĐ/HU",
    )


def test_correcting_nothing_records_nothing(district):
    before = Event.objects.count()
    cell = district.cell
    services.correct_unit(
        cell, name=cell.name, code=cell.code, kind=cell.kind, on=DAY, by=district.administrator, at=NOON
    )
    assert Event.objects.count() == before


def test_a_move_of_today_takes_all_below_along(district):
    services.move_unit(district.commune, district.other_commune, on=DAY, by=district.administrator, at=NOON)
    assert fresh(district.cell).ancestor_ids == [district.top.pk, district.other_commune.pk, district.commune.pk]
    assert district.cell in Unit.objects.below(district.other_commune)
    day_before = DAY - dt.timedelta(days=1)
    assert tree_on(day_before)[district.commune.pk] == district.top.pk
    assert tree_on(DAY)[district.commune.pk] == district.other_commune.pk
    assert parents_on(day_before, [district.commune]) == {district.commune.pk: district.top}
    assert list(Unit.objects.children_of(district.other_commune, DAY)) == [district.other_cell, district.commune]
    assert list(Unit.objects.children_of(district.other_commune, day_before)) == [district.other_cell]


def test_a_move_of_a_later_day_waits_for_that_day(district):
    later = dt.date(2026, 7, 1)
    services.move_unit(district.cell, district.other_commune, on=later, by=district.administrator, at=NOON)
    assert fresh(district.cell).ancestor_ids == [district.top.pk, district.commune.pk]
    assert services.place_where_due(at=NOON) == 0
    there = dt.datetime(2026, 7, 1, 0, 1, tzinfo=AT.tzinfo)
    assert (services.place_where_due(at=there), services.place_where_due(at=there)) == (1, 0)
    assert fresh(district.cell).ancestor_ids == [district.top.pk, district.other_commune.pk]


def test_a_day_without_moves_costs_two_queries(district, django_assert_num_queries):
    with django_assert_num_queries(2 + 2):  # and the savepoint
        services.place_where_due(at=NOON)


def test_two_later_moves_of_one_branch_arrive_from_the_top_down(district):
    later = dt.date(2026, 7, 1)
    services.move_unit(district.commune, district.other_commune, on=later, by=district.administrator, at=NOON)
    services.move_unit(district.cell, district.other_cell, on=later, by=district.administrator, at=NOON)
    services.move_unit(district.other_cell, district.commune, on=later, by=district.administrator, at=NOON)
    services.place_where_due(at=dt.datetime(2026, 7, 1, 1, tzinfo=AT.tzinfo))
    line = [district.top, district.other_commune, district.commune, district.other_cell]
    assert fresh(district.cell).ancestor_ids == [unit.pk for unit in line]


@pytest.mark.parametrize("target", ["commune", "cell"])
def test_a_unit_is_not_moved_under_itself_or_below(district, target):
    with pytest.raises(ValidationError):
        services.move_unit(district.commune, getattr(district, target), on=DAY, by=district.administrator, at=NOON)


def test_two_moves_of_different_days_close_no_circle(district):
    top, july, june = district.top, dt.date(2026, 7, 1), dt.date(2026, 6, 1)
    a, b = factories.unit("A", parent=top), factories.unit("B", parent=top)
    services.move_unit(b, a, on=july, by=district.administrator, at=NOON)
    with pytest.raises(ValidationError):
        services.move_unit(a, b, on=june, by=district.administrator, at=NOON)


def test_a_move_before_a_later_move_is_refused_and_one_to_the_same_place_too(district):
    services.move_unit(district.cell, district.other_commune, on=DAY, by=district.administrator, at=NOON)
    with pytest.raises(ValidationError):
        services.move_unit(
            district.cell, district.commune, on=DAY - dt.timedelta(days=9), by=district.administrator, at=NOON
        )
    with pytest.raises(ValidationError):
        services.move_unit(district.cell, district.other_commune, on=DAY, by=district.administrator, at=NOON)


def test_a_second_move_of_the_same_day_corrects_the_first(district):
    for parent in (district.other_commune, district.top):
        services.move_unit(district.cell, parent, on=DAY, by=district.administrator, at=NOON)
    assert [p.parent for p in district.cell.placements.all()] == [district.commune, district.top]


def test_a_unit_ends_with_its_place_its_links_and_its_posts(district):
    services.let_appraise(district.board, district.cell, valid_from=DAY, by=None, at=NOON)
    end = dt.date(2026, 4, 1)
    services.end_unit(district.cell, on=end, by=district.administrator, at=NOON, decision="7-QĐ/HU")
    assert fresh(district.cell).valid_to == end
    assert district.cell.pk not in tree_on(end) and district.cell.pk in tree_on(end - dt.timedelta(days=1))
    assert Placement.objects.get(unit=district.cell).valid_to == end
    assert AppraisalLink.objects.get(serves=district.cell).valid_to == end
    midnight = dt.datetime(2026, 4, 1, tzinfo=AT.tzinfo)
    posts = district.secretary.posts
    assert posts.current(midnight - dt.timedelta(seconds=1)).exists() and not posts.current(midnight).exists()


def test_a_unit_does_not_end_while_others_stand_under_it(district):
    with pytest.raises(ValidationError) as refused:
        services.end_unit(district.commune, on=DAY, by=district.administrator, at=NOON)
    assert "Chi bộ ấp 1" in str(refused.value)


def test_a_unit_ends_once_and_after_it_began(district):
    with pytest.raises(ValidationError):
        services.end_unit(district.cell, on=FOUNDED, by=district.administrator, at=NOON)
    services.end_unit(district.cell, on=DAY, by=district.administrator, at=NOON)
    with pytest.raises(ValidationError):
        services.end_unit(district.cell, on=DAY, by=district.administrator, at=NOON)


def test_nobody_changes_units_out_of_reach_or_without_the_role(district):
    foreign = factories.unit("Huyện ủy Khác", Kind.DISTRICT_COMMITTEE)
    for by, unit in [
        (district.administrator, foreign),
        (district.head, district.cell),
        (district.secretary, district.cell),
    ]:
        with pytest.raises(PermissionDenied):
            services.end_unit(unit, on=DAY, by=by, at=NOON)
        with pytest.raises(PermissionDenied):
            services.move_unit(unit, district.top, on=DAY, by=by, at=NOON)
        with pytest.raises(PermissionDenied):
            services.correct_unit(unit, name="X", code="X", kind=Kind.CELL, on=DAY, by=by, at=NOON)
        with pytest.raises(PermissionDenied):
            services.let_appraise(district.board, unit, valid_from=DAY, by=by, at=NOON)
    with pytest.raises(PermissionDenied):
        services.move_unit(district.cell, foreign, on=DAY, by=district.administrator, at=NOON)
    with pytest.raises(PermissionDenied):
        services.add_unit(
            code="R", name="R", kind=Kind.CELL, valid_from=DAY, parent=None, by=district.administrator, at=NOON
        )


def test_one_neither_moves_nor_ends_the_unit_one_administers_from(district):
    for change in (
        lambda: services.end_unit(district.top, on=DAY, by=district.administrator, at=NOON),
        lambda: services.move_unit(district.top, district.cell, on=DAY, by=district.administrator, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_a_new_body_follows_the_old_one_on_its_day(district):
    other = factories.unit("Ban Tuyên giáo và Dân vận", Kind.ADVISORY_BODY, district.top)
    services.let_appraise(other, district.top, valid_from=DAY, by=district.administrator, at=NOON)
    assert appraising_body_of(district.cell, DAY - dt.timedelta(days=1)) == district.board
    assert appraising_body_of(district.cell, DAY) == other


def test_a_nearer_body_goes_before_one_further_up_until_it_ends(district):
    office = factories.unit("Văn phòng Đảng ủy", Kind.ADVISORY_BODY, district.commune)
    services.let_appraise(office, district.commune, valid_from=FOUNDED, by=district.administrator, at=NOON)
    assert appraising_body_of(district.cell, DAY) == office
    services.end_appraisal(district.commune, on=DAY, by=district.administrator, at=NOON)
    assert appraising_body_of(district.cell, DAY) == district.board


def test_where_no_body_serves_there_is_none(db):
    assert appraising_body_of(factories.unit("Một mình"), DAY) is None


def test_four_levels_before_july_2025_and_two_after(db):
    """Province → district → grassroots committee → cell; the districts end on 1/7/2025, their communes move up."""
    july, june = dt.date(2025, 7, 1), dt.date(2025, 6, 30)
    province = factories.unit("Tỉnh ủy", Kind.PROVINCE_COMMITTEE)
    district = factories.unit("Huyện ủy", Kind.DISTRICT_COMMITTEE, province)
    commune = factories.unit("Đảng ủy xã", Kind.GRASSROOTS_COMMITTEE, district)
    cell = factories.unit("Chi bộ", Kind.CELL, commune)
    administrator = factories.person(province, "administrator")
    services.move_unit(commune, province, on=july, by=administrator, at=NOON)
    services.correct_unit(
        commune, name="Đảng ủy xã Mới", code=commune.code, kind=Kind.UPPER_GRASSROOTS_COMMITTEE, on=july,
        by=administrator, at=NOON,
    )  # fmt: skip
    services.end_unit(district, on=july, by=administrator, at=NOON)
    assert tree_on(june) == {
        province.pk: None,
        district.pk: province.pk,
        commune.pk: district.pk,
        cell.pk: commune.pk,
    }
    assert tree_on(july) == {province.pk: None, commune.pk: province.pk, cell.pk: commune.pk}
    assert fresh(cell).ancestor_ids == [province.pk, commune.pk]
