"""A Redis that comes and goes, and the portal's processes on the test's database."""

import signal
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.servers.conftest import (  # noqa: F401
    broker_in_memory,
    django_db_keepdb,
    django_db_modify_db_settings,
    environment,
    own_place,
    start,
)
from tests.servers.processes import WORKER, python, status_of, until
from tests.servers.valkey import free_port, valkey


@pytest.fixture
def redis():
    """Return a context manager that runs Redis where the settings expect it; outside of it nobody is there."""
    return lambda: valkey(urlsplit(settings.REDIS_URL).port)


@pytest.fixture
def worker(environment, tmp_path):  # noqa: F811
    """Return a context manager that runs one more worker, killed at its end: told to end it takes eight seconds."""
    return lambda: python(WORKER, tmp_path / "worker.log", end_with=signal.SIGKILL, **environment)


@pytest.fixture
def web(environment, tmp_path):  # noqa: F811
    """The address of a running gunicorn."""
    with python("manage.py collectstatic --noinput -v0", tmp_path / "static.log", **environment) as gathering:
        gathering.wait()
    address = f"127.0.0.1:{free_port()}"
    arguments = f"-m gunicorn portal.wsgi --bind {address} --worker-class gthread --threads 4 --no-control-socket"
    with python(arguments, tmp_path / "web.log", **environment):
        until(lambda: status_of(address, "/account/login/") == 200)
        yield address
