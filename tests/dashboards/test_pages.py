import csv
import datetime as dt
import re
from html import unescape
from io import BytesIO, StringIO
from urllib.parse import parse_qsl, urljoin

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape, strip_tags
from openpyxl import load_workbook

from completion.models import FigurePart, FrozenUnit
from completion.quarters import Quarter
from completion.queries import Behind, reading_of
from completion.rates import COUNTERS
from completion.services import record_published
from dashboards.queries import MISSING
from models_registry.models import MemberObligation, WorkItem
from organizations.models import HeadCount, Unit
from progress.models import QuarterlyCheck
from tests import factories
from tests.completion.archives import close, done, event, item, load
from tests.completion.archives import local as iso_local
from tests.completion.happenings import happen
from tests.models_registry import plans, registry_factories
from vietnamese.searching import search_text

ITEMS = [item(f"A{n}", "20/3") for n in range(6)] + [item(f"B{n}", "20/3", unit="B") for n in range(5)]
EVENTS = [
    *[row for n in range(5) for row in done(f"A{n}", "15/3")],
    *done("B0", "15/3"),
    event("B4", "excluded", "10/2", "10/2", "duplicate"),
]


def _at(day):
    return dt.datetime.fromisoformat(iso_local(day))


JUNE = "2026-06-30"


@pytest.fixture
def figures(db, tmp_path):
    """Two cells of one commune: A 5/6, B 1/4 with one excluded; the first quarter of 2026 is sealed."""
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        load(tmp_path, items=ITEMS, events=EVENTS)
        close("2026-Q1")
        yield {unit.code: unit for unit in Unit.objects.all()} | {"folder": tmp_path}


@pytest.fixture
def leader(client, figures):
    person = factories.person(figures["D"], "leader")
    client.force_login(person)
    return client


def page(client, name, unit, **query):
    args = [unit.pk] if name != "export" else [unit.pk, query.pop("form")]
    return client.get(reverse(f"dashboards:{name}", args=args), {"quarter": "2026-Q1"} | query)


def test_a_leader_reads_the_sealed_rate_of_the_own_unit_and_of_each_child(leader, figures):
    assert "60,0%" in page(leader, "unit", figures["G"], rate="r1").context["headline"]["text"]
    answer = page(leader, "children", figures["G"], rate="r1")
    rows = {row["name"]: (strip_tags(row["counts"]), strip_tags(row["text"])) for row in answer.context["children"]}
    assert rows == {"Chi bộ ấp 1": ("5/6", "83,3%"), "Chi bộ ấp 2": ("1/4, loại trừ 1", "25,0%")}
    assert "Đã chốt" in answer.content.decode()


@pytest.mark.parametrize(("part", "codes"), [("n", 6), ("N", 10), ("rest", 4), ("X", 1)])
def test_any_number_opens_exactly_the_items_that_make_it(leader, figures, part, codes):
    answer = page(leader, "items", figures["D"], rate="r1", part=part)
    assert len(answer.context["rows"]) == answer.context["page_obj"].paginator.count == codes
    assert all(row.reason for row, _shown in answer.context["rows"])


@pytest.mark.parametrize("code", ["r1", "r2", "r3", "r4", "r5"])
def test_the_links_beside_a_rate_open_lists_as_long_as_its_numbers(leader, figures, code):
    late = [item(f"L{n}", "20/3", unit="B") for n in range(4)]
    events = [*done("L0", "10/4"), *done("L1", "25/3"), *done("L2", "19/3")]
    load(figures["folder"] / "late", items=late, events=events)
    close("2026-Q2", provisional=True)
    answer = page(leader, "unit", figures["G"], quarter="2026-Q2", rate="r1")
    tiles = [answer.context["headline"], *answer.context["tiles"]]
    rate, counts = next((tile["rate"], tile["counts"]) for tile in tiles if tile["code"] == code)
    links = re.findall(r'href="([^"]+)"', counts)
    answers = {link[-1]: leader.get(urljoin(answer.request["PATH_INFO"], unescape(link))) for link in links}
    opened = {part: shown.context["page_obj"].paginator.count for part, shown in answers.items()}
    numbers = {"n": rate.n, "N": rate.base, "X": rate.x}
    assert opened == {part: number for part, number in numbers.items() if number}


