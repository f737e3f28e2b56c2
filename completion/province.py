"""A synthetic province whose 2023 is that of a real report: the same totals, invented units, works and days.

Plain Python: rows for an archive (docs/rates.md, 8). The same seed gives the same province.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

YEAR = 2023
ROOT = "TINH"
SEED = 20_240_513
DISTRICTS, COMMITTEES, CELLS = 12, 700, 10_000
AGENCIES = ["Ban Tổ chức", "Ban Tuyên giáo", "Ban Dân vận", "Ban Nội chính", "Văn phòng"]
FOUNDED = "2020-01-01"


@dataclass(frozen=True, slots=True)
class Group:
    """So many items of one kind, owned by units of one kind, of which so many were completed in the year."""

    kind: str
    owner: str  # agency, district, committee, cell or collective (committees and cells)
    count: int
    completed: int


GROUPS = [
    Group("ISS", "agency", 225, 207),
    Group("ISS", "district", 49, 49),
    Group("ISS", "committee", 1_343, 1_298),
    Group("COL", "collective", 8_100, 7_855),
    Group("IND", "cell", 135_720, 133_350),
]
# What the report printed: label, kind of item, kind of unit that owns it ("" for all), n, N, rate.
PUBLISHED = [
    ("Nhiệm vụ trọng tâm của cơ quan, đơn vị", "ISS", "advisory_body", 207, 225, ""),
    ("Vấn đề bức xúc, nổi cộm cấp huyện", "ISS", "district_committee", 49, 49, "100%"),
    ("Vấn đề bức xúc, nổi cộm cấp cơ sở", "ISS", "grassroots_committee", 1_298, 1_343, "96,6%"),
    ("Việc của tập thể", "COL", "", 7_855, 8_100, "97%"),
    ("Việc của cá nhân", "IND", "", 133_350, 135_720, "98,2%"),
]
SOURCE = "Báo cáo của Tỉnh ủy Bắc Giang ngày 13/05/2024"

_WORDS = [
    "An",
    "Bình",
    "Cao",
    "Đông",
    "Hòa",
    "Hưng",
    "Lộc",
    "Minh",
    "Nam",
    "Phú",
    "Quang",
    "Sơn",
    "Tân",
    "Thịnh",
    "Vĩnh",
]
_TITLES = {
    "ISS": [
        "Giải quyết dứt điểm kiến nghị về môi trường tại khu dân cư",
        "Chấn chỉnh việc tiếp công dân",
        "Khắc phục hộ nghèo phát sinh",
        "Xử lý lấn chiếm hành lang giao thông",
    ],
    "COL": [
        "Xây dựng tuyến đường sáng, xanh, sạch, đẹp",
        "Nâng cao chất lượng sinh hoạt chi bộ",
        "Vận động hiến đất làm đường",
        "Chuyển đổi số trong sinh hoạt chi bộ",
    ],
    "IND": [
        "Gương mẫu trong giữ gìn vệ sinh khu dân cư",
        "Giúp đỡ một hộ có hoàn cảnh khó khăn",
        "Thực hành tiết kiệm tại nơi làm việc",
        "Mỗi tuần đọc và làm theo một câu chuyện về Bác",
    ],
}


def write_province(folder: Path) -> Path:
    """Write the archive of the province into a folder and return it; the same rows every time.

    10.718 units: the province, 12 districts, 700 committees, 10.000 cells, and five agencies of the province, since the
    report counts 225 issues as the agencies' own and an item is owned by exactly one unit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(SEED)  # noqa: S311
    units = list(_units())
    owners = _owners(units)
    items, events = [], []
    for group in GROUPS:
        for row, facts in _items(group, owners, random_):
            items.append(row)
            events.extend(facts)
    _write(folder / "units.csv", "code,name,kind,parent_code,valid_from,valid_to", units)
    _write(folder / "items.csv", "code,unit_code,kind,year,title,approved_at,due_on,ongoing", items)
    _write(folder / "events.csv", "item_code,event,at,on,value", events)
    return folder


