"""The worked cases of docs/rates.md, 7, that found, end or reorganise units, through the archive and the closing."""

import pytest

from tests.completion.archives import TREE, close, event, item, load, rates, succession, unit
from tests.completion.test_cases import Case, all_done, shown

D, G, A, B = TREE
G2 = ["G2", "Đảng ủy xã Bình", "grassroots_committee", "D", "2020-01-01", ""]


def works(prefix, count, owner, due="31/3", completed=0, year=2026):
    """`count` works of a unit, the first of them completed; (items, events)."""
    rows = [item(f"{prefix}{n}", due, unit=owner, approved="5/1", year=year) for n in range(count)]
    facts = all_done(prefix, completed, "10/2") if year == 2026 else []
    return rows, facts


def joined(*parts):
    return [row for rows, _ in parts for row in rows], [fact for _, facts in parts for fact in facts]


def ended(row, day):
    return [*row[:5], day]


def handed(codes, on, to, recorded=None):
    return [event(code, "transferred", recorded or on, on, to) for code in codes]


MERGED = joined(works("A", 6, "A", completed=4), works("B", 4, "B", completed=4))
SPLIT = joined(works("A", 10, "A", completed=7))
LEFT = joined(works("A", 3, "A"), works("B", 2, "B", completed=1))
CASES = [
    Case(
        13, *MERGED,
        {
            ("Q1", "C", "r1"): "8/10 80,0%", ("Q1", "A", "r1"): None, ("Q1", "B", "r1"): None,
            ("Q1", "G", "r1"): "8/10 80,0%", ("Q1", "D", "r1"): "8/10 80,0%",
        },
        units=[D, G, ended(A, "2026-02-15"), ended(B, "2026-02-15"), unit("C", start="2026-02-15")],
        successions=[succession("merge", "A", "C", "15/2"), succession("merge", "B", "C", "15/2")],
    ),
    Case(
        13, *MERGED,
        {("Q1", "E", "r1"): "8/10 80,0%", ("Q1", "C", "r1"): None, ("Q1", "G", "r1"): "8/10 80,0%"},
        units=[
            D, G, ended(A, "2026-02-15"), ended(B, "2026-02-15"),
            unit("C", start="2026-02-15", end="2026-03-20"), unit("E", start="2026-03-20"),
        ],
        successions=[
            succession("merge", "C", "E", "20/3"), succession("merge", "A", "C", "15/2"),
            succession("merge", "B", "C", "15/2"),
        ],
        note="followed to the last",
    ),
    Case(
        13, *MERGED,
        {("Q1", "C", "r1"): "0/0 —", ("Q1", "G", "r1"): "8/10 80,0%", ("Q2", "C", "r2"): "8/10 80,0%"},
        units=[D, G, ended(A, "2026-02-15"), ended(B, "2026-02-15"), unit("C", start="2026-02-15")],
        successions=[succession("merge", one, "C", "15/2", "11/4 00:00:00") for one in ("A", "B")],
        note="recorded at G, too late: in the bucket, and in the next quarter with the successor",
    ),
    Case(
        14, SPLIT[0], [
            *SPLIT[1],
            *handed(["A0", "A1", "A2", "A3", "A4", "A7"], "1/3", "A1"), *handed(["A5", "A6", "A8", "A9"], "1/3", "A2"),
        ],
        {
            ("Q1", "A1", "r1"): "5/6 83,3%", ("Q1", "A2", "r1"): "2/4 50,0%", ("Q1", "A", "r1"): None,
            ("Q1", "G", "r1"): "7/10 70,0%",
        },
        units=[D, G, ended(A, "2026-03-01"), B, unit("A1", start="2026-03-01"), unit("A2", start="2026-03-01")],
        successions=[succession("split", "A", half, "1/3") for half in ("A1", "A2")],
    ),
    Case(
        14, SPLIT[0], [*SPLIT[1], *handed(["A0", "A1"], "1/3", "A1", recorded="20/4")],
        {("Q1", "A1", "r1"): "0/0 —", ("Q1", "G", "r1"): "7/10 70,0%", ("Q2", "A1", "r2"): "2/2 100%"},
        units=[D, G, ended(A, "2026-03-01"), B, unit("A1", start="2026-03-01"), unit("A2", start="2026-03-01")],
        successions=[succession("split", "A", half, "1/3") for half in ("A1", "A2")],
        note="not handed over in time: in the bucket",
    ),
    Case(
        15, LEFT[0], [*LEFT[1], *handed(["A0", "A1"], "20/2", "B")],
        {("Q1", "B", "r1"): "1/4 25,0%", ("Q1", "A", "r1"): None, ("Q1", "G", "r1"): "1/5 20,0%"},
        units=[D, G, ended(A, "2026-02-20"), B],
        successions=[succession("dissolve", "A", "", "20/2")],
    ),
    Case(
        16, *joined(works("A", 4, "A", completed=3)),
        {
            ("Q1", "G2", "r1"): "3/4 75,0%", ("Q1", "G", "r1"): "0/0 —", ("Q1", "A", "r1"): "3/4 75,0%",
            ("Q1", "D", "r1"): "3/4 75,0%",
        },
        units=[*TREE, G2],
        successions=[succession("move", "A", "G2", "20/3")],
    ),
    Case(
        16, *joined(works("A", 4, "A", completed=3)),
        {
            ("Q1", "G", "r1"): "3/4 75,0%", ("Q1", "G2", "r1"): "0/0 —",
            ("Q2", "G2", "r2"): "3/4 75,0%", ("Q2", "G", "r2"): "0/0 —",
        },
        units=[*TREE, G2],
        successions=[succession("move", "A", "G2", "20/3", "15/4")],
        note="recorded too late for the first quarter",
    ),
    Case(
        16, *joined(works("A", 4, "A", completed=3)),
        {("Q1", "G", "r1"): "3/4 75,0%", ("Q2", "G", "r2"): "0/0 —", ("Q2", "G2", "r2"): "3/4 75,0%"},
        units=[*TREE, G2],
        successions=[succession("move", "A", "G2", "1/4", "1/3")],
        note="takes effect at E",
    ),
    Case(
        24, *joined(works("A", 1, "A")),
        {("Q1", "A", "r1"): "0/1 0,0%", ("Q1", "C", "r1"): None, ("Q2", "C", "r2"): "0/1 0,0%"},
        units=[D, G, ended(A, "2026-04-01"), B, unit("C", start="2026-04-01")],
        successions=[succession("merge", "A", "C", "1/4")],
        note="valid until the end: owns its items",
    ),
    Case(
        24, *joined(works("A", 1, "A")),
        {("Q1", "A", "r1"): None, ("Q1", "C", "r1"): "0/1 0,0%"},
        units=[D, G, ended(A, "2026-03-31"), B, unit("C", start="2026-03-31")],
        successions=[succession("merge", "A", "C", "31/3")],
        note="ended a day before: its successor does",
    ),
    Case(
        26, [item("N0", "31/3", unit="N", approved="25/3"), item("N1", "30/6", unit="N", approved="5/4")], [],
        {("Q1", "N", "r1"): "0/1 0,0%", ("Q1", "N", "r3"): "0/1 0,0%", ("Q2", "N", "r3"): "0/2 0,0%"},
        units=[*TREE, unit("N", start="2026-03-20")],
        note="a new cell's items count once approved; its report: test_papers.py",
    ),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"case {case.number} {case.note}".strip())
