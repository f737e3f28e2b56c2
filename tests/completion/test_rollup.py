"""SQL and plain Python say the same of any history: counts, item lists, and the items behind every number."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completion import services
from completion.computing import compute, frame_of
from completion.lines import read_lines
from completion.models import ItemList, Period
from completion.quarters import ZONE, Quarter, midnight
from completion.queries import behind, reading_of, table_of, with_reasons
from completion.rates import COUNTERS, NOTHING, RATES, Fact, Frame, Item, judge, known
from organizations.models import Unit
from tests.completion.archives import TREE, load

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
OWNERS = [row[0] for row in TREE]
MOMENTS = st.builds(
    lambda day, second: midnight(day) + dt.timedelta(seconds=second, microseconds=second % 3 * 500_000),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 12)),
    st.sampled_from([0, 32_400, 86_399]),
)


def facts_of(approved):
    after = st.dates(approved.date(), dt.date(2026, 12, 31))
    return st.one_of(
        st.builds(Fact, st.sampled_from(["confirmed", "confirmed", "revoked"]), MOMENTS),
        st.builds(Fact, st.just("extended"), MOMENTS, due_on=after),
        st.builds(
            Fact, st.just("excluded"), MOMENTS, on=st.dates(*YEAR), exclusion=st.sampled_from(["other", "duplicate"])
        ),
        st.builds(Fact, st.just("transferred"), MOMENTS, on=st.dates(*YEAR), unit=st.sampled_from(OWNERS)),
    )


@st.composite
def histories(draw):
    found = []
    for number in range(draw(st.integers(1, 8))):
        approved = dt.datetime.combine(draw(st.dates(YEAR[0], dt.date(2026, 10, 1))), dt.time(9), ZONE)
        due = draw(st.dates(approved.date(), YEAR[1]))
        facts = draw(st.lists(facts_of(approved), max_size=3))
        if draw(st.booleans()):
            facts.append(Fact("completed", approved, on=draw(st.dates(approved.date(), YEAR[1]))))
        item = Item(draw(st.sampled_from(OWNERS)), due, approved, draw(st.booleans()), facts)
        found.append((f"I{number}", draw(st.sampled_from(["COL", "IND", "ISS"])), item))
    return found


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.sampled_from([1, 2, 3, 4]))
def test_sql_and_python_count_the_same_items(history, number):
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=False), undone():
        put(history)
        quarter = Quarter(2026, number)
        frame = Frame.of(quarter, known_until=quarter.closes_at())
        revision = services.seal_quarter(Unit.objects.get(code="D"), quarter, at=timezone.now())
        expected = counted(history, frame)
        assert stored(revision.period) == expected
        assert listed(revision, frame) == expected
        for code in ("D", "G", "A"):
            assert_lists_are_as_long_as_their_numbers(Unit.objects.get(code=code), quarter)


def counted(history, frame):
    found = {}
    for _, kind, item in history:
        if (state := known(item, frame)) is not None:
            counts = judge(state, frame).counts
            before = found.get((state.owner, kind), NOTHING)
            found[state.owner, kind] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return found


def stored(period):
    computed = compute(Period.objects.get(pk=period.pk), period.closes_at, lines=False)
    places = computed.tree.places
    return {(places[u].code, kind): tuple(c) for u, kinds in computed.own.counts.items() for kind, c in kinds.items()}


def listed(revision, frame):
    """The same counts, from the sealed item lists."""
    found = {}
    for sealed in ItemList.objects.filter(place__revision=revision).select_related("place"):
        for kind, _, state in read_lines(sealed.lines, frame_of(revision.period, revision.as_of)):
            before = found.get((sealed.place.code, kind), NOTHING)
            counts = judge(state, frame).counts
            found[sealed.place.code, kind] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return found


def assert_lists_are_as_long_as_their_numbers(unit, quarter):
    reading = reading_of(unit, quarter)
    for rate in RATES:
        figure = table_of(unit, quarter).row.rate(rate)
        lists = {part: behind(reading, rate, part) for part in ("n", "N", "X", "rest")}
        assert {part: len(rows) for part, rows in lists.items()} == {
            "n": figure.n, "N": figure.base, "X": figure.x, "rest": figure.base - figure.n,
        }  # fmt: skip
        assert all(reasoned.judgement.completed for reasoned in with_reasons(lists["n"], reading))


def put(history):
    items, events = [], []
    for code, kind, item in history:
        row = [code, item.unit, kind, 2026, f"Việc {code}", item.approved_at.isoformat(), item.due_on]
        items.append([*row, int(item.ongoing)])
        for fact in item.facts:
            value = fact.due_on or fact.exclusion or fact.unit or ""
            at = "" if fact.kind == "completed" else fact.at.isoformat()
            events.append([code, fact.kind, at, fact.on or "", value])
    with TemporaryDirectory() as folder:
        load(Path(folder), items=items, events=events)


class undone:  # noqa: N801
    """Everything done within is rolled back, whatever the database."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, error, trace):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_the_counters_are_thirteen():
    assert len(COUNTERS) == len(NOTHING) == 13
