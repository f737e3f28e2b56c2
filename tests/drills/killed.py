"""A worker, or a child of its pool, is killed in the middle: what it did is done once, by whoever comes next."""

import time
from itertools import pairwise

from tests.drills.measuring import seconds_until
from tests.drills.person import Person
from tests.drills.portal import running
from tests.drills.registry import drill
from tests.drills.work import (
    SHEET,
    ask_for_pdf,
    ask_to_bring_in,
    attempts,
    brought_in,
    held,
    is_over,
    sheet_of,
    state,
    waiting,
)
from tests.drills.writing import Writer
from tests.servers.processes import until

FIGURES = "LOCK TABLE completion_figure IN SHARE MODE"
# The quarter that is open ends earlier, so that its closing instant has just passed.
COME = """
    UPDATE completion_period SET ends_at = now() - interval '1 day', closes_at = now() - interval '1 second'
    WHERE id = (SELECT id FROM completion_period WHERE closes_at > now() ORDER BY id LIMIT 1) RETURNING id
"""
SEALED = """
    SELECT revision.number, (SELECT count(*) FROM completion_frozenunit WHERE revision_id = revision.id)
    FROM completion_revision revision WHERE revision.period_id = %s AND revision.sealed
"""
TOLD = "SELECT count(*) FROM journal_event WHERE verb = 'quarter.sealed' AND subject_id = %s"


@drill(
    "killed-closing",
    "the worker killed with figures half written: none of them shows, the quarter is sealed once within a minute",
)
def killed_closing() -> str:
    with running() as portal, Writer(Person(portal, "bithu").sign_in(), "closing") as writer:
        with held(portal, FIGURES):
            period = portal.one(COME)
            until(lambda: waiting(portal), within=90)
            portal.kill("quick")
            seen = portal.rows(SEALED, period)
        since = time.monotonic()
        recovered = seconds_until(lambda: portal.rows(SEALED, period), since=since)
        seals = portal.rows(SEALED, period)
        assert (seen, [number for number, _units in seals], portal.one(TOLD, period)) == ([], [1], 1), (seen, seals)
        return f"sealed once ({seals[0][1]} units), {recovered:.0f} s after the kill; {writer.check()}"


@drill("killed-importing", "the worker killed with rows half written: the import ends once within a minute, by itself")
def killed_importing() -> str:
    with running() as portal:
        secretary = Person(portal, "bithu").sign_in()
        with Writer(Person(portal, "phobithu").sign_in(), "importing") as writer:
            with held(portal, SHEET, sheet_of(secretary)):
                job = ask_to_bring_in(secretary, 40)
                until(lambda: waiting(portal))
                portal.kill("worker")
                seen = brought_in(portal)
            recovered = seconds_until(lambda: is_over(portal, job), since=time.monotonic())
        works = brought_in(portal)
        assert (seen, state(portal, job), works) == ([], "done", [1] * 40), (seen, state(portal, job), works)
        tries = attempts(portal, job)
        return f"40 works once, at try {tries}, {recovered:.0f} s after the kill; {writer.check()}"


@drill(
    "killed-exporting", "the worker killed while it draws: the file is made once within a minute, and can be fetched"
)
def killed_exporting() -> str:
    with running() as portal:
        secretary = Person(portal, "bithu").sign_in()
        job = ask_for_pdf(secretary)
        until(lambda: state(portal, job) == "running")
        portal.kill("worker")
        killed, seen = time.monotonic(), state(portal, job)
        recovered = seconds_until(lambda: is_over(portal, job), since=killed)
        file = secretary.get(f"/journal/jobs/{job}/file/")
        assert (seen, state(portal, job), file.status) == ("running", "done", 200), (seen, state(portal, job), file)
        assert file.content.startswith(b"%PDF"), file.content[:20]
        files = [path for path in (portal.folder / "var" / "media" / "jobs").rglob("*") if path.is_file()]
        assert len(files) == 1, files
        return f"one file, a PDF of {len(file.content) // 1024} kB, {recovered:.0f} s after the kill"


@drill(
    "child-killed",
    "a pool's child killed three times on one job: it is done the fourth time, or given up and said; never for ever",
)
def child_killed() -> str:
    with running() as portal:
        secretary = Person(portal, "bithu").sign_in()
        with held(portal, SHEET, sheet_of(secretary)):
            job = ask_to_bring_in(secretary, 20)
            kills = []
            for number in (1, 2, 3):
                until(lambda number=number: attempts(portal, job) == number <= waiting(portal), within=60)
                kills.append(time.monotonic())
                for child in portal.children("worker"):
                    child.kill()
        recovered = seconds_until(lambda: is_over(portal, job), since=kills[-1])
        between = max(later - earlier for earlier, later in pairwise(kills))
        assert (state(portal, job), brought_in(portal)) == ("done", [1] * 20), portal.rows("SELECT * FROM journal_job")
        said = f"done at try {attempts(portal, job)}, {recovered:.0f} s after the third kill, 20 works once"
        return f"{said}; begun anew {between:.0f} s after each kill at most"
