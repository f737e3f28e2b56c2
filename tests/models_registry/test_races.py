"""Two at once, with real threads on PostgreSQL."""

import datetime as dt

import pytest

from journal.models import Event
from models_registry import services
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import State, Step
from models_registry.models import Dossier
from tests.factories import AT
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = AT + dt.timedelta(hours=1)


def test_four_taps_on_send_are_one_submission(district, model):
    tap = lambda: services.submit(model.pk, edition=0, by=district.secretary, at=LATER)  # noqa: E731
    results = at_once(tap, tap, tap, tap)
    assert [result.version for result in results] == [1, 1, 1, 1]
    assert Event.objects.filter(verb="dossier.submit").count() == 1


def test_two_who_start_a_sheet_get_the_same_one(district, opened):
    def start(by):
        return lambda: services.start_dossier(kind="registration_sheet", unit=district.cell, round=opened, by=by, at=AT)

    results = at_once(*(start(by) for by in (district.secretary, district.clerk)))
    assert {result.pk for result in results} == {Dossier.objects.get().pk}


def test_of_two_who_save_the_same_page_one_is_told(district, model):
    def save(by, goal):
        return lambda: services.save_draft(model.pk, by=by, at=LATER, edition=0, fields={"goal": goal})

    results = at_once(save(district.secretary, "Của bí thư"), save(district.clerk, "Của người nhập liệu"))
    refused = [result for result in results if isinstance(result, StepNotOpen)]
    saved = next(result for result in results if isinstance(result, Dossier))
    model.practice.refresh_from_db()
    assert len(refused) == 1
    assert model.practice.goal == saved.practice.goal
    assert Dossier.objects.get().edition == 1


def test_a_withdrawal_against_an_approval_leaves_one_of_them(district, model):
    services.submit(model.pk, edition=0, by=district.secretary, at=LATER)
    services.take_step(model.pk, Step.TAKE, by=district.appraiser, at=LATER)
    results = at_once(
        lambda: services.take_step(model.pk, Step.WITHDRAW, by=district.secretary, at=LATER),
        lambda: services.take_step(model.pk, Step.APPROVE, by=district.head, at=LATER),
    )
    refused = [result for result in results if isinstance(result, StepNotOpen)]
    assert len(refused) == 1
    assert refused[0].last.at == LATER
    assert Dossier.objects.get().state in (State.WITHDRAWN, State.APPROVED)
    assert Event.objects.filter(verb__in=["dossier.withdraw", "dossier.approve"]).count() == 1
