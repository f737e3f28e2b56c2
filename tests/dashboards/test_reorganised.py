"""What a leader reads of units that merged, were split or ended: both views, their labels, the bucket, the break."""

import csv
import itertools
from io import BytesIO, StringIO

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localdate
from openpyxl import load_workbook

from completion.bridges import BRIDGED
from completion.quarters import Quarter
from completion.queries import changes_of, recast_of, table_of
from completion.queries.bridge import bridge_between, reading_from, revisions_to_compare
from completion.queries.recast_items import RecastItems
from dashboards.packs.passport import passport_paper
from dashboards.recasting import shown_regrouped
from journal.lists import Asked
from models_registry.models import WorkItem
from organizations.models import Person, Unit
from progress.models import QuarterlyReport
from tests import factories
from tests.completion.archives import TREE, close, done, event, item, load, succession, unit
from tests.models_registry import plans

D, G, A, B = TREE
H = unit("H")
THEN, NOW = "Theo tổ chức tại thời điểm", "Quy đổi theo tổ chức hiện nay"


def old(code, owner, completed):
    """A work of 2025, due in its last quarter."""
    facts = [[code, "completed", "", "2025-11-10", ""], [code, "confirmed", "2025-11-11T09:00:00+07:00", "", ""]]
    return item(code, "20/12", unit=owner, year=2025), facts if completed else []


# A 1/2 and B 2/2 merge into C in February; S (1/3) is split into S1 and S2 in March; H (0/2) ends, and C takes a work.
OLD = [
    old("A1", "A", True), old("A2", "A", False), old("B1", "B", True), old("B2", "B", True),
    old("S1", "S", True), old("S2", "S", False), old("S3", "S", False), old("H1", "H", False), old("H2", "H", False),
]  # fmt: skip
UNITS = [
    D, G, [*A[:5], "2026-02-15"], [*B[:5], "2026-02-15"], unit("C", start="2026-02-15"),
    unit("S", end="2026-03-01"), unit("S1", start="2026-03-01"), unit("S2", start="2026-03-01"),
    unit("H", end="2026-03-10"),
]  # fmt: skip
CHANGED = [
    succession("merge", "A", "C", "15/2"), succession("merge", "B", "C", "15/2"),
    succession("split", "S", "S1", "1/3"), succession("split", "S", "S2", "1/3"),
    succession("dissolve", "H", "", "10/3"),
]  # fmt: skip
HANDED = [
    event("S1", "transferred", "1/3", "1/3", "S1"), event("S2", "transferred", "1/3", "1/3", "S2"),
    event("H1", "transferred", "10/3", "10/3", "C"),
    event("N1", "transferred", "1/3", "1/3", "S1"),
]  # fmt: skip
NEW = [item("N1", "31/3", unit="S"), item("N2", "31/3", unit="A"), item("N3", "31/3", unit="H")]


def owe_papers():
    """In 2025 A, B and S owed a report of the fourth quarter and a registration; A and S reported."""
    units = {one.code: one for one in Unit.objects.filter(code__in=("D", "A", "B", "S"))}
    opened = plans.round_of(units.pop("D"), year=2025)
    for owing in units.values():
        plans.obligation(opened, None, unit=owing)
    for code in "AS":
        of = {"unit": units[code], "year": 2025, "quarter": 4, "results": "Kết quả"}
        QuarterlyReport.objects.create(sent_at=factories.AT, sent_by=factories.person(), **of)


@pytest.fixture
def reorganised(db, tmp_path):
    """The last quarter of 2025 and the first of 2026, both sealed, read in May 2026."""
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        events = [fact for _, facts in OLD for fact in facts] + HANDED + done("N2", "1/3")
        load(tmp_path, units=UNITS, items=[row for row, _ in OLD] + NEW, events=events, successions=CHANGED)
        owe_papers()
        close("2025-Q4")
        close("2026-Q1")
        yield {one.code: one for one in Unit.objects.all()} | {"folder": tmp_path}


@pytest.fixture
def leader(client, reorganised):
    client.force_login(factories.person(reorganised["D"], "leader"))
    return client


def page(client, name, unit, *args, **query):
    return client.get(reverse(f"dashboards:{name}", args=[unit.pk, *args]), {"quarter": "2026-Q1"} | query)


