import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from completion.models import Comparison, FrozenUnit, Revision, Standing
from completion.peers import Apart, Contender, places_of, size_of
from completion.quarters import Quarter
from completion.queries.comparing import compared_below
from organizations.models import Unit
from tests import factories
from tests.completion.archives import TREE, close, done, item, load


def contender(unit, n, base, *, parent="G", kind="cell", works=12, registered=True, inherited=False):
    return Contender(unit, parent, kind, n, base, works, registered, inherited)


def test_case_30_equal_fractions_share_a_rank_and_few_works_stand_apart():
    places = places_of([contender("A", 8, 10), contender("B", 4, 5), contender("C", 2, 2)], few=5)
    assert [(places[unit].sibling_rank, places[unit].siblings) for unit in "ABC"] == [(1, 2), (1, 2), (None, 2)]
    assert [places[unit].apart for unit in "ABC"] == [Apart.NO, Apart.NO, Apart.FEW]


def test_peers_are_of_one_kind_and_size_wherever_they_stand():
    places = places_of(
        [
            contender("A", 9, 10), contender("B", 8, 10, parent="H"), contender("C", 40, 40, works=45),
            contender("D", 10, 10, kind="enterprise"), contender("E", 5, 10), contender("F", 9, 9, inherited=True),
            contender("U", 0, 0, registered=False), contender("N", 0, 0),
        ],
        few=5,
    )  # fmt: skip
    assert {unit: (place.peer_rank, place.peers) for unit, place in places.items()} == {
        "A": (1, 3), "B": (2, 3), "C": (1, 1), "D": (1, 1), "E": (3, 3), "F": (None, 3), "U": (None, 3), "N": (None, 3),
    }  # fmt: skip
    assert [places[unit].apart for unit in "FUN"] == [Apart.INHERITED, Apart.UNREGISTERED, Apart.NOTHING_DUE]
    assert [places[unit].sibling_rank for unit in "ACDE"] == [3, 1, 1, 4]


@pytest.mark.parametrize(("works", "size"), [(0, 0), (9, 0), (10, 1), (29, 1), (30, 2), (10_000, 7)])
def test_a_class_of_size_begins_at_its_bound(works, size):
    assert size_of(works) == size


@pytest.fixture
def sealed(db, tmp_path):
    """Case 30 in a tree: A 8/10, B 4/5, C 2/2, N nothing; C1 came of a merge of X and Y: 5/5; Q1 is sealed."""
    units = [*TREE, *([code, f"Chi bộ {code}", "cell", "G", "2020-01-01", ""] for code in ("C", "N"))]
    units += [[code, f"Chi bộ {code}", "cell", "G", "2020-01-01", "2026-02-01"] for code in "XY"]
    units.append(["M", "Chi bộ mới", "cell", "G", "2026-02-01", ""])
    merged = [["merge", code, "M", "2026-02-01", "2026-02-01T09:00:00+07:00"] for code in "XY"]
    sizes = {"A": (8, 10), "B": (4, 5), "C": (2, 2), "X": (3, 3), "Y": (2, 2)}
    works = [item(f"{unit}{n}", "20/3", unit) for unit, (_n, base) in sizes.items() for n in range(base)]
    events = [row for unit, (count, _base) in sizes.items() for n in range(count) for row in done(f"{unit}{n}", "15/3")]
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        load(tmp_path, units=units, items=works, events=events, successions=merged)
        close("2026-Q1")
        yield {unit.code: unit for unit in Unit.objects.all()}


def test_the_ranks_are_sealed_with_the_figures_and_are_those_computed_from_them(sealed):
    stored = compared_below(sealed["G"], Quarter(2026, 1))
    computed = compared_below(sealed["G"], Quarter(2026, 1), kind="COL")
    order, rows = stored.order, stored.rows(stored.order.places)
    assert (order.is_stored, computed.order.is_stored) == (True, False)
    assert order.places == computed.order.places
    assert [(place, rows[unit].code) for place, unit in order.ranked] == [(1, "A"), (1, "B")]
    assert {why: [rows[unit].code for unit in units] for why, units in order.apart.items()} == {
        Apart.FEW: ["C"], Apart.UNREGISTERED: ["N"], Apart.INHERITED: ["M"],
    }  # fmt: skip
    revision = Revision.objects.get()
    assert Standing.objects.count() == FrozenUnit.objects.filter(revision=revision).count() == 7
    for rows in (Standing.objects.all(), Comparison.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_a_leader_reads_ranks_groups_quarters_and_who_stands_apart(sealed, client):
    client.force_login(factories.person(sealed["D"], "leader"))
    answer = client.get(reverse("dashboards:ranking", args=[sealed["G"].pk]), {"quarter": "2026-Q1"})
    shown = [
        (line["place"], line["code"], line["peers"], line["group"], line["trend"].count("Quý"))
        for line in answer.context["rows"]
    ]
    assert shown == [
        ("1", "A", "1/1", "Chi bộ trực thuộc, từ 10 đến 29 việc", 1),
        ("1", "B", "1/1", "Chi bộ trực thuộc, dưới 10 việc", 1),
    ]
    assert "Hạng được lưu khi chốt." in answer.text
    assert "Có việc kế thừa do sáp nhập, chia tách (1)" in answer.text
    answer = client.get(
        reverse("dashboards:ranking", args=[sealed["D"].pk]),
        {"quarter": "2026-Q1", "rate": "r1", "unit_kind": "cell", "size": "1"},
    )
    assert [line["code"] for line in answer.context["rows"]] == ["A"]
    assert "Khi chốt chỉ lưu hạng theo R2" in answer.text


def test_a_cell_reads_its_own_rank_without_the_names_of_others(sealed, client):
    client.force_login(factories.person(sealed["A"], "secretary"))
    answer = client.get(reverse("dashboards:ranking", args=[sealed["A"].pk]), {"quarter": "2026-Q1"})
    own = answer.context["own"]
    assert (own["siblings"], own["peers"]) == ("1/2", "1/1")
    assert "Chi bộ ấp 2" not in answer.text


def test_provisional_ranks_say_so(sealed, client):
    close("2026-Q2", provisional=True)
    client.force_login(factories.person(sealed["D"], "leader"))
    answer = client.get(reverse("dashboards:ranking", args=[sealed["G"].pk]), {"quarter": "2026-Q2"})
    assert "Hạng tạm tính" in answer.text
    assert [line["trend"].count("Quý") for line in answer.context["rows"]] == [2, 2]
    assert Standing.objects.filter(place__revision__number=0).count() == 0
