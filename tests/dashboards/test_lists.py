"""From a number to exactly what makes it."""

import datetime as dt
import re
from html import unescape
from io import BytesIO
from urllib.parse import urljoin

import pytest
from django.urls import reverse
from django.utils.html import escape, strip_tags
from openpyxl import load_workbook

from completion.quarters import Quarter
from completion.queries import Behind, reading_of
from dashboards.queries import MISSING
from models_registry.models import MemberObligation, WorkItem
from organizations.models import HeadCount, Unit
from tests import factories
from tests.completion.archives import close, done, event, item, load
from tests.completion.archives import local as iso_local
from tests.completion.happenings import happen
from tests.dashboards.reading import page
from tests.models_registry import plans, registry_factories
from vietnamese.searching import search_text


def _at(day):
    return dt.datetime.fromisoformat(iso_local(day))


JUNE = "2026-06-30"


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


def test_names_of_individuals_stay_hidden_from_a_leader(leader, figures):
    WorkItem.objects.filter(code="A0").update(kind="IND", subject_name="Đảng viên mẫu", subject_number=3)
    answer = page(leader, "items", figures["D"], rate="r1", part="n")
    assert "Đảng viên mẫu" not in answer.content.decode()


def test_who_has_not_reported_is_a_list(leader, figures):
    answer = page(leader, "missing", figures["D"], what="reported")
    assert answer.status_code == 200
    assert page(leader, "missing", figures["D"], what="nothing").status_code == 404


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
