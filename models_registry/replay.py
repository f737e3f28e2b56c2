"""What the journal says: the state its events lead to by a table of moves. Plain values, no queries.

An event of a step is called "<subject>.<step>" (`services.steps.advance`, `progress.services.take_item_step`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models_registry.lifecycle import MOVES, Move, State


class NoLegalMove(Exception):
    """An event says a step was taken from a state it does not start from."""

    def __init__(self, event, state: str):
        self.event, self.state = event, state
        super().__init__(f"event {event.pk}: {event.verb} from {state}")


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a dossier stands after its events; `edition` is that of the last step, None where the journal has none.

    A unit that holds its dossier counts further editions, which the journal tells only once in ten minutes.
    """

    state: str = State.DRAFT
    version: int = 0
    edition: int | None = None


def state_after(state: str, events: Iterable, moves: Mapping[str, Move]) -> str:
    """Return the state these events (oldest first) lead to from one state. Raises NoLegalMove."""
    for event in events:
        if (move := moves.get(step_of(event))) is None:
            continue
        if state not in move.sources:
            raise NoLegalMove(event, state)
        state = move.target or state
    return state


def replay(events: Iterable) -> Replayed:
    """Return where a dossier's events lead, oldest first and from its first day. Raises NoLegalMove."""
    steps = [event for event in events if step_of(event) in MOVES]
    if not steps:
        return Replayed()
    for before, event in zip([0, *(_version(one) for one in steps)], steps, strict=False):
        if _version(event) - before not in (0, 1):
            raise NoLegalMove(event, f"version {before}")
    last = steps[-1].detail
    return Replayed(state_after(State.DRAFT, steps, MOVES), _version(steps[-1]), last.get("edition"))


def step_of(event) -> str:
    return event.verb.partition(".")[2]


def _version(event) -> int:
    return event.detail.get("version", -1)
