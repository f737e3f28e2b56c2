"""Of which units' individuals a page has shown the names: noted where the rule that hides them let one through."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_shown: ContextVar[set[int] | None] = ContextVar("units whose individuals were named", default=None)


@contextmanager
def noting_names() -> Iterator[set[int]]:
    """Yield the ids of the units, which fill while this lasts."""
    units: set[int] = set()
    token = _shown.set(units)
    try:
        yield units
    finally:
        _shown.reset(token)


def name_shown(unit_id: int) -> None:
    """Note that an individual of this unit is shown by name."""
    if (units := _shown.get()) is not None:
        units.add(unit_id)
