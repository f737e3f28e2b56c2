"""The closing room: what came in and what is missing, each number with its list, moving G, and what is settled."""

import datetime as dt
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from completion.models import Period
from completion.quarters import midnight
from completion.queries.room import LINES
from completion.views.room import left_text
from journal.models import Event
from models_registry.models import CriterionSet, Obligation, RegistrationRound, Theme, WorkItem
from organizations.models import Unit
from progress.models import ChangeRequest, QuarterlyReport
from tests import factories
from tests.completion.archives import TREE, close, item, load

pytestmark = pytest.mark.django_db
ENDED = ["E", "Chi bộ đã giải thể", "cell", "G", "2020-01-01", "2026-02-20"]
ITEMS = [
    item("I1", "31/3"),
    item("I2", "20/3"),
    item("I3", "30/6", unit="B"),
    item("O1", "31/12", unit="B", ongoing=1),
    item("E1", "31/3", unit="E"),
    item("E2", "31/3", unit="E"),
]
EXPECTED = {
    "expected": 2, "received": 1, "late": 0, "missing": 1, "exempt": 0, "waiting": 2, "reported": 1, "silent": 3,
    "checks": 1, "extensions": 1, "requests": 1, "unregistered": 2, "corrections": 0,
}  # fmt: skip


@pytest.fixture
def april(tmp_path):
    """5 April 2026, six days before the first quarter is sealed: something of almost every line waits."""
    with time_machine.travel("2026-04-05T09:00:00+07:00", tick=False):
        load(tmp_path, units=[*TREE, ENDED], items=ITEMS)
        units = {unit.code: unit for unit in Unit.objects.all()}
        _owe(units)
        _wait(factories.person())
        close("2026-Q1", provisional=True)
        yield units


def _owe(units):
    """A and B owe a dossier and a report; A has reported."""
    board, first = units["D"], midnight(dt.date(2026, 1, 5))
    theme = Theme.objects.create(title="Chuyên đề", year_from=2026, year_to=2026, owner=board)
    kept = CriterionSet.objects.create(name="Tiêu chí", owner=board, dossier_kind="registration_sheet", year=2026)
    opened = RegistrationRound.objects.create(
        name="Đợt 1", year=2026, body=board, theme=theme, model_criteria=kept, sheet_criteria=kept,
        opens_on=first.date(), closes_on=first.date(), late_until=first.date(), opened_at=first,
    )  # fmt: skip
    for code in "AB":
        Obligation.objects.create(round=opened, unit=units[code], owes="registration_sheet")
    QuarterlyReport.objects.create(
        unit=units["A"], year=2026, quarter=1, results="Kết quả", sent_at=midnight(dt.date(2026, 4, 2)),
        sent_by=factories.person(),
    )  # fmt: skip


def _wait(asker):
    """I2 is reported and unconfirmed; an extension of I1 and an exclusion of I3 are undecided."""
    WorkItem.objects.filter(code="I2").update(state="reported", completed_on=dt.date(2026, 3, 19))
    for code, kind in (("I1", "extend"), ("I3", "exclude")):
        ChangeRequest.objects.create(
            item=WorkItem.objects.get(code=code), kind=kind, reason="Chờ vật tư", asked_by=asker,
            asked_at=midnight(dt.date(2026, 3, 1)),
        )  # fmt: skip


@pytest.fixture
def leader(client, april):
    client.force_login(factories.person(april["D"], "leader"))
    return client


@pytest.fixture
def administrator(client, april):
    client.force_login(factories.person(april["D"], "administrator"))
    return client


def address(name, root, *more, quarter="2026-Q1"):
    return reverse(f"completion:{name}", args=[root.pk, quarter, *more])


def counted(page):
    return {key: count for key, _label, count in page.context["tiles"]} | {
        line["key"]: line["count"] for line in page.context["open"]
    }


def test_the_room_counts_what_came_in_and_what_must_be_settled(leader, april):
    page = leader.get(address("room", april["D"]))
    found = counted(page)
    assert {key: found.get(key, 0) for key in LINES} == EXPECTED
    assert "11/04/2026 00:00" in page.text
    assert "còn 5 ngày 15 giờ" in page.text


