"""Closing one quarter of the province beside the database's own leaf aggregate of the same items."""

import statistics
from contextlib import contextmanager

import psutil
from django.db import connection, transaction
from django.utils import timezone

from completion import services
from completion.models import Period
from completion.province import ROOT
from completion.quarters import Quarter
from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.services import end_post
from tests.bench.copies import YEAR
from tests.bench.memory import grown_by
from tests.bench.servers import cpu_ns, postmaster
from tests.completion.corrections import correct
from tests.factories import person

# What the leaves of the figures are and nothing else: how many works each unit owns of each kind, how many are done.
LEAF = """
SELECT unit_id, kind, count(*), count(confirmed_at) FROM models_registry_workitem WHERE year = %s GROUP BY 1, 2
"""
LIMIT = 12


def closing_rows() -> list[str]:
    """Seal the quarters of the year and return lines of the table: the time of it, its memory, and a correction."""
    processes = (psutil.Process(), postmaster(connection))
    root = Unit.objects.get(code=ROOT)
    ratios, leaf, close = [], [], []
    memory = _memory_row(root)
    for number, kept in ((1, False), (1, True), (2, False), (2, True), (3, False), (3, True)):
        for _ in range(2):
            _leaf(processes, leaf)
        with spent(processes, close), transaction.atomic():
            services.seal_quarter(root, Quarter(YEAR, number), at=timezone.now())
            transaction.set_rollback(not kept)
        _leaf(processes, leaf)
        ratios.append(close[-1] / statistics.median(leaf[-3:]))
    ratio = statistics.median(ratios)
    counted = f"{WorkItem.objects.filter(year=YEAR).count()} works, {Unit.objects.count()} units"
    verdict = "" if ratio <= LIMIT else "  <-- over"
    return [
        f"{'closing a quarter of the province':<46}{ratio:>7.2f}{LIMIT:>7.0f}"
        f"   {statistics.median(close):.0f} ms of CPU, the leaf aggregate {statistics.median(leaf):.0f} ms; {counted}"
        f"{verdict}",
        memory,
        _correction_row(root, processes),
    ]


def _leaf(processes, into: list) -> None:
    with spent(processes, into), connection.cursor() as cursor:
        cursor.execute(LEAF, [YEAR])
        cursor.fetchall()


def _memory_row(root: Unit) -> str:
    """The last quarter sealed in a worker of its own: what it holds at most above one that waits."""
    before, most = grown_by("close", services.period_of(root, Quarter(YEAR, 4)).pk)
    told = f"{before:.0f} MB idle, {most:.0f} at most"
    return f"{'closing it, MB above an idle worker':<46}{most - before:>7.0f}{'':>7}   {told}"


def _correction_row(root: Unit, processes) -> str:
    """One confirmation found false: asked, approved by another, sealed as revision 2 of the whole province."""
    period = Period.objects.get(root=root, year=YEAR, quarter=1)
    code = WorkItem.objects.filter(year=YEAR, plain=True, confirmed_at__lt=period.ends_at).earliest("id").code
    asker, leader = person(root, "committee"), person(root, "leader")
    cost: list = []
    with spent(processes, cost):
        made = correct(period, asker, leader, (code, "false_confirmation"))
    for one in (asker, leader):
        # While a committee stands above, the board confirms nothing, and later rows have it confirm.
        end_post(one.post, ends_at=timezone.now(), by=None, at=timezone.now())
    return f"{'a correction to its second revision, ms':<46}{cost[0]:>7.0f}{'':>7}   revision {made.number}, of CPU"


@contextmanager
def spent(processes, into: list):
    """Add the milliseconds of CPU the processes spend in the block to a list."""
    before = cpu_ns(*processes)
    yield
    into.append((cpu_ns(*processes) - before) / 1e6)
