"""`make bench-load`: the last morning of a quarter, 200 signed-in people for five minutes, and where it bends.

The province and 50.000 dossiers of `make bench` on PostgreSQL, with Valkey, the web server, both workers and the
scheduler as an installation runs them. MINUTES=n holds the load for so long (5).
"""

import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.__main__ import analyze, free_port, say
from tests.servers.postgres import postgres

MINUTES = float(os.environ.get("MINUTES", "5"))
THINK = 10.0  # seconds between two requests of one person, on the average
# The same people in ever more of a hurry, until it bends.
HARDER = tuple(float(word) for word in os.environ.get("THINK", "6.5 5 4 3.2 2.6 2").split())
STEP = 45  # seconds of each of those
BENT = 10  # times the idle p95 of a page; or less than this share of what is asked for is answered
KEPT_UP = 0.9
IDLE = 12  # seconds each sort of people has the portal to itself
SEED = 20261231


def main() -> int:
    """Run it; returns 1 where an answer was wrong before it bent, or a write did not stand once."""
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL") or stack.enter_context(postgres())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        os.environ |= {
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "EMBEDDED": "1",
            "SECOND_FACTOR": "off",
        }
        import django

        django.setup()
        return 0 if run(Path(folder)) else 1


def run(folder: Path) -> bool:
    from django.db import connection, connections

    from tests.bench.load import people, telling
    from tests.bench.load.driving import Acting, stretch
    from tests.bench.servers import postmaster

    made, quarter = prepare(folder)
    crowd = people.gather(made, quarter)
    analyze(connection)
    database, port = postmaster(connection), free_port()
    connections.close_all()
    with portal(folder, port) as (web, others):
        groups = {"web": (web,), "database": (database,), "workers and scheduler": others}
        acting = [Acting(one, port, random.Random(SEED + number)) for number, one in enumerate(crowd)]
        yardstick = Acting(people.BARE, port, random.Random(SEED))
        say("the same pages, idle")
        idle = idle_times(acting, yardstick)
        say(f"{len(crowd)} people, {MINUTES:g} minutes")
        with telling.watched(groups) as cost:
            held = stretch([*acting, yardstick], think=THINK, seconds=MINUTES * 60)
        print(*telling.table(held, idle, cost), sep="\n", flush=True)
        stretches = [idle, held]
        for think in HARDER:
            say(f"{think:g} s between two requests")
            with telling.watched(groups) as cost:
                stretches.append(stretch([*acting, yardstick], think=think, seconds=STEP))
            print(telling.step_row(stretches[-1], idle, cost, len(acting) / think), flush=True)
            if telling.has_bent(stretches[-1], idle, len(acting) / think, times=BENT, kept_up=KEPT_UP):
                print(*telling.table(stretches[-1], idle, cost), sep="\n", flush=True)
                break
        lines, is_whole = telling.kept(stretches, made.province, quarter)
        print(*lines, sep="\n", flush=True)
    return is_whole and not (idle.wrong or held.wrong)


def prepare(folder: Path):
    """Write the province, its works of this year and the dossiers; return what `data.prepare` does, and the quarter."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from completion.province import write_province
    from completion.services import compute_provisional
    from portal.scheduler import sync_schedule
    from tests.bench import data
    from tests.bench.copies import fill
    from tests.bench.folding import _present, this_year

    say("migrating, loading the province")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_history", str(write_province(folder / "province")), verbosity=0)
    fill()
    analyze(connection)
    say("writing this year's works and the dossiers")
    this_year()
    made = data.prepare()
    analyze(connection)
    root, quarter = _present()
    compute_provisional(root, quarter, at=timezone.now())
    sync_schedule()
    return made, quarter


@contextmanager
def portal(folder: Path, port: int):
    """Run the portal as an installation does; yields the web's root process, and those of workers and scheduler."""
    import psutil

    from portal.processes import PROGRAMS
    from tests.bench.servers import _wait_for
    from tests.servers.processes import python
    from tests.servers.valkey import valkey

    with valkey() as url, ExitStack() as stack:
        started = {}
        for name, command in PROGRAMS.items():
            filled = command.format(python="", address=f"127.0.0.1:{port}", var=folder)
            filled = filled.replace("portal.wsgi", "tests.bench.wsgi:application")
            log = folder / f"{name}.log"
            started[name] = stack.enter_context(python(filled, log, REDIS_URL=url))
        _wait_for(f"http://127.0.0.1:{port}/yardstick/")
        time.sleep(8)  # until the workers have begun
        roots = {name: psutil.Process(process.pid) for name, process in started.items()}
        web = roots.pop("web")
        yield web, tuple(roots.values())


def idle_times(acting, yardstick):
    """Return what one of each sort of people sees who has the portal to oneself, and the yardstick."""
    from tests.bench.load.driving import Seen, stretch

    seen = Seen()
    sorts = {one.script.gi_code: one for one in reversed(acting)}
    for one in (*sorts.values(), acting[-1], yardstick):
        alone = stretch([one], think=0.05, seconds=IDLE)
        for name, times in alone.took.items():
            seen.took[name] += times
        seen.acknowledged += alone.acknowledged
        seen.wrong += alone.wrong
    return seen


if __name__ == "__main__":
    sys.exit(main())
