"""`make drill`: each fault done to a portal on servers of its own, and a table of what was expected and seen.

    make drill                                 all of them, under 25 minutes, ten of which Redis is away
    DRILL="redis-killed told-once" make drill  some
    DRILL_AWAY=60 make drill                   Redis away for one minute; the table says how long it was

Exits with 1 when one does not hold; the logs of its servers are then kept and told.
"""

import os
import signal
import sys
import textwrap
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.drills.portal import prepared
from tests.drills.registry import Drill, NotRunError, every_drill

WIDTHS = (22, 46, 70)  # of the drill, what was expected, what was seen


@dataclass(frozen=True, slots=True)
class Outcome:
    drill: Drill
    seen: str
    seconds: float
    ended: str  # "held", "failed" or "not run"


def run(drill: Drill) -> Outcome:
    """Run one drill, whatever it raises."""
    print(f"… {drill.name}", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        seen, ended = drill.run(), "held"
    except NotRunError as reason:
        seen, ended = f"not run: {reason}", "not run"
    except Exception as error:
        traceback.print_exc()
        seen, ended = f"FAILED: {error or type(error).__name__}", "failed"
    outcome = Outcome(drill, seen, time.monotonic() - began, ended)
    print(f"  {ended} after {outcome.seconds:.0f} s: {seen}", file=sys.stderr, flush=True)
    return outcome


def run_all(drills: list[Drill]) -> list[Outcome]:
    """Run them one after the other, and those that only wait beside them; returns outcomes in the same order."""
    prepared()
    with ThreadPoolExecutor() as pool:
        waiting = {drill.name: pool.submit(run, drill) for drill in drills if drill.waits}
        done = {drill.name: run(drill) for drill in drills if not drill.waits}
        return [done.get(drill.name) or waiting[drill.name].result() for drill in drills]


def table(outcomes: list[Outcome]) -> str:
    lines = [_line("drill", "expected", "seen", "s"), _line(*("-" * width for width in WIDTHS), "----")]
    for outcome in outcomes:
        cells = (outcome.drill.name, outcome.drill.expected, outcome.seen)
        wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS, strict=True)]
        for number in range(max(map(len, wrapped))):
            parts = [part[number] if number < len(part) else "" for part in wrapped]
            lines.append(_line(*parts, f"{outcome.seconds:.0f}" if number == 0 else ""))
    return "\n".join(lines)


def _line(drill: str, expected: str, seen: str, seconds: str) -> str:
    parts = [cell.ljust(width) for cell, width in zip((drill, expected, seen), WIDTHS, strict=True)]
    return " | ".join([*parts, seconds.rjust(4)]).rstrip()


def chosen(names: list[str]) -> list[Drill]:
    """Return the named drills, or all; ends with the list of them where a name is none."""
    known = every_drill()
    if unknown := set(names) - {drill.name for drill in known}:
        sys.exit(f"no drill is called {', '.join(sorted(unknown))}; there are: {', '.join(d.name for d in known)}")
    return [drill for drill in known if not names or drill.name in names]


def main(names: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    outcomes = run_all(chosen(names))
    count = Counter(outcome.ended for outcome in outcomes)
    print(table(outcomes))
    said = ", ".join(f"{count[ended]} {ended}" for ended in ("held", "failed", "not run"))
    print(f"===== {said} in {time.monotonic() - began:.0f} s =====")
    return 1 if count["failed"] or not count["held"] else 0


if __name__ == "__main__":
    # Settings are read by the portal's own processes, each from its drill's environment.
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST"):
        os.environ.pop(name, None)
    sys.exit(main([*sys.argv[1:], *os.environ.get("DRILL", "").split()]))
