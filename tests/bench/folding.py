"""Fresh in seconds: 500 touched cells folded beside a full roll-up, and 50 confirmations a second for a minute.

`python -m tests.bench.folding` runs these two alone. SECONDS=n confirms for so long.
"""

import datetime as dt
import os
import statistics
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

RATE, SECONDS, HANDS = 50, int(os.environ.get("SECONDS", "60")), 4
TOUCHED, SHARE, MOST_LAG, SLOWER = 500, 0.2, 10, 2


def this_year() -> int:
    """Write the province's works once more as those of this year: as many as will be confirmed are reported."""
    from models_registry.models import WorkItem
    from progress.models import Fact
    from tests.bench.copies import ITEMS_APART, YEAR, _copy

    later, today = timezone.localdate().year - YEAR, timezone.localdate()
    shifted = {name: f"({name} + interval '{later} years')::date" for name in ("due_on", "due_in_force")}
    plain = {"state": "'in_progress'", "completed_on": "NULL", "confirmed_at": "NULL", "plain": "true"}
    fresh = shifted | plain | {"id": "id + %(apart)s", "code": "code || '*'", "year": f"year + {later}"}
    fresh["approved_at"] = f"'{today.year}-01-01'::timestamptz"
    with connection.cursor() as cursor:
        of_year = "year = %(year)s AND plain AND NOT ongoing AND excluded_at IS NULL AND first_unit_id IS NULL"
        _copy(cursor, WorkItem, fresh, of_year, {"apart": 2 * ITEMS_APART, "year": YEAR})
    works = WorkItem.objects.filter(year=today.year, kind="COL", imported=True, state="in_progress").order_by("pk")
    chosen = list(works.values_list("pk", flat=True)[: RATE * SECONDS])
    reported = {"kind": "completed", "on": today, "at": timezone.now() - dt.timedelta(hours=1)}
    Fact.objects.bulk_create([Fact(item_id=pk, **reported) for pk in chosen], batch_size=2000)
    WorkItem.objects.filter(pk__in=chosen).update(state="reported", completed_on=today)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return chosen


def folding_row() -> str:
    """Fold 500 touched cells three times (rolled back) and return the line of the table; `this_year` was written."""
    from completion.bulk import analyze
    from completion.folding import fold_changes
    from completion.models import Figure, FrozenUnit, Period
    from completion.services import compute_provisional
    from models_registry.models import ItemChange, WorkItem
    from tests.bench.closing import spent
    from tests.bench.servers import postmaster

    processes, (root, quarter) = (psutil.Process(), postmaster(connection)), _present()
    whole, folding, differing = [], [], 0
    works = WorkItem.objects.filter(year=quarter.year, kind="COL", state="in_progress", plain=True)
    cells = [*dict(works.order_by("unit").values_list("unit", "pk")).items()]
    for number in range(3):
        with spent(processes, whole):
            compute_provisional(root, quarter, at=timezone.now())
        analyze(FrozenUnit, Figure)
        with transaction.atomic():
            touched, now = cells[number * TOUCHED :][:TOUCHED], timezone.now()
            WorkItem.objects.filter(pk__in=[pk for _, pk in touched]).update(
                state="completed", completed_on=now.date(), confirmed_at=now
            )
            ItemChange.objects.bulk_create(ItemChange(unit_id=unit, item_id=pk, at=now) for unit, pk in touched)
            with spent(processes, folding):
                fold_changes(at=timezone.now())
            differing += _differing(Period.objects.get(root=root, year=quarter.year, quarter=quarter.number))
            transaction.set_rollback(True)
    share = statistics.median(folding) / statistics.median(whole)
    wrong = share > SHARE or differing
    return (
        f"{'folding 500 touched cells':<46}{share:>7.2f}{SHARE:>7.1f}   of a full roll-up: "
        f"{statistics.median(folding):.0f} of {statistics.median(whole):.0f} ms of CPU, {differing} cells differ"
        f"{'  <-- over' if wrong else ''}"
    )


