"""SQL and plain Python say the same of any history: counts, item lists, and the items behind every number."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from completion import services
from completion.computing import compute, frame_of
from completion.lines import read_lines
from completion.models import ItemList, Period
from completion.quarters import ZONE, Quarter, midnight
from completion.queries import Behind, reading_of, table_of
from completion.rates import COUNTERS, NOTHING, RATES, Check, Checked, Fact, Frame, Item, judge, known
from models_registry.models import WorkItem
from organizations.models import Unit
from progress import models as progress
from tests.completion.archives import TREE, load

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
OWNERS = [row[0] for row in TREE]
MOMENTS = st.builds(
    lambda day, second: midnight(day) + dt.timedelta(seconds=second, microseconds=second % 3 * 500_000),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 12)),
    st.sampled_from([0, 32_400, 86_399]),
)
CHECKS = st.builds(Checked, st.sampled_from([1, 2, 3, 4]), st.booleans(), MOMENTS)


def _fact(*values, **named):
    """Return a fact of these values: `builds` makes up whatever else a named tuple could hold."""
    return Fact(*values, **named)


def facts_of(approved):
    after = st.dates(approved.date(), dt.date(2026, 12, 31))
    return st.one_of(
        st.builds(_fact, st.sampled_from(["confirmed", "confirmed", "revoked"]), MOMENTS),
        st.builds(_fact, st.just("extended"), MOMENTS, due_on=after),
        st.builds(
            _fact, st.just("excluded"), MOMENTS, on=st.dates(*YEAR), exclusion=st.sampled_from(["other", "duplicate"])
        ),
        st.builds(_fact, st.just("transferred"), MOMENTS, on=st.dates(*YEAR), unit=st.sampled_from(OWNERS)),
    )


@st.composite
def histories(draw):
    found = []
    for number in range(draw(st.integers(1, 20))):
        approved = dt.datetime.combine(draw(st.dates(YEAR[0], dt.date(2026, 10, 1))), dt.time(9), ZONE)
        due = draw(st.dates(approved.date(), YEAR[1]))
        facts = draw(st.lists(facts_of(approved), max_size=3))
        if draw(st.booleans()):
            facts.append(Fact("completed", approved, on=draw(st.dates(approved.date(), YEAR[1]))))
        if draw(st.integers(0, 3)) == 0:
            facts.append(Fact("terminated", draw(MOMENTS), on=draw(st.dates(*YEAR))))
        checks = sorted(draw(st.lists(CHECKS, max_size=5)), key=lambda check: check.at)
        item = Item(draw(st.sampled_from(OWNERS)), due, approved, draw(st.booleans()), facts, checks)
        found.append((f"I{number}", draw(st.sampled_from(["COL", "IND", "ISS"])), item))
    return found


def steady(number, *facts, checks=()):
    """One ongoing work of January with its facts and checks, as a row of a history."""
    approved = midnight(dt.date(2026, 1, 10))
    known = [one._replace(at=one.at or approved) for one in facts]
    return f"S{number}", ("COL", "IND", "ISS")[number % 3], Item("A", YEAR[1], approved, True, known, checks)


def checks(*found):
    return [Checked(quarter, passed, midnight(dt.date(2026, month, 5))) for quarter, passed, month in found]


def done(on, confirmed):
    return Fact("completed", None, on=on), Fact("confirmed", midnight(confirmed))


def stopped(month, on):
    return Fact("terminated", midnight(dt.date(2026, month, 5)), on=on)


JULY = dt.date(2026, 7, 1)
# Judged in the second quarter, closed on 11/07: what chance seldom puts together.
CHECKED = [
    steady(number, *facts, checks=found)
    for number, (facts, found) in enumerate(
        [
            ((), checks((2, True, 5))),
            ((), checks((2, True, 5), (2, False, 6))),
            ((), checks((2, False, 5), (2, True, 6))),
            ((), checks((2, False, 5), (2, True, 8))),
            ((), checks((1, True, 5), (3, True, 6))),
            ((stopped(5, dt.date(2026, 6, 30)),), ()),
            ((stopped(5, JULY),), ()),
            ((stopped(8, dt.date(2026, 6, 30)),), ()),
            (done(dt.date(2026, 3, 31), dt.date(2026, 5, 5)), ()),
            (done(dt.date(2026, 3, 31), dt.date(2026, 8, 5)), ()),
            (done(dt.date(2026, 4, 1), dt.date(2026, 5, 5)), checks((2, True, 5))),
        ]
    )
]


@pytest.mark.django_db
@example(history=CHECKED, number=2)
# A quarter costs the same questions however many works it has: few examples, each of many works.
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=histories(), number=st.sampled_from([1, 2, 3, 4]))
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
    reading, row = reading_of(unit, quarter), table_of(unit, quarter).row
    for rate in RATES:
        figure = row.rate(rate)
        lists = {part: Behind(reading, rate, part)[0:1000] for part in ("n", "N", "X", "rest")}
        assert {part: len(rows) for part, rows in lists.items()} == {
            "n": figure.n, "N": figure.base, "X": figure.x, "rest": figure.base - figure.n,
        }  # fmt: skip
        judged = [reasoned.judgement for reasoned in lists["n"]]
        assert all(one.check is Check.PASSED if rate == "r8" else one.completed for one in judged)


def put(history):
    items, events = [], []
    for code, kind, item in history:
        row = [code, item.unit, kind, 2026, f"Việc {code}", item.approved_at.isoformat(), item.due_on]
        items.append([*row, int(item.ongoing)])
        for fact in item.facts:
            if fact.kind == "terminated":  # no event of an archive
                continue
            value = fact.due_on or fact.exclusion or fact.unit or ""
            at = "" if fact.kind == "completed" else fact.at.isoformat()
            events.append([code, fact.kind, at, fact.on or "", value])
    with TemporaryDirectory() as folder:
        load(Path(folder), items=items, events=events)
    ids = dict(WorkItem.objects.values_list("code", "pk"))
    for code, _, item in history:
        for fact in (fact for fact in item.facts if fact.kind == "terminated"):
            progress.Fact.objects.create(item_id=ids[code], kind=fact.kind, at=fact.at, on=fact.on)
        for check in item.checks:
            verdict, why = ("passed", "") if check.passed else ("failed", "Chưa thấy làm")
            progress.QuarterlyCheck.objects.create(
                item_id=ids[code], quarter=check.quarter, verdict=verdict, remark=why, recorded_at=check.at
            )


class undone:  # noqa: N801
    """Everything done within is rolled back, whatever the database."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, error, trace):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_the_counters_are_sixteen():
    assert len(COUNTERS) == len(NOTHING) == 16
