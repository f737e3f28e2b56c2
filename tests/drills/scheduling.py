"""Two schedulers started by mistake: each due entry is sent once."""

import re
import time
from collections import Counter

from tests.drills.portal import running
from tests.drills.registry import drill
from tests.servers.processes import SCHEDULER, python

WATCHED = 120  # seconds
EVERY = """
    SELECT task.task, every.every FROM django_celery_beat_periodictask task
    JOIN django_celery_beat_intervalschedule every ON every.id = task.interval_id WHERE task.enabled
"""


@drill("two-schedulers", "both run for two minutes: each due entry is sent once, none left out", waits=True)
def two_schedulers() -> str:
    with running(LOG_LEVEL="DEBUG") as portal, python(SCHEDULER, portal.folder / "second.log", **portal.environment):
        time.sleep(10)
        sizes = {name: len(portal.log(name)) for name in ("quick", "worker")}
        time.sleep(WATCHED)
        said = "".join(portal.log(name)[size:] for name, size in sizes.items())
        done = Counter(re.findall(r"operating\.carrying: task .*?\btask=([\w.]+)", said))
        every = dict(portal.rows(EVERY))
        assert every, "nothing is scheduled"
        for task, seconds in every.items():
            most = WATCHED // seconds + 1
            assert most * 0.7 - 1 <= done[task] <= most, (
                f"{task} every {seconds} s ran {done[task]} times in {WATCHED} s"
            )
        counted = ", ".join(f"{task.split('.')[-1]} {done[task]}" for task in sorted(every, key=every.get)[:4])
        return f"{len(every)} entries in {WATCHED} s, none more often than due: {counted} (every 5 s: 24 or 25)"
