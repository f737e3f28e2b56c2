import datetime as dt
from itertools import product

import pytest

from models_registry.lifecycle import ItemState
from organizations.permissions import Action
from progress.lifecycle import (
    CONFIRMING,
    FACT_OF,
    ITEM_MOVES,
    Authors,
    Confirmer,
    ItemStep,
    due_after,
    kept_out,
    moves_for,
    who_confirms,
)
from progress.models import ChangeRequest, Fact


def test_every_step_has_a_row_and_a_fact():
    assert set(ITEM_MOVES) == set(ItemStep) == set(FACT_OF)
    assert set(FACT_OF.values()) == set(Fact.Kind) - {"transferred"}


def test_every_request_is_a_step_of_the_same_name():
    assert set(ChangeRequest.Kind) <= set(ItemStep)


def test_nothing_starts_from_an_end():
    ends = {ItemState.PLANNED, ItemState.NOT_COMPLETED, ItemState.CARRIED_OVER, ItemState.TERMINATED}
    assert not any(move.sources & ends for move in ITEM_MOVES.values())


def test_someone_confirms_whatever_the_case():
    cases = product([True, False], repeat=3)
    answers = {case: who_confirms(individual=case[0], of_head=case[1], committee_above=case[2]).value for case in cases}
    assert answers == {
        (True, False, True): "cell",
        (True, False, False): "cell",
        (True, True, True): "committee",
        (False, True, True): "committee",
        (False, False, True): "committee",
        (True, True, False): "board",
        (False, True, False): "board",
        (False, False, False): "board",
    }
    assert {row.who for row in CONFIRMING} == set(Confirmer)


SECRETARY, DEPUTY, SECOND_DEPUTY, CLERK = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("sent", "prepared", "officers", "out"),
    [
        (SECRETARY, None, {SECRETARY}, set()),
        (SECRETARY, CLERK, {SECRETARY}, set()),
        (SECRETARY, None, {SECRETARY, DEPUTY}, {SECRETARY}),
        (SECRETARY, CLERK, {SECRETARY, DEPUTY}, {SECRETARY, CLERK}),
        (SECRETARY, DEPUTY, {SECRETARY, DEPUTY}, {SECRETARY}),  # both wrote it; who sent it still does not confirm
        (SECRETARY, DEPUTY, {SECRETARY, DEPUTY, SECOND_DEPUTY}, {SECRETARY, DEPUTY}),
        (SECRETARY, None, {DEPUTY}, {SECRETARY}),  # no longer seated
        (None, None, {SECRETARY}, set()),
    ],
)
def test_who_reported_is_kept_out_while_another_officer_is_seated(sent, prepared, officers, out):
    assert kept_out(Authors(sent, prepared), frozenset(officers)) == out
    assert officers - out


def test_the_steps_are_given_to_whom_they_belong():
    moves = moves_for(Confirmer.CELL, Confirmer.BOARD)
    assert {step: move.action for step, move in moves.items() if move.four_eyes} == {
        "confirm": Action.CONFIRM_OWN,
        "refuse": Action.CONFIRM_OWN,
        "revoke": Action.CONFIRM_OWN,
        "extend": Action.DECIDE,
        "exclude": Action.DECIDE,
        "suspend": Action.DECIDE,
        "resume": Action.DECIDE,
        "terminate": Action.DECIDE,
        "fail": Action.DECIDE,
        "carry_over": Action.DECIDE,
    }
    assert {step for step, move in moves.items() if move.own_unit} == {"confirm", "refuse", "revoke"}


@pytest.mark.parametrize(
    ("decided", "asked", "in_force"),
    [
        ("2026-03-10", "2026-05-30", "2026-05-30"),
        ("2026-03-20", "2026-05-30", "2026-05-30"),
        ("2026-03-21", "2026-05-30", "2026-03-20"),  # late: only a promise
        ("2026-03-10", "2026-03-20", "2026-03-20"),
        ("2026-03-10", "2026-03-01", "2026-03-20"),
    ],
)
def test_an_extension_counts_when_decided_in_time_and_later(decided, asked, in_force):
    day = dt.date.fromisoformat
    assert due_after(day("2026-03-20"), day(asked), decided_on=day(decided)) == day(in_force)
