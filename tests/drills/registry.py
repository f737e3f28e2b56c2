"""The drills by name; a module adds its own by the decorator, and needs no line anywhere else."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module


class NotRunError(Exception):
    """This machine cannot be brought into the state the drill begins with; says why."""


@dataclass(frozen=True, slots=True)
class Drill:
    """`run()` returns in one sentence what was seen, figures in it; it raises when what is expected does not hold."""

    name: str
    expected: str
    run: Callable[[], str]
    # Spends its time waiting: run beside the others.
    waits: bool = False


DRILLS: dict[str, Drill] = {}


def drill(name: str, expected: str, *, waits: bool = False):
    """Add the function as a drill; `expected` is a sentence for the table. One that `waits` runs beside the others."""

    def added(run: Callable[[], str]) -> Callable[[], str]:
        if name in DRILLS:
            raise ValueError(f"two drills are called {name}")
        DRILLS[name] = Drill(name, expected, run, waits)
        return run

    return added


def every_drill() -> list[Drill]:
    """Return all drills, those of one module together."""
    package = import_module("tests.drills")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "__main__":
            import_module(f"tests.drills.{module.name}")
    return list(DRILLS.values())
