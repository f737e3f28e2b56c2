"""The search page: what is found, in which order, what is quoted, and what is not to be seen."""

import pytest
import time_machine
from django.urls import reverse

from models_registry import services
from models_registry.lifecycle import State
from models_registry.models import Dossier, WorkItem
from models_registry.queries import search as queries
from models_registry.services.search_text import refold
from tests import factories
from tests.models_registry import registry_factories as make
from tests.models_registry.showcase.making import LATER, approve, publish
from vietnamese.searching import asked

pytestmark = pytest.mark.django_db
SEARCH = reverse("models_registry:search")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def found(client):
    """Return a function that gives what a person finds, as (title, passage) with marks in brackets."""

    def search(person, **query):
        client.force_login(person)
        answer = client.get(SEARCH, query)
        assert answer.status_code == 200
        return [(_text(one.title), _text(one.passage)) for one in answer.context["found"]]

    return search


def _text(pieces):
    return "".join(f"[{text}]" if sought else text for text, sought in pieces)


def titles(rows):
    return [title.replace("[", "").replace("]", "") for title, _passage in rows]


def model(district, opened, title, **fields):
    made = make.full_model(district.cell, district.secretary, opened, title=title)
    return services.save_draft(made.pk, by=district.secretary, at=LATER, fields=fields)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoa binh", ["Hòa bình xanh", "Họa bình phong", "UBND đường hoa bình dân"]),
        ("hoạ bình", ["Họa bình phong", "Hòa bình xanh", "UBND đường hoa bình dân"]),
        ("bình phong", ["Họa bình phong"]),
        ("ủy ban nhân dân", ["UBND đường hoa bình dân"]),
        ("HOA BÌNH xanh", ["Hòa bình xanh"]),
        ("không có", []),
    ],
)
def test_every_word_is_found_and_exact_marks_come_first(district, opened, found, typed, expected):
    for title in reversed(["Hòa bình xanh", "Họa bình phong", "UBND đường hoa bình dân"]):
        model(district, opened, title)
    assert titles(found(district.secretary, q=typed)) == expected


def test_what_a_model_says_is_found_and_quoted_with_the_match_marked(district, opened, found):
    model(district, opened, "Đường hoa", goal="Ủy ban nhân dân xã lo <b>cây giống</b>", tags=["xanh"])
    assert found(district.secretary, q="UBND cay") == [("Đường hoa", "[Ủy ban nhân dân] xã lo <b>[cây] giống</b>")]
    assert found(district.secretary, q="duong xanh") == [("[Đường] hoa", "[xanh]")]


def test_the_page_escapes_what_it_quotes(client, district, opened):
    model(district, opened, "Đường hoa", goal="lo <b>cây giống</b>")
    client.force_login(district.secretary)
    assert "lo &lt;b&gt;<mark>cây</mark> giống&lt;/b&gt;" in client.get(SEARCH, {"q": "cây"}).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"year": "2026"}, ["Vườn", "Đường hoa"]),
        ({"year": "2025"}, []),
        ({"state": "approved"}, ["Đường hoa"]),
        ({"tag": "SẠCH đẹp"}, ["Vườn"]),
        ({"tag": "sạch"}, []),
        ({"programme": "dan_van_kheo"}, ["Vườn"]),
        ({"q": "hoa", "state": "draft"}, []),
        ({"q": "hoa", "state": "?", "year": "năm", "page": "x", "unit": "9" * 30}, ["Đường hoa"]),
        ({"in": "works", "kind": "COL", "q": "rác"}, ["Thu gom rác tại nguồn", "Thu gom rác tại nguồn"]),
        ({"in": "works", "kind": "ISS"}, []),
        ({"in": "sheets", "q": "hoa"}, []),
        ({"in": "đâu", "q": "hoa"}, ["Đường hoa"]),
        ({}, []),
    ],
)
def test_filters_stand_in_the_address(district, opened, found, query, expected):
    approve(model(district, opened, "Đường hoa"), district)
    model(district, opened, "Vườn", tags=["Sạch đẹp"], programmes=["dan_van_kheo"])
    assert titles(found(district.secretary, **query)) == expected


def test_a_board_narrows_to_a_unit_and_all_below(district, opened, found):
    for unit, by in ((district.cell, district.secretary), (district.other_cell, district.other_secretary)):
        approve(make.full_model(unit, by, opened, title=f"Đường hoa {unit.name}"), district)
    Dossier.objects.update(folded=" duong hoa ")
    expected = {district.commune.pk: ["Đường hoa Chi bộ ấp 1"], district.other_commune.pk: ["Đường hoa Chi bộ ấp 2"]}
    for pk, wanted in expected.items():
        assert titles(found(district.leader, q="hoa", unit=pk)) == wanted
    assert len(found(district.leader, q="hoa")) == 2


