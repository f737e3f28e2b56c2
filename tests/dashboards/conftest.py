"""Two cells of one commune, and a leader above them."""

import pytest
import time_machine

from organizations.models import Unit
from tests import factories
from tests.completion.archives import close, done, event, item, load

ITEMS = [item(f"A{n}", "20/3") for n in range(6)] + [item(f"B{n}", "20/3", unit="B") for n in range(5)]


EVENTS = [
    *[row for n in range(5) for row in done(f"A{n}", "15/3")],
    *done("B0", "15/3"),
    event("B4", "excluded", "10/2", "10/2", "duplicate"),
]


@pytest.fixture
def figures(db, tmp_path):
    """Two cells of one commune: A 5/6, B 1/4 with one excluded; the first quarter of 2026 is sealed."""
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        load(tmp_path, items=ITEMS, events=EVENTS)
        close("2026-Q1")
        yield {unit.code: unit for unit in Unit.objects.all()} | {"folder": tmp_path}


@pytest.fixture
def leader(client, figures):
    person = factories.person(figures["D"], "leader")
    client.force_login(person)
    return client
