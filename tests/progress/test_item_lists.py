import datetime as dt
from collections import namedtuple

import pytest
import time_machine
from django.urls import reverse

from progress.queries import paging
from progress.queries.items import items_matching, words_of
from progress.queries.paging import PER_PAGE
from progress.services import ask_change, report_completion, take_item_step
from tests.progress import making
from tests.progress.making import claim, instant

MARCH_19 = instant("2026-03-19")
DEFAULTS = {"year": 2026}
Plain = namedtuple("Plain", ["pk", "due_in_force"])


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MARCH_19, tick=False):
        yield


def listed(user, **values):
    found = items_matching(user, DEFAULTS | values, MARCH_19).speaking_of(words_of(values))
    return sorted(found.values_list("title", flat=True))


@pytest.fixture
def works(district, sheet):
    other = making.sheet(district.other_cell, district.board)
    make = making.item
    late = dt.date(2026, 3, 1)
    return {
        "late": make(sheet, title="trễ", due=late),
        "soon": make(sheet, title="sắp", due=dt.date(2026, 3, 31)),
        "far": make(sheet, title="xa", due=dt.date(2026, 9, 30), kind="ISS", folded=" to bao ve moi truong"),
        "excluded": make(sheet, title="loại", due=late, excluded_at=MARCH_19),
        "elsewhere": make(other, title="nơi khác", due=late),
        "planned": make(sheet, title="chưa duyệt", approved_at=None, state="planned"),
    }


def test_a_list_holds_approved_items_within_reach(district, works):
    assert listed(district.secretary) == ["loại", "sắp", "trễ", "xa"]
    assert listed(district.leader) == ["loại", "nơi khác", "sắp", "trễ", "xa"]
    assert listed(district.administrator) == []


@pytest.mark.parametrize(
    ("values", "titles"),
    [
        ({"when": "overdue"}, ["nơi khác", "trễ"]),
        ({"when": "soon"}, ["sắp"]),
        ({"quarter": 1}, ["loại", "nơi khác", "sắp", "trễ"]),
        ({"quarter": 3, "kind": "ISS"}, ["xa"]),
        ({"state": "completed"}, []),
        ({"year": 2025}, []),
        ({"q": "Tổ bảo vệ MÔI trường"}, ["xa"]),
    ],
)
def test_filters_narrow_the_list(district, works, values, titles):
    assert listed(district.leader, **values) == titles


def test_a_unit_narrows_to_itself_and_below_but_never_beyond_reach(district, works):
    assert listed(district.leader, unit=str(district.other_commune.pk)) == ["nơi khác"]
    assert listed(district.committee, unit=str(district.other_commune.pk)) == []


