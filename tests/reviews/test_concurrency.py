"""Two at once, with real threads on PostgreSQL: one wins, one is told, one event stands."""

import datetime as dt

import pytest

from journal.models import Event
from models_registry.gate import StepNotOpen
from models_registry.models import CriterionSet, Dossier
from models_registry.services import take_step
from reviews import services
from reviews.models import Assignment, Decision, Judgement
from reviews.queries import criteria_of
from reviews.services import DecisionPrepared, HeldByAnother, Judged
from reviews.services import bulk as bulks
from tests.factories import AT
from tests.reviews import factories
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = AT + dt.timedelta(hours=1)
REASON = "Nội dung còn chung chung, chưa có số liệu."


def told(results):
    return [type(result) for result in results if isinstance(result, Exception)]


def steps_of(dossier):
    steps = Event.objects.about("dossier", dossier.pk).filter(verb__startswith="dossier.")
    return list(steps.values_list("verb", flat=True))


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_take_one_takes(district, dossier, colleague, attempt):
    people = (district.appraiser, colleague, district.head)
    results = at_once(*(lambda by=by: services.take(dossier.pk, by=by, at=LATER) for by in people))
    assert told(results) == [StepNotOpen, StepNotOpen]
    holding = Assignment.objects.get()
    late = next(result for result in results if isinstance(result, StepNotOpen))
    assert (late.last.actor, late.last.at) == (holding.appraiser, LATER)
    assert steps_of(dossier) == ["dossier.take"]


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_heads_who_decide_one_decides(district, proposed, other_head, attempt):
    results = at_once(
        lambda: services.approve(proposed.pk, by=district.head, at=LATER),
        lambda: services.reject(proposed.pk, reason=REASON, by=other_head, at=LATER),
    )
    assert told(results) == [StepNotOpen]
    decision = Decision.objects.get()
    assert Dossier.objects.get().state == decision.outcome
    assert len(steps_of(proposed)) == 2


@pytest.mark.parametrize("attempt", range(5))
def test_a_withdrawal_and_an_approval_do_not_both_happen(district, proposed, attempt):
    results = at_once(
        lambda: take_step(proposed.pk, "withdraw", by=district.secretary, at=LATER),
        lambda: services.approve(proposed.pk, by=district.head, at=LATER),
    )
    assert told(results) == [StepNotOpen]
    ended = Dossier.objects.get().state
    assert steps_of(proposed)[1:] == [{"withdrawn": "dossier.withdraw", "approved": "dossier.approve"}[ended]]
    assert Decision.objects.count() == (ended == "approved")


@pytest.mark.parametrize("attempt", range(5))
def test_a_judgement_and_a_return_leave_no_judgement_behind_the_decision(district, held, attempt):
    first = criteria_of(held)[0]
    results = at_once(
        lambda: services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=LATER),
        lambda: services.request_revision(held.pk, criteria=[first.pk], reason=REASON, by=district.head, at=LATER),
    )
    assert told(results) in ([], [StepNotOpen], [HeldByAnother])
    assert Judgement.objects.count() == (told(results) == [])
    assert Decision.objects.get().outcome == "returned"


def test_two_first_judgements_freeze_a_set_once(district, round_, colleague):
    from tests.reviews import factories

    pairs = []
    for by in (district.appraiser, colleague):
        dossier = factories.sent(district, round_)
        services.take(dossier.pk, by=by, at=AT)
        pairs.append((dossier.pk, by))
    first = criteria_of(dossier)[0]
    results = at_once(
        *(
            lambda pk=pk, by=by: services.save_judgements(pk, {first.pk: Judged("met")}, by=by, at=LATER)
            for pk, by in pairs
        )
    )
    assert results == [1, 1]
    assert CriterionSet.objects.get(pk=first.criterion_set_id).frozen_at == LATER
    assert Event.objects.filter(verb="criterionset.frozen").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_bulk_and_a_single_decision_decide_a_dossier_once(district, proposed, other_head, attempt):
    given = {"announce": True}
    others = factories.proposed_in_bulk(district, proposed.round, 2)
    bulk = bulks.rehearse([proposed.pk, *(one.pk for one in others)], "approve", given, by=district.head, at=LATER)
    at_once(
        lambda: bulks.run(bulk, by=district.head, clock=lambda: LATER),
        lambda: bulks.run(bulk, by=district.head, clock=lambda: LATER),
        lambda: services.reject(proposed.pk, reason=REASON, by=other_head, at=LATER),
    )
    decision, line = Decision.objects.of_dossier(proposed).get(), bulk.lines.get(dossier=proposed)
    assert Dossier.objects.get(pk=proposed.pk).state == decision.outcome
    assert line.outcome == ("done" if decision.outcome == "approved" else "refused")
    assert len(steps_of(proposed)) == 2
    assert [steps_of(one) for one in others] == [["dossier.approve"]] * 2


@pytest.mark.parametrize("attempt", range(3))
def test_a_decision_announced_taken_back_and_withdrawn_at_once_ends_in_one_way(district, proposed, other_head, attempt):
    decision = services.approve(proposed.pk, by=district.head, at=AT, announce=False)
    planned = services.plan_announcement([decision.pk], due_at=LATER, by=district.head, at=LATER)
    results = at_once(
        lambda: services.announce(planned.pk, at=LATER),
        lambda: services.announce(planned.pk, at=LATER),
        lambda: services.undo(proposed.pk, by=other_head, at=LATER),
        lambda: take_step(proposed.pk, "withdraw", by=district.secretary, at=LATER),
    )
    assert set(told(results)) <= {StepNotOpen, DecisionPrepared}
    ended = Dossier.objects.get().state
    assert ended in ("approved", "withdrawn")
    assert Decision.objects.announced().count() == (ended == "approved")
    assert len([verb for verb in steps_of(proposed) if verb in ("dossier.approve", "dossier.withdraw")]) == 1
