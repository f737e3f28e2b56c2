"""A pool before the database, and a copy beside it that leaders' screens are read from."""

import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.drills.measuring import seconds_until
from tests.drills.person import Person
from tests.drills.portal import Portal, restored
from tests.drills.registry import NotRunError, drill
from tests.drills.work import ask_for_pdf, is_over, state
from tests.drills.writing import Writer
from tests.servers.postgres import Server, server
from tests.servers.processes import ROOT, end, until
from tests.servers.valkey import free_port

BOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
PEOPLE = {"bithu": ["/", "/progress/items/"], "chuyenvien": ["/", "/reviews/"], "lanhdao": ["/", "/dashboards/"]}
POOL, AT_ONCE, SECONDS = 4, 24, 20
FIGURES = "completion_figure"  # what no page but one of figures reads
MOST_BEHIND = 6


@contextmanager
def pool(portal: Portal) -> Iterator[None]:
    """Put PgBouncer, as deploy/pgbouncer.ini has it but for four connections, between a portal and its database."""
    port, folder = free_port(), portal.folder
    told = ConfigParser(interpolation=None)
    told.read(ROOT / "deploy/pgbouncer.ini")
    told["databases"] = {"*": f"host={portal.database.folder} user=postgres"}
    here = {"listen_port": str(port), "default_pool_size": str(POOL), "auth_type": "any", "unix_socket_dir": ""}
    told["pgbouncer"].update(here | {"user": "nobody"})
    del told["pgbouncer"]["auth_file"]
    with (folder / "pgbouncer.ini").open("w") as written:
        told.write(written)
    folder.chmod(0o755)
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen([BOUNCER, folder / "pgbouncer.ini"], stdout=log, stderr=log, start_new_session=True)
    portal.environment |= {"DATABASE_URL": f"postgres://postgres@127.0.0.1:{port}/postgres", "POOLED": "1"}
    try:
        yield
    finally:
        end(process, signal.SIGINT)


class Crowd:
    """People who open pages all at once until the block ends; `seen` counts what they were answered."""

    def __init__(self, portal: Portal, pages: dict[str, list[str]], count: int):
        self.people = [(Person(portal, name).sign_in(), paths) for name, paths in pages.items()]
        for person, _paths in self.people:
            _forget_writing(person)
        self.seen, self.slowest, self.over = Counter(), 0.0, threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(n,), daemon=True) for n in range(count)]

    def _ask(self, number: int) -> None:
        person, paths = self.people[number % len(self.people)]
        while not self.over.is_set():
            for path in paths:
                answer = person.get(path)
                self.seen[answer.status] += 1
                self.slowest = max(self.slowest, answer.seconds)

    def __enter__(self) -> "Crowd":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=90)


def _forget_writing(person: Person) -> None:
    """Do what a browser does some seconds after a form: signing in is one."""
    person.cookies.pop("wrote", None)


@drill("pgbouncer", f"{AT_ONCE} browsers, {POOL} connections to the database: every page answered, nothing lost")
def through_a_pool() -> str:
    if BOUNCER is None:
        raise NotRunError("no PgBouncer on this machine")
    with restored(SECOND_FACTOR="off") as portal, pool(portal), portal.running():
        secretary = Person(portal, "bithu").sign_in()
        with Writer(Person(portal, "phobithu").sign_in(), "pooled") as writer, Crowd(portal, PEOPLE, AT_ONCE) as crowd:
            job = ask_for_pdf(secretary)
            most = max(_sampled(lambda: portal.one(CONNECTIONS), SECONDS))
        until(lambda: is_over(portal, job), within=60)
        assert set(crowd.seen) <= {200, 302}, crowd.seen
        assert (state(portal, job), writer.failures) == ("done", []), (state(portal, job), writer.answers)
        assert most <= POOL, f"{most} connections"
        return f"{crowd.seen.total()} pages, at most {most} connections; {writer.check()}; a paper drawn"


def _sampled(measure: Callable[[], int], seconds: float) -> list[int]:
    found, until_ = [], time.monotonic() + seconds
    while time.monotonic() < until_:
        found.append(measure())
        time.sleep(0.2)
    return found


class Copy:
    """A replica of a portal's database, and what it was asked."""

    def __init__(self, own: Server):
        self.server, self.log = own, Path(own.folder / "log")

    def asked(self) -> int:
        """Return how many statements of figures it has been sent."""
        return self.log.read_text(errors="replace").count(FIGURES)

    def says(self, statement: str) -> None:
        connection = psycopg2.connect(host=str(self.server.folder), user="postgres", dbname="postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


@drill(
    "replica",
    "dashboards are read from the copy; away or behind, from the primary, and no page fails; back, from the copy again",
)
def read_from_a_copy() -> str:
    behind = str(MOST_BEHIND)
    with restored(SECOND_FACTOR="off", REPLICA_MOST_BEHIND=behind) as portal, server(follows=portal.database) as own:
        portal.environment["REPLICA_URL"] = own.url
        with portal.running():
            return _watched(portal, Copy(own))


def _watched(portal: Portal, copy: Copy) -> str:
    leader, secretary = Person(portal, "lanhdao").sign_in(), Person(portal, "phobithu").sign_in()
    address = leader.get("/dashboards/").leads_to
    assert leader.get(address).status == 200

    def read_there() -> bool:
        before = copy.asked()
        assert leader.get(address).status == 200
        return copy.asked() > before

    assert not any(read_there() for _ in range(10)), "read there right after signing in, which writes"
    _forget_writing(leader)
    first = seconds_until(read_there, since=time.monotonic())
    with Writer(secretary, "replica") as writer, Crowd(portal, {"lanhdao": [address]}, 4) as crowd:
        time.sleep(3)
        copy.server.stop(signal.SIGQUIT)
        time.sleep(8)
        copy.server.start()
        back = time.monotonic()
        again = seconds_until(read_there, since=back)
        copy.says("SELECT pg_wal_replay_pause()")
        # Each process of the web server finds out by itself.
        behind = seconds_until(lambda: not any(read_there() for _ in range(8)), since=time.monotonic())
        copy.says("SELECT pg_wal_replay_resume()")
        caught_up = seconds_until(read_there, since=time.monotonic())
    assert set(crowd.seen) == {200}, crowd.seen
    assert not writer.failures, writer.answers
    pages = f"{crowd.seen.total()} dashboards, none failed, slowest {crowd.slowest:.1f} s"
    said = f"read there after {first:.0f} s; killed: {pages}; read there {again:.0f} s after its return"
    return f"{said}; replay held: left after {behind:.0f} s, again {caught_up:.0f} s after; {writer.check()}"
