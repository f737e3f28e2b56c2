"""The seven invariants of the figures, over random years with reorganisations (docs/rates.md, 6).

Every run takes the same few, with each kind of reorganisation in them; HISTORIES=200 draws as many new ones.
"""

import datetime as dt
import os
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completion import folding, proving, services
from completion.models import Figure, FigurePart, FrozenUnit, ItemList, Period, Revision
from completion.quarters import Quarter
from completion.rates import COUNTERS
from completion.shares import percent_text
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from tests.completion.archives import load
from tests.completion.reorganised_histories import drawn, worlds
from tests.completion.test_rollup import undone

QUARTERS = [Quarter(2026, number) for number in (1, 2, 3, 4)]
pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("HISTORIES", "0"))
LATE = "2027-03-01T10:00:00+07:00"


ANY = st.one_of(worlds(every=True), worlds(within="G"), worlds())


def over_histories(*numbers, **strategies):
    """Let a test run over the examples of these numbers, or over many random ones where the environment asks for it."""
    if HISTORIES:
        settled = settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
        return lambda test: settled(given(**strategies)(test))

    def over(test):
        def run(history):
            test(**drawn(history, strategies))

        run.__name__ = test.__name__
        return pytest.mark.parametrize("history", numbers)(run)

    return over


def put(rows):
    with TemporaryDirectory() as folder:
        load(Path(folder), **rows)


def seal(quarter):
    return services.seal_quarter(Unit.objects.get(code="D"), quarter, at=timezone.now())


def figures_of(*codes):
    rows = Figure.objects.filter(place__unit__code__in=codes, place__revision__sealed=True).order_by()
    names = ("place__unit__code", "place__revision__period__quarter", "kind", *COUNTERS)
    return {
        tuple(key): counts for *key, counts in ((*row[:3], row[3:]) for row in rows.values_list(*names)) if any(counts)
    }


@over_histories(4, 13, world=ANY)
def test_whatever_is_reorganised_the_sums_hold_and_nothing_is_lost_or_counted_twice(world):
    same = {"D", "G", "H"} - (world.crossed - {"D"})
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=False):
        with undone():
            put(world.still)
            for quarter in QUARTERS:
                seal(quarter)
            still, due = figures_of(*same), due_once(figures_of("D"))
        with undone():
            put(world.rows)
            kept = {}
            for quarter in QUARTERS:
                revision = seal(quarter)
                assert_sums_hold(revision)
                assert_every_item_is_listed_once(revision, quarter)
                kept[revision.pk] = sealed_rows(revision)
            assert figures_of(*same) == still
            assert due_once(figures_of("D")) == due == WorkItem.objects.filter(approved_at__isnull=False).count()
            assert_the_plan_is_due_at_the_years_end()
            assert_later_operations_leave_the_seals(world, kept)


def assert_later_operations_leave_the_seals(world, kept):
    """Whatever is taken back, moved, renamed or sealed again later, not a byte of what was sealed is another."""
    cells = world.standing("cell")
    later = [["move", cells[0], "D", "2026-12-31", LATE], ["rename", cells[-1], "Tên sau cùng", "2026-12-31", LATE]]
    taken_back = [[row[0], "revoked", LATE, "", ""] for row in world.items]
    with time_machine.travel("2027-04-01T09:00:00+07:00", tick=False):
        put(world.rows | {"successions": world.changes + later, "events": world.rows["events"] + taken_back})
        assert {seal(quarter).pk for quarter in QUARTERS} == set(kept)
    assert {pk: sealed_rows(Revision.objects.get(pk=pk)) for pk in kept} == kept


def assert_sums_hold(revision):
    """A parent's counts are those of its children, its own and its bucket; 100 % is printed when all is done."""
    own, total = {}, {}
    parents = dict(FrozenUnit.objects.filter(revision=revision).values_list("unit", "parent"))
    for figure in Figure.objects.filter(place__revision=revision).select_related("place"):
        key = figure.place.unit_id, figure.kind
        own[key] = [getattr(figure, f"own_{name}") for name in COUNTERS]
        total[key] = [getattr(figure, name) for name in COUNTERS]
        for rate in ("r1", "r2", "r3", "r5", "r8"):
            n, base = getattr(figure, f"{rate}_n"), getattr(figure, f"{rate}_base")
            assert (percent_text(n, base) == "100%") == (n == base > 0)
    sums = {key: list(counts) for key, counts in own.items()}
    for part in FigurePart.objects.filter(place__revision=revision).select_related("place"):
        key, counts = (part.place.unit_id, part.kind), [getattr(part, name) for name in COUNTERS]
        if part.part == "waiting":
            sums[key] = [a + b for a, b in zip(sums[key], counts, strict=True)]
        else:
            assert all(a <= b for a, b in zip(counts, own[key], strict=True))
    for (unit, kind), counts in total.items():
        if (above := parents[unit]) is not None:
            sums[above, kind] = [a + b for a, b in zip(sums[above, kind], counts, strict=True)]
    assert sums == total


def assert_every_item_is_listed_once(revision, quarter):
    lists = ItemList.objects.filter(place__revision=revision).values_list("lines", flat=True)
    listed = Counter(line.split("|")[1] for lines in lists for line in lines.splitlines())
    approved = WorkItem.objects.filter(approved_at__lt=quarter.ends_at).values_list("code", flat=True)
    assert listed == Counter(approved)


def due_once(figures):
    """How many items stand in N or X of an R1 of the year."""
    base, x = COUNTERS.index("r1_base"), COUNTERS.index("r1_x")
    return sum(counts[base] + counts[x] for counts in figures.values())


def assert_the_plan_is_due_at_the_years_end():
    for figure in Figure.objects.filter(place__revision__period__quarter=4):
        assert (figure.r2_n, figure.r2_base, figure.r2_x) == (figure.r3_n, figure.r3_base, figure.r3_x)


def sealed_rows(revision):
    models = (FrozenUnit, Figure, FigurePart, ItemList)
    rows = [FrozenUnit.objects.filter(revision=revision)]
    rows += [model.objects.filter(place__revision=revision) for model in models[1:]]
    return revision.input_hash, [list(found.order_by("pk").values_list()) for found in rows]


DAYS = st.lists(st.integers(-80, 9), min_size=1, max_size=3)


@over_histories(8, world=ANY, number=st.sampled_from([1, 2, 3]), days=DAYS)
def test_folding_a_reorganised_quarter_is_the_same_as_computing_it(world, number, days):
    """Revision 0 grows day by day over what is recorded when; works are touched whether their unit stands or not."""
    quarter = Quarter(2026, number)
    with undone():
        with time_machine.travel("2027-02-01T09:00:00+07:00", tick=False):
            put(world.rows)
        begun = quarter.ends_at - dt.timedelta(days=85)
        services.compute_provisional(Unit.objects.get(code="D"), quarter, at=begun, as_of=begun)
        for day in sorted(set(days)):
            now = quarter.ends_at + dt.timedelta(days=day)
            for work in WorkItem.objects.all():
                ItemChange.objects.create(item=work, unit_id=work.unit_id, at=now)
            folding.fold_changes(at=now)
            assert proving.prove(Period.objects.get(), at=now) == 0
