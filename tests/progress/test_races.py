"""Two at once on a real database: one wins, the other is told who and when, and one fact remains."""

import pytest

from models_registry.gate import StepNotOpen
from models_registry.models import WorkItem
from progress.models import ChangeRequest, Fact
from progress.services import (
    ask_change,
    decide_request,
    record_check,
    report_completion,
    take_item_step,
    withdraw_request,
)
from tests import factories
from tests.factories import person
from tests.progress import making
from tests.progress.making import claim, instant
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MARCH_19 = instant("2026-03-19")
WHY = "Chờ địa phương bố trí kinh phí"


@pytest.fixture
def world(transactional_db):
    found = factories.district()
    found.item = making.item(making.sheet(found.cell, found.board))
    return found


def one_winner(outcomes, winners):
    won = [person for outcome, person in zip(outcomes, winners, strict=True) if not isinstance(outcome, Exception)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(won) == 1
    assert all(isinstance(refusal, StepNotOpen) and refusal.last.actor == won[0] for refusal in lost)


def test_a_confirmation_against_a_refusal_leaves_one(world):
    report_completion(world.item.pk, claim("2026-03-18"), by=world.secretary, at=MARCH_19)
    other = person(world.commune, "committee")
    outcomes = at_once(
        lambda: take_item_step(world.item.pk, "confirm", by=world.committee, at=MARCH_19),
        lambda: take_item_step(world.item.pk, "refuse", by=other, at=MARCH_19, reason=WHY),
    )
    one_winner(outcomes, [world.committee, other])
    assert Fact.objects.filter(kind__in=["confirmed", "refused"]).count() == 1


def test_four_reports_at_once_are_one_report(world):
    people = [world.secretary, *(person(world.cell, "deputy") for _ in range(3))]
    outcomes = at_once(
        *(lambda by=by: report_completion(world.item.pk, claim("2026-03-18"), by=by, at=MARCH_19) for by in people)
    )
    one_winner(outcomes, people)
    assert (world.item.reports.count(), world.item.facts.count()) == (1, 1)


def test_two_committees_checking_one_quarter_leave_one_check(world):
    WorkItem.objects.update(ongoing=True)
    other = person(world.commune, "committee")
    outcomes = at_once(
        lambda: record_check(world.item.pk, 1, verdict="passed", by=world.committee, at=MARCH_19),
        lambda: record_check(world.item.pk, 1, verdict="failed", remark=WHY, by=other, at=MARCH_19),
    )
    one_winner(outcomes, [world.committee, other])
    assert world.item.checks.count() == 1


def test_two_heads_deciding_one_request_leave_one_decision(world):
    asked = ask_change(world.item.pk, "suspend", by=world.secretary, at=MARCH_19, reason=WHY)
    other = person(world.board, "head")
    outcomes = at_once(
        lambda: decide_request(asked.pk, grant=True, by=world.head, at=MARCH_19),
        lambda: decide_request(asked.pk, grant=False, by=other, at=MARCH_19, answer=WHY),
    )
    one_winner(outcomes, [world.head, other])
    granted = ChangeRequest.objects.get().outcome == "granted"
    assert WorkItem.objects.get(pk=world.item.pk).state == ("suspended" if granted else "in_progress")
    assert Fact.objects.filter(kind="suspended").count() == int(granted)


def test_a_decision_against_a_withdrawal_leaves_one(world):
    asked = ask_change(world.item.pk, "suspend", by=world.secretary, at=MARCH_19, reason=WHY)
    outcomes = at_once(
        lambda: decide_request(asked.pk, grant=True, by=world.head, at=MARCH_19),
        lambda: withdraw_request(asked.pk, by=world.secretary, at=MARCH_19),
    )
    one_winner(outcomes, [world.head, world.secretary])
    granted = ChangeRequest.objects.get().outcome == "granted"
    assert Fact.objects.filter(kind="suspended").count() == int(granted)
