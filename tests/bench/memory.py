"""What a piece of work holds in memory at most, in a worker of its own: `python -m tests.bench.memory WORK NUMBER`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def grown_by(work: str, number: int) -> tuple[float, float]:
    """Return the MB a fresh process holds when it has done nothing yet, and the most it held while it did the work."""
    command = [sys.executable, "-m", "tests.bench.memory", work, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def resident(word: str = "VmRSS") -> float:
    """Return the MB this process holds (VmRSS), or held at most since `forget_most` (VmHWM)."""
    return int(re.search(rf"{word}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000


def forget_most() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def close(period: int) -> None:
    """Seal a period by the task that does it when the instant has come."""
    from completion.tasks import close_period

    close_period(period)


def job(number: int) -> None:
    """Do a job as a worker does it; raises unless it ends well."""
    from django.utils.module_loading import import_string

    from journal.models import Job

    import_string(Job.objects.get(pk=number).task)(number)
    found = Job.objects.get(pk=number)
    if found.state != Job.State.DONE:
        raise RuntimeError(f"{found.task}: {found.state} {found.message}")


WORKS = {"close": close, "job": job}


def main(work: str, number: str) -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 what an idle worker has read
    before = resident()
    forget_most()
    WORKS[work](int(number))
    print(json.dumps([before, resident("VmHWM")]))


if __name__ == "__main__":
    main(*sys.argv[1:])
