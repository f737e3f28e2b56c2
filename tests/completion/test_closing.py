from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from completion import services, tasks
from completion.models import Figure, FrozenUnit, ItemList, Period, Revision
from completion.quarters import Quarter
from journal import clock
from journal.models import Event, Link
from journal.services import chain_events
from organizations.models import Unit
from tests.completion.archives import close, done, event, item, load, rates
from tests.guards import guards_lifted
from tests.threads import at_once

ITEMS = [item("I1", "31/3"), item("I2", "31/3", unit="B"), item("I3", "30/6", kind="ISS")]
EVENTS = [*done("I1", "10/3"), event("I2", "revoked", "2/4")]


@pytest.fixture
def loaded(db, tmp_path, year_after):
    load(tmp_path, items=ITEMS, events=EVENTS)


def rows():
    return [list(model.objects.order_by("pk").values_list()) for model in (Revision, FrozenUnit, Figure, ItemList)]


def test_closing_twice_leaves_one_seal(loaded):
    """Case 20."""
    first, before = close("2026-Q1"), rows()
    assert close("2026-Q1") == first
    assert rows() == before
    assert Event.objects.filter(verb="quarter.sealed").count() == 1


def test_a_quarter_is_not_closed_before_the_databases_clock_shows_its_instant(loaded, settings):
    settings.CLOCK_TOLERANCE = 300
    period, now = services.period_of(root(), Quarter(2026, 3)), timezone.now()
    Period.objects.filter(pk=period.pk).update(closes_at=now + timedelta(seconds=150))
    with time_machine.travel(now + timedelta(seconds=250)):
        assert period.pk not in Period.objects.to_close(clock.instant()).values_list("pk", flat=True)
        tasks.close_period(period.pk)
    assert not Revision.objects.filter(period=period, sealed=True).exists()


def test_what_happens_later_changes_no_sealed_row(loaded, tmp_path):
    close("2026-Q1")
    before = rows()
    load(tmp_path / "more", units=[], items=[], events=[event("I1", "revoked", "20/5"), *done("I2", "1/3", "1/6")])
    close("2026-Q1")
    assert rows() == before


def test_the_hash_is_of_what_was_known_and_not_of_what_came_later(loaded, tmp_path):
    first = services.compute_provisional(root(), Quarter(2026, 1), at=timezone.now())
    load(
        tmp_path / "more",
        units=[],
        items=[],
        events=[event("I1", "revoked", "20/5"), event("I3", "extended", "1/6", value="2026-07-30")],
    )
    again = services.compute_provisional(root(), Quarter(2026, 1), at=timezone.now())
    assert again.input_hash == first.input_hash


def test_the_hash_changes_with_a_fact_of_the_quarter(loaded, tmp_path):
    first = services.compute_provisional(root(), Quarter(2026, 1), at=timezone.now())
    load(tmp_path / "more", units=[], items=[], events=done("I3", "1/3"))
    again = services.compute_provisional(root(), Quarter(2026, 1), at=timezone.now())
    assert again.input_hash != first.input_hash


def test_a_seal_holds_the_journal_to_what_it_was(loaded, settings, tmp_path):
    """Not in the hash of the figures, but beside it: who writes the journal anew from before a seal contradicts it."""
    settings.VAR_DIR = tmp_path
    chain_events(at=timezone.now())
    hash_before = services.compute_provisional(root(), Quarter(2026, 1), at=timezone.now()).input_hash
    close("2026-Q1")
    sealed = Revision.objects.get(sealed=True)
    assert (sealed.journal_head, sealed.input_hash) == (str(Link.objects.last()), hash_before)
    call_command("verify_journal", stdout=StringIO())
    with guards_lifted():
        Link.objects.all().delete()
        Event.objects.filter(pk=Event.objects.earliest("pk").pk).update(role="head")
    chain_events(at=timezone.now(), everything=True)
    position = sealed.journal_head.partition(":")[0]
    with pytest.raises(CommandError, match=f"vị trí {position}, .*khác với giá trị băm đã ghi"):
        call_command("verify_journal", stdout=StringIO())


