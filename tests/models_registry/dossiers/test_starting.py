"""Starting a dossier."""

import datetime as dt

import pytest

from models_registry.lifecycle import State
from models_registry.models import Dossier
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import step, url

pytestmark = pytest.mark.django_db


def test_a_secretary_starts_a_sheet_and_comes_to_its_first_screen(secretary, opened, district):
    answer = secretary.post(url("start"), {"kind": "registration_sheet", "round": opened.pk})
    made = Dossier.objects.get()
    assert (made.unit, made.state) == (district.cell, State.DRAFT)
    assert answer.url == step(made, "general")


def test_starting_without_a_choice_says_so(secretary, opened):
    answer = secretary.post(url("start"), {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "round"}


def test_a_round_that_does_not_receive_cannot_be_chosen(secretary, district):
    closed = make.opened_round(district, late_until=dt.date(2026, 1, 4), closes_on=dt.date(2026, 1, 3))
    answer = secretary.post(url("start"), {"kind": "practice_model", "round": closed.pk})
    assert answer.status_code == 422


def test_where_no_round_receives_the_page_says_so(secretary):
    assert "Hiện chưa có đợt nào nhận đăng ký" in secretary.get(url("start")).content.decode()