def test_what_an_ended_unit_still_holds_is_listed_where_it_counts(leader, figures, django_assert_max_num_queries):
    ended = ["E", "Chi bộ đã giải thể", "cell", "G", "2020-01-01", "2026-03-01"]
    works = [item("E0", "20/2", unit="E"), item("E1", "20/3", unit="E"), item("E2", "20/6", unit="E")]
    load(figures["folder"] / "ended", units=[ended], items=works, events=[event("E1", "extended", "1/3", value=JUNE)])
    close("2026-Q2", provisional=True)
    asked = {"quarter": "2026-Q2", "rate": "r3", "part": "N"}
    assert page(leader, "unit", figures["G"], **asked).context["table"].row.rate("r3").base == 13
    with django_assert_max_num_queries(12):
        listed = page(leader, "items", figures["G"], **asked).context["page_obj"].paginator
    assert {"E0", "E1", "E2"} <= {row.item.code for row in listed.object_list}
    assert listed.count == 13
    assert page(leader, "items", figures["A"], **asked).context["page_obj"].paginator.count == 6


def test_the_number_of_overdue_works_opens_the_overdue_ones_of_the_unit(leader, figures):
    unit = figures["G"]
    link = f"{reverse('progress:items')}?unit={unit.pk}&year=2026&when=overdue"
    shown = re.search(rf'"{re.escape(escape(link))}">Việc quá hạn: (\d+)<', page(leader, "unit", unit).content.decode())
    assert shown, link
    assert len(leader.get(link).context["page"].rows) == int(shown[1]) > 0


def test_children_sort_by_the_exact_fraction_of_a_rate(leader, figures):
    names = [row["name"] for row in page(leader, "children", figures["G"], sort="r1").context["children"]]
    assert names == ["Chi bộ ấp 2", "Chi bộ ấp 1"]


def test_units_with_few_items_are_not_ranked_but_counted_apart(leader, figures):
    answer = page(leader, "ranking", figures["D"], rate="r1", unit_kind="cell")
    assert [(place, row.name) for place, row, *_rate in answer.context["rows"]] == [(1, "Chi bộ ấp 1")]
    assert [(label, count) for label, count, _units in answer.context["apart"]] == [("Ít việc", 1)]


@pytest.mark.parametrize(("works", "behind"), [(13, ["Chi bộ ấp 2"]), (14, [])])
def test_a_unit_that_shares_the_first_rank_is_not_told_to_need_help(leader, figures, works, behind):
    names = [f"L{n}" for n in range(works)]
    done_in_time = [row for name in names for row in done(name, "19/3")]
    load(figures["folder"] / "late", items=[item(name, "20/3", unit="B") for name in names], events=done_in_time)
    close("2026-Q2", provisional=True)
    answer = page(leader, "children", figures["G"], quarter="2026-Q2", rate="r2")
    assert [row["name"] for end in answer.context["ends"] for row in end["least"]] == behind


def test_a_quarter_without_figures_says_so(leader, figures):
    answer = page(leader, "unit", figures["D"], quarter="2026-Q2")
    assert answer.status_code == 200
    assert "Chưa có số liệu của quý này" in answer.content.decode()


@pytest.mark.parametrize("query", [{"quarter": "2026-Q9"}, {"kind": "XYZ"}, {"sort": "'; drop"}, {"rate": "r99"}])
def test_a_choice_that_does_not_exist_is_told_and_the_usual_shown(leader, figures, query):
    answer = leader.get(reverse("dashboards:unit", args=[figures["D"].pk]), query)
    assert answer.status_code == 422
    assert answer.context["choice"].kind == "ALL"


def test_names_of_individuals_stay_hidden_from_a_leader(leader, figures):
    WorkItem.objects.filter(code="A0").update(kind="IND", subject_name="Đảng viên mẫu", subject_number=3)
    answer = page(leader, "items", figures["D"], rate="r1", part="n")
    assert "Đảng viên mẫu" not in answer.content.decode()


def test_the_workbook_holds_numbers_and_the_passport(leader, figures):
    answer = page(leader, "export", figures["G"], form="xlsx", sort="name")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(answer.content)).active.iter_rows()]
    assert rows[0][0] == "Đảng ủy xã An"
    assert [row[:2] + row[2:6] for row in rows if row[1] == "A"] == [["Chi bộ ấp 1", "A", 5, 6, 0, 5 / 6]]


