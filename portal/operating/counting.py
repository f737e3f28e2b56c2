"""How many requests were answered how, and how fast, by all web processes together; nothing without METRICS_TOKEN."""

import fcntl
import os
from functools import cache
from itertools import count

from django.conf import settings

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def count_request(request, status: int, seconds: float) -> None:
    """Count one answered request under the name of its page; some ten microseconds."""
    requests, durations = _counters()
    page = request.resolver_match.view_name if request.resolver_match else ""
    requests.labels(page, request.method if request.method in METHODS else "other", status).inc()
    durations.labels(page).observe(seconds)


def exposition() -> str:
    """Return what all web processes have counted so far, in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    _counters()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(_folder()))
    return generate_latest(registry).decode()


@cache
def _counters():
    """Return the two counters of this process. Loaded late: without a token no process needs the package."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder())
    from prometheus_client import CollectorRegistry, Counter, Histogram, values

    values.ValueClass = values.MultiProcessValue(_seat)
    registry = CollectorRegistry()
    named = {"namespace": "portal", "registry": registry}
    return (
        Counter("requests", "Requests answered.", ["page", "method", "status"], **named),
        Histogram("request_seconds", "Seconds until the answer began.", ["page"], buckets=BUCKETS, **named),
    )


@cache
def _seat() -> int:
    """Return the lowest number no living process holds: whoever follows a process counts on in its file."""
    for number in count():
        held = os.open(_folder() / f"{number}.held", os.O_CREAT | os.O_RDWR, 0o640)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(held)
        else:
            return number


@cache
def _folder():
    folder = settings.VAR_DIR / "run" / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
