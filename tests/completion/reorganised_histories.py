"""Random years in which units merge, are split, dissolve, move and are renamed while works are done, as archives."""

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
KINDS = ["COL", "IND", "ISS"]


@dataclass
class World:
    """The rows of an archive; `changes` are its reorganisations, `handing` what they made be handed over.

    `crossed` are the groups that something left or came to; `within` is the one whose cells alone may change.
    """

    units: dict = field(default_factory=dict)
    items: list = field(default_factory=list)
    events: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    handing: list = field(default_factory=list)
    crossed: set = field(default_factory=set)
    above: dict = field(default_factory=dict)
    within: str = ""

    def add(self, code, kind, parent, start="2020-01-01"):
        self.units[code] = [code, f"Đơn vị {code}", kind, parent, start, ""]

    def cross(self, *codes, to=None):
        """Note the groups of these units, and the one they go to, where they are not one and the same."""
        groups = {self.above.get(code, self.units[code][3]) for code in codes} | ({to} if to else set())
        self.crossed |= groups if len(groups) > 1 else set()

    def standing(self, *kinds):
        found = [code for code, row in self.units.items() if row[2] in kinds and not row[5]]
        return [code for code in found if self.within in ("", self.units[code][3])]

    @property
    def rows(self):
        units, events = list(self.units.values()), self.events + self.handing
        return {"units": units, "items": self.items, "events": events, "successions": self.changes}

    @property
    def still(self):
        """The same year with nothing reorganised: the units that stood at its beginning, and their works."""
        units = [[*row[:5], ""] for row in self.units.values() if row[4] == "2020-01-01"]
        return {"units": units, "items": self.items, "events": self.events}


@st.composite
def worlds(draw, *, every=False, within=""):
    """Worlds with up to five changes, with one of each kind in any order, or with changes within one group alone."""
    world = World(within=within)
    world.add("D", "district_committee", "")
    for group in "GH":
        world.add(group, "grassroots_committee", "D")
        for number in (1, 2, 3):
            world.add(f"{group}{number}", "cell", group)
    _work(draw, world)
    likely = [_split, _dissolve, _rename, _merge] if within else [_merge, *KINDS_OF_CHANGE]
    kinds = draw(st.permutations(KINDS_OF_CHANGE)) if every else None
    days = st.lists(st.dates(dt.date(2026, 1, 10), LAST), min_size=6 * every, max_size=6 if every else 5, unique=True)
    for number, day in enumerate(sorted(draw(days))):
        late = draw(st.sampled_from([0, 0, 0, 5, 45]))
        recorded = f"{day + dt.timedelta(days=late)}T08:00:00+07:00"
        change = kinds[number] if every else draw(st.sampled_from(likely))
        change(draw, world, f"N{number}", day.isoformat(), recorded)
    return world


def _work(draw, world):
    owners = list(world.units)
    for number in range(draw(st.integers(4, 14))):
        code, approved = f"I{number}", draw(st.dates(FIRST, dt.date(2026, 9, 1)))
        due = draw(st.dates(approved, LAST))
        row = [code, draw(st.sampled_from(owners)), draw(st.sampled_from(KINDS)), 2026, f"Việc {code}"]
        world.items.append([*row, f"{approved}T09:00:00+07:00", due.isoformat(), int(draw(st.integers(0, 7)) == 0)])
        for kind in draw(st.lists(st.sampled_from(["confirmed", "revoked", "extended", "excluded"]), max_size=2)):
            at, on = draw(st.dates(approved, LAST)), ""
            value = {"extended": draw(st.dates(due, LAST)).isoformat(), "excluded": "duplicate"}.get(kind, "")
            on = at.isoformat() if kind == "excluded" else ""
            world.events.append([code, kind, f"{at}T10:00:00+07:00", on, value])
        if draw(st.booleans()):
            world.events.append([code, "completed", "", draw(st.dates(approved, LAST)).isoformat(), ""])


def _end(world, code, day):
    world.units[code][5] = day


def _merge(draw, world, fresh, day, recorded):
    cells = world.standing("cell")
    gone = draw(st.lists(st.sampled_from(cells), min_size=2, max_size=3, unique=True)) if len(cells) > 2 else []
    if gone:
        _into(draw, world, fresh, "cell", gone, day, recorded)


def _merge_groups(draw, world, fresh, day, recorded):
    groups = world.standing("grassroots_committee")
    if len(groups) > 1:
        _into(draw, world, fresh, "grassroots_committee", groups, day, recorded)


def _into(draw, world, fresh, kind, gone, day, recorded):
    parent = world.units[gone[0]][3] if kind == "cell" else "D"
    world.add(fresh, kind, parent if not world.units[parent][5] else "D", day)
    world.cross(fresh, *gone) if kind == "cell" else world.crossed.update(gone)
    for code in gone:
        _end(world, code, day)
        world.changes.append(["merge", code, fresh, day, recorded])


def _split(draw, world, fresh, day, recorded):
    cell = draw(st.sampled_from(world.standing("cell")))
    parent = world.units[cell][3]
    halves = [f"{fresh}a", f"{fresh}b"]
    for half in halves:
        world.add(half, "cell", parent if not world.units[parent][5] else "D", day)
        world.cross(cell, half)
        world.changes.append(["split", cell, half, day, recorded])
    _end(world, cell, day)
    _hand_over(draw, world, cell, halves, day, recorded)


def _dissolve(draw, world, fresh, day, recorded):
    cells = world.standing("cell")
    if len(cells) > 2:
        cell = draw(st.sampled_from(cells))
        _end(world, cell, day)
        world.changes.append(["dissolve", cell, "", day, recorded])
        _hand_over(draw, world, cell, [code for code in cells if code != cell], day, recorded)


def _hand_over(draw, world, cell, takers, day, recorded):
    """Hand over some of what the unit registered; the rest waits."""
    for row in world.items:
        if row[1] == cell and draw(st.booleans()):
            world.handing.append([row[0], "transferred", recorded, day, draw(st.sampled_from(takers))])
            world.cross(cell, world.handing[-1][4])


def _move(draw, world, fresh, day, recorded):
    cell, group = draw(st.sampled_from(world.standing("cell"))), draw(st.sampled_from(["G", "H", "D"]))
    group = group if not world.units[group][5] else "D"
    world.cross(cell, to=group)
    world.above[cell] = group
    world.changes.append(["move", cell, group, day, recorded])


def _rename(draw, world, fresh, day, recorded):
    world.changes.append(["rename", draw(st.sampled_from(world.standing("cell"))), f"Tên {fresh}", day, recorded])


KINDS_OF_CHANGE = [_merge, _merge_groups, _split, _dissolve, _move, _rename]


def drawn(number, strategies):
    """Return one example of each strategy, always the same of a number: not the first, which is the least there is."""
    examples = []

    @seed(number)
    @settings(max_examples=2, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=HealthCheck)
    @given(**strategies)
    def keep(**example):
        examples.append(example)

    keep()
    return examples[-1]
