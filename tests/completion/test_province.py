from collections import Counter

import pytest

from completion.history.archive import read_archive
from completion.province import PUBLISHED, write_province
from completion.quarters import Quarter
from completion.rates import Fact, Frame, Item, judge, known

pytestmark = pytest.mark.once  # figures in plain Python


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_province(tmp_path_factory.mktemp("province"))


def rows(folder, name):
    return [line.split(",") for line in (folder / name).read_text(encoding="utf-8").splitlines()[1:]]


def test_it_has_the_size_of_the_real_one(folder):
    assert Counter(row[2] for row in rows(folder, "units.csv")) == {
        "province_committee": 1,
        "advisory_body": 5,
        "district_committee": 12,
        "grassroots_committee": 700,
        "cell": 10_000,
    }
    assert Counter(row[2] for row in rows(folder, "items.csv")) == {"ISS": 1_617, "COL": 8_100, "IND": 135_720}


def test_no_two_units_of_one_parent_share_a_name(folder):
    names = [(row[1], row[3]) for row in rows(folder, "units.csv")]
    assert len(set(names)) == len(names)


def test_judged_item_by_item_its_year_is_that_of_the_report(folder):
    """T1-T5 of the report, by the rates in plain Python and without a database."""
    archive = read_archive(folder)
    last = Quarter(2023, 4)
    frame = Frame.of(last, known_until=last.closes_at())
    found = {}
    for row in archive.items.values():
        facts = [Fact(e.kind, e.at or row.approved_at, e.on, e.due_on) for e in archive.events.get(row.code, ())]
        item = Item(row.unit_code, row.due_on, row.approved_at, row.ongoing, facts)
        owner = archive.units[row.unit_code].kind if row.kind == "ISS" else ""
        n, base = found.get((row.kind, owner), (0, 0))
        found[row.kind, owner] = n + judge(known(item, frame), frame).completed, base + 1
    assert found == {(kind, owner): (n, base) for _, kind, owner, n, base, _ in PUBLISHED}
