"""Started anew while people work: web by `systemctl reload` and `restart`, the workers one after the other."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from portal.processes import PROGRAMS
from tests.drills.person import Person, form_with
from tests.drills.portal import ROOT, SIGN_IN, running, status_of
from tests.drills.registry import drill
from tests.drills.writing import KEPT, OWN_DOSSIER
from tests.servers.processes import end, until

SECONDS = int(os.environ.get("DRILL_ROLLING", "60"))
A_SECOND = int(os.environ.get("DRILL_A_SECOND", "20"))
PEOPLE = ("bithu", "phobithu", "nhaplieu", "capuy")
PAGES = ("/", "/registry/dossiers/", "/journal/notices/", "/progress/items/", SIGN_IN)


@dataclass
class Web:
    """gunicorn on a socket that is held for it, as portal-web.socket holds it."""

    portal: object
    held: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=2048))
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return "{}:{}".format(*self.held.getsockname())

    @property
    def password(self) -> str:
        return self.portal.password

    def one(self, *question):
        return self.portal.one(*question)

    def start(self) -> None:
        command = PROGRAMS["web"].format(python=sys.executable, address=self.address)
        # What systemd hands over: the socket as descriptor 3, and whom it is for.
        handed = f"exec 3<&{self.held.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec {command}"
        with (self.portal.folder / "rolling.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", handed],
                cwd=ROOT,
                env=os.environ | self.portal.environment,
                pass_fds=[self.held.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        end(self.process, signal.SIGTERM, patience=75)
        self.start()


@contextmanager
def held_web(portal):
    web = Web(portal)
    web.start()
    try:
        until(lambda: status_of(web.address, SIGN_IN) == 200, within=60)
        yield web
    finally:
        end(web.process)
        web.held.close()


class Crowd:
    """People who open pages and write comments, so many requests a second whatever is answered."""

    def __init__(self, web: Web):
        self.web = web
        self.people = [Person(web, name).sign_in() for name in PEOPLE]
        self.dossier = f"/registry/dossiers/{web.one(OWN_DOSSIER, 'bithu')}/"
        self.answers: Counter = Counter()
        self.kept: list[str] = []
        self.unanswered: list[float] = []
        self.slowest = 0.0
        self._lock = threading.Lock()

    def work(self, seconds: float) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            turns = itertools.count()
            while time.monotonic() - began < seconds:
                turn = next(turns)
                # A comment is two requests; the fifth of what is done, a third of what is asked.
                pool.submit(self._write if turn % 5 == 4 else self._look, turn)
                time.sleep(1.2 / A_SECOND)

    def _look(self, turn: int) -> None:
        self._note(self.people[turn % 4].get(PAGES[turn % len(PAGES)]))

    def _write(self, turn: int) -> None:
        writer, text = self.people[0], f"rolling-{turn}"
        page = self._note(writer.get(self.dossier))
        if page.status != 200:
            return
        sent = writer.post(f"{self.dossier}comment/", form_with(page.text, "text").filled({"text": text}))
        if self._note(sent).status == 302:
            self.kept.append(text)

    def _note(self, answer):
        with self._lock:
            self.answers[answer.status] += 1
            if answer.status is None:
                self.unanswered.append(round(answer.seconds, 1))
            self.slowest = max(self.slowest, answer.seconds)
        return answer


@drill("rolling-restart", f"{A_SECOND} requests a second, web reloaded and restarted, workers restarted: none fails")
def rolling_restart() -> str:
    with running() as portal, held_web(portal) as web:
        crowd = Crowd(web)
        working = threading.Thread(target=crowd.work, args=[SECONDS])
        working.start()
        steps = [web.reload, lambda: _restarted(portal, "worker"), web.restart, web.reload]
        steps += [lambda: _restarted(portal, "quick"), web.restart]
        for step in steps:
            time.sleep(SECONDS / (len(steps) + 2))
            step()
        working.join()
        stored = dict(portal.rows(KEPT, "rolling-%"))
        wrong = {status: times for status, times in crowd.answers.items() if status not in (200, 302)}
        assert not wrong, f"failed: {wrong} of {crowd.answers.total()}, after {crowd.unanswered} s"
        assert stored == dict.fromkeys(crowd.kept, 1), "what was said to be kept is not what stands there"
        return (
            f"{crowd.answers.total()} requests in {SECONDS} s, 0 failed; {len(stored)} comments, each once; "
            f"web reloaded twice and restarted twice, both workers restarted; the slowest answer {crowd.slowest:.1f} s"
        )


def _restarted(portal, name: str) -> None:
    """End a program as its service manager does; the supervisor starts it again."""
    before = until(lambda: portal.program(name))
    before.terminate()
    until(lambda: (now := portal.program(name)) and now.pid != before.pid, within=60)
