"""Shifts the clock of every Python process of a drill by the seconds in the file WRONG_CLOCK names, as they change.

On the PYTHONPATH of a drill's processes alone. Only the wall clock is shifted: what measures spans goes on.
"""

import os
import threading
from pathlib import Path

import time_machine

_file = Path(os.environ["WRONG_CLOCK"])
_real = time_machine.escape_hatch.time


def _follow() -> None:
    shifted, travelling = 0.0, None
    stop = threading.Event()
    while True:
        wanted = float(_file.read_text() or 0)
        if wanted != shifted:
            if travelling is not None:
                travelling.stop()
            travelling = time_machine.travel(_real.time() + wanted, tick=True) if wanted else None
            if travelling is not None:
                travelling.start()
            shifted = wanted
        stop.wait(0.3)


def _begin() -> None:
    threading.Thread(target=_follow, daemon=True, name="wrong clock").start()


os.register_at_fork(after_in_child=_begin)
_begin()
