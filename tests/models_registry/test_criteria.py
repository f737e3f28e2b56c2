import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from models_registry.editions import StalePage
from models_registry.models import CriterionSet
from models_registry.services.criteria import (
    CriterionRow,
    add_criteria,
    change_criteria,
    copy_criteria,
    seed_default_criteria,
)
from tests.factories import AT

ROWS = [CriterionRow("ease", "Dễ hiểu"), CriterionRow("fault", "Chung chung", "chung_chung")]


@pytest.fixture
def criteria(district):
    return add_criteria(
        district.board, dossier_kind="practice_model", year=2026, name="Tiêu chí", rows=ROWS, by=district.head, at=AT
    )


def texts(criterion_set):
    return [row.text for row in criterion_set.criteria.all()]


def frozen(criterion_set):
    CriterionSet.objects.filter(pk=criterion_set.pk).update(frozen_at=AT)
    return criterion_set


def test_a_new_line_gets_a_code_from_its_text_and_an_old_one_keeps_its_own(criteria):
    assert [row.code for row in criteria.criteria.all()] == ["de_hieu", "chung_chung"]


def test_two_lines_alike_get_two_codes(district):
    rows = [CriterionRow("ease", "Dễ hiểu"), CriterionRow("ease", "Dễ hiểu"), CriterionRow("ease", "???")]
    made = add_criteria(
        district.board, dossier_kind="practice_model", year=2026, name="Tiêu chí", rows=rows, by=district.head, at=AT
    )
    assert [row.code for row in made.criteria.all()] == ["de_hieu", "de_hieu_2", "tieu_chi"]


def test_a_second_set_for_the_same_year_and_kind_is_refused(district, criteria):
    with pytest.raises(ValidationError):
        add_criteria(
            district.board, dossier_kind="practice_model", year=2026, name="Nữa", rows=ROWS, by=district.head, at=AT
        )


def test_a_set_without_a_criterion_is_refused(district, criteria):
    with pytest.raises(ValidationError):
        change_criteria(criteria, name="Tiêu chí", rows=[], edition=0, by=district.head, at=AT)
    assert texts(criteria) == ["Dễ hiểu", "Chung chung"]


def test_a_set_nobody_was_judged_by_is_changed_in_place(district, criteria):
    rows = [CriterionRow("ease", "Dễ hiểu, dễ nhớ", "de_hieu")]
    changed = change_criteria(criteria, name="Tên mới", rows=rows, edition=0, by=district.head, at=AT)
    assert (changed.pk, changed.version, changed.edition, texts(changed)) == (criteria.pk, 1, 1, ["Dễ hiểu, dễ nhớ"])


def test_a_change_of_a_frozen_set_makes_the_next_version_and_leaves_the_old_one(district, criteria):
    rows = [CriterionRow("ease", "Dễ nhớ")]
    changed = change_criteria(frozen(criteria), name="Tiêu chí", rows=rows, edition=0, by=district.head, at=AT)
    assert (changed.version, changed.frozen_at, texts(changed)) == (2, None, ["Dễ nhớ"])
    assert texts(criteria) == ["Dễ hiểu", "Chung chung"]


def test_a_version_written_meanwhile_is_told_and_what_is_written_from_an_old_one_is_the_newest(district, criteria):
    rows = [CriterionRow("ease", "Dễ nhớ")]
    given = {"name": "Tiêu chí", "rows": rows, "edition": 0, "by": district.head, "at": AT}
    newer = change_criteria(frozen(criteria), **given)
    with pytest.raises(StalePage) as stale:
        change_criteria(criteria, **given)
    assert stale.value.row == newer
    branch = change_criteria(criteria, newest=2, **given)
    assert (branch.version, branch.based_on, texts(criteria)) == (3, criteria, ["Dễ hiểu", "Chung chung"])


@pytest.mark.parametrize("who", ["secretary", "appraiser", "leader"])
def test_nobody_but_a_head_changes_a_set(district, criteria, who):
    with pytest.raises(PermissionDenied):
        change_criteria(criteria, name="Tên", rows=ROWS, edition=0, by=getattr(district, who), at=AT)


def test_a_set_is_copied_to_another_year_with_its_codes(district, criteria):
    copy = copy_criteria(criteria, 2027, by=district.head, at=AT)
    assert (copy.year, copy.version) == (2027, 1)
    assert [row.code for row in copy.criteria.all()] == ["de_hieu", "chung_chung"]


def test_the_default_sets_hold_what_the_sources_ask_for_and_are_written_once(district):
    made = seed_default_criteria(district.board, 2026, by=district.head, at=AT)
    groups = {row.dossier_kind: [one.group for one in row.criteria.all()] for row in made}
    model, sheet = groups["practice_model"], groups["registration_sheet"]
    assert (model.count("content"), model.count("ease"), model.count("fault"), model.count("link")) == (3, 5, 6, 4)
    assert (sheet.count("clarity"), sheet.count("fault")) == (5, 6)
    assert seed_default_criteria(district.board, 2026, by=district.head, at=AT) == []


def test_only_the_head_or_the_portal_itself_writes_the_default_sets(district):
    with pytest.raises(PermissionDenied):
        seed_default_criteria(district.board, 2026, by=district.secretary, at=AT)
    assert len(seed_default_criteria(district.board, 2026, by=None, at=AT)) == 2
