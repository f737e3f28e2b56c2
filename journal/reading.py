"""Which database a page is read from: the one that is written to, or a copy of it that follows some seconds behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connection

COPY = "replica"
_source: ContextVar[str] = ContextVar("read_from", default=DEFAULT_DB_ALIAS)


@contextmanager
def from_the_copy() -> Iterator[None]:
    """Read within from the copy, but for what is read in a transaction, which may be written and must be newest."""
    token = _source.set(COPY)
    try:
        yield
    finally:
        _source.reset(token)


def source() -> str:
    """Return the alias of the database to read from now."""
    alias = _source.get()
    return DEFAULT_DB_ALIAS if alias != DEFAULT_DB_ALIAS and connection.in_atomic_block else alias


class Router:
    """Django's question, for every queryset, which database it asks; whatever is written is written to one."""

    def db_for_read(self, model, **hints) -> str:
        return source()

    def db_for_write(self, model, **hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints) -> bool:
        return True

    def allow_migrate(self, alias, app_label, **hints) -> bool:
        return alias == DEFAULT_DB_ALIAS
