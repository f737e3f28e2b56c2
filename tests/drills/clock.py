"""The clock of web, workers and scheduler is a day wrong, the database's is right; then it is set right."""

import tempfile
import time
from pathlib import Path

from tests.drills.measuring import seconds_until
from tests.drills.person import Person
from tests.drills.portal import Portal, running
from tests.drills.redis import everything_told
from tests.drills.registry import drill
from tests.drills.work import SHEET, ask_to_bring_in, brought_in, held, is_over, sheet_of, state, waiting
from tests.drills.writing import Writer
from tests.servers.processes import until

DAY = 86400
WRONG = Path(__file__).with_name("wrong_clock")
# A quarter that closes in twelve hours.
TONIGHT = """
    UPDATE completion_period SET ends_at = now() - interval '9 days', closes_at = now() + interval '12 hours'
    WHERE id = (SELECT id FROM completion_period WHERE closes_at > now() ORDER BY id LIMIT 1) RETURNING id
"""
SEALS = "SELECT count(*) FROM completion_revision WHERE period_id = %s AND sealed"
RUNS = "SELECT count(*) FROM journal_lease WHERE taken_at > now() - interval '20 seconds' AND name LIKE '%%.%%'"
CLOSINGS = "/figures/closing/"
PLAIN = "Đồng hồ máy chủ"


@drill(
    "clock-ahead",
    "a day ahead: forms save, no quarter closes early and the page says why; set right, all runs within a minute",
)
def clock_ahead() -> str:
    return clock_wrong(DAY)


@drill(
    "clock-back",
    "a day back: forms save, nothing is scheduled; set right, all runs within a minute and old sign-ins are asked anew",
)
def clock_back() -> str:
    return clock_wrong(-DAY)


def clock_wrong(by: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seconds"
        file.write_text("0")
        with running(PYTHONPATH=str(WRONG), WRONG_CLOCK=str(file)) as portal:
            return _watched(portal, file, by)


def _watched(portal: Portal, file: Path, by: int) -> str:
    before = Person(portal, "bithu").sign_in()
    period = portal.one(TONIGHT)
    file.write_text(str(by))
    # The sign-in of before has lasted a day, or has not begun: whoever goes on is asked again, and signs in.
    until(lambda: PLAIN in Person(portal, "quantri").sign_in().get(CLOSINGS).text, within=60)
    secretary = Person(portal, "bithu")
    writer, sheet = Writer(Person(portal, "phobithu").sign_in(), f"clock{by}"), sheet_of(secretary.sign_in())
    with writer, held(portal, SHEET, sheet):
        job = ask_to_bring_in(secretary, 20)
        until(lambda: waiting(portal))
        time.sleep(35)  # a look at the clock, and a closing, would have come by now
        portal.kill("worker")
    sealed = portal.one(SEALS, period)
    file.write_text("0")
    right = time.monotonic()
    runs = seconds_until(lambda: portal.one(RUNS) >= 5, since=right)
    told = everything_told(portal)
    recovered = seconds_until(lambda: is_over(portal, job) and told(), since=right)
    works, visits = brought_in(portal), [person.get("/") for person in (before, secretary)]
    assert (sealed, portal.one(SEALS, period)) == (0, 0), "a quarter closed early"
    assert (state(portal, job), works) == ("done", [1] * 20), (state(portal, job), works)
    assert "wrong clock" in portal.log("scheduler"), "the scheduler did not say why"
    assert all((visit.status, visit.leads_to) in ((200, ""), (302, "/account/login/")) for visit in visits), visits
    signed = " and ".join("asked to sign in" if visit.status == 302 else "signed in" for visit in visits)
    journal = portal.manage("verify_journal", check=False).strip().splitlines()[-1]
    said = f"no quarter closed, page and log say why; {writer.check()}; set right: schedule runs after {runs:.0f} s"
    once = f"what a killed worker held was done once after {recovered:.0f} s"
    return f"{said}, {once}; who came before and then is {signed}; verify_journal: {journal}"
