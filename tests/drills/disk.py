"""A disk is full: of the files and logs, of PostgreSQL, of SQLite. Somebody makes room, and all goes on by itself."""

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.drills.measuring import RECOVERY, seconds_until
from tests.drills.person import Answer, Person
from tests.drills.portal import Portal, manage, running
from tests.drills.registry import NotRunError, drill
from tests.drills.work import ask_for_pdf, is_over, state
from tests.drills.writing import Writer
from tests.servers.postgres import server
from tests.servers.processes import python, status_of, until
from tests.servers.valkey import free_port

OWN_WORK = """
    SELECT item.id FROM models_registry_workitem item JOIN organizations_post post ON post.unit_id = item.unit_id
    JOIN organizations_person person ON person.id = post.person_id
    WHERE person.username = 'bithu' AND item.state = 'in_progress' AND item.kind <> 'IND' ORDER BY item.id LIMIT 1
"""
FULL = "Máy chủ hết chỗ chứa"


class Disk:
    """A disk of its own, which can be filled to the last byte."""

    def __init__(self, folder: Path):
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self) -> None:
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while ballast.write(b"\\0" * size):
                        pass

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def disk(megabytes: int) -> Iterator[Disk]:
    if os.geteuid() != 0:
        raise NotRunError("only root can mount a small disk")
    with tempfile.TemporaryDirectory(prefix="disk-", dir="/tmp") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "none", folder], check=True)
        try:
            yield Disk(Path(folder))
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


@drill(
    "disk-full",
    "no room for uploads, exports and logs: an upload is told it was not kept and leaves nothing, forms save, "
    "exports wait; with room again all goes on by itself within a minute",
)
def disk_full() -> str:
    with disk(60) as small, running(var=small.folder) as portal:
        secretary = Person(portal, "bithu").sign_in()
        first = ask_for_pdf(secretary)
        until(lambda: is_over(portal, first))
        paper = secretary.get(f"/journal/jobs/{first}/file/").content
        assert paper.startswith(b"%PDF"), state(portal, first)
        with Writer(Person(portal, "phobithu").sign_in(), "disk") as writer:
            before = _kept(portal)
            small.fill()
            refused = [_attach(secretary, paper) for _ in range(2)]
            left = _kept(portal)
            waits = ask_for_pdf(secretary)
            until(lambda: "hết chỗ" in portal.one("SELECT message FROM journal_job WHERE id = %s", waits), within=30)
            gap = writer.gap
            small.make_room()
            room = time.monotonic()
            taken = _attach(secretary, paper)
            recovered = seconds_until(lambda: is_over(portal, waits), since=room)
        assert [(one.status, FULL in one.text and one.is_ours) for one in refused] == [(507, True)] * 2, refused
        assert left == before, f"half of something stayed: {before} became {left}"
        assert (taken.status, state(portal, waits)) == (302, "done"), (taken.status, state(portal, waits))
        assert gap < 10, f"a form waited {gap:.0f} s"
        said = "2 uploads answered “Máy chủ hết chỗ chứa … chưa được lưu”, no file and no row of them"
        return (
            f"{said}; {writer.check()}; with room the upload was taken at once, the export done {recovered:.0f} s after"
        )


def _kept(portal: Portal) -> tuple[int, int]:
    """Return how many files are kept, and how many rows speak of evidence."""
    files = sum(path.is_file() for path in (portal.folder / "var" / "media").rglob("*"))
    return files, portal.one("SELECT count(*) FROM progress_evidence")


def _attach(person: Person, content: bytes) -> Answer:
    """Keep the report of a work as a draft, with a file as its evidence."""
    path = f"/progress/items/{person.portal.one(OWN_WORK)}/report/"
    file = {"files": ("bien-ban.pdf", content)}
    return person.send(person.get(path), "result", path=path, files=file, save="draft", result="Đang làm")


@drill(
    "database-disk-full",
    "no room for PostgreSQL: our page says a form was not saved, nothing acknowledged is lost, all goes on with room",
)
def database_disk_full() -> str:
    with disk(400) as small:
        data = small.folder / "data"
        data.mkdir()
        with server(data) as database, running(database=database) as portal:
            with Writer(Person(portal, "bithu").sign_in(), "pg-disk", pause=0) as writer:
                until(lambda: len(writer.kept) > 3)
                small.fill()
                # What has room in its pages already is written on for a while.
                until(lambda: any(one.status for one in writer.failures), within=120)
                told = [one for one in writer.failures if one.status]
                small.make_room()
                room = time.monotonic()
                if not database.runs():
                    database.start()
                kept = len(writer.kept)
                recovered = seconds_until(lambda: len(writer.kept) > kept + 3, since=room)
            statuses = sorted({one.status for one in told})
            assert recovered < RECOVERY
            return f"our page ({', '.join(map(str, statuses))}); {writer.check()}; wrote again {recovered:.0f} s after"


@drill(
    "sqlite-disk-full",
    "no room for SQLite: our page says a form was not saved, what was kept stays, all goes on with room",
)
def sqlite_disk_full() -> str:
    with disk(60) as small:
        address = f"127.0.0.1:{free_port()}"
        environment = {"VAR_DIR": str(small.folder), "REDIS_URL": "", "SAMPLES": "0"}
        environment["DATABASE_URL"] = f"sqlite:///{small.folder}/portal.sqlite3"
        manage(environment, "migrate", "-v0")
        manage(environment, "load_samples")
        web = f"-m gunicorn portal.wsgi --bind {address} --worker-class gthread --threads 4 --no-control-socket"
        with tempfile.TemporaryDirectory() as logs, python(web, Path(logs) / "web.log", **environment):
            portal = Embedded(address, small.folder)
            until(lambda: status_of(address, "/account/login/") == 200, within=60)
            return _written_on_sqlite(small, Person(portal, "bithu").sign_in())


class Embedded:
    """The web of a portal on SQLite, and its database."""

    def __init__(self, address: str, folder: Path):
        self.address, self._file = address, folder / "portal.sqlite3"
        self.password = (folder / "sample_password").read_text().strip()

    def rows(self, question: str, *values) -> list[tuple]:
        with closing(sqlite3.connect(self._file, timeout=20)) as database:
            return database.execute(question.replace("%s", "?"), values).fetchall()

    def one(self, question: str, *values):
        return self.rows(question, *values)[0][0]


def _written_on_sqlite(small: Disk, person: Person) -> str:
    with Writer(person, "sqlite-disk") as writer:
        until(lambda: writer.kept)
        small.fill()
        until(lambda: writer.failures, within=60)
        page = person.get("/")
        small.make_room()
        room, kept = time.monotonic(), len(writer.kept)
        recovered = seconds_until(lambda: len(writer.kept) > kept + 3, since=room)
    assert page.status == 200 or page.is_ours, page.status
    statuses = sorted({one.status for one in writer.failures})
    return f"our page ({', '.join(map(str, statuses))}); {writer.check()}; wrote again {recovered:.1f} s after"
