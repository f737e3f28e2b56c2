"""The columns a step leaves say what the figures read from the facts: one definition, two readers."""

import datetime as dt

import pytest

from completion.computing import judged_items
from completion.quarters import Quarter
from completion.rates import Frame
from models_registry.models import WorkItem
from progress.services import ask_change, decide_request, report_completion, take_item_step
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
