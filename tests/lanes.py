"""Runs every lane of the tests, each on the servers it needs, and closes with one summary.

    make test                                  all of them
    python -m tests.lanes sqlite postgres      some of them

The suite on PostgreSQL fills both cores. The lanes of tasks and of browsers wait more than they compute: they run in
two tracks beside each other, and the suite on SQLite takes what they leave. DATABASE_URL (PostgreSQL) and REDIS_URL are
used where they are set. A lane whose server cannot be had says so and the rest runs; with CI=true it fails.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests import migrated
from tests.servers.chromium import chromium
from tests.servers.postgres import postgres
from tests.servers.valkey import nobody_there, valkey

WORDS = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
# What a plain pytest runs, less what the lane of PostgreSQL has run already.
ON_BOTH = "not journey and not servers and not fault and not walk and not once"
IMPATIENT = {"JOB_SILENCE": "3"}


@dataclass
class Servers:
    """What the lanes of this run share, each made when a lane first asks for it and gone with the run."""

    stack: ExitStack
    made: dict[str, object] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def sqlite(self) -> dict[str, str]:
        return self._once("sqlite", migrated.on_sqlite)

    def postgres(self) -> dict[str, str]:
        given = os.environ.get("DATABASE_URL", "")
        url = given if given.startswith("postgres") else self._once("postgres", postgres)
        return {"DATABASE_URL": url} | self._once("migrated", migrated.on_postgres, url)

    def redis(self) -> str:
        return os.environ.get("REDIS_URL") or self._once("redis", valkey)

    def _once(self, name: str, make: Callable, *arguments):
        with self.locks[name]:
            if name not in self.made:
                self.made[name] = self.stack.enter_context(make(*arguments))
            return self.made[name]


@dataclass(frozen=True)
class Lane:
    name: str
    what: str
    arguments: list[str]
    environment: Callable[[Servers], dict[str, str]]
    # Lanes of one track run after each other, tracks beside each other; a lane without one has the machine to itself.
    track: str = ""
    # Gives way to the other tracks, whose tests look at the clock.
    gives_way: bool = False


LANES = [
    Lane(
        "sqlite",
        "the suite on SQLite",
        ["-n", "2", "-m", ON_BOTH],
        lambda servers: servers.sqlite(),
        track="suite",
        gives_way=True,
    ),
    Lane(
        "postgres",
        "the suite on PostgreSQL",
        ["-n", "2"],
        lambda servers: servers.postgres(),
    ),
    Lane(
        "servers",
        "tasks through Redis and a Celery worker, on PostgreSQL",
        ["-m", "servers", "tests/servers"],
        lambda servers: servers.postgres() | {"REDIS_URL": servers.redis()} | IMPATIENT,
        track="tasks",
    ),
    Lane(
        "embedded",
        "the same tasks through the embedded broker, on SQLite",
        ["-m", "servers", "tests/servers"],
        lambda servers: servers.sqlite() | IMPATIENT,
        track="tasks",
    ),
    Lane(
        "journeys",
        "journeys in Chromium",
        # Each of the two starts a portal of its own, which the files it is given share.
        ["-m", "journey", "tests/journeys", "-n", "2", "--dist", "loadfile"],
        lambda servers: servers.sqlite() | {"CHROMIUM": chromium()},
        track="browser",
    ),
    Lane(
        "faults",
        "broker, worker or scheduler down",
        ["-m", "fault", "tests/faults"],
        # A port where no Redis listens yet: these tests start and stop it themselves.
        lambda servers: servers.postgres() | {"REDIS_URL": nobody_there()} | IMPATIENT,
        track="tasks",
    ),
    Lane(
        "walk",
        "ten thousand actions on SQLite",
        ["-m", "walk", "tests/progress"],
        lambda servers: servers.sqlite(),
        track="browser",
    ),
]


@dataclass(frozen=True)
class Outcome:
    lane: Lane
    counts: dict[str, int]
    seconds: float
    lacks: str = ""
    # What pytest's own summary says of each test that failed.
    failures: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        said = self.lacks or ", ".join(f"{self.counts[word]} {word}" for word in WORDS if self.counts.get(word))
        return f"{self.lane.name:<10} {self.seconds:6.1f} s   {said or 'nothing ran'}   ({self.lane.what})"


def run(lane: Lane, servers: Servers) -> Outcome:
    """Run one lane in its own process and folder, its output shown as it comes, with the lane's name before it."""
    began = time.monotonic()
    print(f"\n===== {lane.name}: {lane.what}", flush=True)
    try:
        needed = lane.environment(servers)
    except Exception as error:
        lacks = f"its server could not be had: {str(error).strip().splitlines()[0] if str(error) else error!r}"
        counts = {"error": 1} if os.environ.get("CI") == "true" else {}
        return Outcome(lane, counts, time.monotonic() - began, lacks)
    counts, failures, code = _pytest(lane, needed)
    if code not in (0, 1) or (code == 1 and not counts.get("failed")):
        counts.setdefault("error", 1)
    return Outcome(lane, counts, time.monotonic() - began, failures=failures)


