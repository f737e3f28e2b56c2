"""Shifts the clock of every Python process of a drill by the seconds in the file WRONG_CLOCK names, as they change.

On the PYTHONPATH of a drill's processes alone. Only the wall clock is shifted: what measures spans goes on.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

_file = Path(os.environ["WRONG_CLOCK"])
# Kept where a forked child finds it: [seconds, what shifts by them].
_now = [0.0, None]


def _follow() -> None:
    stop = threading.Event()
    while True:
        wanted = float(_file.read_text() or 0) if _file.exists() else 0.0
        if wanted != _now[0]:
            if _now[1] is not None:
                _now[1].stop()
            _now[:] = wanted, time_machine.travel(time.time() + wanted, tick=True) if wanted else None
            if _now[1] is not None:
                _now[1].start()
        stop.wait(0.3)


def _begin() -> None:
    threading.Thread(target=_follow, daemon=True, name="wrong clock").start()


os.register_at_fork(after_in_child=_begin)
_begin()
