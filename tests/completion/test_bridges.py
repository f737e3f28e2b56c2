"""A bridge between two revisions adds up exactly on n and on N, for every unit, rate and pair of revisions."""

import itertools
import random

import pytest
import time_machine
from django.utils import timezone

from completion import services
from completion.bridges import BRIDGED, Step
from completion.quarters import Quarter
from completion.queries import reading_of, table_of
from completion.queries.bridge import bridge_between, revisions_to_compare, told_steps
from organizations.models import Unit
from tests.completion.archives import close, done, event, item, load
from tests.completion.chance import history
from tests.completion.test_rollup import put


@pytest.fixture
def cells(db, year_after, tmp_path):
    """Two cells; in each step of the first quarter to the second one work, but for two newly due of A."""
    works = [item(f"A{n}", "20/3") for n in range(4)] + [
        item("A8", "20/5"),
        item("A9", "20/6"),
        item("B0", "20/3", "B"),
    ]
    events = [
        *done("A0", "15/3"), event("A0", "revoked", "5/5"), *done("A1", "15/4"), *done("A9", "10/6"),
        event("A2", "excluded", "5/5", "20/3", "duplicate"), event("A3", "transferred", "5/5", "5/5", "B"),
        event("B0", "transferred", "6/5", "6/5", "A"),
    ]  # fmt: skip
    load(tmp_path, items=works, events=events)
    for quarter in ("2026-Q1", "2026-Q2"):
        close(quarter)
    return {unit.code: unit for unit in Unit.objects.all()}


def bridged(unit, rate, numbers=(1, 2)):
    before, after = (reading_of(unit, Quarter(2026, number)) for number in numbers)
    return bridge_between(before, after, rate)


@pytest.mark.once
def test_each_way_a_figure_moves_is_a_step_with_its_works(cells):
    bridge = bridged(cells["A"], "r2")
    assert (bridge.start, bridge.end) == ((1, 4), (2, 5))
    assert {step: (n, base, works) for step, n, base, works in told_steps(bridge)} == {
        Step.NEWLY: (0, 2, 2),
        Step.COMPLETED: (1, 0, 1),
        Step.RECOVERED: (1, 0, 1),
        Step.REVOKED: (-1, 0, 1),
        Step.EXCLUDED: (0, -1, 1),
        Step.MOVED_IN: (0, 1, 1),
        Step.MOVED_OUT: (0, -1, 1),
    }
    assert [one.line.code for one in bridge.items[Step.MOVED_IN]] == ["B0"]


def test_what_moved_within_a_unit_is_no_step_of_it(cells):
    steps = bridged(cells["G"], "r2").sums
    assert not {Step.MOVED_IN, Step.MOVED_OUT} & steps.keys()


def test_of_a_quarter_by_itself_the_works_of_the_one_before_leave(cells):
    assert bridged(cells["G"], "r1").sums[Step.LEFT] == (-1, -4)


@pytest.mark.django_db
def test_the_steps_add_up_for_every_unit_of_any_history():
    chance = random.Random(2)
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=False):
        put(history(chance, items=50))
        root = Unit.objects.get(code="D")
        for number in (1, 2, 4):
            services.seal_quarter(root, Quarter(2026, number), at=timezone.now())
        services.compute_provisional(root, Quarter(2026, 3), at=timezone.now())
    steps = set()
    for unit in Unit.objects.filter(code__in="DGAB"):
        editions = revisions_to_compare(unit)[::-1]
        readings = [reading_of(unit, one.period.as_quarter, one.number) for one in editions]
        for (before, after), rate in itertools.product(itertools.combinations(readings, 2), BRIDGED):
            bridge = bridge_between(before, after, rate)
            assert (bridge.start, bridge.end) == (_figure(before, rate), _figure(after, rate))
            sums = [sum(column) for column in zip((0, 0), *bridge.sums.values(), strict=True)]
            assert [a + b for a, b in zip(bridge.start, sums, strict=True)] == list(bridge.end)
            steps |= bridge.sums.keys()
    assert steps >= set(Step) - {Step.CORRECTED, Step.REVOKED}


def _figure(reading, rate):
    figure = table_of(reading.unit, reading.frame.quarter).row.rate(rate)
    return figure.n, figure.base
