"""A unit's page of figures and what stands on it."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from completion.models import FigurePart, FrozenUnit
from completion.rates import COUNTERS
from completion.services import record_published
from models_registry.models import MemberObligation, WorkItem
from organizations.models import Unit
from tests import factories
from tests.completion.archives import close, done, item, load
from tests.dashboards.reading import MOST, page
from tests.models_registry import plans


def test_a_leader_reads_the_sealed_rate_of_the_own_unit_and_of_each_child(leader, figures):
    assert "60,0%" in page(leader, "unit", figures["G"], rate="r1").context["headline"]["text"]
    answer = page(leader, "children", figures["G"], rate="r1")
    rows = {row["name"]: (strip_tags(row["counts"]), strip_tags(row["text"])) for row in answer.context["children"]}
    assert rows == {"Chi bộ ấp 1": ("5/6", "83,3%"), "Chi bộ ấp 2": ("1/4, loại trừ 1", "25,0%")}
    assert "Đã chốt" in answer.content.decode()


def test_children_sort_by_the_exact_fraction_of_a_rate(leader, figures):
    names = [row["name"] for row in page(leader, "children", figures["G"], sort="r1").context["children"]]
    assert names == ["Chi bộ ấp 2", "Chi bộ ấp 1"]


def test_units_with_few_items_are_not_ranked_but_counted_apart(leader, figures):
    answer = page(leader, "ranking", figures["D"], rate="r1", unit_kind="cell")
    assert [(line["place"], line["name"]) for line in answer.context["rows"]] == [("1", "Chi bộ ấp 1")]
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


def test_a_printed_rate_stands_beside_ours_and_is_marked_where_it_differs(leader, figures):
    row = {"label": "Việc của cá nhân", "kind": "IND", "n": 133350, "base": 135720, "printed_rate": "98,2%"}
    at = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    record_published(figures["D"], 2026, [row | {"source": "Báo cáo"}], at=at)
    text = page(leader, "unit", figures["D"]).content.decode()
    assert "98,2%" in text and "98,3%" in text and "Khác số công bố" in text


def test_a_leader_starts_at_the_own_unit_and_a_board_at_what_it_serves(client, district):
    for person in (district.leader, district.head):
        client.force_login(person)
        answer = client.get(reverse("dashboards:start"), {"quarter": "2026-Q1"})
        assert answer.url == reverse("dashboards:unit", args=[district.top.pk]) + "?quarter=2026-Q1"


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


def test_a_wrong_order_is_told_by_a_name_people_know(leader, figures):
    assert "Sắp xếp: " in page(leader, "unit", figures["D"], sort="zz").content.decode()


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
