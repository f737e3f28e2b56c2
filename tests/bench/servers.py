"""The web server a bench runs against, gunicorn with two workers, and the CPU that processes spend."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


def postmaster(connection) -> psutil.Process:
    """Return the root process of the PostgreSQL this connection talks to; it must run on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0]).parent()


@contextlib.contextmanager
def gunicorn(environment: dict, port: int):
    """Yield the root process of gunicorn with two workers, answering on 127.0.0.1:port."""
    command = [
        sys.executable, "-m", "gunicorn", "tests.bench.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2", "--worker-class", "gthread",
        "--keep-alive", "60", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/yardstick/")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).read()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


def cpu_ns(*roots: psutil.Process) -> int:
    """Return the nanoseconds these processes and all below them have run, threads included."""
    return sum(
        int(stat.read_text().split()[0])
        for root in roots
        for process in (root, *root.children(recursive=True))
        for stat in Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    )


def resident_mb(root: psutil.Process) -> float:
    """Return the memory of the largest process below, in MB."""
    return max(child.memory_info().rss for child in root.children(recursive=True)) / 1e6
