"""Whether the portal can do its work: each thing it leans on, measured beside its limit, and all within two seconds."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connections

from portal.operating import measures

WITHIN = 2.0  # seconds for all together, however dead the servers
FRESH = 1.0  # seconds for which an answer stands, however many ask


@dataclass(frozen=True, slots=True)
class Check:
    """`server` is what it asks: each is asked in a thread of its own, so that none waits for another that is dead."""

    name: str
    server: str
    measure: Callable[[datetime], float]
    limit: float
    unit: str
    for_pages: bool = False


CHECKS = (
    Check("database", "database", measures.database_answers, 0, "", for_pages=True),
    Check("migrations", "database", measures.migrations_missing, 0, "missing", for_pages=True),
    Check("clock", "database", measures.clock_off, settings.CLOCK_TOLERANCE or measures.NEVER, "s"),
    Check("cache", "cache", measures.cache_forgets, 0, ""),
    Check("broker", "broker", measures.broker_answers, 0, ""),
    Check("scheduler", "database", measures.scheduler_age, 60, "s"),
    Check("telling", "database", measures.telling_lag, 60, "s"),
    Check("chaining", "database", measures.chaining_lag, 60, "s"),
    Check("folding", "database", measures.folding_lag, 120, "s"),
)


@dataclass(slots=True)
class Answer:
    """`state` is ok, late (over its limit) or away (no answer, or a failure: its kind, never its words)."""

    check: Check
    state: str = "away"
    value: float | None = None
    took_ms: int | None = None
    failure: str = "no answer in time"

    def as_row(self) -> dict:
        """Return what is told to whoever shows the token."""
        row = {"state": self.state, "value": self.value, "limit": self.check.limit, "unit": self.check.unit}
        return row | {"took_ms": self.took_ms} | ({"failure": self.failure} if self.state == "away" else {})


@dataclass(slots=True)
class _Asking:
    """What this process asks just now, and what it was told last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: dict[str, threading.Thread] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    until: float = 0.0


_asking = _Asking()


def answers_at(at: datetime) -> list[Answer]:
    """Return the answers of all checks, at most a second old; takes two seconds at most. Seven short queries."""
    with _asking.lock:
        if time.monotonic() > _asking.until:
            _asking.answers = _ask_all(at)
            _asking.until = time.monotonic() + FRESH
        return _asking.answers


def ask(checks: list[Check], answers: dict[str, Answer], at: datetime) -> None:
    """Fill in the answers of one server's checks, one after the other."""
    for check in checks:
        answer, began = answers[check.name], time.monotonic()
        try:
            answer.value = round(check.measure(at), 1)
            answer.took_ms = round((time.monotonic() - began) * 1000)
            answer.state = "ok" if answer.value <= check.limit else "late"
        except Exception as failure:
            answer.failure = type(failure).__name__


def _ask_all(at: datetime) -> list[Answer]:
    answers = {check.name: Answer(check) for check in CHECKS}
    began = time.monotonic()
    for server in dict.fromkeys(check.server for check in CHECKS):
        before = _asking.threads.get(server)
        # Where the last asker still waits for a dead server, nobody joins it.
        if before is None or not before.is_alive():
            of_it = [check for check in CHECKS if check.server == server]
            _asking.threads[server] = threading.Thread(target=_ask_apart, args=(of_it, answers, at), daemon=True)
            _asking.threads[server].start()
    for thread in _asking.threads.values():
        thread.join(max(0.0, began + WITHIN - time.monotonic()))
    # A late thread may still write into its own: what is told does not change any more.
    return [Answer(one.check, one.state, one.value, one.took_ms, one.failure) for one in answers.values()]


def _ask_apart(checks: list[Check], answers: dict[str, Answer], at: datetime) -> None:
    try:
        ask(checks, answers, at)
    finally:
        connections.close_all()