def confirming_row(chosen: list[int], port: int) -> str:
    """Confirm RATE works a second through the service, with worker, scheduler and Valkey, and return the line."""
    from completion.bulk import analyze
    from completion.models import Figure, FrozenUnit
    from completion.services import compute_provisional
    from portal.scheduler import sync_schedule
    from tests.bench.measure import Client
    from tests.bench.servers import gunicorn

    root, quarter = _present()
    compute_provisional(root, quarter, at=timezone.now())
    analyze(FrozenUnit, Figure)
    sync_schedule()
    head, cookie = _head(root)
    address = f"/dashboards/units/{root.pk}/?quarter={quarter}"
    watched = Watched(root, quarter)
    with _processes() as environment, gunicorn(environment, port):
        client = Client(port, *cookie)
        quiet = [_timed(client, address) for _ in range(30)]
        watching = threading.Thread(target=watched.watch)
        watching.start()
        with ThreadPoolExecutor(HANDS) as hands:
            began, done, busy = time.monotonic(), [], []
            for number, pk in enumerate(chosen):
                time.sleep(max(0, began + number / RATE - time.monotonic()))
                done.append(hands.submit(watched.confirm, pk, head))
                if number % RATE == 0:
                    busy.append(hands.submit(_timed, client, address))
        took = time.monotonic() - began
        refused = [why for one in done if (why := one.exception())]
        if len(refused) == len(done):
            watched.over = True
            raise refused[0]
        watched.until_all(len(chosen))
        watching.join()
    lags, lost = watched.lags(), len(chosen) - watched.confirmed
    times = [statistics.median(one) for one in (quiet, [each.result() for each in busy])]
    differing, waiting = _left(root, quarter)
    wrong = max(lags) > MOST_LAG or lost or differing or waiting or times[1] > SLOWER * times[0]
    name, verdict = f"{RATE} confirmations a second, {SECONDS} s", "  <-- over" if wrong else ""
    return (
        f"{name:<46}{max(lags):>7.1f}{MOST_LAG:>7}   seconds until every ancestor counts it (median "
        f"{statistics.median(lags):.1f}); {len(chosen) / took:.0f} a second, {lost} lost, {waiting} waiting, "
        f"{differing} cells differ; a dashboard {times[1]:.0f} ms, quiet {times[0]:.0f}{verdict}"
    )


class Watched:
    """Confirms works, notes when each was committed, and when the figures of every unit above it had counted it."""

    def __init__(self, root, quarter):
        self.places = _counted(root, quarter)
        self.root, self.quarter, self.confirmed, self.over = root, quarter, 0, False
        self.committed: dict[int, list[float]] = defaultdict(list)  # by unit: instants
        self.seen: list[tuple[float, dict[int, int]]] = []
        self.lock = threading.Lock()

    def confirm(self, pk: int, head) -> None:
        from progress.services import take_item_step

        item = take_item_step(pk, "confirm", by=head, at=timezone.now())
        with self.lock:
            self.confirmed += 1
            now = time.monotonic()
            for unit in (*item.unit.ancestor_ids, item.unit_id):
                self.committed[unit].append(now)

    def watch(self) -> None:
        while not self.over:
            now = time.monotonic()
            self.seen.append((now, _counted(self.root, self.quarter)))
            time.sleep(0.25)
        connections.close_all()

    def until_all(self, count: int, patience: float = 60) -> None:
        """Wait until the root counts all of them."""
        limit, wanted = time.monotonic() + patience, self.places.get(self.root.pk, 0) + count
        while time.monotonic() < limit and self.seen[-1][1].get(self.root.pk, 0) < wanted:
            time.sleep(0.25)
        self.over = True

    def lags(self) -> list[float]:
        """Return, for each confirmation and each unit above it, the seconds until it was counted; inf where never."""
        found = []
        for unit, instants in self.committed.items():
            before, steps = self.places.get(unit, 0), iter(self.seen)
            at, counted = next(steps)
            for number, instant in enumerate(sorted(instants), 1):
                while counted.get(unit, 0) < before + number:
                    at, counted = next(steps, (float("inf"), {unit: before + len(instants)}))
                found.append(max(0.0, at - instant))
        return found


