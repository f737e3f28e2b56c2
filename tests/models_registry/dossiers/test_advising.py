"""Advice on the pages of who writes."""

import pytest
from django.utils.html import escape

from models_registry import services
from models_registry.models import Dossier
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, step, url

pytestmark = pytest.mark.django_db


def test_advice_stands_on_its_step_and_before_sending_and_never_in_the_way(secretary, sheet):
    sheet.items.filter(kind="COL").update(expected_result="Nâng cao nhận thức", expected_value=None, measure=None)
    for page in (step(sheet, "collective"), url("advice", sheet.pk, "collective"), url("check", sheet.pk)):
        text = secretary.get(page).content.decode()
        assert "<q>Nâng cao nhận thức</q> Kết quả chưa đo đếm được." in text
    assert "Kết quả chưa đo" not in secretary.get(step(sheet, "issues")).content.decode()
    assert secretary.post(url("check", sheet.pk), {"edition": 0}).status_code == 302


def test_advice_on_one_individual_is_of_that_one_alone(secretary, sheet):
    make.individual(sheet, name="Người hai", number=2, expected_result="Gương mẫu", expected_value=None, measure=None)
    assert "Gương mẫu" in secretary.get(url("advice_one", sheet.pk, "individual", 2)).content.decode()
    assert "Gương mẫu" not in secretary.get(url("advice_one", sheet.pk, "individual", 1)).content.decode()


@pytest.mark.parametrize("key", ["general", "reasons", "works", "outputs"])
def test_a_step_with_advice_costs_no_more_than_twelve_queries(
    secretary, district, model, opened, key, django_assert_max_num_queries
):
    other = make.full_model(district.other_cell, district.other_secretary, opened)
    goal = "Trong năm cả ấp phân loại rác tại nhà và giảm một nửa lượng rác phải chở"
    for one, by in ((other, district.other_secretary), (model, district.secretary)):
        services.save_draft(one.pk, by=by, at=LATER, fields={"goal": goal})
    services.take_step(other.pk, "submit", by=district.other_secretary, at=LATER)
    with django_assert_max_num_queries(12):
        page = secretary.get(step(Dossier.objects.get(pk=model.pk), key))
    said = escape("Câu này giống hồ sơ đã gửi của đơn vị khác")
    assert (said in page.content.decode()) is (key == "reasons")
