"""PostgreSQL is restarted, and then dies, while people write and a job runs."""

import signal
import time

from tests.drills.measuring import RECOVERY, seconds_until
from tests.drills.person import Person
from tests.drills.portal import running
from tests.drills.redis import everything_told
from tests.drills.registry import drill
from tests.drills.work import ask_for_pdf, is_over, state
from tests.drills.writing import Writer
from tests.servers.processes import until

DOWN = 3  # seconds until it is started again


@drill(
    "postgres-restarted",
    "restarted, then crashed, under load: forms save or our page says they did not; all goes on within a minute",
)
def postgres_restarted() -> str:
    with running() as portal:
        secretary = Person(portal, "bithu").sign_in()
        people = [Person(portal, name).sign_in() for name in ("bithu", "phobithu", "bithu", "phobithu")]
        web = portal.program("web").pid
        writers = [Writer(person, f"postgres-{n}", pause=0.05) for n, person in enumerate(people)]
        for writer in writers:
            writer.__enter__()
        recovered = []
        for how in (signal.SIGINT, signal.SIGQUIT):
            time.sleep(4)
            job = ask_for_pdf(secretary)
            portal.database.stop(how)
            time.sleep(DOWN)
            portal.database.start()
            back, told = time.monotonic(), everything_told(portal)
            written = [len(writer.kept) for writer in writers]
            until(
                lambda written=written: all(len(w.kept) > n for w, n in zip(writers, written, strict=True)), within=60
            )
            recovered.append(time.monotonic() - back)
            jobs = seconds_until(lambda job=job, told=told: is_over(portal, job) and told(), since=back)
            assert state(portal, job) == "done"
        for writer in writers:
            writer.__exit__()
        assert portal.program("web").pid == web, "web had to be started again"
        assert max(recovered) < RECOVERY
        kept = sum(len(writer.kept) for writer in writers)
        ours = sum(answer.status is not None for writer in writers for answer in writer.failures)
        for writer in writers:
            writer.check()
        sentence = "chưa được lưu"
        posts = [a for w in writers for a in w.failures if a.status is not None and sentence in a.text]
        said = f"{kept} forms kept, each once; {ours} answers were our page ({len(posts)} of them to a form: not saved)"
        return f"{said}; all wrote again {max(recovered):.1f} s after, the jobs were done {jobs:.0f} s after"
