"""What a load is told by: pages in yardsticks beside the idle figure, cores by process, and what became of writes."""

import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from django.utils import timezone

from tests.bench.load.driving import Seen
from tests.bench.servers import cpu_ns

YARDSTICK = "the yardstick"
SETTLED = 60  # seconds in which all that was written is folded, chained and told


@dataclass
class Cost:
    """Cores used while a stretch lasted, by group of processes."""

    cores: dict[str, float] = field(default_factory=dict)

    @property
    def line(self) -> str:
        return ", ".join(f"{name} {used:.2f}" for name, used in self.cores.items()) + f" of {os.cpu_count()} cores"


@contextmanager
def watched(groups: dict[str, tuple]) -> Iterator[Cost]:
    """Yield the cost of what happens within; `groups` are root processes by name, the people's own is added."""
    cost, began = Cost(), time.monotonic()
    before = {name: cpu_ns(*roots) for name, roots in groups.items()}
    own, machine = time.process_time(), _busy()
    yield cost
    took = time.monotonic() - began
    cost.cores = {name: (cpu_ns(*roots) - before[name]) / 1e9 / took for name, roots in groups.items()}
    cost.cores |= {"the people": (time.process_time() - own) / took, "the whole machine": (_busy() - machine) / took}


def _busy() -> float:
    """Return the seconds all cores have worked since the machine began."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def slower(seen: Seen, idle: Seen) -> float:
    """Return how many times its idle p95 a page takes at p95, each page as often as it was asked for."""
    ratios = [(len(times), p95(times) / p95(idle.took[name])) for name, times in seen.took.items() if name in idle.took]
    return sum(count * ratio for count, ratio in ratios) / sum(count for count, _ratio in ratios)


def table(held: Seen, idle: Seen, cost: Cost) -> list[str]:
    """Return the lines that tell of a load: every page, and the whole."""
    bare = statistics.median(idle.took[YARDSTICK])
    head = f"{'page':<34}{'asked':>7}{'p50 ms':>9}{'p95 ms':>9}{'p95 ys':>9}{'idle p50':>10}{'idle p95 ys':>13}"
    lines = [f"one yardstick: {bare:.1f} ms, idle", head]
    for name, times in sorted(held.took.items()):
        alone = idle.took.get(name) or [float("nan")]
        lines.append(
            f"{name:<34}{len(times):>7}{statistics.median(times):>9.0f}{p95(times):>9.0f}{p95(times) / bare:>9.1f}"
            f"{statistics.median(alone) / bare:>10.1f}{p95(alone) / bare:>13.1f}"
        )
    return [*lines, _whole(held, idle, cost), *held.wrong[:10]]


def _whole(seen: Seen, idle: Seen, cost: Cost) -> str:
    return (
        f"{seen.count} requests in {seen.seconds:.0f} s ({seen.rate:.1f} a second), {len(seen.wrong)} wrong, "
        f"{len(seen.acknowledged)} writes acknowledged; a page at p95 {slower(seen, idle):.1f} times its idle p95; "
        f"{cost.line}"
    )


def step_row(seen: Seen, idle: Seen, cost: Cost, offered: float) -> str:
    return f"asked for {offered:.0f} a second: {_whole(seen, idle, cost)}"


def has_bent(seen: Seen, idle: Seen, offered: float, *, times: float, kept_up: float) -> bool:
    """Whether pages take so many `times` the idle p95, fewer than `kept_up` of what is asked comes, or any fails."""
    return bool(seen.wrong) or slower(seen, idle) > times or seen.rate < kept_up * offered


def kept(stretches: list[Seen], province, quarter) -> tuple[list[str], bool]:
    """Return what became of every acknowledged write, and whether each stands once and is counted in the figures."""
    from completion.models import Period
    from completion.proving import prove
    from journal.models import Event
    from models_registry.models import ItemChange

    wanted = Counter(write for seen in stretches for write in seen.acknowledged)
    verbs = {verb for verb, _pk in wanted}
    began = time.monotonic()
    while ItemChange.objects.exists() and time.monotonic() - began < SETTLED:
        time.sleep(0.5)
    folded = time.monotonic() - began
    found = Counter(Event.objects.filter(verb__in=verbs).values_list("verb", "subject_id"))
    lost = sum((wanted - found).values())
    more = sum((found - wanted).values())
    period = Period.objects.get(root=province, year=quarter.year, quarter=quarter.number)
    differing = prove(period, at=timezone.now())
    by_verb = ", ".join(f"{sum(n for (v, _), n in wanted.items() if v == verb)} {verb}" for verb in sorted(verbs))
    lines = [
        f"writes acknowledged: {by_verb}; {lost} lost, {more} beyond what was acknowledged",
        f"folded {folded:.1f} s after the last, {differing} cells differ from the figures worked out anew",
    ]
    return lines, not (lost or more or differing)
