"""1 July 2025 as two archives: two provinces of districts, communes and cells, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from completion import services
from completion.computing import compute
from completion.history import load_archive
from completion.models import ItemList, Period
from completion.quarters import Quarter
from completion.roots import roots_on
from tests.completion.archives import write_archive

SUMMER, DECIDED = "2025-07-01", "2025-06-16T09:00:00+07:00"
AFTER = datetime(2026, 2, 1, tzinfo=UTC)
OLD, NEW = ["T1", "T2"], "T"
QUARTERS = [Quarter(2025, number) for number in (1, 2, 3, 4)]


@dataclass(frozen=True, slots=True)
class Size:
    """Of each of the two provinces: districts, communes a district, cells a commune, works a cell."""

    districts: int
    communes: int
    cells: int
    works: int


SMALL, WHOLE = Size(2, 4, 3, 2), Size(6, 58, 15, 2)


def before(size: Size) -> tuple[list, list, list]:
    """Return (units, items, events) of the first half of the year, as they were registered."""
    units, items, events = [], [], []

    def add(code, kind, parent, works):
        units.append([code, f"Đơn vị {code}", kind, parent, "2020-01-01", ""])
        for number in range(works):
            month = (len(items) % 4) * 3 + 2
            work = f"{code}.{number}"
            row = [work, code, ("COL", "IND", "ISS")[number % 3], 2025, f"Việc {work}"]
            items.append([*row, "2025-01-10T09:00:00+07:00", f"2025-{month:02d}-15", 0])
            if len(items) % 3:
                day = f"2025-{month:02d}-1{len(items) % 9}"
                events.extend([[work, "completed", "", day, ""], [work, "confirmed", f"{day}T15:00:00+07:00", "", ""]])

    for province in OLD:
        add(province, "province_committee", "", 3)
        for d in range(size.districts):
            district = f"{province}H{d}"
            add(district, "district_committee", province, 4)
            for c in range(size.communes):
                commune = f"{district}X{c}"
                add(commune, "grassroots_committee", district, 1)
                for n in range(size.cells):
                    add(f"{commune}C{n}", "cell", commune, size.works)
    return units, items, events


def after(size: Size, units: list) -> dict:
    """Return the rows that end the districts, merge the provinces and every two communes, and move the cells.

    Of each district's four works two are handed to the new province; nobody is given the other two.
    """
    ended = {row[0] for row in units if row[2] != "cell"}
    fresh = [[NEW, "Tỉnh ủy Mới", "province_committee", "", SUMMER, ""]]
    changes = [["merge", province, NEW, SUMMER, DECIDED] for province in OLD]
    events = []
    into = {}
    communes = [row[0] for row in units if row[2] == "grassroots_committee"]
    for number, pair in enumerate(_pairs(communes)):
        code = f"{NEW}X{number}"
        fresh.append([code, f"Đơn vị {code}", "upper_grassroots_committee", NEW, SUMMER, ""])
        into |= dict.fromkeys(pair, code)
    for row in units:
        if row[2] == "district_committee":
            changes.append(["dissolve", row[0], "", SUMMER, DECIDED])
            events += [[f"{row[0]}.{number}", "transferred", DECIDED, SUMMER, NEW] for number in (0, 1)]
        elif row[0] in into:
            changes.append(["merge", row[0], into[row[0]], SUMMER, DECIDED])
        elif row[2] == "cell":
            changes.append(["move", row[0], into[row[3]], SUMMER, DECIDED])
    units = [[*row[:5], SUMMER] for row in units if row[0] in ended] + fresh
    return {"units": units, "events": events, "successions": changes}


def _pairs(codes: list) -> list:
    return [codes[at : at + 2] for at in range(0, len(codes), 2)]


@dataclass
class Replayed:
    """What a replay found; `hashes` and `again` are of the quarters closed before it, sealed and computed anew."""

    hashes: dict
    again: dict
    items: list
    listed: dict
    totals: dict


def replay(folder: Path, size: Size) -> Replayed:
    """Load the first half, close the first quarter, reorganise, close the rest; compute the first once more."""
    units, items, events = before(size)
    load_archive(write_archive(folder / "before", units=units, items=items, events=events), at=AFTER)
    hashes = _close(QUARTERS[:1])
    load_archive(write_archive(folder / "after", **after(size, units)), at=AFTER)
    hashes |= _close(QUARTERS[1:])
    periods = Period.objects.filter(year=2025, root__code__in=[*OLD, NEW]).select_related("root")
    earlier = periods.filter(quarter__lte=2)
    again = {(one.root.code, one.quarter): compute(one, one.closes_at, lines=True).input_hash for one in earlier}
    lists = ItemList.objects.filter(place__revision__period__in=periods)
    listed: dict = {}
    for quarter, lines in lists.values_list("place__revision__period__quarter", "lines"):
        listed.setdefault(quarter, []).extend(line.split("|")[1] for line in lines.splitlines())
    totals = {}
    for period in periods:
        figures = period.revisions.get(number=1).units.get(unit=period.root_id).figures
        totals[period.root.code, period.quarter] = sum(figures.values_list("r3_base", flat=True))
    return Replayed(hashes, again, [row[0] for row in items], listed, totals)


def _close(quarters) -> dict:
    return {
        (root.code, quarter.number): services.seal_quarter(root, quarter, at=AFTER).input_hash
        for quarter in quarters
        for root in roots_on(quarter.end_day)
        if root.code in (*OLD, NEW)
    }