def test_a_reorganised_case_comes_out_as_it_is_written(case, tmp_path, year_after):
    load(tmp_path, units=case.units, items=case.items, events=case.events, successions=case.successions)
    printed = {quarter: closed_rates(quarter) for quarter in sorted({quarter for quarter, _, _ in case.expected})}
    found = {(q, code, rate): shown(printed[q].get(code), rate) for q, code, rate in case.expected}
    assert found == case.expected


def closed_rates(quarter):
    close(f"2026-{quarter}")
    return rates(f"2026-{quarter}")


P, Q, DISTRICT, COMMUNE, OTHER = (
    ["P", "Tỉnh ủy Một", "province_committee", "", "2020-01-01", "2025-07-01"],
    ["Q", "Tỉnh ủy Hai", "province_committee", "", "2020-01-01", "2025-07-01"],
    ["D", "Huyện ủy Mẫu", "district_committee", "P", "2020-01-01", "2025-07-01"],
    ["X", "Đảng ủy xã An", "grassroots_committee", "D", "2020-01-01", ""],
    ["Y", "Đảng ủy xã Bình", "grassroots_committee", "Q", "2020-01-01", ""],
)
NEW = ["N", "Tỉnh ủy Mới", "province_committee", "", "2025-07-01", ""]
SUMMER = [
    succession("dissolve", "D", "", "1/7", year=2025), succession("move", "X", "N", "1/7", year=2025),
    succession("merge", "P", "N", "1/7", year=2025), succession("merge", "Q", "N", "1/7", year=2025),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("moved", [True, False], ids=["communes moved", "communes follow their province"])
def test_cases_17_and_18_districts_end_and_provinces_merge_at_the_end_of_a_quarter(tmp_path, year_after, moved):
    items = [
        *(
            item(f"{owner}{n}", due, unit=owner, year=2025)
            for owner in "PDXY"
            for n, due in enumerate(["10/6", "10/9"])
        ),
    ]
    events = [[f"{owner}0", kind, at, on, ""] for owner in "PXY" for kind, at, on in (
        ("completed", "", "2025-06-01"), ("confirmed", "2025-06-02T09:00:00+07:00", ""))]  # fmt: skip
    reorganised = SUMMER if moved else [row for row in SUMMER if row[0] != "move"]
    load(tmp_path, units=[P, Q, DISTRICT, COMMUNE, OTHER, NEW], items=items, events=events, successions=reorganised)
    close("2025-Q2")
    close("2025-Q3")
    second, third = rates("2025-Q2"), rates("2025-Q3")
    assert {code: shown(row, "r2") for code, row in second.items()} == {
        "P": "2/3 66,7%", "D": "1/2 50,0%", "X": "1/1 100%", "Q": "1/1 100%", "Y": "1/1 100%",
    }  # fmt: skip
    assert {code: shown(row, "r2") for code, row in third.items()} == {
        "N": "3/8 37,5%", "X": "1/2 50,0%", "Y": "1/2 50,0%",
    }  # fmt: skip
    assert third["N"]["r3"]["N"] == second["P"]["r3"]["N"] + second["Q"]["r3"]["N"] == 8
