"""Random walks: whoever tries whatever, an item never leaves the table and its facts replay to its columns."""

import contextlib
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models_registry.gate import StepNotOpen
from models_registry.models import WorkItem
from progress.lifecycle import FACT_OF, ITEM_MOVES, REQUEST_STEPS, STAYS, ItemStep, standing_of
from progress.models import Fact
from progress.services import ask_change, decide_request, report_completion, take_item_step
from tests.progress import making

REFUSALS = (PermissionDenied, StepNotOpen, ValidationError)
COLUMNS = ("state", "completed_on", "confirmed_at", "due_in_force", "excluded_at", "plain")
steps = st.tuples(
    st.sampled_from(list(ItemStep)),
    st.sampled_from(["secretary", "committee", "head", "clerk", "leader"]),
    st.integers(0, 40),  # days later
    st.integers(-20, 60),  # the day named, from that day
    st.sampled_from(Fact.Exclusion.values),
)


def attempt(item, step, by, district, at, day, exclusion):
    """Try one step the way a page would; a request is asked by the secretary and decided by `by`."""
    if step == ItemStep.REPORT:
        return report_completion(item.pk, making.claim(day.isoformat()), by=by, at=at)
    reason = "Lý do đủ dài để được nhận"
    if step not in REQUEST_STEPS:
        return take_item_step(item.pk, step, by=by, at=at, reason=reason, due_on=day)
    days = {"due_on": day if step == ItemStep.EXTEND else None, "effective_on": day}
    asked = item.change_requests.undecided().first() or ask_change(
        item.pk, step, by=district.secretary, at=at, reason=reason, exclusion=exclusion, **days
    )
    return decide_request(asked.pk, grant=day.day % 4 > 0, by=by, at=at, answer=reason)


@pytest.mark.once
@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(walk=st.lists(steps, min_size=4, max_size=14))
def test_a_walk_stays_in_the_table_and_replays(district, sheet, walk):
    item = making.item(sheet, due=dt.date(2026, 11, 20))
    at = making.instant("2026-10-20")
    state = item.state
    for step, who, later, named, exclusion in walk:
        at += dt.timedelta(days=later, minutes=1)
        facts = item.facts.count()
        day = localdate(at + dt.timedelta(days=named))
        with contextlib.suppress(*REFUSALS):
            attempt(item, step, getattr(district, who), district, at, day, exclusion)
        now = WorkItem.objects.get(pk=item.pk)
        taken = list(item.facts.order_by("at", "id")[facts:])
        if not taken:
            assert now.state == state
        else:
            move = ITEM_MOVES[next(name for name, kind in FACT_OF.items() if kind == taken[0].kind)]
            assert (len(taken), state in move.sources) == (1, True)
            assert now.state == (state if move.target == STAYS else move.target)
        state = now.state
        replayed = standing_of(item.facts.order_by("at", "id"), due=dt.date(2026, 11, 20), day_of=localdate)
        assert {name: getattr(now, name) for name in COLUMNS} == {name: getattr(replayed, name) for name in COLUMNS}
