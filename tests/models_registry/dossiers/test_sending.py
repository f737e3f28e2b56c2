"""Checking, sending, withdrawing, deleting and copying."""

import pytest

from models_registry import services
from models_registry.lifecycle import State
from models_registry.models import Dossier
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, sent, url

pytestmark = pytest.mark.django_db


def test_the_check_shows_what_will_be_sent_and_sending_twice_is_one_submission(secretary, model):
    page = secretary.get(url("check", model.pk))
    assert page.context["problems"] == {}
    assert "Gửi thẩm định" in page.content.decode()
    for _tap in range(2):
        assert secretary.post(url("check", model.pk), {"edition": 0}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version) == (State.SUBMITTED, 1)


def test_the_check_says_what_is_missing_and_sends_nothing(secretary, district, opened):
    empty = make.dossier(district.cell, district.secretary, opened)
    page = secretary.get(url("check", empty.pk)).content.decode()
    assert "Còn thiếu trước khi gửi" in page
    assert "Gửi thẩm định" not in page
    assert secretary.post(url("check", empty.pk), {"edition": 0}).status_code == 422


def test_where_nobody_appraises_sending_says_whom_to_ask(secretary, model, district):
    district.board.appraises.all().delete()
    answer = secretary.post(url("check", model.pk), {"edition": 0})
    assert answer.status_code == 422
    assert "Chưa có cơ quan thẩm định" in answer.content.decode()


def test_sending_a_stale_page_is_told_so(secretary, model, district):
    services.save_draft(model.pk, by=district.clerk, at=LATER, fields={"goal": "Khác"})
    answer = secretary.post(url("check", model.pk), {"edition": 0})
    assert answer.status_code == 409
    assert str(district.clerk) in answer.content.decode()


def test_a_clerk_checks_but_cannot_send(client, district, model):
    client.force_login(district.clerk)
    assert "Gửi thẩm định" not in client.get(url("check", model.pk)).content.decode()
    assert client.post(url("check", model.pk), {"edition": 0}).status_code == 403


def test_a_sent_dossier_is_withdrawn_and_a_decided_one_is_not(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.post(url("withdraw", model.pk), {"edition": 1}).status_code == 302
    model.refresh_from_db()
    assert model.state == State.WITHDRAWN
    assert secretary.post(url("withdraw", model.pk), {"edition": 2}).status_code == 409


def test_a_draft_is_deleted_and_a_sent_dossier_is_not(secretary, model, sheet, district):
    sent(sheet, district.secretary)
    assert secretary.post(url("delete", model.pk)).url == url("dossiers")
    assert secretary.post(url("delete", sheet.pk)).status_code == 409
    assert list(Dossier.objects.all()) == [sheet]


def test_a_withdrawn_dossier_is_copied(secretary, model, opened, district):
    answer = secretary.post(url("copy", model.pk), {"round": opened.pk})
    made = Dossier.objects.exclude(pk=model.pk).get()
    assert answer.url == url("check", made.pk)
    assert secretary.post(url("copy", model.pk), {}).status_code == 422
