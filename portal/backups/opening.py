"""Other databases than the one the portal works on: opened under an alias for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend

# What Django itself fills in of a database it is told of at the start.
DEFAULTS = {
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
    "OPTIONS": {},
    "TIME_ZONE": None,
    "NAME": "",
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
    "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
}


@contextmanager
def opened(alias: str, told: dict) -> Iterator:
    """Yield a connection of its own to the database these settings name; `using(alias)` finds it meanwhile."""
    config = DEFAULTS | told | {"CONN_MAX_AGE": 0}
    connections[alias] = load_backend(config["ENGINE"]).DatabaseWrapper(config, alias)
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]


def told_by(url: str) -> dict:
    """Return the settings a DATABASE_URL stands for."""
    return environ.Env.db_url_config(url)


def to_read() -> dict:
    """Return the settings of the database that is backed up, as whoever may read it past a pooler."""
    return (
        told_by(settings.BACKUP_DATABASE_URL) if settings.BACKUP_DATABASE_URL else connections["default"].settings_dict
    )
