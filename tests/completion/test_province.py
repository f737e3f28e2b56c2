from completion.history.archive import read_archive
from completion.province import PUBLISHED, write_province
from completion.quarters import Quarter
from completion.rates import COUNTERS, Fact, Frame, Item, judge, known


def test_the_same_province_is_written_every_time(tmp_path):
    first, second = write_province(tmp_path / "a"), write_province(tmp_path / "b")
    for name in ("units.csv", "items.csv", "events.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_it_has_the_size_of_the_real_one(tmp_path):
    folder = write_province(tmp_path)
    units = (folder / "units.csv").read_text(encoding="utf-8").splitlines()[1:]
    kinds = [row.split(",")[2] for row in units]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "province_committee": 1,
        "advisory_body": 5,
        "district_committee": 12,
        "grassroots_committee": 700,
        "cell": 10_000,
    }
    items = (folder / "items.csv").read_text(encoding="utf-8").splitlines()[1:]
    found = [row.split(",")[2] for row in items]
    assert {kind: found.count(kind) for kind in set(found)} == {"ISS": 1_617, "COL": 8_100, "IND": 135_720}


def test_no_two_units_of_one_parent_share_a_name(tmp_path):
    rows = (write_province(tmp_path) / "units.csv").read_text(encoding="utf-8").splitlines()[1:]
    names = [tuple(row.split(",")[1:4:2]) for row in rows]
    assert len(set(names)) == len(names)


def test_judged_item_by_item_its_year_is_that_of_the_report(tmp_path):
    """T1-T5 of the report, by the rates in plain Python and without a database."""
    archive = read_archive(write_province(tmp_path))
    last = Quarter(2023, 4)
    frame = Frame.of(last, known_until=last.closes_at())
    found = {}
    for row in archive.items.values():
        facts = [
            Fact(e.kind, e.at or row.approved_at, e.on, e.due_on, e.exclusion, e.unit_code)
            for e in archive.events.get(row.code, ())
        ]
        item = Item(row.unit_code, row.due_on, row.approved_at, row.ongoing, facts)
        counts = dict(zip(COUNTERS, judge(known(item, frame), frame).counts, strict=True))
        owner = archive.units[row.unit_code].kind if row.kind == "ISS" else ""
        n, base = found.get((row.kind, owner), (0, 0))
        found[row.kind, owner] = n + counts["r3_n"], base + counts["r3_base"]
    assert found == {(kind, owner): (n, base) for _, kind, owner, n, base, _ in PUBLISHED}
