"""Lets people act side by side, each on a connection of the moment, and notes every answer."""

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.bench.load.people import Ask, Somebody

SIGN_IN = "/account/login/"


@dataclass
class Seen:
    """What a stretch of the load answered: milliseconds by page, what was not as expected, and writes acknowledged."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def count(self) -> int:
        return sum(map(len, self.took.values()))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.seconds if self.seconds else 0.0


class Acting:
    """One person's script, which goes on from stretch to stretch."""

    def __init__(self, who: Somebody, port: int, chance: random.Random):
        self.headers = {"Cookie": who.seat[0], "X-CSRFToken": who.seat[1], "Accept-Language": "vi"}
        self.port, self.chance = port, chance
        self.script: Iterator[Ask] = who.script()
        self.answered: bytes | None = None

    def act(self, think: float, until: float, seen: Seen, lock: threading.Lock) -> None:
        """Ask, with `think` seconds between two requests on the average, until that instant."""
        self._wait(self.chance.uniform(0, think), until)
        while time.monotonic() < until:
            began = time.perf_counter()
            ask = self.script.send(self.answered)
            asked = time.perf_counter()
            status, self.answered = self._answer(ask)
            ended = time.perf_counter()
            with lock:
                seen.took[ask.name].append((ended - asked) * 1000)
                if status != ask.expect:
                    seen.wrong.append(f"{ask.method} {ask.path}: {status} {told(self.answered)}")
                elif ask.writes:
                    seen.acknowledged.append(ask.writes)
            self._wait(self.chance.expovariate(1 / think) - (ended - began), until)

    @staticmethod
    def _wait(seconds: float, until: float) -> None:
        time.sleep(max(0.0, min(seconds, until - time.monotonic())))

    def _answer(self, ask: Ask) -> tuple[int | str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = self.headers | ({"Content-Type": ask.kind} if ask.body else {})
        try:
            connection.request(ask.method, ask.path, body=ask.body or None, headers=headers)
            answer = connection.getresponse()
            # What leads to the sign-in was neither shown nor written.
            away = SIGN_IN in (answer.headers["Location"] or "")
            return "signed out" if away else answer.status, answer.read()
        except OSError as broken:
            return type(broken).__name__, b""
        finally:
            connection.close()


def told(page: bytes) -> str:
    """Return the beginning of what a page says, for the note of an answer nobody expected."""
    return b" ".join(page.split(b"<main", 1)[-1].split())[:300].decode(errors="replace")


def stretch(people: list[Acting], *, think: float, seconds: float) -> Seen:
    """Let all act for so long; every answer that was asked for is waited for."""
    seen, lock, began = Seen(), threading.Lock(), time.monotonic()
    threads = [
        threading.Thread(target=one.act, args=(think, began + seconds, seen, lock), daemon=True) for one in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 120)
    seen.seconds = time.monotonic() - began
    if hanging := sum(thread.is_alive() for thread in threads):
        seen.wrong.append(f"{hanging} people still waited after two minutes")
    return seen