def test_only_what_is_in_sight_is_found_and_of_models_what_is_in_the_showcase(district, opened, found, other_district):
    made = approve(model(district, opened, "Đường hoa", goal="Gọi 0912 345 678 để nhận cây"), district)
    others = [district.other_secretary, district.administrator, other_district.head]
    assert [found(one, q="hoa") for one in others] == [[], [], []]
    publish(made, district)
    everyone = [district.other_secretary, district.administrator]
    assert [titles(found(one, q="hoa")) for one in everyone] == [["Đường hoa"]] * 2
    assert found(district.other_secretary, q="nhan cay")[0][1] == "Gọi (đã ẩn) để [nhận] [cây]"
    assert found(other_district.head, q="hoa") == []
    services.unpublish(made.pk, reason="Đơn vị đề nghị gỡ", by=district.head, at=LATER)
    assert [found(one, q="hoa") for one in everyone] == [[], []]
    assert titles(found(district.secretary, q="hoa")) == ["Đường hoa"]


def test_what_is_still_being_written_is_not_quoted_to_the_board(district, opened, found):
    made = approve(model(district, opened, "Đường hoa", goal="Trồng cây"), district)
    Dossier.objects.filter(pk=made.pk).update(state=State.REVISION_REQUESTED)
    assert found(district.head, q="trong cay") == [("Đường hoa", "")]
    assert found(district.secretary, q="trong cay") == [("Đường hoa", "[Trồng] [cây]")]


def test_an_individual_is_not_found_by_name_where_the_name_is_hidden(district, sheet, found):
    item = sheet.items.get(kind="IND")
    work = {"id": item.pk, "title": "Ông Nguyễn Văn Mẫu đọc sách", "subject_name": "Nguyễn Văn Mẫu"}
    row = {"subject_position": "Đảng viên", "subject_is_head": False, "expected_result": ""}
    services.save_draft(sheet.pk, by=district.secretary, at=LATER, rows={"IND": [work | row]})
    approve(sheet, district)
    WorkItem.objects.update(state="in_progress", approved_at=LATER, due_in_force=LATER.date())
    assert found(district.leader, q="nguyen van mau", **{"in": "works"}) == []
    assert titles(found(district.leader, q="doc sach", **{"in": "works"})) == ["Ông Đảng viên (số 1) đọc sách"]
    assert titles(found(district.secretary, q="doc sach", **{"in": "works"})) == ["Ông Nguyễn Văn Mẫu đọc sách"]


def test_of_very_many_the_nearest_are_shown_and_it_is_said(client, district, opened, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    monkeypatch.setattr("models_registry.views.search.MOST", 2)
    for n in range(3):
        model(district, opened, f"Đường hoa {n}")
    client.force_login(district.secretary)
    answer = client.get(SEARCH, {"q": "đường"})
    assert [_text(one.title) for one in answer.context["found"]] == ["[Đường] hoa 2", "[Đường] hoa 1"]
    assert "Có hơn 2 kết quả" in answer.content.decode()


@pytest.mark.parametrize("place", ["models", "sheets", "works"])
@pytest.mark.parametrize("count", [1, 30])
def test_a_search_costs_the_same_however_much_it_finds(
    client, district, opened, place, count, django_assert_max_num_queries
):
    kind = Dossier.Kind.REGISTRATION_SHEET if place == "sheets" else Dossier.Kind.PRACTICE_MODEL
    for n in range(count):
        unit = factories.unit(f"Chi bộ {n}", parent=district.commune)
        made = make.dossier(unit, district.secretary, opened, kind=kind, title="Đường hoa")
        make.item(made, title="Trồng hoa", state="in_progress", approved_at=LATER, due_in_force=LATER.date())
        refold(approve(made, district))
    client.force_login(district.leader)
    with django_assert_max_num_queries(12):
        answer = client.get(SEARCH, {"in": place, "q": "hoá", "year": 2026, "unit": district.commune.pk})
    assert len(answer.context["found"]) == count


@pytest.mark.parametrize("typed", ["đường", "duong hoa", "đương"])
def test_words_that_stand_everywhere_find_the_same_from_the_newest_alone(district, opened, monkeypatch, typed):
    for title in ("Đường hoa", "Đương hoa", "Đường tranh", "Đường hoa mới", "Vườn nhà"):
        model(district, opened, title)
    monkeypatch.setattr(queries, "MOST", 1)
    found = queries.matching(district.secretary, "models", {})
    monkeypatch.setattr(queries, "NEAR", 0)
    by_index = queries.best_first(found, asked(typed))
    monkeypatch.setattr(queries, "NEAR", 48)
    assert queries.best_first(found, asked(typed)) == by_index and len(by_index) == 2