def _pytest(lane: Lane, needed: dict[str, str]) -> tuple[dict[str, int], tuple[str, ...], int]:
    folder = tempfile.mkdtemp(prefix=f"lane-{lane.name}-")
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = [*(["nice", "-n", "10"] if lane.gives_way else []), sys.executable, "-m", "pytest", *lane.arguments]
    last, failures, mark = "", [], f"{lane.name}: " if lane.track else ""
    process = subprocess.Popen(
        command,
        env=kept | {"VAR_DIR": folder} | needed,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    RUNNING.add(process)
    try:
        for line in process.stdout:
            print(mark + line, end="", flush=True)
            last = line if re.search(r"\d+ \w+.* in [\d.]+s", line) else last
            if line.startswith(("FAILED tests/", "ERROR tests/")):
                failures.append(line.rstrip())
        counts = re.findall(r"(\d+) (failed|passed|skipped|xfailed|xpassed|error)", last)
        return {word: int(number) for number, word in counts}, tuple(failures), process.wait()
    finally:
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)


RUNNING: set[subprocess.Popen] = set()


def _end(process: subprocess.Popen) -> None:
    RUNNING.discard(process)
    if process.poll() is None:
        process.terminate()
        process.wait()


def run_all(chosen: list[Lane]) -> list[Outcome]:
    """Run the lanes that need the machine to themselves, then the tracks; returns outcomes in the order of LANES."""
    alone = [lane for lane in chosen if not lane.track]
    tracks = [[lane for lane in chosen if lane.track == name] for name in dict.fromkeys(lane.track for lane in chosen)]
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        servers = Servers(stack)
        if alone and tracks:
            pool.submit(servers.sqlite)  # beside the migrations of PostgreSQL, which leave a core idle
        try:
            outcomes = [run(lane, servers) for lane in alone]
            for done in pool.map(lambda lanes: [run(lane, servers) for lane in lanes if lane.track], tracks):
                outcomes += done
        finally:
            for process in list(RUNNING):
                _end(process)
    return sorted(outcomes, key=lambda outcome: LANES.index(outcome.lane))


def main(names: list[str]) -> int:
    """Run the named lanes, or all; returns the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    outcomes = run_all([lane for lane in LANES if not names or lane.name in names])
    if any(outcome.failures for outcome in outcomes):
        print("\n===== what failed")
        for outcome in outcomes:
            for failure in outcome.failures:
                print(f"{outcome.lane.name}: {failure}")
    print("\n===== lanes")
    for outcome in outcomes:
        print(outcome.line)
    total = {word: sum(outcome.counts.get(word, 0) for outcome in outcomes) for word in WORDS}
    said = ", ".join(f"{count} {word}" for word, count in total.items() if count) or "no tests ran"
    print(f"===== {said} in {time.monotonic() - began:.2f}s =====")
    return 1 if total["failed"] or total["error"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
