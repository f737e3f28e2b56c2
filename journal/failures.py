"""What failed for want of a server's own means, which passes by itself or by an operator's hand."""

import errno
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_POSTGRESQL, FULL_SQLITE = "53100", 13
UNMADE = {"42P01", "42703"}  # no such table, no such column


def is_full(error: BaseException | None) -> bool:
    """Whether a disk had no room: the portal's own, or the database's."""
    return any(
        (isinstance(one, OSError) and one.errno in FULL)
        or getattr(one, "pgcode", None) == FULL_POSTGRESQL
        or getattr(one, "sqlstate", None) == FULL_POSTGRESQL
        or getattr(one, "sqlite_errorcode", 0) & 0xFF == FULL_SQLITE
        for one in _chain(error)
    )


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database cannot be reached, or lacks what a migration has still to make."""
    return any(
        isinstance(one, OperationalError | InterfaceError) or getattr(one, "pgcode", None) in UNMADE
        for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from, nearest first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