def test_mine_are_the_reports_that_wait_for_me(district, works):
    report_completion(works["soon"].pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    assert listed(district.committee, mine=True) == ["sắp"]
    assert listed(district.leader, mine=True) == []


def slice_of(found, **asked):
    """The page as plain ids."""
    return paging.slice_of(found, fields=("pk", "due_in_force"), make=Plain, **asked)


@pytest.mark.parametrize("sort", ["due", "-due", "-id"])
def test_walking_the_pages_forth_and_back_shows_every_row_once(district, sheet, sort):
    for number in range(PER_PAGE * 2 + 7):
        making.item(sheet, due=dt.date(2026, 4, 1 + number % 5))
    found = items_matching(district.leader, DEFAULTS, MARCH_19)
    order = {"due": ("due_in_force", "id"), "-due": ("-due_in_force", "-id"), "-id": ("-id",)}
    expected = list(found.order_by(*order[sort]).values_list("pk", flat=True))
    pages, page = [], slice_of(found, sort=sort)
    while True:
        pages.append(page)
        if not page.after:
            break
        page = slice_of(found, sort=sort, after=page.after)
    assert [row.pk for page in pages for row in page.rows] == expected
    assert [len(page.rows) for page in pages] == [PER_PAGE, PER_PAGE, 7]
    back = slice_of(found, sort=sort, before=pages[-1].before)
    assert (back.rows, bool(back.before)) == (pages[1].rows, True)
    first = slice_of(found, sort=sort, before=back.before)
    assert (first.rows, first.before) == (pages[0].rows, "")


@pytest.mark.parametrize("near", [10, paging.NEAR])
def test_a_search_shows_the_same_pages_whether_its_words_are_common_or_rare(district, sheet, monkeypatch, near):
    monkeypatch.setattr(paging, "NEAR", near)
    for number in range(PER_PAGE + 7):
        making.item(sheet, folded=f"trong cay {number}")
        making.item(sheet, folded=f"tham ho ngheo {number}")
    found = items_matching(district.leader, DEFAULTS, MARCH_19)
    spoken = list(found.speaking_of(["cay", "trong"]).order_by("due_in_force", "id").values_list("pk", flat=True))
    first = slice_of(found, sort="due", words=["cay", "trong"])
    second = slice_of(found, sort="due", words=["cay", "trong"], after=first.after)
    assert [row.pk for page in (first, second) for row in page.rows] == spoken
    assert len(spoken) == PER_PAGE + 7


def test_the_first_page_says_how_many_there_are_and_the_others_nothing(district, sheet, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED_TO", PER_PAGE + 5)
    for _ in range(PER_PAGE + 5):
        making.item(sheet)
    found = items_matching(district.leader, DEFAULTS, MARCH_19)
    first = slice_of(found, sort="due")
    assert (first.count, first.more_than) == (PER_PAGE + 5, None)
    second = slice_of(found, sort="due", after=first.after)
    assert (second.count, second.more_than) == (None, None)
    making.item(sheet)
    assert slice_of(found, sort="due").more_than == PER_PAGE + 5
    assert slice_of(found.filter(pk=sheet.items.first().pk), sort="due").count == 1


@pytest.mark.parametrize("cursor", ["", "x", "20260401", "99999999-1", "20260401-abc", "20260401-" + "9" * 40])
def test_an_unreadable_cursor_begins_at_the_beginning(client, district, item, cursor):
    client.force_login(district.leader)
    answer = client.get(reverse("progress:items"), {"after": cursor, "year": "2026"})
    assert answer.status_code == 200


def test_nonsense_in_the_address_is_as_if_it_were_not_there(client, district, item):
    client.force_login(district.leader)
    query = {"year": "năm", "unit": "-1", "kind": "?", "sort": "title; drop", "quarter": "9", "state": "x" * 500}
    assert item.title in client.get(reverse("progress:items"), query).content.decode()


@pytest.mark.parametrize("role", ["secretary", "committee", "head", "leader"])
@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_of_items_asks_no_more_for_more_rows(client, district, sheet, django_assert_max_num_queries, role, rows):
    for _ in range(rows):
        making.item(sheet, kind="IND", subject_name="A B")
    client.force_login(getattr(district, role))
    with django_assert_max_num_queries(12):
        client.get(reverse("progress:items"))


@pytest.mark.parametrize("role", ["secretary", "committee", "head", "leader"])
def test_an_items_page_keeps_its_budget(client, district, sheet, item, django_assert_max_num_queries, role):

    sheet.co_units.add(district.other_cell)
    reason = "Ảnh không cho thấy đèn sáng"
    for _ in range(3):
        report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
        take_item_step(item.pk, "refuse", by=district.committee, at=MARCH_19, reason=reason)
    ask_change(item.pk, "suspend", by=district.secretary, at=MARCH_19, reason=reason)
    client.force_login(getattr(district, role))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("progress:item", args=[item.pk])).content.decode()
    assert district.other_cell.name in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_to_confirm_keeps_its_budget(client, district, sheet, django_assert_max_num_queries, rows):
    for _ in range(rows):
        work = making.item(sheet)
        report_completion(work.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    client.force_login(district.committee)
    with django_assert_max_num_queries(12):
        client.get(reverse("progress:to_confirm"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_of_requests_keeps_its_budget(client, district, sheet, django_assert_max_num_queries, rows):
    for _ in range(rows):
        work = making.item(sheet, kind="IND", subject_name="A B")
        ask_change(work.pk, "suspend", by=district.secretary, at=MARCH_19, reason="Chờ bố trí kinh phí")
    client.force_login(district.head)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("progress:requests")).content.decode()
    assert page.count("Tạm dừng") == rows


def test_only_who_confirms_is_offered_what_waits_for_confirmation(client, district, item):
    for user, offered in ((district.committee, True), (district.leader, False), (district.clerk, False)):
        client.force_login(user)
        assert ('name="mine"' in client.get(reverse("progress:items")).content.decode()) is offered
