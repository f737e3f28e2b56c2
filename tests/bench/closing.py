"""Closing one quarter of the province beside the database's own leaf aggregate of the same items."""

import statistics
from contextlib import contextmanager

import psutil
from django.db import connection, transaction
from django.utils import timezone

from completion import services
from completion.province import ROOT
from completion.quarters import Quarter
from organizations.models import Unit
from tests.bench.servers import cpu_ns, postmaster

LEAF = """
SELECT count(*) FROM (
    SELECT unit_id, kind, extract(quarter FROM due_in_force), count(*), count(completed_on), count(confirmed_at)
    FROM models_registry_workitem WHERE year = 2023 GROUP BY 1, 2, 3
) leaf
"""
LIMIT = 20


def closing_row() -> str:
    """Seal a quarter five times (rolled back but for the last) and return the line of the table."""
    processes = (psutil.Process(), postmaster(connection))
    root = Unit.objects.get(code=ROOT)
    leaf, close = [], []
    for number in (1, 2, 3, 4, 4):
        with spent(processes, leaf), connection.cursor() as cursor:
            cursor.execute(LEAF)
            cursor.fetchall()
        with spent(processes, close), transaction.atomic():
            services.seal_quarter(root, Quarter(2023, number), at=timezone.now())
            transaction.set_rollback(number == 4 and len(close) == 3)
    ratio = statistics.median(close) / statistics.median(leaf)
    verdict = "" if ratio <= LIMIT else "  <-- over"
    return (
        f"{'closing a quarter of the province':<46}{ratio:>7.2f}{LIMIT:>7.0f}"
        f"   {statistics.median(close):.0f} ms of CPU, the leaf aggregate {statistics.median(leaf):.0f} ms{verdict}"
    )


@contextmanager
def spent(processes, into: list):
    """Add the milliseconds of CPU the processes spend in the block to a list."""
    before = cpu_ns(*processes)
    yield
    into.append((cpu_ns(*processes) - before) / 1e6)
