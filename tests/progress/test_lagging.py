"""Trouble seen early: what is due soon and untouched, who will be too slow, and one click that reminds those."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from completion.quarters import Quarter
from dashboards.queries import glance_of
from journal.models import Event, Job, Notice
from progress.models import ChangeRequest, CompletionReport
from progress.pace import Pace
from progress.queries.items import untouched
from progress.queries.lagging import slow_units, stretches
from progress.services import report_completion
from progress.services.lagging import remind_lagging
from progress.tasks import remind_lagging_shown
from tests import factories
from tests.progress import making
from tests.progress.making import instant

MARCH = instant("2026-03-10")  # the work of `item` is due on the 20th
PACE = Pace(due=30, done=6, finished=6, before=5, passed=48, left=16)


@pytest.mark.parametrize(
    ("change", "short"),
    [
        ({}, 19),  # 24 open; 2 more at this quarter's pace, 5 at the end of the last
        ({"before": 24}, 0),  # it did as much at the end of the last quarter: nobody is condemned for doing so again
        ({"finished": 72}, 0),
        ({"due": 4, "done": 0, "finished": 0, "before": 0}, 0),  # few works
        ({"passed": 9}, 0),  # the quarter has only begun
        ({"due": 6, "done": 6}, 0),
        ({"left": 0, "before": 0}, 24),  # the last day
        ({"due": 5, "done": 0, "finished": 0, "before": 0}, 5),
    ],
)
def test_a_unit_is_measured_by_its_own_better_pace(change, short):
    assert replace(PACE, **change).short == short


@pytest.mark.django_db
def test_the_stretch_of_the_last_quarter_has_as_many_working_days_as_are_left():
    passed, left, since = stretches(dt.date(2026, 6, 15))
    assert (left, since) == (11, dt.date(2026, 3, 17))
    assert stretches(dt.date(2026, 6, 30)) == (passed + 11, 0, dt.date(2026, 4, 1))


@pytest.fixture
def march(db):
    with time_machine.travel(MARCH, tick=False):
        yield


@pytest.fixture
def head(client, district, march):
    client.force_login(district.head)
    return client


def told(item, **fields):
    given = {"result": "Đã đổ bê tông móng", "interim": True, "reported_by": factories.person(), "reported_at": MARCH}
    return CompletionReport.objects.create(item=item, **given | fields)


@pytest.mark.parametrize(
    ("happen", "listed"),
    [
        (lambda item: None, True),
        (lambda item: told(item, reported_by=None, reported_at=None), True),  # a draft nobody above has seen
        (told, False),
        (lambda item: told(item, interim=False, completed_on=dt.date(2026, 3, 9)), False),
        (
            lambda item: ChangeRequest.objects.create(
                item=item, kind="extend", reason="Chờ vật tư", asked_by=factories.person(), asked_at=MARCH
            ),
            False,
        ),
    ],
)
def test_untouched_is_what_nobody_above_was_told_anything_of(item, happen, listed):
    happen(item)
    found = untouched(type(item).objects.all(), dt.date(2026, 3, 10))
    assert found.exists() is listed
    assert not untouched(type(item).objects.all(), dt.date(2026, 3, 5)).exists()  # fifteen days before
    assert not untouched(type(item).objects.all(), dt.date(2026, 3, 21)).exists()  # overdue
    days = [dt.date(2026, 3, day) for day in (10, 5, 21)]
    glances = [glance_of(item.unit, Quarter(2026, 1), day, kind="ALL", revision=None) for day in days]
    assert [one.untouched for one in glances] == [int(listed), 0, 0]


@pytest.fixture
def three(district, item):
    """Three cells with an untouched work each: the cell, one reminded the day before, one nobody sits in."""
    making.item(making.sheet(district.other_cell, district.board))
    vacant = factories.unit("Chi bộ trống", parent=district.commune)
    sheet = making.sheet(district.cell, district.board)
    type(item).objects.filter(pk=making.item(sheet).pk).update(unit=vacant)
    remind_lagging("untouched", {district.other_cell.pk: "B"}, {}, by=district.head, at=MARCH - dt.timedelta(days=1))
    return [district.cell, district.other_cell, vacant]


def shown(page):
    return {one.unit: (one.told, one.why_not) for one in page.context["page_obj"]}


def press(client, page):
    token = page.text.partition('name="shown" value="')[2].partition('"')[0]
    answer = client.post(reverse("progress:untouched"), {"shown": token})
    job = Job.objects.latest("pk")
    remind_lagging_shown(job.pk)
    job.refresh_from_db()
    return answer, job


def reminded():
    rows = Notice.objects.filter(event__verb="unit.urged", event__at=MARCH)
    return {(row.recipient_id, row.event.unit_id, row.text) for row in rows}


def test_one_click_reminds_those_that_were_shown_and_only_those(district, head, three):
    cell, other, vacant = three
    page = head.get(reverse("progress:untouched"))
    assert shown(page)[cell.pk] == (str(district.secretary), "")
    assert "Đã được nhắc lúc 09/03/2026 09:00" in shown(page)[other.pk][1]
    assert "Chưa có bí thư" in shown(page)[vacant.pk][1]
    assert "Nhắc 1 đơn vị này" in page.text
    late = making.item(making.sheet(cell, district.board))  # more of the same unit: told as it is now
    answer, job = press(head, page)
    said = "2 việc đến hạn trong 14 ngày chưa có tiến độ, gần nhất 20/03/2026"
    assert reminded() == {(district.secretary.pk, cell.pk, f"{district.board} nhắc: {said}")}
    assert answer.url == reverse("journal:job", args=[job.pk])
    assert (job.state, job.message) == ("done", "Đã nhắc 1 đơn vị (1 người).")
    again = head.get(job.result["url"])
    assert "Đã được nhắc lúc 10/03/2026 09:00" in shown(again)[cell.pk][1]
    assert again.context["ready"] == 0
    assert late.pk


def test_begun_anew_it_reminds_nobody_twice_and_still_counts_them(district, head, three):
    cell = three[0]
    _answer, job = press(head, head.get(reverse("progress:untouched")))
    outcome = remind_lagging("untouched", {cell.pk: "A"}, {}, by=district.head, at=MARCH, job=job.pk)
    assert (outcome.units, outcome.people, outcome.left) == (1, 1, [])
    other = remind_lagging("untouched", {cell.pk: "A"}, {}, by=district.head, at=MARCH)
    assert (other.units, other.left) == (0, [("A", "vừa được nhắc")])
    assert Event.objects.filter(verb="unit.urged", at=MARCH).count() == 1


def test_a_unit_that_moved_since_and_one_out_of_sight_are_left_and_it_is_said(district, head, item):
    page = head.get(reverse("progress:untouched"))
    report_completion(item.pk, making.claim("2026-03-09"), by=district.secretary, at=MARCH)
    _answer, job = press(head, page)
    assert job.message.splitlines()[0] == "Đã nhắc 0 đơn vị (0 người)."
    assert "vừa có tiến độ" in job.message
    stranger = factories.person(district.other_commune, "committee")
    outcome = remind_lagging("untouched", {district.cell.pk: "A"}, {}, by=stranger, at=MARCH)
    assert outcome.left == [("A", "không còn trong phạm vi của bạn")]
    assert reminded() == set()


def test_what_was_shown_to_another_post_or_altered_reminds_nobody(district, head, item):
    page = head.get(reverse("progress:untouched"))
    token = page.text.partition('name="shown" value="')[2].partition('"')[0]
    assert head.post(reverse("progress:untouched"), {"shown": token[:-2]}).status_code == 409
    head.force_login(district.committee)
    assert head.post(reverse("progress:untouched"), {"shown": token}).status_code == 409
    assert not Job.objects.exists()


def test_a_slow_unit_is_told_by_its_integers(district, head, sheet):
    for n in range(6):
        done = {"state": "completed", "completed_on": dt.date(2026, 2, 3)} if n == 0 else {}
        making.item(sheet, due=dt.date(2026, 3, 25), **done)
    (slow,) = slow_units(district.head, {}, MARCH)
    assert (slow.unit, slow.pace.due, slow.pace.done, slow.count) == (district.cell.pk, 6, 1, 4)
    page = head.get(reverse("progress:slow"))
    assert "Xong hoặc đã báo cáo 1/6 việc đến hạn trong quý; còn 5 việc và 15 ngày làm việc" in strip_tags(page.text)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_cost_the_same_however_many_lag(district, head, rows, django_assert_max_num_queries):
    for n in range(rows):
        cell = factories.unit(f"Chi bộ {n}", parent=district.commune)
        factories.person(cell, "secretary")
        sheet = making.sheet(cell, district.board)
        for _ in range(5):
            making.item(sheet)
    for name in ("untouched", "slow"):
        with django_assert_max_num_queries(12):
            assert head.get(reverse(f"progress:{name}")).context["count"] == rows
    with django_assert_max_num_queries(12):
        head.get(reverse("progress:items"), {"when": "untouched"})