def _counted(root, quarter) -> dict[int, int]:
    from completion.models import Figure

    rows = Figure.objects.filter(place__revision__period__root=root, place__revision__number=0, kind="COL")
    rows = rows.filter(place__revision__period__quarter=quarter.number, place__revision__period__year=quarter.year)
    return dict(rows.filter(r3_n__gt=0).order_by().values_list("place__unit_id", F("r3_n")))


def _timed(client, address: str) -> float:
    began = time.perf_counter()
    answer = client.ask("GET", address)
    assert answer.status == 200, answer.status
    return (time.perf_counter() - began) * 1000


def _differing(period) -> int:
    """Return how many cells the proof finds to differ; it puts right what does."""
    from completion.proving import prove

    return prove(period, at=timezone.now())


def _left(root, quarter) -> tuple[int, int]:
    from completion.models import Period
    from models_registry.models import ItemChange

    waiting = ItemChange.objects.count()
    return _differing(Period.objects.get(root=root, year=quarter.year, quarter=quarter.number)), waiting


def _present():
    from completion.province import ROOT
    from completion.quarters import Quarter
    from organizations.models import Unit

    return Unit.objects.get(code=ROOT), Quarter.of(timezone.now())


def _head(root):
    """Return the head of a board that serves the province, in whose hands all confirmations lie, and a session."""
    from organizations import services
    from organizations.models import AppraisalLink, Unit
    from tests.bench.data import signed_in

    now = timezone.now()
    link = AppraisalLink.objects.filter(serves=root, valid_to=None).select_related("body").first()
    if link is None:
        kind = Unit.Kind.ADVISORY_BODY
        board = services.add_unit(
            code="FOLD-BTG", name="Ban Tuyên giáo", kind=kind, parent=root, valid_from=root.valid_from, by=None, at=now
        )
        services.let_appraise(board, root, valid_from=root.valid_from, by=None, at=now)
    else:
        board = link.body
    head = services.add_person(username="folding-head", full_name="Người xác nhận", by=None, at=now)
    since = now - dt.timedelta(days=1)
    post = services.give_post(head, unit=board, role="head", starts_at=since, by=None, at=now)
    return head.acting_as(post), signed_in(head)


@contextmanager
def _processes():
    """Run Valkey, a worker and the scheduler; yields the environment they run in."""
    from tests.servers.processes import SCHEDULER, WORKER, python
    from tests.servers.valkey import valkey

    folder = Path(os.environ["VAR_DIR"])
    with valkey() as url:
        environment = {"REDIS_URL": url}
        with (
            python(WORKER, folder / "worker.log", **environment),
            python(SCHEDULER, folder / "scheduler.log", **environment),
        ):
            time.sleep(8)  # until both have begun
            yield environment


def main() -> None:
    import tempfile

    from tests.servers.postgres import postgres

    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL") or stack.enter_context(postgres())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        settings = {"DATABASE_URL": url, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        os.environ |= settings | {"EMBEDDED": "1"}
        import django

        django.setup()
        from django.core.management import call_command

        from completion.province import write_province
        from tests.bench.__main__ import free_port, say

        say("migrating, loading the province")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("import_history", str(write_province(Path(folder) / "province")), verbosity=0)
        say("writing this year's works")
        chosen = this_year()
        say("folding")
        print(folding_row(), flush=True)
        say(f"confirming {len(chosen)} works")
        print(confirming_row(chosen, free_port()), flush=True)


if __name__ == "__main__":
    main()
