"""The head of a page of figures: up to when they are, by what waits to be folded and not by the clock of a task."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from completion import services
from completion.folding import fold_changes
from completion.models import Revision
from completion.quarters import ZONE, Quarter
from completion.queries.figures import passport_of
from completion.queries.freshness import freshness_of
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from progress.models import QuarterlyReport
from tests import factories
from tests.completion.archives import close, item, load

NOON = dt.datetime(2026, 5, 20, 12, tzinfo=ZONE)


def ago(**past):
    return NOON - dt.timedelta(**past)


@pytest.fixture
def folded(db, tmp_path):
    """Noon of 20 May 2026; the second quarter's figures were last folded at eleven."""
    with time_machine.travel(NOON, tick=False):
        load(tmp_path, items=[item(f"A{n}", "20/3") for n in range(3)])
        yield services.compute_provisional(Unit.objects.get(code="D"), Quarter(2026, 2), at=ago(hours=1))


@pytest.fixture
def head(client, folded):
    """The head of the page of figures as a leader reads it."""
    client.force_login(factories.person(Unit.objects.get(code="D"), "leader"))

    def read(name="unit", **query):
        answer = client.get(reverse(f"dashboards:{name}", args=[folded.period.root_id]), {"quarter": "2026-Q2"} | query)
        return " ".join(answer.text.partition('class="passport"')[2].partition("</p>")[0].split())

    return read


def change(instant):
    work = WorkItem.objects.first()
    ItemChange.objects.create(item=work, unit_id=work.unit_id, at=instant)


def report(instant):
    QuarterlyReport.objects.create(
        unit=Unit.objects.get(code="A"), year=2026, quarter=2, results="Kết quả", sent_at=instant,
        sent_by=factories.person(),
    )  # fmt: skip


def until(at=NOON):
    fresh = freshness_of(passport_of(Revision.objects.select_related("period").get(number=0)), at=at)
    return fresh.until, fresh.is_late, fresh.is_final


def test_where_nothing_waits_figures_are_of_now_however_long_ago_they_were_folded(folded):
    assert until() == (NOON, False, False)


@pytest.mark.parametrize("write", [change, report])
@pytest.mark.parametrize(("minutes", "late"), [(14, False), (15, True), (50, True)])
def test_what_waits_says_up_to_when_they_are_and_is_late_after_a_quarter_of_an_hour(folded, write, minutes, late):
    write(ago(minutes=minutes))
    assert until() == (ago(minutes=minutes), late, False)


def test_a_folding_that_runs_is_no_clock_either(folded):
    fold_changes(at=ago(seconds=3))
    assert until() == (ago(seconds=3), False, False)
    change(ago(minutes=20))  # committed after the folding, by somebody whose clock had said so before
    assert until() == (ago(minutes=20), True, False)
    fold_changes(at=NOON)
    assert until() == (NOON, False, False)


def test_from_the_closing_instant_on_they_are_final_and_never_late(folded):
    closes_at = folded.period.closes_at
    assert until(closes_at + dt.timedelta(days=1)) == (closes_at, False, True)


def test_the_head_says_so_with_a_word_and_what_to_do(head):
    assert "cập nhật đến 12:00" in head()
    assert 'class="freshness"' in head("passport")
    change(ago(minutes=20))
    for name in ("unit", "ranking", "items", "missing", "passport"):
        assert 'class="freshness is-late"' in head(name)
        assert "cập nhật đến 11:40" in head(name)
    assert "có thể thiếu việc xác nhận sau 11:40. Hãy tải lại trang" in head()
    ItemChange.objects.update(at=ago(days=1))
    assert "cập nhật đến 12:00 ngày 19/05/2026" in head()


def test_a_sealed_page_says_when_it_was_sealed(head):
    change(ago(hours=2))
    close("2026-Q1")
    said = head(quarter="2026-Q1")
    assert "Số liệu đến 11/04/2026 00:00" in said
    assert "chốt lúc 20/05/2026 12:00" in said
    assert "freshness" not in said