def test_the_checks_of_ongoing_works_open_and_are_in_the_files(leader, figures, tmp_path):
    load(tmp_path / "steady", items=[item(f"S{n}", "31/12", ongoing=1) for n in range(2)])
    QuarterlyCheck.objects.create(
        item=WorkItem.objects.get(code="S0"), quarter=2, verdict="passed", recorded_at=factories.AT
    )
    close("2026-Q2", provisional=True)
    answer = page(leader, "unit", figures["D"], quarter="2026-Q2", rate="r8")
    told = answer.context["headline"]
    assert (told["code"], told["rate"].n, told["rate"].base, told["text"]) == ("r8", 1, 2, "50,0%")
    answer = page(leader, "items", figures["D"], quarter="2026-Q2", rate="r8", part="rest")
    assert [row.reason for row, _shown in answer.context["rows"]] == ["Quý II/2026 chưa được kiểm tra – không tính"]
    assert "Chưa đạt hoặc chưa kiểm tra (N trừ n)" in answer.content.decode()
    answer = page(leader, "export", figures["D"], form="csv", quarter="2026-Q2")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    head = next(row for row in rows if row[:1] == ["Đơn vị"])
    assert head[-5:-2] == [f"R8 · Việc thường xuyên: {part}" for part in ("n", "N", "X")]
    assert rows[rows.index(head) + 1][-5:-2] == ["1", "2", "0"]


def test_the_csv_holds_the_same_rows_and_no_formula(leader, figures):
    Unit.objects.filter(code="A").update(name="=1+1")
    answer = page(leader, "export", figures["G"], form="csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:5] for row in rows[-2:]] == [["Chi bộ ấp 1", "A", "5", "6", "0"], ["Chi bộ ấp 2", "B", "1", "4", "1"]]


def test_a_printed_rate_stands_beside_ours_and_is_marked_where_it_differs(leader, figures):
    row = {"label": "Việc của cá nhân", "kind": "IND", "n": 133350, "base": 135720, "printed_rate": "98,2%"}
    at = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    record_published(figures["D"], 2026, [row | {"source": "Báo cáo"}], at=at)
    text = page(leader, "unit", figures["D"]).content.decode()
    assert "98,2%" in text and "98,3%" in text and "Khác số công bố" in text


def test_who_has_not_reported_is_a_list(leader, figures):
    answer = page(leader, "missing", figures["D"], what="reported")
    assert answer.status_code == 200
    assert page(leader, "missing", figures["D"], what="nothing").status_code == 404


def test_a_leader_starts_at_the_own_unit_and_a_board_at_what_it_serves(client, district):
    for person in (district.leader, district.head):
        client.force_login(person)
        answer = client.get(reverse("dashboards:start"), {"quarter": "2026-Q1"})
        assert answer.url == reverse("dashboards:unit", args=[district.top.pk]) + "?quarter=2026-Q1"


def test_a_rate_leads_to_all_that_is_known_of_its_making(leader, figures):
    address = re.search(r'href="([^"]+)"', page(leader, "children", figures["G"]).context["children"][0]["r3"])[1]
    answer = leader.get(urljoin(reverse("dashboards:children", args=[figures["G"].pk]), unescape(address)))
    said = dict(answer.context["told"])
    assert [answer.context["unit"].code, said["Cây tổ chức"], said["Bản số liệu"], said["Số liệu đến"]] == [
        "A", "tại thời điểm hết ngày 31/03/2026", "Đã chốt, bản 1", "11/04/2026 00:00",
    ]  # fmt: skip
    for _label, number, url in answer.context["parts"]:
        assert leader.get(url).context["page_obj"].paginator.count == number


def test_each_quarter_of_the_trend_leads_to_its_passport_and_its_works(leader, figures):
    point = page(leader, "unit", figures["G"], rate="r1").context["trend"].rows[0]
    (passport,) = re.findall(r'href="([^"]+)"', point["rate"])
    assert leader.get(unescape(passport)).context["rate"].text == strip_tags(point["rate"]) == "60,0%"
    numbers = [leader.get(unescape(link)).context["page_obj"].paginator.count
               for link in re.findall(r'href="([^"]+)"', point["counts"])]  # fmt: skip
    assert numbers == [6, 10, 1]


def test_what_became_known_after_the_seal_changes_no_sealed_list(leader, figures):
    """The list says what was sealed, by the title of today; the facts only tell why."""
    work = WorkItem.objects.get(code="B1")
    happen(work, "completed", _at("2/5"), on=dt.date(2026, 3, 15))
    happen(work, "confirmed", _at("2/5"))
    WorkItem.objects.filter(code="B1").update(title="Tên mới của việc")
    shown = page(leader, "items", figures["B"], rate="r1", part="rest").context["rows"]
    told = {row.item.code: (work["title"], row.reason) for row, work in shown}
    assert told["B1"] == (
        "Tên mới của việc",
        "Đến hạn 20/03/2026, hoàn thành 15/03/2026, xác nhận muộn, lúc 02/05/2026 09:00, sau thời điểm chốt"
        " – không tính",
    )
    shown = page(leader, "items", figures["B"], rate="r1", part="X").context["rows"]
    assert [row.reason for row, _work in shown] == ["Loại trừ: Đăng ký trùng, quyết định 10/02/2026 – không vào mẫu số"]


def test_a_search_within_a_list_finds_titles_and_no_hidden_name(leader, figures):
    WorkItem.objects.filter(code="A0").update(kind="IND", subject_name="Đảng viên mẫu", subject_number=3)
    WorkItem.objects.filter(code="A1").update(title="Trồng cây", folded=search_text("Trồng cây"))
    asked = {"rate": "r1", "part": "N"}
    found = page(leader, "items", figures["D"], **asked, q="trong cay").context["page_obj"]
    assert [row.item.code for row in found.object_list] == ["A1"]
    assert page(leader, "items", figures["D"], **asked, q="mẫu").context["page_obj"].paginator.count == 0
    url = reverse("dashboards:items", args=[figures["D"].pk], query={"quarter": "2026-Q1", "q": "trong"} | asked)
    sheet = load_workbook(BytesIO(b"".join(leader.post(url, {"file": "xlsx"})))).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1]]
    assert [row[1] for row in rows[1:]] == ["Trồng cây"]


