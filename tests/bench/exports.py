"""Long exports as a worker makes them, in a process of its own: what it holds in memory, and when it only waits."""

from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from journal.models import Job
from models_registry.models import WorkItem
from organizations.models import Unit
from tests.bench.copies import YEAR
from tests.bench.memory import grown_by

LIST_MB, PACK_MB = 60, 250


def export_rows(made) -> list[str]:
    """Ask for each export as a leader does on its page, have its job done, and return the lines of the table."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(made.people["leader"])
    listed = {"year": YEAR, "kind": "IND"}
    count = WorkItem.objects.filter(**listed).count()
    asked = client.post(f"{reverse('progress:items')}?{urlencode(listed)}", {"file": "xlsx"})
    idle, most = _held(asked)
    lines = [_row(f"XLSX of {count} works, MB above an idle worker", most - idle, LIST_MB, idle)]
    district = Unit.objects.filter(kind=Unit.Kind.DISTRICT_COMMITTEE).earliest("path")
    asked = client.post(reverse("packs:unit", args=[district.pk]), {"period": f"{YEAR}-Q4"})
    idle, most = _held(asked)
    return [*lines, _row("report pack of a district, MB of the worker", most, PACK_MB, idle)]


def _held(asked) -> tuple[float, float]:
    """Return the MB of a worker that waits, and the most it held while it did the job just asked for."""
    if asked.status_code != 302:
        raise RuntimeError(asked.status_code)
    return grown_by("job", Job.objects.latest("id").pk)


def _row(name: str, held: float, limit: int, idle: float) -> str:
    return f"{name:<46}{held:>7.0f}{limit:>7}   {idle:.0f} MB idle{'  <-- over' if held > limit else ''}"
