import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from completion import folding, proving, services, tasks
from completion.models import Figure, FrozenUnit, Period, Revision
from completion.quarters import ZONE, Quarter
from completion.queries import table_of
from journal.models import Event
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from progress.models import QuarterlyCheck
from tests import factories
from tests.completion.archives import item, load
from tests.completion.happenings import happen

ITEMS = [
    *(item(f"A{n}", due) for n, due in enumerate(["10/3", "20/3", "31/3", "30/6"])),
    *(item(f"B{n}", due, unit="B", kind="IND") for n, due in enumerate(["10/3", "31/3", "30/6"])),
    item("G0", "15/5", unit="G", kind="ISS"),
    *(item(f"S{n}", "31/12", unit=owner, kind="ISS", ongoing=1) for n, owner in enumerate(["A", "B"])),
]


@pytest.fixture
def spring():
    """Noon of 20 May 2026: the second quarter is open, the first is closed."""
    with time_machine.travel("2026-05-20T12:00:00+07:00", tick=False):
        yield


@pytest.fixture
def provisional(db, tmp_path, spring):
    load(tmp_path, items=ITEMS)
    return services.compute_provisional(root(), Quarter(2026, 2), at=timezone.now())


def root():
    return Unit.objects.get(code="D")


def at(text):
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def confirm(code, day):
    work = WorkItem.objects.get(code=code)
    happen(work, "completed", at(f"{day} 08:00"), on=at(f"{day} 08:00").date())
    happen(work, "confirmed", at(f"{day} 09:00"))


def record_check(code, verdict, instant, quarter=2):
    work = WorkItem.objects.get(code=code)
    ItemChange.objects.create(item=work, unit_id=work.unit_id, at=instant)
    why = "" if verdict == "passed" else "Chưa thấy làm"
    QuarterlyCheck.objects.create(item=work, quarter=quarter, verdict=verdict, remark=why, recorded_at=instant)


def top(rate, kind="ALL"):
    figure = table_of(root(), Quarter(2026, 2), kind=kind).row.rate(rate)
    return figure.n, figure.base, figure.x


def folded():
    """The rows of the figures by unit and kind, without those that count nothing."""
    rows = Figure.objects.filter(place__revision__number=0).order_by().values()
    names = dict(FrozenUnit.objects.values_list("pk", "code"))
    found = {}
    for row in rows:
        place, kind, _ = names[row.pop("place_id")], row.pop("kind"), row.pop("id")
        if any(row.values()):
            found[place, kind] = row
    papers = ("own_reported", "reported", "own_registered", "registered")
    return found, sorted(FrozenUnit.objects.order_by().values_list("code", *papers))


def test_a_confirmation_reaches_every_ancestor(provisional):
    assert top("r5") == (0, 5, 0)
    confirm("A0", "05-20")
    assert folding.fold_changes(at=timezone.now()) == 2
    assert top("r5") == (1, 5, 0)
    assert top("r2") == (1, 8, 0)
    assert not ItemChange.objects.exists()


def test_what_is_confirmed_while_a_folding_begins_waits_for_the_next(provisional):
    now, work = timezone.now(), WorkItem.objects.get(code="A0")
    happen(work, "completed", now - dt.timedelta(hours=1), on=now.date())
    happen(work, "confirmed", now + dt.timedelta(milliseconds=5))
    assert folding.fold_changes(at=now) == 1
    assert (top("r5"), ItemChange.objects.count()) == ((0, 5, 0), 1)
    assert folding.fold_changes(at=now + dt.timedelta(seconds=5)) == 1
    assert (top("r5"), ItemChange.objects.count()) == ((1, 5, 0), 0)


def test_a_check_reaches_every_ancestor(provisional):
    assert top("r8") == (0, 2, 0)
    record_check("S0", "passed", at("05-19 09:00"))
    folding.fold_changes(at=timezone.now())
    assert [top("r8"), top("r8", "IND")] == [(1, 2, 0), (0, 0, 0)]
    record_check("S0", "failed", at("05-19 10:00"))
    happen(WorkItem.objects.get(code="S1"), "terminated", at("05-19 11:00"), on=dt.date(2026, 5, 19))
    folding.fold_changes(at=timezone.now())
    assert top("r8") == (0, 1, 0)


