"""Redis is killed, or away for long: pages answer, forms save, and what waited is done when it is back."""

import os
import time
from collections.abc import Callable

from tests.drills.measuring import RECOVERY, seconds_until
from tests.drills.person import Person
from tests.drills.portal import Portal, running
from tests.drills.registry import drill
from tests.drills.work import (
    SHEET,
    ask_for_pdf,
    ask_to_bring_in,
    brought_in,
    held,
    is_over,
    sheet_of,
    state,
    waiting,
)
from tests.drills.writing import Writer
from tests.servers.processes import until

AWAY = int(os.environ.get("DRILL_AWAY", "600"))
NEWEST = "SELECT coalesce(max(id), 0) FROM journal_notice"
UNTOLD = "SELECT count(*) FROM journal_notice WHERE told_at IS NULL AND id <= %s"
SLOWEST = 5  # seconds a page may take while Redis is away


def everything_told(portal: Portal) -> Callable[[], bool]:
    """Return what asks whether everybody was told of all that has happened by now; people go on writing meanwhile."""
    newest = portal.one(NEWEST)
    return lambda: portal.one(UNTOLD, newest) == 0


@drill(
    "redis-killed",
    "killed in the middle of an import: forms save, pages answer, the import ends once, all is told within a minute",
)
def redis_killed() -> str:
    with running() as portal:
        secretary, other = Person(portal, "bithu").sign_in(), Person(portal, "phobithu").sign_in()
        with Writer(other, "redis-killed") as writer:
            with held(portal, SHEET, sheet_of(secretary)):
                job = ask_to_bring_in(secretary, 40)
                until(lambda: waiting(portal))
                portal.redis.kill()
                slowest = max(secretary.get("/").seconds for _ in range(5))
                portal.redis.start()
                back = time.monotonic()
            told = everything_told(portal)
            recovered = seconds_until(lambda: is_over(portal, job) and told(), since=back)
        works = brought_in(portal)
        assert (state(portal, job), works) == ("done", [1] * 40), (state(portal, job), works)
        assert slowest < SLOWEST, f"a page took {slowest:.1f} s"
        return f"{writer.check()}; slowest page {slowest:.1f} s; 40 works brought in once, {recovered:.0f} s after"


@drill(
    "redis-away",
    f"away for {AWAY // 60 if AWAY % 60 == 0 else round(AWAY / 60, 1)} minutes: forms save, pages answer, "
    "what was asked for waits; within a minute of its return all is done and told once",
    waits=True,
)
def redis_away() -> str:
    with running() as portal:
        secretary, other = Person(portal, "bithu").sign_in(), Person(portal, "phobithu").sign_in()
        with Writer(other, "redis-away", pause=1) as writer:
            portal.redis.kill()
            gone = time.monotonic()
            job = ask_for_pdf(secretary)
            slowest = 0.0
            while time.monotonic() - gone < AWAY:
                slowest = max(slowest, secretary.get("/").seconds)
                time.sleep(2)
            waited, away = state(portal, job), time.monotonic() - gone
            portal.redis.start()
            back, told = time.monotonic(), everything_told(portal)
            recovered = seconds_until(lambda: is_over(portal, job) and told(), since=back)
        assert (waited, state(portal, job)) == ("waiting", "done"), (waited, state(portal, job))
        assert slowest < SLOWEST, f"a page took {slowest:.1f} s"
        assert recovered < RECOVERY, f"{recovered:.0f} s"
        said = f"away for {away:.0f} s: {writer.check()}; slowest page {slowest:.1f} s"
        return f"{said}; the paper waited, all done and told {recovered:.0f} s after its return"