def recast(client, unit, quarter="2025-Q4"):
    """({code: "n/N" of R3}, what is left) of a unit and its children of today."""
    answer = page(client, "regrouped", unit, quarter=quarter, rate="r3")
    table = answer.context["table"]
    rates = {row.code: row.rate("r3") for row in [table.row, *table.children]}
    return {code: f"{rate.n}/{rate.base}" for code, rate in rates.items()}, answer.context["rest"]


def test_a_closed_quarter_is_regrouped_by_item_to_the_units_of_today(leader, reorganised):
    """Case 13: C = A + B. Of the unit that was split two works are known; one of it and one of the ended are left."""
    found, rest = recast(leader, reorganised["G"])
    assert (found, rest) == ({"G": "4/7", "C": "3/5", "S1": "1/1", "S2": "0/1"}, "0/2")
    assert recast(leader, reorganised["C"]) == ({"C": "3/5"}, "")


def test_reports_and_registrations_follow_a_unit_as_a_whole_and_the_rest_is_told(leader, reorganised):
    answer = page(leader, "regrouped", reorganised["G"], quarter="2025-Q4", rate="r6")
    table = answer.context["table"]
    found = {
        row.code: [f"{row.rate(code).n}/{row.rate(code).base}" for code in ("r6", "r7")]
        for row in [table.row, *table.children]
    }
    assert found == {"G": ["1/2", "2/2"], "C": ["1/2", "2/2"], "S1": ["0/0", "0/0"], "S2": ["0/0", "0/0"]}
    assert "đã chia tách hoặc giải thể: 1/1 báo cáo quý, 1/1 đơn vị đăng ký." in answer.text


def test_what_was_sealed_stays_as_it_was_beside_it(leader, reorganised):
    answer = page(leader, "children", reorganised["G"], quarter="2025-Q4", rate="r3")
    rows = {row["name"]: strip_tags(row["counts"]) for row in answer.context["children"]}
    assert rows == {
        "Chi bộ ấp 1": "1/2", "Chi bộ ấp 2": "2/2", "Đơn vị S": "1/3", "Đơn vị H": "0/2",
    }  # fmt: skip
    assert answer.context["table"].row.rate("r3").base == 9


def test_a_waiting_work_is_regrouped_once_it_was_handed_over(leader, reorganised):
    """N3 waits in G's bucket at the end of the quarter; handed over in April it is regrouped to its new owner."""
    assert recast(leader, reorganised["G"], "2026-Q1") == ({"G": "1/2", "C": "1/1", "S1": "0/1", "S2": "0/0"}, "0/1")
    load(reorganised["folder"] / "more", units=[], events=[event("N3", "transferred", "20/4", "10/3", "S2")])
    assert recast(leader, reorganised["G"], "2026-Q1") == ({"G": "1/3", "C": "1/1", "S1": "0/1", "S2": "0/1"}, "")


def test_what_waits_in_an_open_quarter_is_told_apart_as_well(leader, reorganised):
    close("2026-Q2", provisional=True)
    for code, rates in (("G", {"G": "1/2", "C": "1/1", "S1": "0/1", "S2": "0/0"}), ("D", {"D": "1/2", "G": "1/2"})):
        assert recast(leader, reorganised[code], "2026-Q2") == (rates, "0/1")


def test_both_views_are_named_on_pages_and_in_files(leader, reorganised):
    for name, label in (("unit", THEN), ("regrouped", NOW)):
        answer = page(leader, name, reorganised["G"])
        current = [view["label"] for view in answer.context["views"] if view["current"]]
        assert current == [label]
        assert label in answer.content.decode()
    for name, label in (("export", THEN), ("regrouped_file", NOW)):
        text = page(leader, name, reorganised["G"], "csv", quarter="2025-Q4").content.decode("utf-8-sig")
        book = load_workbook(BytesIO(page(leader, name, reorganised["G"], "xlsx", quarter="2025-Q4").content))
        assert [label] in list(csv.reader(StringIO(text)))
        assert label in [row[0].value for row in book.worksheets[0].iter_rows(max_row=16)]
    assert ["Không quy đổi được: 0/2 việc"] in list(csv.reader(StringIO(text)))
    assert page(leader, "regrouped_file", reorganised["G"], "pdf").status_code == 404