@pytest.mark.parametrize("quarter", [1, 2])
def test_a_search_finds_no_work_of_a_dossier_out_of_sight_but_counts_it(leader, figures, quarter):
    close("2026-Q2", provisional=True)
    board = factories.unit("Ban Tuyên giáo", Unit.Kind.ADVISORY_BODY, figures["D"])
    dossier = registry_factories.dossier(
        figures["A"], factories.person(figures["A"], "secretary"), plans.round_of(board)
    )
    WorkItem.objects.filter(code="A1").update(dossier=dossier, title="Trồng cây", folded=search_text("Trồng cây"))
    reading = reading_of(figures["D"], Quarter(2026, quarter))
    searched = [Behind(reading, "r3", "N", terms=[" trong"], unseen=unseen) for unseen in ((), {dossier.pk})]
    assert [found.count() for found in searched] == [1, 0]
    assert Behind(reading, "r3", "N", unseen={dossier.pk}).count() == Behind(reading, "r3", "N").count()


MOST = {
    "unit": 12,
    "children": 12,
    "rhythm": 12,
    "passport": 12,
    "items": 12,
    "ranking": 12,
    "missing": 12,
    "shared": 12,
}


@pytest.mark.parametrize("at", ["D", "G"])
@pytest.mark.parametrize("name", sorted(MOST))
def test_the_number_of_queries_does_not_depend_on_the_rows(
    leader, figures, name, at, tmp_path, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST[name]):
        page(leader, name, figures[at])
    more = [[f"C{n}", f"Chi bộ {n}", "cell", at, "2020-01-01", ""] for n in range(30)]
    works = [item(f"C{n}", "20/6", unit=f"C{n}") for n in range(30)]
    load(tmp_path / "more", units=more, items=works)
    close("2026-Q2", provisional=True)
    with django_assert_max_num_queries(MOST[name]):
        page(leader, name, figures[at], quarter="2026-Q2")


@pytest.mark.parametrize("at", ["D", "G"])
def test_all_that_may_stand_on_a_units_page_is_asked_in_twelve(leader, figures, at, django_assert_max_num_queries):
    close("2026-Q2", provisional=True)
    board = factories.unit("Ban Tuyên giáo", Unit.Kind.ADVISORY_BODY, figures["D"])
    opened = plans.round_of(board)
    plans.obligation(opened, None, unit=figures["A"])
    MemberObligation.objects.create(round=opened, unit=figures["B"], head_count=None, written_at=factories.AT)
    row = {"label": "Cấp ủy", "kind": "COL", "n": 9, "base": 10, "printed_rate": "", "order": 1, "source": "Báo cáo"}
    record_published(figures[at], 2026, [row], at=factories.AT)
    place = FrozenUnit.objects.get(unit=figures["A"], revision__number=0)
    counts = dict.fromkeys(COUNTERS, 0) | {"r2_base": 3, "r2_n": 1}
    FigurePart.objects.create(place=place, part="inherited", kind="COL", **counts)
    with django_assert_max_num_queries(MOST["unit"]):
        answer = page(leader, "unit", figures[at], quarter="2026-Q2")
    shown = [answer.context[name] for name in ("printed", "registrations")]
    assert [len(rows) for rows in shown] == [1, 1]
    assert answer.context["parts"]["inherited"].base == 3
    apart = {"D": [1], "G": ["—", "—"]}  # inherited, few
    assert [row["place"] for row in answer.context["chart"].rows] == apart[at]
    assert ("việc, có việc kế thừa" in answer.text) == (at == "G")


