"""The worked cases of docs/rates.md, 7, each through the archive, the closing and the printed rates.

Those of reorganisations (13-18 and the second half of 24) stand in test_reorganised_cases.py; 5, 28 and 30 are
arithmetic (test_rates.py); 25 and 26 are reports (test_papers.py).
"""

from dataclasses import dataclass, field

import pytest

from tests.completion.archives import TREE, close, done, event, item, load, rates


@dataclass
class Case:
    number: int
    items: list
    events: list
    # {(quarter, unit code, rate): "n/N" or "n/N X=x"}
    expected: dict
    units: list = field(default_factory=lambda: TREE)
    successions: list | None = None
    note: str = ""


def ten(due, completed, on="10/3"):
    return [item(f"I{n}", due) for n in range(10)], all_done("I", completed, on)


def all_done(prefix, count, on):
    return [fact for n in range(count) for fact in done(f"{prefix}{n}", on)]


def excluded(at, on, reason):
    return event("I9", "excluded", at, on, reason)


ONE = [item("I1", "20/3")]
EXTENDED = done("I1", "20/5", "21/5")
CASES = [
    Case(1, *ten("31/3", 8), {("Q1", "D", "r1"): "8/10 80,0%", ("Q1", "A", "r1"): "8/10 80,0%"}),
    Case(
        2,
        [item("I1", "31/3"), item("I2", "31/3")],
        [*done("I1", "31/3", "31/3 23:30:00"), *done("I2", "1/4", "1/4 00:10:00")],
        {("Q1", "D", "r1"): "1/2 50,0%", ("Q2", "D", "r5"): "1/1 100%"},
    ),
    Case(3, ONE, done("I1", "28/3", "30/3"), {("Q1", "D", "r1"): "1/1 100%", ("Q1", "D", "r4"): "0/1 0,0%"}),
    Case(4, [item("I1", "31/3")], done("I1", "30/3", "10/4 23:59:59"), {("Q1", "D", "r1"): "1/1 100%"}, note="in time"),
    Case(
        4,
        [item("I1", "31/3")],
        done("I1", "30/3", "11/4 00:00:00"),
        {("Q1", "D", "r1"): "0/1 0,0%", ("Q2", "D", "r2"): "1/1 100%"},
        note="late",
    ),
    Case(6, [item("I1", "30/6")], [], {("Q1", "A", "r1"): "0/0 —", ("Q1", "D", "r1"): "0/0 —"}),
    Case(
        7,
        [item("A0", "31/3"), *(item(f"B{n}", "31/3", unit="B") for n in range(9))],
        [*done("A0", "1/3"), *done("B0", "1/3")],
        {("Q1", "A", "r1"): "1/1 100%", ("Q1", "B", "r1"): "1/9 11,1%", ("Q1", "G", "r1"): "2/10 20,0%"},
    ),
    Case(
        8, ten("20/3", 8)[0], [*ten("20/3", 8)[1], excluded("15/2", "15/2", "other")],
        {("Q1", "D", "r1"): "8/9 88,9% X=1"},
    ),
    Case(
        9, ten("20/3", 8)[0], [*ten("20/3", 8)[1], excluded("5/4", "20/3", "changed_plan")],
        {("Q1", "D", "r1"): "8/10 80,0%"}, note="changed plan",
    ),
    Case(
        9, ten("20/3", 8)[0], [*ten("20/3", 8)[1], excluded("5/4", "20/3", "duplicate")],
        {("Q1", "D", "r1"): "8/9 88,9% X=1"}, note="duplicate",
    ),
    Case(
        10,
        ONE,
        [event("I1", "extended", "10/3", value="2026-05-30"), *EXTENDED],
        {("Q1", "D", "r1"): "0/0 —", ("Q2", "D", "r1"): "1/1 100%", ("Q2", "D", "r4"): "1/1 100%"},
    ),
    Case(
        11,
        ONE,
        [event("I1", "extended", "25/3", value="2026-05-30"), *EXTENDED],
        {
            ("Q1", "D", "r1"): "0/1 0,0%",
            ("Q2", "D", "r1"): "0/0 —",
            ("Q2", "D", "r5"): "1/1 100%",
            ("Q2", "D", "r2"): "1/1 100%",
        },
    ),
    Case(
        21,
        [item("I1", "30/4", approved="5/4")],
        [],
        {("Q1", "D", "r1"): "0/0 —", ("Q1", "D", "r3"): "0/0 —", ("Q2", "D", "r1"): "0/1 0,0%"},
    ),
    Case(
        22,
        [item("I1", "31/3")],
        [event("I1", "transferred", "10/3", "10/3", "B")],
        {("Q1", "A", "r1"): "0/0 —", ("Q1", "B", "r1"): "0/1 0,0%", ("Q1", "G", "r1"): "0/1 0,0%"},
    ),
    Case(
        24,
        [item("I1", "31/3")],
        [],
        {("Q1", "A", "r1"): "0/1 0,0%", ("Q1", "G", "r1"): "0/1 0,0%"},
        units=[*TREE[:2], [*TREE[2][:5], "2026-04-01"], TREE[3]],
        note="stands to the end",
    ),
    Case(
        24,
        [item("I1", "31/3")],
        [],
        {("Q1", "A", "r1"): None, ("Q1", "G", "r1"): "0/1 0,0%", ("Q1", "B", "r1"): "0/0 —"},
        units=[*TREE[:2], [*TREE[2][:5], "2026-03-31"], TREE[3]],
        note="ended before: hangs from the nearest above",
    ),
    Case(
        27,
        [*(item(f"I{n}", "31/3") for n in range(10)), *(item(f"S{n}", "30/6") for n in range(5))],
        [
            *all_done("I", 8, "10/3"),
            *done("I8", "10/5"),
            *all_done("S", 5, "10/6"),
        ],
        {("Q2", "D", "r1"): "5/5 100%", ("Q2", "D", "r2"): "14/15 93,3%", ("Q2", "D", "r5"): "1/2 50,0%"},
    ),
    Case(
        29,
        [item("I1", "31/3", kind="ISS")],
        [*done("I1", "18/3", "20/3"), event("I1", "revoked", "5/5")],
        {("Q1", "D", "r1"): "1/1 100%", ("Q2", "D", "r2"): "0/1 0,0%", ("Q2", "D", "r5"): "0/0 —"},
    ),
    Case(
        31,
        [item("I1", "31/3", ongoing=1)],
        [],
        {
            ("Q1", "D", "r1"): "0/0 —",
            ("Q1", "D", "r3"): "0/1 0,0%",
            ("Q4", "D", "r1"): "0/1 0,0%",
            ("Q4", "D", "r3"): "0/1 0,0%",
        },
    ),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"case {case.number} {case.note}".strip())
def test_a_worked_case_comes_out_as_it_is_written(case, tmp_path, year_after):
    load(tmp_path, units=case.units, items=case.items, events=case.events)
    quarters = sorted({quarter for quarter, _, _ in case.expected})
    for quarter in quarters:
        close(f"2026-{quarter}")
    printed = {quarter: rates(f"2026-{quarter}") for quarter in quarters}
    found = {(q, unit, rate): shown(printed[q].get(unit), rate) for q, unit, rate in case.expected}
    assert found == case.expected


def shown(row, rate):
    if row is None:
        return None
    figure = row[rate]
    return f"{figure['n']}/{figure['N']} {figure['text']}" + (f" X={figure['X']}" if figure["X"] else "")
