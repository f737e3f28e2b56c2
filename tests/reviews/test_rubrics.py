"""Dossiers judged by sets with weights, levels and words; what was judged stays judged by the same set."""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from models_registry.models import Criterion, CriterionSet, DossierVersion, RegistrationRound
from models_registry.services.criteria import change_criteria, rows_of
from reviews import services
from reviews.queries import criteria_of, judgements_of
from reviews.scoring import total
from reviews.services import Judged
from tests.factories import AT
from tests.reviews import factories

LATER = AT + dt.timedelta(hours=1)
REASON = "Nội dung còn chung chung, chưa có số liệu."


@pytest.fixture
def weighed(round_):
    """The set of models: one score of three levels that weighs five, words, and the rest as it was."""
    criteria = round_.model_criteria.criteria
    levels = [[10, "Có số liệu đối chứng"], [6, "Có số liệu"], [0, "Không có số liệu"]]
    criteria.filter(code="easy_to_do").update(kind="score", weight=5, levels=levels)
    criteria.filter(code="serves_target").update(kind="text", weight=0)
    return round_.model_criteria


def marks(dossier, user):
    return {pk: one.mark for pk, one in judgements_of(dossier, 1, user.pk).items()}


def entries(dossier):
    said = {"easy_to_do": Judged("level_1"), "serves_target": Judged("answered", "Gắn chỉ tiêu số 3")}
    return {one.pk: said.get(one.code, Judged("met")) for one in criteria_of(dossier)}


def test_a_sheet_of_every_kind_adds_up_to_a_hundredth(district, weighed, held):
    services.save_judgements(held.pk, entries(held), by=district.appraiser, at=AT)
    assert total(criteria_of(held), marks(held, district.appraiser)) == Fraction(700, 9)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("easy_to_do", Judged("met")),
        ("easy_to_do", Judged("level_3")),
        ("learning", Judged("level_0")),
        ("serves_target", Judged("answered", " ")),
        ("vague", Judged("not_applicable")),
    ],
)
def test_a_mark_of_another_scale_is_refused(district, weighed, held, code, said):
    one = weighed.criteria.get(code=code)
    with pytest.raises(ValidationError):
        services.save_judgements(held.pk, {one.pk: said}, by=district.appraiser, at=AT)
    assert DossierVersion.objects.get(dossier=held).criterion_set is None


def test_a_change_after_the_first_mark_is_a_new_version_and_leaves_the_total(district, weighed, held):
    services.save_judgements(held.pk, entries(held), by=district.appraiser, at=AT)
    before = total(criteria_of(held), marks(held, district.appraiser))
    lighter = [row._replace(weight=0) for row in rows_of(weighed)]
    newer = change_criteria(
        CriterionSet.objects.get(pk=weighed.pk), name="Bản mới", rows=lighter, edition=0, by=district.head, at=LATER
    )
    RegistrationRound.objects.update(model_criteria=newer)
    held.round.refresh_from_db()
    assert (newer.version, newer.based_on) == (2, weighed)
    assert {one.criterion_set_id for one in criteria_of(held)} == {weighed.pk}
    assert total(criteria_of(held), marks(held, district.appraiser)) == before
    waiting = factories.sent(district, held.round, "Mô hình chưa chấm")
    assert {one.criterion_set_id for one in criteria_of(waiting)} == {newer.pk}


def test_a_return_binds_the_version_to_the_criteria_it_names(district, weighed, held):
    """Without a mark on it too: the reasons of a return are never changed under it."""
    first = criteria_of(held)[0]
    services.request_revision(held.pk, criteria=[first.pk], reason=REASON, by=district.appraiser, at=LATER)
    assert CriterionSet.objects.get(pk=weighed.pk).frozen_at == LATER
    resent = factories.resent(held, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))
    pinned = DossierVersion.objects.filter(dossier=resent).order_by("number").values_list("criterion_set", flat=True)
    assert list(pinned) == [weighed.pk, None]


@pytest.mark.parametrize(
    "values", [{"kind": "grade"}, {"group": "fault", "kind": "score"}, {"kind": "text", "weight": 1}, {"weight": 101}]
)
def test_the_database_knows_the_kinds(weighed, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(code="learning").update(**values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE models_registry_criterion SET weight = 9 WHERE criterion_set_id = %s",
        "UPDATE models_registry_criterion SET levels = '[]' WHERE criterion_set_id = %s",
        "UPDATE models_registry_criterion SET criterion_set_id = %s, code = 'x' WHERE criterion_set_id <> %s",
        "DELETE FROM models_registry_criterion WHERE criterion_set_id = %s",
        'INSERT INTO models_registry_criterion (criterion_set_id, "group", code, text, "order", kind, weight, levels)'
        " VALUES (%s, 'ease', 'x', 'x', 9, 'check', 1, '[]')",
        "UPDATE models_registry_criterionset SET frozen_at = NULL WHERE id = %s",
        "DELETE FROM models_registry_criterionset WHERE id = %s",
        "UPDATE models_registry_dossierversion SET criterion_set_id = NULL WHERE criterion_set_id = %s",
    ],
)
def test_the_database_refuses_to_change_what_a_version_was_judged_by(judged, statement):
    bound = judged.versions.get().criterion_set_id
    Criterion.objects.exclude(criterion_set=bound).exclude(code="vague").delete()
    before = list(Criterion.objects.values())
    with pytest.raises(DatabaseError, match="are never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [bound] * statement.count("%s"))
    assert list(Criterion.objects.values()) == before


def test_what_nobody_was_judged_by_is_still_changed_by_the_database(judged):
    one_free = Criterion.objects.exclude(criterion_set=judged.versions.get().criterion_set)
    assert (one_free.update(weight=2) > 0, one_free.delete()[0] > 0) == (True, True)
