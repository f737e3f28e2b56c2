"""What a new work opens with, and what nobody has to type twice."""

import datetime as dt

import pytest

from models_registry.examples import EXAMPLES
from models_registry.forms.steps import BUILDERS, screen_for
from models_registry.models import Dossier
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import rows, step, url

pytestmark = pytest.mark.django_db
OPENED = {"accountable": "Bí thư chi bộ", "starts_on": "05/01/2026"}


@pytest.fixture
def empty(district, opened):
    return make.dossier(district.cell, district.secretary, opened, kind=Dossier.Kind.REGISTRATION_SHEET)


def test_a_new_work_opens_with_who_answers_for_it_and_its_first_day(secretary, empty):
    page = secretary.get(step(empty, "collective"))
    assert page.context["formset"][0].initial == {"accountable": "Bí thư chi bộ", "starts_on": dt.date(2026, 1, 5)}
    assert '<option value="31/03/2026">' in page.content.decode()
    more = secretary.post(step(empty, "collective"), {"edition": 0, "add": "1", **rows(OPENED | {"title": "Một"})})
    assert [more.context["formset"][n]["starts_on"].value() for n in (0, 1)] == ["05/01/2026"] * 2
    alone = secretary.get(url("individual_add", empty.pk)).context["formset"][0]
    assert alone["accountable"].value() == "Bản thân"


def test_a_work_in_which_nothing_was_typed_is_none(secretary, empty):
    assert secretary.post(step(empty, "collective"), {"edition": 0, **rows(OPENED)}).status_code == 302
    assert not empty.items.exists()


@pytest.mark.parametrize(
    ("result", "value", "unit"),
    [("60 hộ phân loại", 60, "hộ"), ("60 hộ trồng 9 cây", None, None), ("Sạch", None, None)],
)
def test_a_number_said_in_the_result_is_taken_from_there(secretary, empty, result, value, unit):
    for name in ("hộ", "cây"):
        make.measure(name)
    typed = OPENED | {"title": "Phân loại rác", "expected_result": result}
    secretary.post(step(empty, "collective"), {"edition": 0, **rows(typed)})
    work = empty.items.get()
    assert (work.expected_value, work.measure and work.measure.name) == (value, unit)


def test_every_example_stands_beside_a_field(model, empty, district):
    used = set()
    for dossier in (model, empty):
        for key in BUILDERS:
            if (key in ("collective", "issues")) == dossier.is_model and key not in ("general",):
                continue
            screen = screen_for(key, dossier, district.secretary)
            for form in filter(None, (screen.form, *(screen.formset or ())[:1])):
                used |= {(key, name) for name in form.fields} | set(form.fields)
    assert set(EXAMPLES) - used == {("individual", "title")}


def test_examples_stand_beside_the_fields(secretary, model):
    page = secretary.get(step(model, "reasons")).content.decode()
    assert page.count("<summary>Ví dụ</summary>") == 2
    assert "Đường tổ 6 hẹp, lầy vào mùa mưa" in page
