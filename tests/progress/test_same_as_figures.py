"""The columns a step leaves say what the figures read from the facts: one definition, two readers."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from completion.computing import judged_items
from completion.quarters import Quarter
from completion.rates import Check, Frame
from models_registry.models import WorkItem
from progress.lifecycle import owed_quarters
from progress.services import ask_change, decide_request, record_check, report_completion, take_item_step
from tests.progress import making
from tests.progress.making import claim, instant

WHY = "Lý do đủ dài để được nhận"
K = instant("2026-07-11", 0)
SECOND_QUARTER = Frame.of(Quarter(2026, 2), known_until=K)


def report(item, district, day, at):
    report_completion(item.pk, claim(day), by=district.secretary, at=instant(at))


def decide(item, district, kind, asked, decided, **days):
    request = ask_change(item.pk, kind, by=district.secretary, at=instant(asked), reason=WHY, **days)
    decide_request(request.pk, grant=True, by=district.head, at=instant(decided))


def confirm(item, district, at):
    take_item_step(item.pk, "confirm", by=district.committee, at=instant(at))


def refused_then_confirmed(item, district):
    report(item, district, "2026-03-01", "2026-03-02")
    take_item_step(item.pk, "refuse", by=district.committee, at=instant("2026-03-05"), reason=WHY)
    report(item, district, "2026-04-05", "2026-04-06")
    confirm(item, district, "2026-04-07")


def revoked(item, district):
    report(item, district, "2026-03-01", "2026-03-02")
    confirm(item, district, "2026-03-05")
    take_item_step(item.pk, "revoke", by=district.committee, at=instant("2026-05-05"), reason=WHY)


def extended_in_time_and_again_late(item, district):
    decide(item, district, "extend", "2026-03-10", "2026-03-20", due_on=dt.date(2026, 5, 30))
    decide(item, district, "extend", "2026-06-01", "2026-06-02", due_on=dt.date(2026, 9, 30))
    report(item, district, "2026-06-05", "2026-06-06")
    confirm(item, district, "2026-06-07")


def excluded(item, district):
    days = {"effective_on": dt.date(2026, 3, 1), "exclusion": "changed_plan"}
    decide(item, district, "exclude", "2026-03-10", "2026-03-12", **days)


def plainly_done(item, district):
    report(item, district, "2026-03-01", "2026-03-02")
    confirm(item, district, "2026-03-05")


@pytest.mark.parametrize(
    "story", [plainly_done, refused_then_confirmed, revoked, extended_in_time_and_again_late, excluded]
)
def test_columns_and_figures_tell_the_same(district, item, story):
    story(item, district)
    now = WorkItem.objects.get(pk=item.pk)
    ((_row, known),) = judged_items(SECOND_QUARTER, [item.pk])
    assert (known.due, known.completed_on, known.confirmed_at, known.excluded) == (
        now.due_in_force,
        now.completed_on,
        now.confirmed_at,
        now.excluded_at is not None,
    )


def stopped_in_may(item, district):
    decide(item, district, "terminate", "2026-05-10", "2026-05-12", effective_on=dt.date(2026, 5, 15))


def excluded_from_july(item, district):
    days = {"effective_on": dt.date(2026, 7, 1), "exclusion": "changed_plan"}
    decide(item, district, "exclude", "2026-06-10", "2026-06-12", **days)


def suspended_in_may(item, district):
    decide(item, district, "suspend", "2026-05-10", "2026-05-12", effective_on=dt.date(2026, 5, 15))


def completed_in_april(item, district):
    record_check(item.pk, 2, verdict="passed", by=district.committee, at=instant("2026-04-05"))
    report(item, district, "2026-04-05", "2026-04-06")
    confirm(item, district, "2026-04-07")


def completed_and_revoked(item, district):
    completed_in_april(item, district)
    take_item_step(item.pk, "revoke", by=district.committee, at=instant("2026-09-05"), reason=WHY)


def nothing_more(item, district):
    pass


@pytest.mark.parametrize(
    "story",
    [stopped_in_may, excluded_from_july, suspended_in_may, completed_in_april, completed_and_revoked, nothing_more],
)
@pytest.mark.parametrize("approved", ["2026-01-10", "2026-04-01"])
def test_screens_and_figures_tell_the_same_of_the_checks_owed(district, sheet, story, approved):
    work = making.item(sheet, ongoing=True, due=dt.date(2026, 12, 31), approved_at=instant(approved))
    story(work, district)
    at = instant("2027-02-01")
    work.refresh_from_db()
    owed = owed_quarters(work, work.facts.all(), today=at.date(), day_of=localdate)
    found = []
    for number in (1, 2, 3, 4):
        states = [state for _row, state in judged_items(Frame.of(Quarter(2026, number), known_until=at), [work.pk])]
        found += [number for state in states if state.check is not Check.NONE and not state.excluded]
    assert found == owed
