"""A thousand cells drawn by lot: the list behind a number is as long as the number, and each item belongs there."""

import itertools
import random

import pytest
import time_machine
from django.utils import timezone

from completion import services
from completion.quarters import Quarter
from completion.queries import reading_of, table_of
from completion.queries.behind import belongs
from completion.queries.explained import Behind
from completion.rates import RATES
from organizations.models import Unit
from tests.completion.archives import TREE
from tests.completion.chance import history
from tests.completion.test_rollup import put

CELLS = 1000
KINDS = ("ALL", "COL", "IND", "ISS", "COL-IND")


@pytest.mark.once
@pytest.mark.django_db
def test_a_thousand_cells_open_as_many_items_as_they_say():
    chance = random.Random(2026)
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=False):
        put(history(chance, items=40))
        root = Unit.objects.get(code="D")
        for number in (1, 2, 3):
            services.seal_quarter(root, Quarter(2026, number), at=timezone.now())
        services.compute_provisional(root, Quarter(2026, 4), at=timezone.now())
    units = list(Unit.objects.filter(code__in=[row[0] for row in TREE]))
    quarters = [Quarter(2026, number) for number in (1, 2, 3, 4)]
    cells = chance.sample(list(itertools.product(units, quarters, RATES, ("n", "N", "X", "rest"), KINDS)), CELLS)
    readings = {(unit, quarter): reading_of(unit, quarter) for unit in units for quarter in quarters}
    rows = {(u, q, kind): table_of(u, q, kind=kind).row for u in units for q in quarters for kind in KINDS}
    full = 0
    for unit, quarter, rate, part, kind in cells:
        figure = rows[unit, quarter, kind].rate(rate)
        number = {"n": figure.n, "N": figure.base, "X": figure.x, "rest": figure.base - figure.n}[part]
        listed = Behind(readings[unit, quarter], rate, part, kind=kind)
        found = listed[0:1000]
        assert (len(found), listed.count()) == (number, number), (unit.code, str(quarter), rate, part, kind)
        assert all(belongs(one.judgement, rate, part) and one.reason for one in found)
        full += bool(number)
    assert full > CELLS // 3