def test_folding_says_as_of_when_the_figures_stand(provisional):
    later = timezone.now() + dt.timedelta(minutes=5)
    folding.fold_changes(at=later)
    assert Revision.objects.get().as_of == later


def test_what_is_handed_over_leaves_one_unit_and_joins_the_other(provisional):
    happen(WorkItem.objects.get(code="A3"), "transferred", at("05-19 09:00"), on=dt.date(2026, 5, 19), unit=unit("B"))
    folding.fold_changes(at=timezone.now())
    rows = {row.code: row.own for row in table_of(unit("G"), Quarter(2026, 2), kind="COL").children}
    assert (rows["A"][7], rows["B"][7]) == (3, 1)


def test_a_unit_founded_since_makes_the_figures_be_computed_anew(provisional):
    fresh = factories.unit("Chi bộ mới", parent=unit("G"), valid_from=dt.date(2026, 5, 1))
    work = WorkItem.objects.get(code="A3")
    happen(work, "transferred", at("05-20 09:00"), on=dt.date(2026, 5, 20), unit=fresh)
    folding.fold_changes(at=timezone.now())
    assert table_of(fresh, Quarter(2026, 2)).row.rate("r1").base == 1


def test_what_happens_in_another_year_changes_nothing_here(provisional):
    before = folded()
    ItemChange.objects.create(item=WorkItem.objects.first(), unit=unit("B"), at=timezone.now())
    folding.fold_changes(at=timezone.now())
    assert folded() == before


