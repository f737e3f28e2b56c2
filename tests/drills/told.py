"""A thousand events while web, workers and scheduler are killed at random: each is told once, mailed at least once."""

import os
import random
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import ClassVar

import psutil
from celery import Celery

from tests.drills.measuring import seconds_until
from tests.drills.person import Person
from tests.drills.portal import Portal, running
from tests.drills.redis import everything_told
from tests.drills.registry import drill
from tests.drills.writing import Writer
from tests.servers.processes import until
from tests.smtp_sink import Sink

SEED = int(os.environ.get("DRILL_SEED", "2026"))
EVENTS = 1000
MAILING = 30  # seconds of kills while digests are made and mailed
WRITERS = ("bithu", "phobithu", "bithu", "phobithu")
SITE = "drill.example.vn"
MAILED = "UPDATE organizations_person SET email = username || '@example.vn', wants_mail = true WHERE is_active"
# For each of the events: who was to be told, how often each was, and how many were not delivered.
TOLD = """
    SELECT event.actor_id, notice.recipient_id, count(*), count(DISTINCT event.id), count(notice.told_at)
    FROM journal_event event JOIN journal_notice notice ON notice.event_id = event.id
    WHERE event.id = ANY(%s) GROUP BY 1, 2
"""
OURS = """
    SELECT event.id, event.actor_id FROM journal_event event
    JOIN models_registry_comment comment ON comment.id = (event.detail->>'comment')::bigint
    WHERE event.verb = 'dossier.comment' AND comment.text LIKE %s
"""
WITHOUT = """
    SELECT count(DISTINCT notice.recipient_id) FROM journal_notice notice
    JOIN organizations_person person ON person.id = notice.recipient_id
    WHERE notice.event_id = ANY(%s) AND person.is_active AND notice.digest_id IS NULL
"""
WAITING = "SELECT count(*) FROM journal_digest WHERE mail = 'waiting'"
# Ten minutes pass: whoever died while it sent has had its time.
LATER = "UPDATE journal_digest SET tried_at = tried_at - interval '11 minutes' WHERE mail = 'waiting'"
SENT = "SELECT id, mail FROM journal_digest WHERE mail <> 'none'"


class Killer(threading.Thread):
    """Kills one process of the portal after another, by chance; `killed` counts them by what they were."""

    # The whole web is killed half as often as any other: it takes seconds to come back, and nobody writes meanwhile.
    KINDS = ("a web worker", "a pool's child", "relay's child", "relay", "scheduler", "worker") * 2 + ("web",)

    PROGRAMS: ClassVar = {"a web worker": "web", "a pool's child": "worker", "relay's child": "quick", "relay": "quick"}

    def __init__(self, portal: Portal, chance: random.Random):
        super().__init__(daemon=True)
        self.portal, self.chance, self.killed, self.ended = portal, chance, Counter(), threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self.chance.uniform(0.5, 2.5)):
            kind = self.chance.choice(self.KINDS)
            process = self._one(kind)
            if process is not None:
                with suppress(psutil.NoSuchProcess):
                    for one in [process, *(process.children(recursive=True) if kind in ("worker", "relay") else [])]:
                        one.kill()
                self.killed[kind] += 1

    def _one(self, kind: str):
        """Return the process to kill; None while what it serves is not back since the last time."""
        name = self.PROGRAMS.get(kind, kind)
        children = self.portal.children(name)
        if name != "scheduler" and not (children and (name != "web" or self.portal.answers())):
            return None
        return (
            self.portal.program(name)
            if kind in ("web", "worker", "relay", "scheduler")
            else self.chance.choice(children)
        )

    def __enter__(self) -> "Killer":
        self.start()
        return self

    def __exit__(self, *args) -> None:
        self.ended.set()
        self.join()


@drill(
    "told-once",
    f"{EVENTS} events under random kills of web, workers, relay and scheduler: each person told of each once, none "
    "missing; every digest mailed at least once, always under the same Message-ID",
)
def told_once() -> str:
    with Sink() as sink:
        mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port), "EMAIL_USE_TLS": "0", "EMAIL_USE_SSL": "0"}
        sender = {"SITE_URL": f"https://{SITE}", "DEFAULT_FROM_EMAIL": f"portal@{SITE}"}
        with running(**mail, **sender) as portal:
            portal.rows(MAILED)
            chance = random.Random(SEED)
            people = [Person(portal, name).sign_in() for name in WRITERS]
            killed, writing = _write(portal, people, chance)
            ended = time.monotonic()
            recovered = seconds_until(everything_told(portal), since=ended)
            notices = _told(portal)
            mails = _mailed(portal, sink, chance)
    said = f"seed {SEED}; {sum(killed.values())} kills ({', '.join(f'{n} {kind}' for kind, n in killed.items())})"
    return f"{said} in {writing:.0f} s; {notices}, {recovered:.0f} s after the last; {mails}"


def _write(portal: Portal, people: list[Person], chance: random.Random) -> tuple[Counter, float]:
    began = time.monotonic()
    most = EVENTS // len(people)
    writers = [Writer(person, f"told-{number}", pause=0, most=most) for number, person in enumerate(people)]
    with Killer(portal, chance) as killer:
        for writer in writers:
            writer.start()
        until(lambda: all(len(writer.kept) == most for writer in writers), within=900)
    for writer in writers:
        writer.__exit__()
        writer.check()
    return killer.killed, time.monotonic() - began


def _told(portal: Portal) -> str:
    events = portal.rows(OURS, "drill-told-%")
    assert len(events) == EVENTS, f"{len(events)} events for {EVENTS} forms"
    of_actor = Counter(actor for _event, actor in events)
    rows = portal.rows(TOLD, [event for event, _actor in events])
    for actor, recipient, notices, distinct, told in rows:
        counts = (notices, distinct, told)
        assert counts == (of_actor[actor],) * 3, f"person {recipient} was told {counts} of {of_actor[actor]}"
    each = Counter()
    for _actor, recipient, notices, *_ in rows:
        each[recipient] += notices
    whole = [person for person, count in each.items() if count == EVENTS]
    assert whole, each
    return (
        f"{EVENTS} events, exactly {EVENTS} notices to each of {len(whole)} listeners ({sum(each.values())} in all), "
        "none missing, none doubled"
    )


def _mailed(portal: Portal, sink: Sink, chance: random.Random) -> str:
    """Have the digests made and sent while their workers are killed; returns what the mail server took."""
    ours = [event for event, _actor in portal.rows(OURS, "drill-told-%")]
    with Celery(broker=portal.redis.url) as broker:

        def mailed() -> bool:
            for task in ("make_digests", "send_mails", "send_mails"):
                broker.send_task(f"journal.tasks.{task}")
            time.sleep(chance.uniform(0, 1))
            portal.rows(LATER)
            return bool(sink.mails) and not portal.one(WITHOUT, ours) and not portal.one(WAITING)

        with Killer(portal, chance) as killer:
            began = time.monotonic()
            while time.monotonic() - began < MAILING:
                mailed()
        until(mailed, within=120)
    sent = portal.rows(SENT)
    known = {f"<digest-{pk}@{SITE}>" for pk, _mail in sent}
    taken = Counter(mail["Message-ID"] for mail in sink.mails)
    assert {mail for _pk, mail in sent} == {"sent"}, sent
    assert set(taken) == known, set(taken) ^ known
    again = sum(count - 1 for count in taken.values())
    kills = sum(killer.killed.values())
    return f"{len(known)} digests mailed under {kills} kills, {again} of them again, each always under one Message-ID"
