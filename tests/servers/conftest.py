"""The test database, cache and broker that this process and the portal's own processes share."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections

from journal.jobs import start_job
from tests.migrated import begin_from_copy
from tests.servers.processes import LONG, QUICK, SCHEDULER, python


@pytest.fixture(autouse=True, scope="session")
def broker_in_memory():
    """Not here: these tests use the broker of the settings."""


@pytest.fixture(autouse=True)
def own_place():
    """Not here: files and cache are shared with the processes."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """A file instead of memory, so that other processes see it."""
    if connection.vendor == "sqlite":
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        connections.settings["default"]["TEST"]["NAME"] = str(settings.VAR_DIR / "test.sqlite3")
    yield from begin_from_copy()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """A copy in a file is taken as it stands."""
    return connection.vendor == "sqlite" and "MIGRATED" in os.environ


@pytest.fixture(scope="session")
def environment(django_db_setup) -> dict[str, str]:
    """What the portal's processes need to work on the test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        if connection.is_in_memory_db():
            # A process given its address would open an empty file of that name in the folder it runs in.
            pytest.fail("the database of this run is in memory, where no other process sees it: run this folder alone")
        return {"DATABASE_URL": f"sqlite:///{name}"}
    given = urlsplit(settings.DATABASE_URL)
    return {"DATABASE_URL": given._replace(path=f"/{name}").geturl()}


@pytest.fixture(scope="session")
def the_worker(environment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("worker")
    quick = python(QUICK, folder / "quick.log", end_with=signal.SIGKILL, **environment)
    with quick, python(LONG, folder / "worker.log", **environment) as process:
        process.log = folder / "worker.log"
        yield process


@pytest.fixture
def worker(the_worker, transactional_db):
    """The two running Celery workers, the same for all tests: an idle one takes eight seconds to end."""
    return the_worker


@pytest.fixture
def scheduler(environment, tmp_path):
    """Return a context manager that runs one more scheduler."""
    return lambda: python(SCHEDULER, tmp_path / "scheduler.log", **environment)


@pytest.fixture
def start(transactional_db, now, tmp_path: Path):
    """Return a function that starts a job of tests.servers.work."""

    def begin(work: str, **arguments):
        return start_job(f"tests.servers.work.{work}", title=work, arguments=arguments, owner=None, at=now)

    return begin
