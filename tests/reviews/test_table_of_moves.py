"""The table of moves as a table: every state × step × role, and a long walk that never leaves it."""

import datetime as dt
import random
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event
from journal.services import record
from models_registry.gate import StepNotOpen, check
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Dossier
from models_registry.services import take_step
from organizations.permissions import GRANTS
from reviews import services
from reviews.models import Assignment, Decision
from reviews.queries import criteria_of
from reviews.services import HeldByAnother, Judged
from tests.factories import AT
from tests.reviews import factories

REASON = "Nội dung còn chung chung, chưa có số liệu."
# Those who see the dossier, and whether a role's people are of the unit that wrote it.
ROLES = ("secretary", "clerk", "committee", "appraiser", "head", "leader")


@pytest.mark.parametrize("role", ROLES)
def test_every_state_and_step_outside_the_table_is_refused(district, dossier, role):
    by = getattr(district, role)
    refused = {(state, step) for state in State for step in Step if _refusal(dossier, state, step, by)}
    allowed = {(state, step) for step, move in MOVES.items() for state in move.sources if move.action in GRANTS[role]}
    assert refused == {(state, step) for state in State for step in Step} - allowed


def _refusal(dossier, state, step, by):
    dossier.state = state
    try:
        check(dossier, step, MOVES, by=by, reason=REASON, authors={dossier.author_id} - {by.pk})
    except (PermissionDenied, StepNotOpen) as refused:
        return refused
    return None


@pytest.mark.parametrize("step", [step for step, move in MOVES.items() if move.four_eyes])
def test_nobody_judges_what_the_own_unit_or_oneself_wrote(district, dossier, step):
    dossier.state = next(iter(MOVES[step].sources))
    assert check(dossier, step, MOVES, by=district.head, reason=REASON, authors={dossier.author_id})
    with pytest.raises(PermissionDenied):
        check(dossier, step, MOVES, by=district.head, reason=REASON, authors={district.head.pk})
    dossier.unit = district.board
    with pytest.raises(PermissionDenied):
        check(dossier, step, MOVES, by=district.head, reason=REASON, authors={dossier.author_id})


@pytest.mark.parametrize("step", [step for step, move in MOVES.items() if move.reason.value])
def test_a_reason_of_nine_characters_is_too_short_and_ten_suffice(district, dossier, step):
    dossier.state = next(iter(MOVES[step].sources))
    with pytest.raises(ValidationError):
        check(dossier, step, MOVES, by=district.head, reason=" 123456789 ")
    assert check(dossier, step, MOVES, by=district.head, reason="1234567890")


@pytest.mark.once
@pytest.mark.parametrize("seed", range(4))
def test_a_random_walk_never_leaves_the_table_and_the_journal_replays_it(district, round_, colleague, seed):
    rng = random.Random(seed)
    dossiers = [factories.sent(district, round_, f"Mô hình {n}") for n in range(5)]
    for n in range(120):
        _any_act(rng, rng.choice(dossiers), district, colleague, AT + dt.timedelta(minutes=n))
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert dossier.state == _replayed(dossier)
        held = Assignment.objects.held().filter(dossier=dossier).count()
        assert held == (dossier.state == State.UNDER_APPRAISAL)
        decided = Decision.objects.filter(version__dossier=dossier).order_by("version__number")
        outcomes = [one.outcome for one in decided]
        assert outcomes[:-1] == ["returned"] * (len(outcomes) - 1)
        if dossier.state in (State.APPROVED, State.REJECTED):
            assert outcomes[-1] == dossier.state


def _any_act(rng, dossier, district, colleague, at):
    by = rng.choice([district.secretary, district.appraiser, colleague, district.head])
    criteria = criteria_of(dossier)
    chosen = [rng.choice(criteria).pk]
    everything = {one.pk: Judged("met") for one in criteria}
    acts = [
        lambda: services.take(dossier.pk, by=by, at=at),
        lambda: services.give_back(dossier.pk, by=by, at=at),
        lambda: services.save_judgements(dossier.pk, everything, by=by, at=at),
        lambda: services.propose(dossier.pk, rng.choice(["approve", "reject"]), reason=REASON, by=by, at=at),
        lambda: services.request_revision(dossier.pk, criteria=chosen, reason=REASON, by=by, at=at),
        lambda: services.approve(dossier.pk, by=by, at=at),
        lambda: services.reject(dossier.pk, reason=REASON, by=by, at=at),
        lambda: take_step(dossier.pk, Step.WITHDRAW, by=by, at=at) if rng.random() < 0.1 else None,
        lambda: _send_again(dossier, district, at),
    ]
    with suppress(PermissionDenied, StepNotOpen, HeldByAnother, ValidationError):
        rng.choice(acts)()


def _send_again(dossier, district, at):
    if Dossier.objects.get(pk=dossier.pk).state == State.REVISION_REQUESTED:
        factories.resent(dossier, factories.content(dossier.title), at=at)
        record("dossier.submit", subject="dossier", subject_id=dossier.pk, by=district.secretary, at=at)


def _replayed(dossier) -> str:
    """Walk the table by the journal alone, from the first submission."""
    state = State.SUBMITTED
    for verb in Event.objects.about("dossier", dossier.pk).values_list("verb", flat=True):
        subject, _dot, step = verb.partition(".")
        if subject == "dossier":
            assert state in MOVES[step].sources
            state = MOVES[step].target
    return state
