"""The frozen tree by both clocks: names of then, trees that end, decisions known while a quarter is open."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from completion import folding, proving, services, tasks
from completion.models import FigurePart, FrozenUnit, Period, Revision
from completion.quarters import ZONE, Quarter
from completion.queries import table_of
from completion.roots import roots_on
from journal.models import Event
from organizations import services as units
from organizations.models import Succession, Unit
from tests import factories
from tests.completion.archives import TREE, close, item, load, succession, unit

pytestmark = pytest.mark.django_db
D, G, A, B = TREE


def at(text):
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def fresh(code):
    return Unit.objects.get(code=code)


def correct(code, on, instant, **changed):
    kept = fresh(code)
    data = {"name": kept.name, "code": kept.code, "kind": kept.kind} | changed
    units.correct_unit(kept, **data, on=on, by=None, at=instant)


def test_a_quarter_bears_the_names_and_kinds_of_just_before_its_end(tmp_path):
    """Renamed twice: in March, known in time; in April, before the quarter was closed. The kind changed in between."""
    with time_machine.travel("2026-04-20T09:00:00+07:00", tick=True):
        load(tmp_path)
        correct("A", dt.date(2026, 3, 1), at("03-01 09:00"), name="Chi bộ Tháng Ba")
        correct("A", dt.date(2026, 4, 2), at("04-02 09:00"), kind="grassroots_cell")
        correct("A", dt.date(2026, 4, 5), at("04-05 09:00"), name="Chi bộ Tháng Tư")
        correct("B", dt.date(2026, 3, 1), at("04-15 09:00"), name="Ghi sau giờ chốt")
        close("2026-Q1")
    frozen = FrozenUnit.objects.filter(unit__code__in="AB").order_by("code").values_list("name", "kind")
    assert list(frozen) == [("Chi bộ Tháng Ba", "cell"), ("Chi bộ ấp 2", "cell")]
    assert FrozenUnit.objects.get(unit__code="A").sort_key != fresh("A").sort_key


def test_a_merge_recorded_while_the_quarter_is_open_is_in_the_next_folding(tmp_path):
    with time_machine.travel("2026-05-20T12:00:00+07:00", tick=False):
        load(tmp_path, items=[item("A1", "30/6"), item("B1", "30/6", unit="B")])
        services.compute_provisional(fresh("D"), Quarter(2026, 2), at=timezone.now())
        successor = factories.unit("Chi bộ ấp 1 và 2", parent=fresh("G"), valid_from=dt.date(2026, 5, 10))
        for code in "AB":
            units.end_unit(
                fresh(code), on=dt.date(2026, 5, 10), by=None, at=timezone.now(),
                kind=Succession.Kind.MERGE, successors=[successor],
            )  # fmt: skip
        later = timezone.now() + dt.timedelta(minutes=1)
        folding.fold_changes(at=later)
        table = table_of(fresh("G"), Quarter(2026, 2))
        assert [(row.name, row.rate("r1").base) for row in table.children] == [("Chi bộ ấp 1 và 2", 2)]
        assert FigurePart.objects.get().r1_base == 2
        assert proving.prove(Period.objects.get(), at=later) == 0
        units.place_where_due(at=later)
        assert fresh("A").path.startswith(fresh(successor.code).path)


def test_the_period_of_a_tree_that_ended_before_its_quarter_did_is_given_up(tmp_path):
    two = [["P", "Tỉnh Một", "province_committee", "", "2020-01-01", ""], *TREE[1:]]
    two[1] = [*G[:3], "P", *G[4:]]
    with time_machine.travel("2026-05-20T12:00:00+07:00", tick=False):
        load(tmp_path, units=two, items=[item("A1", "30/6")])
        services.compute_provisional(fresh("P"), Quarter(2026, 2), at=timezone.now())
        period = Period.objects.get()
    with time_machine.travel("2026-07-12T12:00:00+07:00", tick=False):
        ended = [*two[0][:5], "2026-06-15"]
        load(
            tmp_path / "more",
            units=[ended, ["N", "Tỉnh Mới", "province_committee", "", "2026-06-15", ""]],
            successions=[succession("merge", "P", "N", "15/6")],
        )
        tasks.close_period(period.pk)
        assert not Period.objects.exists()
        assert Event.objects.get(verb="period.given_up").subject_id == period.pk
        tasks.close_period(period.pk)  # whoever comes second finds nothing to do
        close("2026-Q2")
    assert {(one.period.root.code, one.number) for one in Revision.objects.all()} == {("N", 1)}
    assert table_of(fresh("N"), Quarter(2026, 2)).row.rate("r1").base == 1


@pytest.mark.parametrize("cells", [1, 30])
def test_who_heads_a_tree_costs_the_same_however_many_lost_their_parent(tmp_path, cells, django_assert_num_queries):
    """The district ended without a successor: its cells hang from the province, which alone heads a tree."""
    rows = [
        ["P", "Tỉnh ủy", "province_committee", "", "2020-01-01", ""],
        ["D", "Huyện ủy", "district_committee", "P", "2020-01-01", "2026-03-01"],
        *(unit(f"C{n}", parent="D") for n in range(cells)),
    ]
    load(tmp_path, units=rows)
    with django_assert_num_queries(9):
        assert [root.code for root in roots_on(dt.date(2026, 4, 1))] == ["P"]


def test_a_unit_that_merged_into_one_below_it_loses_nobody(tmp_path, year_after):
    """G merges into its own cell A: A takes G's place, and B stands under A."""
    rows = [D, [*G[:5], "2026-02-15"], A, B]
    load(
        tmp_path, units=rows, items=[item("G1", "31/3", unit="G")], successions=[succession("merge", "G", "A", "15/2")]
    )
    close("2026-Q1")
    parents = dict(FrozenUnit.objects.values_list("code", "parent__code"))
    assert parents == {"D": None, "A": "D", "B": "A"}
    assert table_of(fresh("A"), Quarter(2026, 1)).row.rate("r1").base == 1


def test_a_province_that_merged_loses_nothing_however_late_that_was_recorded(tmp_path, year_after):
    """Nobody stands above a root to keep its bucket; a root put under another too late heads its own tree once more."""
    rows = [
        ["P", "Tỉnh Một", "province_committee", "", "2020-01-01", "2026-02-15"],
        ["N", "Tỉnh Mới", "province_committee", "", "2026-02-15", ""],
        ["K", "Đảng ủy Khối", "upper_grassroots_committee", "", "2020-01-01", ""],
        [*A[:3], "P", *A[4:]],
    ]
    late = [succession("merge", "P", "N", "15/2", "20/4"), succession("move", "K", "N", "15/2", "20/4")]
    items = [item(f"{owner}1", "31/3", unit=owner) for owner in "PKA"]
    load(tmp_path, units=rows, items=items, successions=late)
    close("2026-Q1")
    close("2026-Q2")
    totals = FrozenUnit.objects.filter(parent=None).order_by("revision__period__quarter", "code")
    assert list(totals.values_list("code", "figures__r3_base")) == [("K", 1), ("N", 2), ("N", 3)]
