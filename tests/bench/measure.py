"""Times one page against the yardstick, in alternation, by the CPU the servers spend on it."""

import http.client
import statistics
import time
from dataclasses import dataclass, field

from tests.bench.servers import cpu_ns

ROUNDS, BATCH, TOLD = 9, 10, 3
MOST_QUERIES = 12  # of a page that is read; what is written asks and writes as much as it must


@dataclass
class Seen:
    """What was measured of one page: CPU in yardsticks, wall times in ms, queries and kB of one answer."""

    name: str
    limit: float | None  # without one it is told, and never over
    ratio: float = 0.0
    times: list[float] = field(default_factory=list)
    queries: int = 0
    is_read: bool = True
    kilobytes: float = 0.0

    def row(self) -> str:
        p50, p95 = statistics.median(self.times), statistics.quantiles(self.times, n=20)[-1]
        most = "" if self.limit is None else f"{self.limit:.0f}"
        over = self.limit and (self.ratio > self.limit or (self.queries > MOST_QUERIES and self.is_read))
        verdict = "  <-- over" if over else ""
        return (
            f"{self.name:<46}{self.ratio:>7.2f}{most:>7}{p50:>9.1f}{p95:>9.1f}"
            f"{self.queries:>9}{self.kilobytes:>8.1f}{verdict}"
        )


HEAD = f"{'page':<46}{'ratio':>7}{'max':>7}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'kB':>8}"


class Client:
    """A signed-in browser of one person: one kept connection, cookies as given."""

    def __init__(self, port: int, cookie: str = "", token: str = ""):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": cookie, "X-CSRFToken": token, "Accept-Language": "vi"}

    def ask(self, method: str, url: str, body: str = "", who=None, **headers) -> http.client.HTTPResponse:
        sent = self.headers | headers
        if who:
            sent["Cookie"], sent["X-CSRFToken"] = who
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, url, body=body or None, headers=sent)
        answer = self.connection.getresponse()
        answer.text = answer.read()
        return answer


def compare(page, client: Client, *, bare: Client, processes) -> Seen:
    """Return what one page costs, asked in turns with the yardstick: the median of the rounds' ratios."""
    seen, ratios = Seen(page.name, page.limit), []
    source = page.requests()
    request = next(source)
    seen.is_read = request[0] == "GET"
    first = _asked(client, request, page, **{"X-Count-Queries": "1"})
    seen.queries, seen.kilobytes = int(first.headers["X-Queries"]), len(first.text) / 1000
    # What is only told may take seconds: it is asked seldom, and the kept connections do not wait for it too long.
    rounds, batch = (ROUNDS, BATCH) if page.limit else (TOLD, 1)
    for _ in range(rounds):
        before = cpu_ns(*processes)
        for _ in range(batch):
            bare.ask("GET", "/yardstick/")
        between = cpu_ns(*processes)
        for _ in range(batch):
            started = time.perf_counter()
            _asked(client, next(source), page)
            seen.times.append((time.perf_counter() - started) * 1000)
        ratios.append((cpu_ns(*processes) - between) / (between - before))
    seen.ratio = statistics.median(ratios)
    return seen


def _asked(client: Client, request: tuple, page, **headers) -> http.client.HTTPResponse:
    answer = client.ask(*request, **headers)
    if answer.status != page.expect:
        shown = answer.text[:2000].decode(errors="replace")
        raise RuntimeError(f"{page.name}: {answer.status} instead of {page.expect}\n{shown}")
    return answer
