"""`make bench-nation`: 34 provinces of 152.000 works each, made by the database, closed by one worker and by two.

PROVINCES=n makes fewer. A throw-away PostgreSQL in /tmp, gone afterwards; the disk it needs is told, and looked for,
before anything is written.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.servers.postgres import postgres

PROVINCES = int(os.environ.get("PROVINCES", "34"))
# Measured: one province's units, works and facts with their indexes, and its four quarters sealed; then what the
# database writes beside them while it is filled.
PROVINCE_MB, BESIDE_MB = 330, 3_000
SLOWER, TOGETHER, FLAT, ALIKE = 1.3, 1.6, 1.2, 1.2
HEAD = f"{'the nation':<46}{'':>7}{'max':>7}"


def main() -> None:
    needed, free = (PROVINCES * PROVINCE_MB + BESIDE_MB) / 1000, shutil.disk_usage(tempfile.gettempdir()).free / 1e9
    print(f"{PROVINCES} provinces need about {needed:.1f} GB in /tmp, where {free:.1f} GB are free.", flush=True)
    if free < needed * 1.2:
        sys.exit("Too little: PROVINCES=n makes fewer.")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        os.environ |= {
            "DATABASE_URL": stack.enter_context(postgres()),
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "EMBEDDED": "1",
        }
        import django

        django.setup()
        run(Path(folder))


def run(folder: Path) -> None:
    from django.core.management import call_command

    from completion.province import write_province
    from tests.bench import copies

    say("migrating, loading one province")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_history", str(write_province(folder / "province")), verbosity=0)
    items = copies.fill()
    vacuum()
    say("closing its four quarters by one worker")
    _, alone = closed(1, [1, 2, 3, 4])
    vacuum()
    say("asking for its screens")
    pages = screens()
    empty_seals()
    began = time.monotonic()
    with copies.without_indexes():
        for number in range(2, PROVINCES + 1):
            say(f"writing province {number} of {PROVINCES}")
            copies.copy_province(number)
        say("indexing")
    vacuum()
    told = f"{PROVINCES} provinces, {PROVINCES * items} works in {time.monotonic() - began:.0f} s, {size_gb():.2f} GB"
    say("closing the fourth quarter by one worker")
    seconds, one = closed(1, [4])
    hashes = sealed()
    empty_seals()
    vacuum()
    say("closing it by two workers, then the others")
    together, two = closed(2, [4])
    same = hashes == sealed()
    closed(2, [1, 2, 3])
    vacuum()
    say("asking for the same screens")
    lines = rows(alone, seconds, one, together, two, items=items, same=same) + compared(pages, screens())
    print(HEAD, *lines, sep="\n")
    print(f"{told}; with four quarters sealed {size_gb():.2f} GB; load {os.getloadavg()[0]:.1f}", flush=True)


def rows(alone, seconds, one, together, two, *, items: int, same: bool) -> list[str]:
    """Return the lines of the table; only what is of CPU holds on a machine that does other things too."""
    usual = statistics.median(task.cpu for task in alone)
    each = statistics.fmean(task.cpu for task in one)
    clock = statistics.fmean(task.seconds for task in one) / statistics.median(task.seconds for task in alone)
    peaks = [task.peak_mb for task in one]
    per_item = f"{each / items * 1e6:.1f} µs of CPU a work, beside {usual / items * 1e6:.1f}; by the clock {clock:.2f}"
    workers = {task.worker: 0.0 for task in two}
    for task in two:
        workers[task.worker] = max(workers[task.worker], task.peak_mb)
    most = " and ".join(f"{peak:.0f}" for peak in workers.values())
    told = f"{seconds:.1f} s, beside {together:.1f} s; {'the same' if same else 'OTHER'} hashes"
    return [
        row("time a work, beside one province alone", each / usual, SLOWER, per_item),
        row(
            "peak of the last task beside the first",
            peaks[-1] / peaks[0],
            FLAT,
            f"{peaks[0]:.0f} to {max(peaks):.0f} MB",
        ),
        row("two workers beside one", seconds / together, TOGETHER, f"{told}; at most {most} MB", least=True),
    ]


def row(name: str, ratio: float, limit: float, told: str, *, least: bool = False) -> str:
    over = ratio < limit if least else ratio > limit
    return f"{name:<46}{ratio:>7.2f}{limit:>7.1f}   {told}{'  <-- over' if over else ''}"


def closed(workers: int, quarters: list[int]):
    """Close these quarters of every province that stands."""
    from django.db import connections

    from completion import services
    from completion.quarters import Quarter
    from organizations.models import Unit
    from tests.bench.closers import closed_by
    from tests.bench.copies import YEAR

    roots = list(Unit.objects.filter(kind=Unit.Kind.PROVINCE_COMMITTEE).order_by("id"))
    periods = [services.period_of(root, Quarter(YEAR, number)).pk for number in quarters for root in roots]
    connections.close_all()
    return closed_by(workers, periods)


def sealed() -> dict[str, str]:
    """Return the hash of every seal, by the code of its root."""
    from completion.models import Revision

    return dict(Revision.objects.filter(sealed=True).values_list("period__root__code", "input_hash"))


def screens() -> dict:
    """Return what each screen of the first province's leader costs, as `measure.compare` saw it."""
    from django.db import connection, connections

    from completion.province import ROOT
    from organizations.models import Person, Unit
    from tests.bench import figures, measure
    from tests.bench.__main__ import free_port
    from tests.bench.data import signed_in
    from tests.bench.servers import gunicorn, postmaster
    from tests.factories import person

    province = Unit.objects.get(code=ROOT)
    leader = Person.objects.first() or person(province, "leader")
    wanted = [page for page in figures.figure_pages(province, signed_in(leader)) if page.limit]
    root, port = postmaster(connection), free_port()
    connections.close_all()
    with gunicorn({}, port) as web:
        bare = measure.Client(port)
        clients = ((page, measure.Client(port, *page.signed_in)) for page in wanted)
        return {p.name: measure.compare(p, client, bare=bare, processes=(web, root)) for p, client in clients}


def compared(before: dict, after: dict) -> list[str]:
    """Return a line a screen: its yardsticks with the nation beside it, over those with its province alone."""
    lines = []
    for name, seen in after.items():
        ratio = seen.ratio / before[name].ratio
        told = f"{before[name].ratio:.2f} yardsticks alone, {seen.ratio:.2f} in the nation, at most {seen.limit}"
        over = max(seen.ratio, before[name].ratio) > seen.limit
        lines.append(row(name, ratio, ALIKE, told) + ("  <-- over its yardsticks" if over else ""))
    return lines


def empty_seals() -> None:
    """Empty what was sealed, which nothing but emptying whole tables can do: the same quarter is closed once more."""
    from django.apps import apps
    from django.db import connection

    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("completion").get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def size_gb() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0] / 1e9


def say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
