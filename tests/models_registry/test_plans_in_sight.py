"""Who sees what a body laid down: the units it serves, all below them, and the bodies above."""

import pytest

from models_registry.models import Obligation, RegistrationRound, Theme
from organizations.models import Unit
from tests import factories
from tests.models_registry import plans

EVERYBODY = ["secretary", "other_secretary", "clerk", "committee", "appraiser", "head", "leader", "administrator"]


def themes(person):
    return set(Theme.objects.visible_to(person).values_list("title", flat=True))


def rounds(person):
    return set(RegistrationRound.objects.visible_to(person).values_list("name", flat=True))


@pytest.fixture
def province(district):
    """A province above the district, with a board of its own that serves it."""
    top = factories.unit("Tỉnh ủy Mẫu", Unit.Kind.PROVINCE_COMMITTEE)
    board = factories.unit("Ban Tuyên giáo Tỉnh ủy", Unit.Kind.ADVISORY_BODY, top)
    factories.services.let_appraise(board, top, valid_from=factories.FOUNDED, by=None, at=factories.AT)
    below = factories.unit("Huyện ủy khác", Unit.Kind.DISTRICT_COMMITTEE, top)
    below_board = factories.unit("Ban Tuyên giáo Huyện ủy khác", Unit.Kind.ADVISORY_BODY, below)
    factories.services.let_appraise(below_board, below, valid_from=factories.FOUNDED, by=None, at=factories.AT)
    cell = factories.unit("Chi bộ ấp 9", Unit.Kind.CELL, below)
    plans.theme_of(board, title="Chuyên đề của tỉnh")
    plans.theme_of(below_board, title="Chuyên đề của huyện khác")
    return {"board": board, "below_board": below_board, "cell": cell}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_a_body_serves_sees_its_theme_once(district, who):
    plans.theme_of(district.board, title="Chuyên đề của Ban")
    plans.theme_of(district.top, title="Chuyên đề của Huyện ủy")
    assert themes(getattr(district, who)) == {"Chuyên đề của Ban", "Chuyên đề của Huyện ủy"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_sees_the_theme_of_another_district(district, other_district, who):
    plans.theme_of(other_district.board)
    plans.theme_of(other_district.top)
    assert themes(getattr(district, who)) == set()


def test_a_cell_sees_what_province_and_district_laid_down_and_the_province_sees_both(province):
    secretary = factories.person(province["cell"], "secretary")
    head = factories.person(province["below_board"], "head")
    provincial = factories.person(province["board"], "head")
    both = {"Chuyên đề của tỉnh", "Chuyên đề của huyện khác"}
    assert themes(secretary) == themes(head) == themes(provincial) == both


def test_a_person_without_a_post_sees_nothing(district):
    plans.theme_of(district.board)
    plans.round_of(district.board)
    nobody = factories.person()
    assert (themes(nobody), rounds(nobody)) == (set(), set())


def test_a_round_being_prepared_is_seen_by_its_board_and_by_no_cell(district):
    plans.round_of(district.board, name="Đang chuẩn bị", opened_at=None)
    assert rounds(district.head) == rounds(district.appraiser) == {"Đang chuẩn bị"}
    assert rounds(district.secretary) == rounds(district.clerk) == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_opened_round_is_seen_by_everybody_it_reaches_and_by_nobody_else(district, other_district, who):
    plans.round_of(district.board, name="Đợt 1")
    plans.round_of(other_district.board, name="Đợt của huyện khác")
    assert rounds(getattr(district, who)) == {"Đợt 1"}


def test_a_unit_sees_only_its_own_obligation_and_its_committee_those_below(district):
    opened = plans.round_of(district.board)
    for unit in (district.cell, district.other_cell):
        plans.obligation(opened, district, unit=unit)
    seen = {
        who: set(Obligation.objects.visible_to(getattr(district, who)).values_list("unit__name", flat=True))
        for who in ("secretary", "committee", "head", "leader")
    }
    both = {"Chi bộ ấp 1", "Chi bộ ấp 2"}
    assert seen == {"secretary": {"Chi bộ ấp 1"}, "committee": {"Chi bộ ấp 1"}, "head": both, "leader": both}