def _units() -> Iterator[list]:
    def row(code, name, kind, parent):
        return [code, name, kind, parent, FOUNDED, ""]

    yield row(ROOT, "Tỉnh ủy Mẫu (số liệu mô phỏng năm 2023)", "province_committee", "")
    for number, name in enumerate(AGENCIES, 1):
        yield row(f"CQ{number:02d}", f"{name} Tỉnh ủy Mẫu", "advisory_body", ROOT)
    for number in range(DISTRICTS):
        yield row(f"H{number + 1:02d}", f"Huyện ủy {_name(number, 8)}", "district_committee", ROOT)
    for number in range(COMMITTEES):
        district = f"H{number % DISTRICTS + 1:02d}"
        yield row(f"X{number + 1:03d}", f"Đảng ủy xã {_name(number, 1)}", "grassroots_committee", district)
    for number in range(CELLS):
        committee = f"X{number % COMMITTEES + 1:03d}"
        yield row(f"C{number + 1:05d}", f"Chi bộ thôn {number // COMMITTEES + 1}", "cell", committee)


def _name(number: int, step: int) -> str:
    """Return an invented name; within one parent no two are the same."""
    first, second = divmod(number * step % (len(_WORDS) ** 2), len(_WORDS))
    again = number * step // len(_WORDS) ** 2
    return " ".join([_WORDS[first], _WORDS[second], *([str(again + 1)] if again else [])])


def _owners(units: list[list]) -> dict[str, list[str]]:
    kinds = {"agency": "advisory_body", "district": "district_committee", "committee": "grassroots_committee"}
    owners = {name: [u[0] for u in units if u[2] == kind] for name, kind in {**kinds, "cell": "cell"}.items()}
    # Every committee and most cells promise one collective work.
    owners["collective"] = owners["committee"] + owners["cell"][: 8_100 - COMMITTEES]
    return owners


def _items(group: Group, owners: dict[str, list[str]], random_: random.Random) -> Iterator[tuple[list, list]]:
    holders = owners[group.owner]
    undone = set(random_.sample(range(group.count), group.count - group.completed))
    for number in range(group.count):
        code = f"{group.kind}-{group.owner[0].upper()}{number + 1:06d}"
        approved = date(YEAR, 2, 1) + timedelta(days=random_.randrange(50))
        due = approved + timedelta(days=random_.randrange(20, (date(YEAR, 12, 31) - approved).days + 1))
        ongoing = random_.random() < 0.01
        title = random_.choice(_TITLES[group.kind])
        holder = holders[number % len(holders)]
        facts = list(_facts(code, approved, due, holder, number in undone, random_))
        yield [code, holder, group.kind, YEAR, title, _at(approved, random_), due, int(ongoing)], facts


def _facts(code: str, approved: date, due: date, holder: str, undone: bool, random_: random.Random) -> Iterator[list]:
    """Yield what happened to one item: most are done in time, some late, a few extended, some never confirmed."""
    year_end = date(YEAR, 12, 31)
    if random_.random() < 0.02 and due < year_end:
        decided = due - timedelta(days=random_.randrange(1, 20))
        due = min(year_end, due + timedelta(days=random_.randrange(10, 60)))
        yield [code, "extended", _at(decided, random_), "", due]
    if undone:
        if random_.random() < 0.3:
            yield [code, "completed", "", due, ""]  # reported and never confirmed
            if random_.random() < 0.3:
                yield [code, "confirmed", _at(date(YEAR + 1, 1, 20), random_), "", ""]  # too late for the year
        return
    late = random_.random() < 0.12
    completed = due + timedelta(days=random_.randrange(1, 60)) if late else due - timedelta(days=random_.randrange(30))
    completed = min(max(completed, approved), year_end)
    confirmed = min(completed + timedelta(days=random_.randrange(12)), date(YEAR + 1, 1, 9))
    yield [code, "completed", "", completed, ""]
    yield [code, "confirmed", _at(confirmed, random_), "", ""]
    if random_.random() < 0.004:
        yield [code, "revoked", _at(confirmed + timedelta(days=1), random_, hour=8), "", ""]
        yield [code, "confirmed", _at(confirmed + timedelta(days=1), random_, hour=17), "", ""]


def _at(day: date, random_: random.Random, hour: int | None = None) -> str:
    hour = random_.randrange(8, 17) if hour is None else hour
    return f"{day}T{hour:02d}:{random_.randrange(60):02d}:00+07:00"


def _write(path: Path, head: str, rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split(","))
        writer.writerows(rows)
