"""A province of a year is backed up while it stands, brought back into an empty database, and compared; timed."""

import re
import sys
import tempfile
import time
from pathlib import Path

from tests.drills.portal import manage
from tests.drills.registry import drill
from tests.servers.postgres import server

# Scans and papers of one province's year: few are large, all are stored under random names.
FILES, FILE_BYTES = 2_000, 150_000
MOST = 1800  # seconds within which a province must be back


@drill(
    "restore-province",
    "152.000 works, a sealed quarter and 300 MB of files: backed up, restored into an empty database within "
    f"{MOST // 60} minutes, rows, seals, chain and files compared",
)
def restore_province() -> str:
    with tempfile.TemporaryDirectory(prefix="restore-", ignore_cleanup_errors=True) as folder:
        lived_in, empty = Path(folder) / "one", Path(folder) / "two"
        with server() as database:
            there = _environment(database.url, lived_in)
            manage(there | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}, "shell", "-c", FILL)
            began = time.monotonic()
            made = manage(there, "backup").stdout.splitlines()
            backed_up = time.monotonic() - began
            again = manage(there, "backup").stdout.splitlines()[1]
        with server() as database:
            began = time.monotonic()
            said = manage(_environment(database.url, empty), "restore", made[0]).stdout.splitlines()[-1]
            restored = time.monotonic() - began
            refused = manage(_environment(database.url, empty), "restore", made[0], check=False)
        assert "đều khớp" in said, said
        assert "--overwrite" in refused.stderr, refused.stderr
        assert restored < MOST, f"{restored:.0f} s"
        new = re.search(r"\(.*?\)", again)[0]
        return (
            f"{made[1]} Backed up in {backed_up:.0f} s, again {new}; restored and compared in {restored:.0f} s; "
            "into a database that holds something: refused"
        )


def _environment(url: str, folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return {"DATABASE_URL": url, "VAR_DIR": str(folder), "REDIS_URL": "", "EMBEDDED": "1"}


FILL = """
from tests.drills.restore import fill
fill()
"""


def fill() -> None:
    """Write a province of a year with its first quarter sealed, its journal chained, and files."""
    import secrets

    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from completion import services
    from completion.province import ROOT, write_province
    from completion.quarters import Quarter
    from journal.services import chain_events
    from organizations.models import Unit
    from tests.bench import copies

    call_command("migrate", verbosity=0)
    call_command("import_history", str(write_province(settings.VAR_DIR / "province")), verbosity=0)
    copies.fill()
    services.seal_quarter(Unit.objects.get(code=ROOT), Quarter(copies.YEAR, 1), at=timezone.now())
    chain_events(at=timezone.now(), everything=True)
    for number in range(FILES):
        place = Path(settings.MEDIA_ROOT) / "evidence" / str(number % 12)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{secrets.token_hex(16)}.pdf").write_bytes(secrets.token_bytes(FILE_BYTES))
    sys.stdout.write("filled\n")
