"""How long something took to be itself again."""

import time
from collections.abc import Callable

RECOVERY = 60  # seconds within which the portal must be itself again


def seconds_until(true: Callable[[], object], *, since: float, within: float = RECOVERY) -> float:
    """Return the seconds from `since` (of the monotonic clock) until `true()`; raises when it takes longer."""
    while time.monotonic() - since < within:
        if true():
            return time.monotonic() - since
        time.sleep(0.2)
    raise AssertionError(f"not itself again {within:.0f} s after")