@pytest.mark.django_db
def test_before_the_closing_instant_a_quarter_is_not_sealed(tmp_path):
    with time_machine.travel("2026-04-10T23:59:00+07:00", tick=False):
        load(tmp_path, items=ITEMS)
        with pytest.raises(CommandError, match="11/04/2026"):
            close("2026-Q1")
        assert not Revision.objects.exists()
        assert "revision 0 (provisional)" in close("2026-Q1", provisional=True)


@pytest.mark.django_db
def test_from_the_closing_instant_on_it_is(tmp_path):
    with time_machine.travel("2026-04-11T00:00:00+07:00", tick=False):
        load(tmp_path, items=ITEMS)
        assert "revision 1 (sealed): 7 rows" in close("2026-Q1")


def test_facts_are_taken_up_to_the_instant_asked_for(loaded):
    close("2026-Q1", as_of="2026-03-10T09:00:00+07:00")
    assert rates("2026-Q1")["D"]["r1"] == {"n": 0, "N": 2, "X": 0, "text": "0,0%"}
    assert rates("2026-Q1")["D"]["as_of"] == "2026-03-10T09:00:00+07:00"


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026", ""])
def test_an_unreadable_quarter_is_refused(loaded, quarter):
    with pytest.raises(CommandError):
        close(quarter)


def test_an_instant_without_offset_is_refused(loaded):
    with pytest.raises(CommandError):
        close("2026-Q1", as_of="2026-04-11T00:00:00")


def test_a_progress_bar_is_drawn_on_a_terminal_only(loaded):
    terminal = StringIO()
    terminal.isatty = lambda: True
    call_command("close_quarter", "2026-Q1", stdout=StringIO(), stderr=terminal, no_color=True)
    assert "100%" in terminal.getvalue()
    pipe = StringIO()
    call_command("close_quarter", "2026-Q2", stdout=StringIO(), stderr=pipe)
    assert pipe.getvalue() == ""


@pytest.mark.parametrize("table", ["revision", "frozenunit", "figure", "itemlist", "period"])
@pytest.mark.parametrize("statement", ["UPDATE completion_{} SET id = id", "DELETE FROM completion_{}"])
def test_the_database_refuses_to_change_sealed_rows(loaded, table, statement):
    close("2026-Q1")
    before = rows()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert rows() == before


def test_provisional_rows_may_be_replaced(loaded):
    close("2026-Q1", provisional=True)
    close("2026-Q1", provisional=True)
    assert Revision.objects.get().number == 0
    close("2026-Q1")
    assert list(Revision.objects.order_by("number").values_list("number", flat=True)) == [0, 1]


def test_a_closing_that_dies_before_its_commit_leaves_nothing(loaded, monkeypatch):
    """Case 20: killed half-way; here the database refuses the last rows."""

    class Killed(BaseException):
        pass

    def dies(*args, **kwargs):
        raise Killed

    monkeypatch.setattr("completion.services.record", dies)
    with pytest.raises(Killed):
        services.seal_quarter(root(), Quarter(2026, 1), at=timezone.now())
    assert rows() == [[], [], [], []]
    monkeypatch.undo()
    assert "revision 1 (sealed)" in close("2026-Q1")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_seal(tmp_path, year_after):
    """Case 20."""
    load(tmp_path, items=ITEMS, events=EVENTS)
    made = at_once(*[lambda: services.seal_quarter(root(), Quarter(2026, 1), at=timezone.now())] * 2)
    assert len({revision.pk for revision in made}) == Revision.objects.count() == 1
    assert FrozenUnit.objects.count() == 4


def test_the_closing_instant_moves_only_before_it_has_passed(loaded):
    period = services.period_of(root(), Quarter(2026, 1))
    moved = services.move_closing(
        period,
        period.closes_at + timezone.timedelta(days=3),
        reason="Nghỉ lễ kéo dài",
        by=None,
        at=period.ends_at,
    )
    assert Period.objects.get().closes_at == moved.closes_at
    with pytest.raises(ValueError):
        services.move_closing(moved, moved.closes_at, reason="Quá muộn", by=None, at=moved.closes_at)


def root():
    return Unit.objects.get(code="D")