def test_a_province_with_hundreds_of_agencies_opens_in_as_few_queries(
    leader, figures, tmp_path, django_assert_max_num_queries
):
    agencies = [[f"S{n}", f"Sở {n}", "public_service_unit", "D", "2020-01-01", ""] for n in range(230)]
    works = [item(f"S{n}.{i}", "20/6", unit=f"S{n}", kind="ISS") for n in range(230) for i in range(6)]
    load(tmp_path / "agencies", units=agencies, items=works)
    close("2026-Q2", provisional=True)
    with django_assert_max_num_queries(MOST["unit"]):
        first = page(leader, "unit", figures["D"], quarter="2026-Q2")
    with django_assert_max_num_queries(MOST["children"]):
        answer = page(leader, "children", figures["D"], quarter="2026-Q2", sort="name")
    assert len(first.context["chart"].rows) == 10 and "221 đơn vị ở giữa" in first.text
    assert [len(answer.context["children"]), answer.context["page_obj"].paginator.count] == [50, 231]
    assert len(answer.content) < 100_000
    last = page(leader, "children", figures["D"], quarter="2026-Q2", sort="-name", page="5")
    assert last.context["children"][-1]["name"] == answer.context["children"][0]["name"]


@pytest.mark.parametrize("name", ["unit", "ranking"])
def test_the_choices_stand_as_the_address_asks(leader, figures, name):
    shown = page(leader, name, figures["D"], rate="r4", kind="IND").content.decode()
    for value in ("2026-Q1", "r4", "IND"):
        assert f'<option value="{value}" selected>' in shown
    assert '<option value="r1" >' in shown


def test_the_rates_of_each_kind_stand_together_as_sums_and_never_as_means(leader, figures):
    WorkItem.objects.filter(code__startswith="B").update(kind="IND")
    close("2026-Q2", provisional=True)
    lines = page(leader, "unit", figures["G"], quarter="2026-Q2").context["kinds"]
    assert [tuple(strip_tags(line[key]) for key in ("label", "r3", "r3_counts")) for line in lines] == [
        ("Việc của tập thể", "83,3%", "5/6"),
        ("Việc của cá nhân", "25,0%", "1/4, loại trừ 1"),
        ("Tập thể và cá nhân, cộng lại", "60,0%", "6/10, loại trừ 1"),
        ("Vấn đề bức xúc, nổi cộm", "—", "0/0"),
    ]
    alone = page(
        leader, "unit", figures["G"], **dict(parse_qsl(unescape(re.search(r'\?([^"]+)"', lines[1]["label"])[1])))
    )
    assert (alone.context["choice"].kind, alone.context["kinds"]) == ("IND", [])
    assert alone.context["table"].row.rate("r3").text == strip_tags(lines[1]["r3"])


def test_a_page_and_its_files_say_which_kind_of_works_they_count(leader, figures):
    said = "<span>Việc của tập thể</span>"
    for name in ("unit", "items", "ranking"):
        assert said in page(leader, name, figures["G"], kind="COL").content.decode()
        assert said not in page(leader, name, figures["G"]).content.decode()
    answer = page(leader, "export", figures["G"], form="csv", kind="COL")
    assert "\r\nViệc của tập thể\r\n" in answer.content.decode("utf-8-sig")


def test_a_wrong_order_is_told_by_a_name_people_know(leader, figures):
    assert "Sắp xếp: " in page(leader, "unit", figures["D"], sort="zz").content.decode()


def test_the_workbook_holds_the_kinds_of_works_on_a_sheet_of_their_own(leader, figures):
    answer = page(leader, "export", figures["G"], form="xlsx")
    figures_sheet, kinds, meanings = load_workbook(BytesIO(answer.content)).worksheets
    assert "đến hạn trong quý" in next(row[1].value for row in meanings.iter_rows() if "R1" in str(row[0].value))
    assert any("Ngưỡng" in str(row[0].value) for row in figures_sheet.iter_rows())
    rows = [[cell.value for cell in row] for row in kinds.iter_rows()]
    assert rows[0][0] == figures_sheet["A1"].value
    assert [row[:6] for row in rows[-4:-2]] == [
        ["Việc của tập thể", 6, 10, 1, 0.6, "60,0%"],
        ["Việc của cá nhân", 0, 0, 0, None, "—"],
    ]
    answer = page(leader, "export", figures["G"], form="xlsx", kind="COL")
    assert len(load_workbook(BytesIO(answer.content)).worksheets) == 2


