"""Workers that close provinces, each a process of its own, by the task that the scheduler sends for every period."""

import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Closed:
    """One province closed: by which process, seconds by the clock and of CPU (its backend's with it), and its peak."""

    worker: int
    seconds: float
    cpu: float
    peak_mb: float


def closed_by(workers: int, periods: Sequence[int]) -> tuple[float, list[Closed]]:
    """Return the seconds until every period was sealed, from workers that stand ready, and each task as it ended."""
    context = multiprocessing.get_context("spawn")
    started = context.Barrier(workers + 1)
    with context.Pool(workers, _begin, (started,)) as pool:
        started.wait()
        began = time.perf_counter()
        done = list(pool.imap_unordered(_close, periods, chunksize=1))
        return time.perf_counter() - began, done


def _begin(started) -> None:
    import django

    django.setup()
    from django.db import connection

    from completion import tasks  # noqa: F401 what a worker has read before its first task

    connection.ensure_connection()
    started.wait()


def _close(period: int) -> Closed:
    from django.db import connection

    from completion.tasks import close_period
    from tests.bench.memory import forget_most, resident

    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")

    def cpu() -> float:
        return time.process_time() + int(backend.read_text().split()[0]) / 1e9

    forget_most()
    began, spent = time.perf_counter(), cpu()
    close_period(period)
    return Closed(os.getpid(), time.perf_counter() - began, cpu() - spent, resident("VmHWM"))
