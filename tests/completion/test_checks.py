"""R8, the quarterly checks of ongoing work, from the portal's own steps to the sealed figures and their lists."""

import datetime as dt

import pytest
import time_machine

from completion import services
from completion.models import ItemList
from completion.quarters import ZONE, Quarter
from completion.queries import Behind, reading_of, table_of
from progress.services import record_check
from tests.completion.archives import TREE, close, item, load, rates
from tests.progress import making

YEAR_AFTER = dt.datetime(2027, 2, 1, 9, tzinfo=ZONE)
WHY = "Ba tuần liền không có ai trực"


def instant(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def year(district):
    """Two ongoing works of one cell: the first passed in three quarters and not in the fourth, the second unchecked."""
    sheet = making.sheet(district.cell, district.board)
    works = [making.item(sheet, ongoing=True, due=dt.date(2026, 12, 31), kind=kind) for kind in ("COL", "ISS")]
    said = [("2026-03-30", "passed"), ("2026-07-05", "passed"), ("2026-09-30", "passed"), ("2026-12-28", "failed")]
    for quarter, (day, verdict) in enumerate(said, 1):
        remark = WHY if verdict == "failed" else ""
        at = instant(f"{day} 10:00")
        record_check(works[0].pk, quarter, verdict=verdict, remark=remark, by=district.committee, at=at)
    return works


def r8(unit, number, kind="ALL"):
    rate = table_of(unit, Quarter(2026, number), kind=kind).row.rate("r8")
    return rate.n, rate.base, rate.x, rate.text


def test_a_year_of_checks_comes_out_as_it_is_written(district, year):
    """Case 31: R8 1/1, 1/1, 1/1, 0/1, and R3 at the year's end 0/1; at every unit above as at the cell."""
    for number in (1, 2, 3, 4):
        services.seal_quarter(district.top, Quarter(2026, number), at=YEAR_AFTER)
    expected = [(1, 1, 0, "100%")] * 3 + [(0, 1, 0, "0,0%")]
    for unit in (district.cell, district.commune, district.top):
        assert [r8(unit, number, "COL") for number in (1, 2, 3, 4)] == expected
        assert [r8(unit, number) for number in (3, 4)] == [(1, 2, 0, "50,0%"), (0, 2, 0, "0,0%")]
    r3 = table_of(district.top, Quarter(2026, 4), kind="COL").row.rate("r3")
    assert (r3.n, r3.base) == (0, 1)
    assert r8(district.other_cell, 4) == (0, 0, 0, "—")


@pytest.mark.parametrize(
    ("number", "reasons"),
    [
        (
            2,
            [
                "Kiểm tra Quý II/2026: Đạt, ghi lúc 05/07/2026 10:00 – tính",
                "Quý II/2026 chưa được kiểm tra – không tính",
            ],
        ),
        (
            4,
            [
                "Kiểm tra Quý IV/2026: Chưa đạt, ghi lúc 28/12/2026 10:00 – không tính",
                "Quý IV/2026 chưa được kiểm tra – không tính",
            ],
        ),
    ],
)
def test_each_work_behind_the_number_says_what_its_check_found(district, year, number, reasons):
    services.seal_quarter(district.top, Quarter(2026, number), at=YEAR_AFTER)
    reading = reading_of(district.top, Quarter(2026, number))
    lists = {part: Behind(reading, "r8", part)[0:50] for part in ("N", "n", "rest")}
    assert [row.reason for row in lists["N"]] == reasons
    assert [row.item for row in lists["n"]] == ([year[0]] if number == 2 else [])
    assert [row.item for row in lists["rest"]] == (year[1:] if number == 2 else year)


def test_the_sealed_lines_and_their_hash_hold_the_checks(district, year):
    first = services.compute_provisional(district.top, Quarter(2026, 2), at=YEAR_AFTER)
    before = first.input_hash
    record_check(year[1].pk, 2, verdict="passed", by=district.committee, at=instant("2026-07-06 08:00"))
    revision = services.seal_quarter(district.top, Quarter(2026, 2), at=YEAR_AFTER)
    assert revision.input_hash != before
    lines = ItemList.objects.get(place__revision=revision, place__unit=district.cell).lines.splitlines()
    assert [line.rsplit("|", 1)[1] for line in lines] == ["d", "d"]


def test_a_check_recorded_after_the_closing_instant_leaves_the_quarter_as_it_was(district, year):
    services.seal_quarter(district.top, Quarter(2026, 1), at=YEAR_AFTER)
    record_check(year[1].pk, 1, verdict="passed", by=district.committee, at=instant("2026-04-11 00:00"))
    assert r8(district.top, 1) == (1, 2, 0, "50,0%")


@pytest.mark.django_db
def test_the_interface_for_machines_prints_the_five_rates_it_promises(tmp_path):
    with time_machine.travel(YEAR_AFTER, tick=True):
        load(tmp_path, units=TREE, items=[item("I1", "31/12", ongoing=1)])
        close("2026-Q1")
        row = rates("2026-Q1")["D"]
    assert list(row) == ["unit", "kind", "revision", "sealed", "as_of", "rule_version", "r1", "r2", "r3", "r4", "r5"]