@pytest.mark.parametrize("what", EXPECTED)
def test_each_number_opens_exactly_those(what, leader, april):
    page = leader.get(address("room_list", april["D"], what))
    assert len(page.context["rows"]) == EXPECTED[what]
    rows = load_workbook(BytesIO(leader.post(page.request["PATH_INFO"], {"file": "xlsx"}).getvalue())).active
    assert sum(row[0] is not None for row in rows.values) >= EXPECTED[what]


def test_each_row_leads_to_where_it_is_settled(leader, april):
    for what in ("missing", "waiting", "reported", "checks", "extensions", "unregistered"):
        for row in leader.get(address("room_list", april["D"], what)).context["rows"]:
            assert leader.get(row["url"]).status_code == 200, row


def test_an_administrator_sees_numbers_of_works_and_not_what_they_are(administrator, april):
    rows = administrator.get(address("room_list", april["D"], "reported")).context["rows"]
    assert [(row["title"], row["url"]) for row in rows] == [(f"Việc số {WorkItem.objects.get(code='I2').pk}", "")]


def test_what_is_settled_leaves_the_room(leader, april):
    WorkItem.objects.filter(code="I2").update(state="completed", confirmed_at=midnight(dt.date(2026, 4, 4)))
    page = leader.get(address("room", april["D"]))
    assert "reported" not in counted(page)
    assert "Báo cáo hoàn thành chờ xác nhận" in page.context["settled"]


def test_the_closing_is_put_off_with_a_reason_while_it_has_not_passed(administrator, april):
    moved = administrator.post(
        address("move_closing", april["D"]), {"day": "20/04/2026", "reason": "Chờ bàn giao sau sắp xếp."}
    )
    assert moved.url == address("room", april["D"])
    assert Period.objects.get().closes_at == midnight(dt.date(2026, 4, 20))
    event = Event.objects.get(verb="period.closing_moved")
    assert event.detail["reason"] == "Chờ bàn giao sau sắp xếp."


@pytest.mark.parametrize(
    ("day", "reason", "said"),
    [
        ("20/04/2026", "", "Hãy điền mục này."),
        ("20/04/2026", "ngắn", "Cần ít nhất 10 ký tự"),
        ("04/04/2026", "Muốn chốt sớm hơn.", "Giờ chốt mới phải sau 05/04/2026 09:00."),
    ],
)
def test_the_closing_is_not_moved_without_a_reason_nor_into_the_past(administrator, april, day, reason, said):
    answer = administrator.post(address("move_closing", april["D"]), {"day": day, "reason": reason})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert not Event.objects.filter(verb="period.closing_moved").exists()


def test_a_closing_that_has_passed_stays(administrator, april):
    with time_machine.travel("2026-04-11T00:00:00+07:00", tick=False):
        administrator.force_login(factories.person(april["D"], "administrator"))
        answer = administrator.post(
            address("move_closing", april["D"]), {"day": "20/04/2026", "reason": "Chờ bàn giao sau sắp xếp."}
        )
    assert (answer.status_code, "đã qua nên không dời được nữa" in answer.text) == (422, True)


@pytest.mark.parametrize(("role", "more"), [("leader", 0), ("leader", 30), ("administrator", 30)])
def test_the_room_costs_the_same_however_much_waits(client, april, tmp_path, role, more, django_assert_max_num_queries):
    client.force_login(factories.person(april["D"], role))
    load(tmp_path / "more", units=[], items=[item(f"M{n}", "31/3", unit="E" if n % 2 else "B") for n in range(more)])
    with django_assert_max_num_queries(12):
        client.get(address("room", april["D"]))
    for what in ("silent", "waiting"):
        with django_assert_max_num_queries(12):
            client.get(address("room_list", april["D"], what))


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (dt.timedelta(days=9, hours=14, minutes=5), "còn 9 ngày 14 giờ"),
        (dt.timedelta(hours=3, minutes=20), "còn 3 giờ 20 phút"),
        (dt.timedelta(seconds=-1), ""),
    ],
)
def test_how_long_is_left_is_told_in_two_units(left, said):
    assert left_text(left) == said
