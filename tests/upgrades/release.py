"""Keep the samples of this checkout, as its own code writes them on both databases, for the next release to upgrade."""

import lzma
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.postgres import server
from tests.servers.processes import ROOT

CHAIN = "from journal.tasks import chain_events; chain_events()"
# Nobody signs in with these.
FORGET = "UPDATE organizations_person SET password = '!'"
# What pg_dump says to psql and to servers of other versions.
TO_PSQL = re.compile(r"^(\\.*|SET (transaction|default_table)\w* .*)\n", re.MULTILINE)


def fill(url: str, folder: str) -> None:
    own = {"DATABASE_URL": url, "VAR_DIR": folder, "REDIS_URL": ""}
    for command in (["migrate", "-v0"], ["load_samples"], ["shell", "--no-imports", "-c", CHAIN]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | own, check=True)


def of_sqlite(folder: str) -> str:
    path = f"{folder}/released.sqlite3"
    fill(f"sqlite:///{path}", folder)
    with closing(sqlite3.connect(path)) as file:
        with file:
            file.execute(FORGET)
        return "\n".join(file.iterdump())


def of_postgres(folder: str) -> str:
    with server() as running:
        fill(running.url, folder)
        where = ["-h", running.folder, "-U", "postgres", "postgres"]
        subprocess.run([running.binaries / "psql", *where, "-qc", FORGET], check=True)
        dump = [running.binaries / "pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500"]
        return TO_PSQL.sub("", subprocess.run([*dump, *where], check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    for name, written in {"sqlite": of_sqlite, "postgres": of_postgres}.items():
        with TemporaryDirectory() as place:
            packed = lzma.compress(written(place).encode(), preset=9 | lzma.PRESET_EXTREME)
        (Path(__file__).parent / f"released.{name}.sql.xz").write_bytes(packed)
        print(f"{name}: {len(packed) // 1024} kB")