@pytest.mark.parametrize("what", MISSING)
def test_the_units_behind_a_number_of_papers_are_exactly_those_it_counts(leader, figures, what):
    at = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    board = factories.unit("Ban Tuyên giáo", Unit.Kind.ADVISORY_BODY, figures["D"])
    opened = plans.round_of(board)
    third, fourth = (factories.unit(f"Chi bộ ấp {n}", parent=figures["G"]) for n in (3, 4))
    for unit, members in ((figures["A"], 3), (figures["B"], None), (third, 2), (fourth, 5)):
        freed = {"exempted_at": at, "exempt_reason": "Đang sắp xếp"} if unit == fourth else {}
        plans.obligation(opened, None, unit=unit, **freed)
        count = members and HeadCount.objects.create(
            unit=unit, valid_from=at.date(), members=members, exempt=1, exempt_reason="Tuổi cao", recorded_at=at
        )
        MemberObligation.objects.create(round=opened, unit=unit, head_count=count, written_at=at)
    close("2026-Q2", provisional=True)
    listed = page(leader, "missing", figures["D"], quarter="2026-Q2", what=what).context["page_obj"].paginator.count
    row = page(leader, "unit", figures["D"], quarter="2026-Q2").context["table"].row
    members = row.rate("r7m")
    assert (members.n, members.base, members.x) == (0, 3, 7)
    assert row.papers["uncounted"] == 1
    units = {"members": 2, "members_exempt": 3, "uncounted": 1, "members_owed": 2, "members_planned": 0}
    numbers = {"sent": ("r6", "n"), "sent_in_time": ("r6t", "n"), "owed": ("r6", "base")}
    numbers |= {"planned": ("r7", "n"), "obliged": ("r7", "base")}
    units |= {part: getattr(row.rate(rate), name) for part, (rate, name) in numbers.items()}
    rates = {"reported": "r6", "not_in_time": "r6t", "registered": "r7"}
    wanted = (
        units[what] if what in units else (row.rate(rates[what]).base - row.rate(rates[what]).n if what in rates else 1)
    )
    assert listed == wanted


def test_the_registrations_of_the_year_stand_on_the_page_and_lead_on(leader, figures):
    board = factories.unit("Ban Tuyên giáo", Unit.Kind.ADVISORY_BODY, figures["D"])
    factories.services.let_appraise(board, figures["D"], valid_from=factories.FOUNDED, by=None, at=factories.AT)
    opened = plans.round_of(board)
    plans.obligation(opened, None, unit=figures["A"])
    text = page(leader, "unit", figures["G"]).text
    assert "phải gửi 1 = 0 đúng hạn + 0 muộn + 1 chưa + 0 miễn" in text
    link = reverse("models_registry:round", args=[opened.pk]) + f"?unit={figures['G'].pk}&amp;status=missing"
    assert link in text
    assert leader.get(link.replace("&amp;", "&")).context["page_obj"].paginator.count == 1


def test_the_lists_behind_a_figure_are_taken_as_files(leader, figures):
    def lines(name, **query):
        url = reverse(f"dashboards:{name}", args=[figures["D"].pk], query={"quarter": "2026-Q1"} | query)
        answer = leader.post(url, {"file": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(answer))).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        return rows[next(number for number, row in enumerate(rows) if row[1] is not None) + 1 :]

    works = lines("items", rate="r1", part="n")
    assert (len(works), {row[3] for row in works}) == (6, {"Chi bộ ấp 1", "Chi bộ ấp 2"})
    assert [[row[0], *row[1:6], row[-1]] for row in lines("ranking", rate="r1", unit_kind="cell")] == [
        [1, "A", "Chi bộ ấp 1", 5, 6, 0, ""], [None, "B", "Chi bộ ấp 2", 1, 4, 1, "Ít việc"],
    ]  # fmt: skip
    shown = page(leader, "missing", figures["D"], what="reported").context["rows"]
    assert [row[1] for row in lines("missing", what="reported")] == [row.name for row, _above in shown]