def test_the_bucket_is_a_number_that_opens_its_works(leader, reorganised):
    """Case 15: what the ended unit left is counted in its parent, here one work."""
    answer = page(leader, "unit", reorganised["G"])
    assert "Chưa bàn giao: 1 việc" in answer.content.decode()
    listed = page(leader, "waiting", reorganised["G"])
    assert [(row.item.code, row.item.unit.code) for row, _ in listed.context["rows"]] == [("N3", "H")]
    above = page(leader, "unit", reorganised["D"]).content.decode()
    assert "Chưa bàn giao ở các đơn vị bên dưới: 1 việc" in above
    assert not page(leader, "waiting", reorganised["C"]).context["rows"]


def test_a_successor_says_what_of_its_figures_it_inherited(leader, reorganised):
    shown = {code: page(leader, "unit", reorganised[code], rate="r1").content.decode() for code in ("C", "S1", "S2")}
    assert "trong đó kế thừa từ đơn vị cũ: 1/1 (100%)" in shown["C"]
    assert "trong đó kế thừa từ đơn vị cũ: 0/1 (0,0%)" in shown["S1"]
    assert "kế thừa" not in shown["S2"]


def test_the_chart_draws_a_break_where_the_organisation_changed(leader, reorganised):
    """Case 17: a break, not a fall."""
    quarters = [Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)]
    broken = {code: changes_of(reorganised[code], quarters).broken for code in ("G", "C", "D")}
    assert broken == {"G": {Quarter(2026, 1)}, "C": {Quarter(2026, 1)}, "D": set()}
    summer = [succession("move", "C", "D", "1/5", "1/5")]
    load(reorganised["folder"] / "moved", units=[], successions=summer)
    close("2026-Q2", provisional=True)
    assert Quarter(2026, 2) in changes_of(reorganised["G"], quarters).broken
    assert 'class="chart-break"' in page(leader, "unit", reorganised["G"], quarter="2026-Q2").content.decode()


def test_a_successor_leads_to_the_closed_rows_of_what_it_came_from(client, reorganised):
    """Case 18: whoever leads the new unit reads the old one's rows; who still leads the old one does as well."""
    for post in ("C", "A"):
        client.force_login(factories.person(reorganised[post], "leader"))
        answer = page(client, "unit", reorganised["A"], quarter="2025-Q4", rate="r3")
        assert answer.context["table"].row.rate("r3").base == 2
    came_from = page(client, "unit", reorganised["A"]).context["came_from"]
    assert came_from == []
    client.force_login(factories.person(reorganised["C"], "leader"))
    assert [one.code for one in page(client, "unit", reorganised["C"]).context["came_from"]] == ["A", "B"]


def test_an_ended_unit_opens_at_the_last_quarter_it_stood_to_the_end(leader, reorganised):
    answer = leader.get(reverse("dashboards:unit", args=[reorganised["A"].pk]))
    assert str(answer.context["choice"].quarter) == "2025-Q4"


@pytest.mark.parametrize("rows", [0, 30])
def test_regrouping_asks_as_few_questions_whatever_the_tree(leader, reorganised, rows, django_assert_max_num_queries):
    more = [unit(f"M{n}", end="2026-04-10") for n in range(rows)]
    items = [item(f"M{n}", "31/3", unit=f"M{n}") for n in range(rows)]
    into = [succession("merge", f"M{n}", "C", "10/4") for n in range(rows)]
    load(reorganised["folder"] / "many", units=more, items=items, successions=into)
    with django_assert_max_num_queries(13):
        page(leader, "regrouped", reorganised["G"])


