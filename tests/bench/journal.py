"""A journal of a million events: how long the walk along its chain takes, and whether it finds one altered byte.

`python -m tests.bench.journal [rows]` asks both databases.
"""

import datetime as dt
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import islice

LIMIT = 60  # seconds for a million
START = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
ROWS = 1_000_000
AT_ONCE = 20_000
DETAILS = (
    {"version": 2, "edition": 5, "content": "9c26be046cd4b3e7c16bd17d984f19ef099e467deff625fb774de2b0d1d25dee"},
    {"n": 12, "of": "Tổ bảo vệ môi trường ấp Thạnh Phong", "parts": [1, 2, 3]},
    {"reason": "Chưa rõ sản phẩm, đề nghị nêu số hộ tham gia", "criteria": ["de_hieu", "de_nho"]},
    {},
)


def main() -> None:
    rows = int(sys.argv[1]) if sys.argv[1:] else ROWS
    if os.environ.get("DATABASE_URL"):
        report(rows)
        return
    from subprocess import run

    from tests.servers.postgres import postgres

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        for url in (f"sqlite:///{folder}/journal.sqlite3", stack.enter_context(postgres())):
            environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": folder, "EMBEDDED": "1"}
            environment["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
            run([sys.executable, "-m", "tests.bench.journal", str(rows)], env=environment, check=True)


def report(rows: int) -> None:
    """Print how long it took to walk the whole chain, and to find one byte altered in its last row."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    fill(rows)
    filled = time.monotonic() - began
    whole, of_cpu, nothing = walked()
    alter(rows - 1)
    again, _cpu, found = walked()
    # On a machine that does other things too, the clock says how long and the processor what it costs.
    over = "  <-- over" if max(whole, again) > LIMIT * rows / ROWS else ""
    print(
        f"{connection.vendor:<12}{rows:>10} rows, written in {filled:.0f} s; whole chain {whole:.1f} s "
        f"({of_cpu:.1f} s of CPU), {nothing}; load {os.getloadavg()[0]:.0f}; "
        f"one byte altered, {again:.1f} s, {found}; at most {LIMIT * rows / ROWS:.0f} s{over}",
        flush=True,
    )


def fill(rows: int) -> None:
    """Write so many events, one a minute, and their chain, past the models that would take minutes."""
    from django.db import connection, transaction

    from journal.chain import GENESIS, canonical, hash_of
    from journal.models import Event

    hash_ = GENESIS
    number = iter(range(1, rows + 1))
    # The chain is written once an hour, as a task that was away for a while would.
    while numbers := list(islice(number, AT_ONCE)):
        events, links = [], []
        for n in numbers:
            at = START + dt.timedelta(minutes=n)
            chained = START + dt.timedelta(hours=n // 60 + 1)
            detail = DETAILS[n % len(DETAILS)] | {"number": n}
            made = Event(id=n, at=at, verb="item.reported", subject="work_item", subject_id=n % 9999, detail=detail)
            previous, hash_ = hash_, hash_of(hash_, n, chained, made)
            events.append((n, _kept(at), "item.reported", "", "work_item", n % 9999, canonical(detail)))
            links.append((n, n, _kept(chained), previous, hash_))
        with transaction.atomic(), connection.cursor() as cursor:
            _insert(cursor, "journal_event (id, at, verb, role, subject, subject_id, detail)", events)
            _insert(cursor, "journal_link (position, event_id, at, previous, hash)", links)


def _kept(at: dt.datetime):
    from django.db import connection

    return connection.ops.adapt_datetimefield_value(at)


def _insert(cursor, columns: str, rows: list[tuple]) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        from psycopg2.extras import execute_values

        execute_values(cursor.cursor, f"INSERT INTO {columns} VALUES %s", rows, page_size=1000)  # noqa: S608
    else:
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {columns} VALUES ({marks})", rows)  # noqa: S608


def walked() -> tuple[float, float, str]:
    """Return the seconds of a walk by the clock and by the processor, and what it found."""
    from journal.chain import verify

    began, spent = time.monotonic(), time.process_time()
    _walk, broken = verify(at=START + dt.timedelta(days=9999), heads={})
    return (
        time.monotonic() - began,
        time.process_time() - spent,
        f"{broken.harm} at {broken.position}" if broken else "nothing found",
    )


def alter(position: int) -> None:
    from django.db import connection

    from tests.guards import guards_lifted

    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_event SET verb = 'item.Reported' WHERE id = %s", [position])


if __name__ == "__main__":
    main()
