"""Many dossiers at once beside one: a rehearsal of 300 and a dossier's page, a bulk of 300 and a single decision."""

import multiprocessing
import statistics
import time
from urllib.parse import urlencode

import psutil
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from reviews.models import Bulk
from reviews.services import bulk as bulks
from tests.bench.data import signed_in
from tests.bench.measure import Client
from tests.bench.servers import cpu_ns

REHEARSAL, BULK, MEANWHILE = 30, 150, 2
ROUNDS, SINGLE = 5, 20


def bulk_rows(made, *, port: int, processes: tuple) -> list[str]:
    """Return three lines of the table: a rehearsal, a bulk, and a dossier's page while another bulk runs.

    `processes` are the web server's and the database's; the first two lines are of CPU, the third of p50 by the clock.
    """
    client = Client(port, *signed_in(made.people["head"]))
    page = ("GET", reverse("models_registry:dossier", args=[made.model.pk]))
    first, second = made.bulks

    def spent(requests, expect: int) -> float:
        before = cpu_ns(*processes)
        for request in requests:
            _ask(client, request, expect)
        return (cpu_ns(*processes) - before) / 1e6 / len(requests)

    spent([page] * SINGLE, 200)
    one_page = spent([page] * SINGLE, 200)
    one_decision = spent([_decision(dossier, made) for dossier in made.to_decide[-SINGLE:]], 302)
    rehearsal = statistics.median(spent([_rehearsal(first)], 302) for _ in range(ROUNDS))
    with Running(made, processes[1]) as bulk:
        whole = bulk.ended()
    spent([_rehearsal(second)], 302)
    alone = [_ask(client, page, 200) for _ in range(SINGLE)]
    with Running(made, processes[1]) as bulk:
        meanwhile = []
        while bulk.goes_on():
            meanwhile.append(_ask(client, page, 200))
        bulk.ended()
    slower = statistics.median(meanwhile), statistics.median(alone)
    return [
        _row(f"a rehearsal of {len(first)}, in dossier pages", rehearsal, one_page, REHEARSAL),
        _row(f"a bulk of {len(first)}, in single decisions", whole, one_decision, BULK),
        _row("a dossier while a bulk runs, p50", *slower, MEANWHILE, "by the clock"),
    ]


def _row(name: str, cost: float, beside: float, limit: float, unit="of CPU") -> str:
    ratio = cost / beside
    verdict = "" if ratio <= limit else "  <-- over"
    return f"{name:<46}{ratio:>7.2f}{limit:>7.0f}   {cost:.1f} ms {unit}, beside {beside:.1f} ms{verdict}"


def _ask(client: Client, request: tuple, expect: int) -> float:
    """Return the milliseconds of one answer."""
    started = time.perf_counter()
    answer = client.ask(*request)
    if answer.status != expect:
        raise RuntimeError(f"{request[1]}: {answer.status}\n{answer.text[:2000].decode(errors='replace')}")
    return (time.perf_counter() - started) * 1000


def _decision(dossier, made) -> tuple:
    body = urlencode({"edition": dossier.edition, "proposed_at": made.proposed_at.isoformat()})
    return "POST", reverse("reviews:approve", args=[dossier.pk]), body


def _rehearsal(dossiers) -> tuple:
    body = urlencode([("act", "approve"), *(("chosen", dossier.pk) for dossier in dossiers)])
    return "POST", reverse("reviews:bulk_choose"), body


class Running:
    """The bulk rehearsed last, done in a process of its own as a worker does it."""

    def __init__(self, made, database: psutil.Process):
        connections.close_all()
        context = multiprocessing.get_context("fork")
        self._told, telling = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(made.people["head"].pk, database.pid, telling))

    def __enter__(self):
        self._process.start()
        return self

    def __exit__(self, *_):
        self._process.join(timeout=600)

    def goes_on(self) -> bool:
        return not self._told.poll()

    def ended(self) -> float:
        """Return the milliseconds of CPU it took, the database's with it; raises unless every line was done."""
        cost, done = self._told.recv()
        if not done:
            raise RuntimeError("a line of the bulk was refused")
        return cost


def _run(person: int, database: int, telling) -> None:
    bulk = Bulk.objects.select_related("by", "post__unit").filter(by=person).latest("pk")
    processes = psutil.Process(), psutil.Process(database)
    before = cpu_ns(*processes)
    bulks.run(bulk, by=bulk.by.acting_as(bulk.post), clock=timezone.now)
    cost = (cpu_ns(*processes) - before) / 1e6
    telling.send((cost, not bulk.lines.exclude(outcome="done").exists()))
