"""The portal's own processes, started for a test and always ended after it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKER = "-m celery -A portal worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"
WORKER += " --include tests.servers.work"
LONG = f"{WORKER} --queues celery"
QUICK = "-m celery -A portal worker --queues quick,closing --concurrency 1 --hostname quick@%h --loglevel INFO"
SCHEDULER = "-m celery -A portal beat --loglevel INFO --pidfile="


@contextmanager
def python(
    arguments: str, log: Path, *, end_with: int = signal.SIGTERM, **environment: str
) -> Iterator[subprocess.Popen]:
    """Run `python arguments` in the repository until the block ends, its output kept in `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments.split()],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process, end_with)


def end(process: subprocess.Popen, number: int = signal.SIGTERM, patience: float = 20) -> int:
    """End a process by a signal, and its whole group by force when it does not; returns its exit status."""
    with suppress(ProcessLookupError):
        process.send_signal(number)
    try:
        return process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        return process.kill() or process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def until(true: Callable[[], object], *, within: float = 20) -> object:
    """Return the first truth of `true()`, asked ten times a second; fails when there is none in time."""
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        if answer := true():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not true within {within} s")


def status_of(address: str, path: str, *, cookie: str = "") -> int | None:
    """Return the status a web process at host:port answers with; None when it does not answer."""
    connection = HTTPConnection(address, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
