"""`make bench`: the synthetic province and 50.000 dossiers on PostgreSQL, then every page in yardsticks.

A throw-away PostgreSQL is started unless DATABASE_URL names one (an empty database, which is filled).
"""

import os
import socket
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.servers.postgres import postgres


def main() -> None:
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL") or stack.enter_context(postgres())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True))
        os.environ |= {
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "EMBEDDED": "1",
        }
        import django

        django.setup()
        run(Path(folder))


def run(folder: Path) -> None:
    from django.core.management import call_command
    from django.db import connection, connections

    from completion.province import write_province
    from tests.bench import data, measure, pages
    from tests.bench.bulk import bulk_rows
    from tests.bench.closing import closing_rows
    from tests.bench.copies import fill
    from tests.bench.exports import export_rows
    from tests.bench.folding import confirming_row, folding_row, this_year
    from tests.bench.individuals import individuals_row
    from tests.bench.replay import replay_row
    from tests.bench.servers import gunicorn, postmaster, resident_mb

    say("migrating, loading the province")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_history", str(write_province(folder / "province")))
    fill()
    analyze(connection)
    say("closing its quarters")
    closing = closing_rows()
    say("replaying 1 July 2025 on ten thousand cells")
    replayed = replay_row()
    say(f"writing {data.DOSSIERS} dossiers")
    made = data.prepare()
    analyze(connection)
    say("judging a file of individuals")
    individuals = individuals_row()
    say("exporting")
    exports = export_rows(made)
    root, port = postmaster(connection), free_port()
    wanted = pages.pages(made)
    connections.close_all()
    print(measure.HEAD, flush=True)
    with gunicorn({}, port) as web:
        bare = measure.Client(port)
        for page in wanted:
            client = measure.Client(port, *page.signed_in)
            seen = measure.compare(page, client, bare=bare, processes=(web, root))
            print(seen.row(), flush=True)
        print(*bulk_rows(made, port=port, processes=(web, root)), sep="\n", flush=True)
        memory = resident_mb(web)
    print(*closing, *exports, replayed, individuals, sep="\n")
    print(
        f"{'a web worker after the run, MB':<46}{memory:>7.0f}{140:>7}{'  <-- over' if memory > 140 else ''}",
        flush=True,
    )
    say("folding, and confirming fifty a second")
    chosen = this_year()
    print(folding_row(), flush=True)
    print(confirming_row(chosen, free_port()), flush=True)


def analyze(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