def test_a_regrouped_figure_has_a_passport_and_each_number_opens_its_works(leader, reorganised):
    """Of units, quarters, sealed or open, rates and parts: list length = number."""
    WorkItem.objects.filter(code="B1").update(kind="IND", subject_name="Đảng viên mẫu", title="Việc của Đảng viên mẫu")
    close("2026-Q2", provisional=True)
    full, quarters = 0, (Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2))
    for code, quarter in itertools.product(("G", "C"), quarters):
        row = recast_of(reorganised[code], quarter, trend=(), day=localdate()).table.row
        for rate in ("r1", "r3", "r5"):
            figure = row.rate(rate)
            numbers = {"n": figure.n, "N": figure.base, "X": figure.x, "rest": figure.base - figure.n}
            for part, number in numbers.items():
                found = RecastItems(reorganised[code], quarter, rate, part, day=localdate())
                assert (len(found), len(found[0:99])) == (number, number), (code, str(quarter), rate, part)
                full += bool(number)
    assert full > 12
    shown = page(leader, "regrouped_passport", reorganised["C"], quarter="2025-Q4", rate="r3")
    told = [f"{what}: {value}" for what, value in shown.context["told"]]
    assert {"Đơn vị cũ: Chi bộ ấp 1, nay là Đơn vị C", "Đơn vị cũ: Đơn vị H"} <= set(told)
    assert sum("đã chốt, bản 1" in one and "mã băm" in one for one in told) == 1
    opened = {label: leader.get(url).context for label, _number, url in shown.context["parts"]}
    assert [number for _label, number, _url in shown.context["parts"]] == [3, 5, 2, 0]
    assert [len(one["rows"]) for one in opened.values()] == [3, 5, 2, 0]
    led = {row.told.item.code: (row.told.unit_name, row.now) for row, _ in opened["Tính vào mẫu số (N)"]["rows"]}
    assert led["A1"] == ("Chi bộ ấp 1", "Đơn vị C") and led["H1"] == ("Đơn vị H", "Đơn vị C")


def test_a_bridge_adds_up_over_units_merged_split_moved_and_ended(leader, reorganised):
    """From the quarter before to the one of the changes, and on to an open one into which C moved up to D."""
    moved = [succession("move", "C", "D", "1/5", "1/5")]
    load(
        reorganised["folder"] / "up", units=[], items=[item("N4", "10/6", unit="C", approved="2/4")], successions=moved
    )
    close("2026-Q2", provisional=True)
    steps = set()
    for code in ("D", "G", "C", "S1", "S2"):
        unit = reorganised[code]
        readings = [reading_from(one, unit) for one in revisions_to_compare(unit)[::-1]]
        for (before, after), rate in itertools.product(itertools.combinations(readings, 2), BRIDGED):
            bridge = bridge_between(before, after, rate)
            figures = [table_of(unit, one.frame.quarter).row.rate(rate) for one in (before, after)]
            assert [bridge.start, bridge.end] == [(one.n, one.base) for one in figures]
            sums = [sum(column) for column in zip(bridge.start, *bridge.sums.values(), strict=True)]
            assert (tuple(sums), {s: len(w) for s, w in bridge.items.items()}) == (
                bridge.end,
                {step: len(list(works)) for step, works in bridge.items.items()},
            )
            steps |= {(code, step) for step in bridge.sums}
    assert {("G", "moved_out"), ("G", "left"), ("C", "newly")} <= steps and ("D", "moved_out") not in steps


def test_the_passport_of_a_regrouped_figure_is_a_workbook_and_a_paper_too(
    leader, reorganised, django_assert_max_num_queries
):
    WorkItem.objects.filter(code="B1").update(kind="IND", subject_name="Đảng viên mẫu", title="Việc của Đảng viên mẫu")
    cells = {}
    for name in ("regrouped_passport", "regrouped_items"):
        url = f"{reverse(f'dashboards:{name}', args=[reorganised['C'].pk])}?quarter=2025-Q4&rate=r3"
        with django_assert_max_num_queries(16):
            assert leader.get(url).status_code == 200
        sheet = load_workbook(BytesIO(b"".join(leader.post(url, {"file": "xlsx"})))).active
        cells[name] = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        assert NOW in cells[name]
        assert not any("Đảng viên mẫu" in str(cell) for cell in cells[name])
    assert 5 in cells["regrouped_passport"] and "Chi bộ ấp 2, nay là Đơn vị C" in cells["regrouped_passport"]
    request = Asked(Person.objects.get(pk=leader.session["_auth_user_id"]), QueryDict("quarter=2025-Q4&rate=r3"))
    request.user.post = request.user.posts.get()
    paper = passport_paper(shown_regrouped(request, reorganised["C"].pk), at=factories.AT)
    assert "Chi bộ ấp 2, nay là Đơn vị C" in str(paper) and NOW.lower() in paper.trace