EVENTS = st.tuples(
    st.sampled_from([row[0] for row in ITEMS]),
    st.sampled_from(
        ["completed", "confirmed", "revoked", "extended", "excluded", "transferred", "terminated", "passed", "failed"]
    ),
    st.dates(dt.date(2026, 1, 6), dt.date(2026, 5, 19)),
    st.sampled_from(["A", "B", "G", "D"]),
    st.sampled_from(["other", "duplicate"]),
    st.booleans(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=st.lists(EVENTS, min_size=1, max_size=12))
def test_folding_is_the_same_as_computing_anew(provisional, events):
    now = timezone.now()
    for code, kind, day, owner, reason, fold in events:
        work = WorkItem.objects.get(code=code)
        instant = dt.datetime.combine(day, dt.time(9), ZONE)
        extra = {
            "completed": {"on": day},
            "extended": {"due_on": min(day + dt.timedelta(days=40), dt.date(2026, 12, 31))},
            "excluded": {"on": day, "exclusion": reason},
            "transferred": {"on": day, "unit": unit(owner)},
            "terminated": {"on": day},
        }.get(kind, {})
        if kind in ("passed", "failed"):
            record_check(code, kind, instant)
        else:
            happen(work, kind, instant, **extra)
        if fold:
            folding.fold_changes(at=now)
    folding.fold_changes(at=now)
    kept = folded()
    assert proving.prove(Period.objects.get(), at=now) == 0
    assert folded() == kept


def test_the_nightly_proof_tells_a_difference_mends_it_and_keeps_it(provisional, client):
    keeper = factories.person(root(), "administrator")
    client.force_login(keeper)
    Figure.objects.filter(place__unit=root(), kind="COL").update(r3_base=99)
    assert proving.prove(Period.objects.get(), at=timezone.now()) == 1
    event = Event.objects.get(verb="figures.differed")
    assert event.detail == {"cells": 1, "first": [[root().pk, "COL", "r3_base", 99, 4]], "quarter": "2026-Q2"}
    assert [notice.recipient for notice in event.notices.all()] == [keeper]
    assert top("r3", "COL") == (0, 4, 0)
    assert "1 ô lệch" in client.get(reverse("completion:proofs")).text
    rows = client.get(reverse("completion:proof", args=[event.pk])).context["page_obj"].object_list
    assert [(row["unit"], row["cell"], row["folded"], row["computed"]) for row in rows] == [
        ("Huyện ủy Mẫu", "Việc của tập thể, R3 N", 99, 4)
    ]
    assert proving.prove(Period.objects.get(), at=timezone.now()) == 0
    assert Event.objects.filter(verb="figures.proved").count() == 1
    assert "khớp" in client.get(reverse("completion:proofs")).text


@pytest.mark.postgres
def test_the_planner_is_told_of_the_first_figures_of_a_large_tree(db, tmp_path, spring, monkeypatch):
    monkeypatch.setattr(services, "LARGE", 3)
    load(tmp_path, items=ITEMS)
    services.compute_provisional(root(), Quarter(2026, 2), at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'completion_figure'")
        assert cursor.fetchone() == (Figure.objects.count(),)


def _lose_a_row():
    """A unit of the middle has no frozen row any more: no change below it can be folded."""
    rows = FrozenUnit.objects.filter(unit=unit("G"))
    Figure.objects.filter(place__in=rows).delete()
    rows.delete()


@pytest.mark.parametrize(
    ("break_it", "verb", "said", "counted"),
    [
        (_lose_a_row, "figures.unfolded", "mọi số đã được tính lại từ đầu", (1, 4, 0)),
        (lambda: Period.objects.update(ongoing_due="13-13"), "figures.unproved", "số tạm tính giữ nguyên", (0, 4, 0)),
    ],
)
def test_a_fault_in_a_proof_ends_it_and_is_kept_told_and_shown(provisional, client, break_it, verb, said, counted):
    client.force_login(factories.person(root(), "administrator"))
    confirm("A0", "05-20")
    break_it()
    tasks.prove_period(Period.objects.get().pk)
    event = Event.objects.get(verb__startswith="figures.")
    assert (event.verb, event.notices.count(), top("r3", "COL")) == (verb, 1, counted)
    assert reverse("completion:proof", args=[event.pk]) in client.get(reverse("completion:proofs")).text
    page = client.get(reverse("completion:proof", args=[event.pk])).text
    assert said in page
    assert event.detail["fault"] in page


def test_what_comes_between_folding_and_computing_is_no_difference(provisional):
    confirm("A0", "05-20")  # in the queue: the proof folds it itself, and leaves it to the folder
    assert proving.prove(Period.objects.get(), at=timezone.now()) == 0
    assert (top("r5"), ItemChange.objects.count()) == ((1, 5, 0), 2)
    folding.fold_changes(at=timezone.now())
    assert (top("r5"), ItemChange.objects.count()) == ((1, 5, 0), 0)


def test_a_tree_that_cannot_be_folded_keeps_its_changes_and_holds_up_no_other_year(provisional, monkeypatch):
    confirm("A0", "05-20")
    Period.objects.update(ongoing_due="99-99")  # what cannot be
    assert folding.fold_changes(at=timezone.now()) == 0
    assert ItemChange.objects.count() == 2
    Period.objects.update(ongoing_due="12-31")
    assert folding.fold_changes(at=timezone.now()) == 2
    assert top("r5") == (1, 5, 0)


def test_the_tasks_open_the_quarter_and_seal_it_at_its_closing_instant(db, tmp_path, monkeypatch):
    for task in (tasks.compute_period, tasks.close_period, tasks.prove_period):
        monkeypatch.setattr(task, "delay", task)
    with time_machine.travel("2026-05-20T12:00:00+07:00", tick=False):
        load(tmp_path, items=ITEMS)
        assert (tasks.open_quarters(), tasks.open_quarters()) == (1, 0)
        assert str(Revision.objects.get().period) == "2026-Q2"
        assert tasks.prove_figures() == 1
    with time_machine.travel("2026-07-10T23:59:59+07:00", tick=False):
        assert tasks.open_quarters() == 1  # the third, while the second still waits for its closing
        assert tasks.close_due_quarters() == 0
    with time_machine.travel("2026-07-11T00:00:00+07:00", tick=False):
        assert (tasks.close_due_quarters(), tasks.close_due_quarters()) == (1, 0)
    assert str(Revision.objects.get(sealed=True).period) == "2026-Q2"


def unit(code):
    return Unit.objects.get(code=code)
