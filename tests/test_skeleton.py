from organizations.models import Unit
from organizations.queries import appraising_body_of, tree_on
from tests.factories import FOUNDED


def test_a_leader_sees_the_own_unit_and_all_below(district):
    assert district.cell in Unit.objects.visible_to(district.leader)
    assert district.top in Unit.objects.visible_to(district.leader)


def test_a_secretary_sees_no_unit_but_the_own(district):
    assert list(Unit.objects.visible_to(district.secretary)) == [district.cell]


def test_the_body_that_serves_the_nearest_ancestor_appraises(district):
    assert appraising_body_of(district.cell, FOUNDED) == district.board


def test_the_tree_of_a_day_holds_the_units_that_stand_on_it(district):
    assert tree_on(FOUNDED)[district.cell.pk] == district.commune.pk
