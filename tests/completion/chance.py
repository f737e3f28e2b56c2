"""Histories drawn by lot, quicker than hypothesis draws them where no example needs to shrink."""

import datetime as dt
from random import Random

from completion.quarters import midnight
from completion.rates import Checked, Fact, Item

FIRST = dt.date(2026, 1, 1)
OWNERS = ("A", "B", "G", "D")


def history(chance: Random, *, items: int, owners=OWNERS):
    """Return (code, kind, Item) of so many works of 2026, with facts that often meet the ends of quarters."""
    return [(f"I{number}", chance.choice(("COL", "IND", "ISS")), _item(chance, owners)) for number in range(items)]


def _item(chance: Random, owners) -> Item:
    approved = _instant(chance, 0, 200)
    due = _day(chance, approved.timetuple().tm_yday, 364)
    facts = []
    if chance.random() < 0.75:
        done = min(_day(chance, 0, 360, near=due), dt.date(2026, 12, 31))
        facts.append(Fact("completed", approved, on=max(done, approved.date())))
        facts.append(Fact("confirmed", midnight(facts[0].on) + dt.timedelta(days=chance.choice((0, 1, 3, 12, 40)))))
        if chance.random() < 0.2:
            facts.append(Fact("revoked", facts[1].at + dt.timedelta(days=chance.choice((1, 30, 90)))))
    if chance.random() < 0.15:
        facts.append(Fact("extended", _instant(chance, 0, 360), due_on=_day(chance, approved.timetuple().tm_yday, 364)))
    if chance.random() < 0.15:
        reason = chance.choice(("other", "duplicate", "force_majeure"))
        facts.append(Fact("excluded", _instant(chance, 0, 370), on=_day(chance, 0, 364), exclusion=reason))
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        facts.append(Fact("transferred", _instant(chance, 0, 370), on=_day(chance, 0, 364), unit=chance.choice(owners)))
    checks = sorted((_check(chance) for _ in range(chance.randrange(4))), key=lambda one: one.at)
    return Item(chance.choice(owners), due, approved, chance.random() < 0.2, facts, checks)


def _check(chance: Random) -> Checked:
    return Checked(chance.choice((1, 2, 3, 4)), chance.random() < 0.6, _instant(chance, 0, 370))


def _instant(chance: Random, first: int, last: int) -> dt.datetime:
    return midnight(_day(chance, first, last)) + dt.timedelta(hours=chance.choice((0, 9, 23)))


def _day(chance: Random, first: int, last: int, *, near: dt.date | None = None) -> dt.date:
    if near is not None:
        return near + dt.timedelta(days=chance.choice((-5, -1, 0, 1, 20)))
    return FIRST + dt.timedelta(days=chance.randint(min(first, last), last))
