import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from completion.models import FigurePart, Revision
from journal.models import Event
from organizations.models import Placement, Succession, Unit
from organizations.queries import tree_on
from tests.completion.archives import TREE, close, done, item, load, succession, unit, write_archive

pytestmark = pytest.mark.django_db

D, G, A, B = TREE
MERGED = [D, G, [*A[:5], "2026-02-15"], [*B[:5], "2026-02-15"], unit("C", start="2026-02-15")]
TWO_INTO_ONE = [succession("merge", "A", "C", "15/2"), succession("merge", "B", "C", "15/2")]
WHOLE = {
    "units": [*MERGED, unit("H", kind="grassroots_committee", parent="D")],
    "successions": [
        *TWO_INTO_ONE,
        succession("move", "C", "H", "1/3"),
        succession("rename", "G", "Đảng ủy xã An Mới", "1/3"),
        succession("rename", "G", "Đảng ủy phường An", "1/5"),
        succession("split", "C", "X", "1/8"),
        succession("split", "C", "Y", "1/8"),
        succession("dissolve", "X", "", "1/9"),
    ],
}
WHOLE["units"] = [
    *MERGED[:4], [*MERGED[4][:5], "2026-08-01"], WHOLE["units"][5],
    unit("X", start="2026-08-01", end="2026-09-01"), unit("Y", start="2026-08-01"),
]  # fmt: skip


def everything():
    models = (Unit, Placement, Succession, Event)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def fresh(code):
    return Unit.objects.get(code=code)


def test_reorganisations_are_loaded_with_their_places_names_and_paths(tmp_path, year_after):
    load(tmp_path, **WHOLE)
    told = Succession.objects.values_list("kind", "predecessor__code", "successor__code", "old_name", "new_name")
    assert list(told) == [
        ("merge", "A", "C", "", ""),
        ("merge", "B", "C", "", ""),
        ("move", "C", "H", "", ""),
        ("rename", "G", None, "Đảng ủy xã An", "Đảng ủy xã An Mới"),
        ("rename", "G", None, "Đảng ủy xã An Mới", "Đảng ủy phường An"),
        ("split", "C", "X", "", ""),
        ("split", "C", "Y", "", ""),
        ("dissolve", "X", None, "", ""),
    ]
    assert (fresh("G").name, fresh("G").folded_name) == ("Đảng ủy phường An", "dang uy phuong an")
    edges = Placement.objects.filter(unit__code="C").order_by("valid_from").values_list("parent__code", "valid_to")
    assert list(edges) == [("G", dt.date(2026, 3, 1)), ("H", dt.date(2026, 8, 1))]
    # What merged hangs below its successor, and where that went.
    assert fresh("A").ancestor_ids == [fresh(code).pk for code in ("D", "H", "C")]
    assert tree_on(dt.date(2026, 2, 20))[fresh("C").pk] == fresh("G").pk
    assert Event.objects.get(verb="successions.imported").detail["rows"] == 8


def test_loading_them_twice_changes_nothing(tmp_path, year_after):
    load(tmp_path, **WHOLE)
    before = everything()
    load(tmp_path, **WHOLE)
    assert everything() == before


def test_units_of_the_archive_may_carry_the_names_they_came_to_bear(tmp_path, year_after):
    rows = {"successions": [succession("rename", "A", "Chi bộ ấp 1", "1/3")]}
    load(tmp_path, **rows)
    load(tmp_path, **rows)
    assert fresh("A").name == "Chi bộ ấp 1"


def test_a_later_archive_ends_the_units_it_merges(tmp_path, year_after):
    load(tmp_path, items=[item("I1", "31/3")], events=done("I1", "1/3"))
    close("2026-Q1", provisional=True)
    load(tmp_path / "more", units=MERGED, successions=TWO_INTO_ONE)
    assert fresh("A").valid_to == dt.date(2026, 2, 15)
    assert not Placement.objects.filter(unit__code="A", valid_to__isnull=True).exists()
    assert not Revision.objects.exists()  # what it made old
    with pytest.raises(CommandError, match=r"units\.csv:4: "):
        load(tmp_path / "other", units=[D, G, [*A[:5], "2026-03-15"]], successions=TWO_INTO_ONE[:1])


BAD = [
    ([["fuse", "A", "B", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "NONE", "B", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "A", "NONE", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "A", "", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "A", "A", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["rename", "A", "", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["rename", "A", "x" * 301, "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["dissolve", "A", "NONE", "2026-02-15", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "A", "B", "15/2/2026", "2026-02-15T00:00:00+07:00"]], 2),
    ([["merge", "A", "B", "2026-02-15", "2026-02-15T00:00:00"]], 2),
    ([["merge", "A", "B", "2026-02-15"]], 2),
    ([succession("move", "G", "A", "15/2")], 2),
    ([succession("merge", "A", "B", "15/2"), succession("merge", "B", "A", "20/2")], 3),
    ([succession("merge", "A", "B", "15/2")] * 2, 3),
    ([succession("merge", "A", "B", "15/2"), succession("merge", "A", "G", "15/2", "15/2")], 3),
    ([succession("merge", "A", "B", "15/2"), succession("dissolve", "A", "", "15/2")], 3),
    ([succession("move", "A", "D", "15/2", year=2019)], 2),
    ([succession("rename", "L", "Tên mới", "15/2")], 2),
    ([succession("move", "A", "L", "15/2")], 2),
]


@pytest.mark.parametrize(("rows", "line"), BAD)
def test_a_bad_row_is_told_by_its_line_and_nothing_is_written(tmp_path, rows, line):
    with pytest.raises(CommandError) as refusal:
        late = unit("L", start="2026-04-01")
        call_command("import_history", str(write_archive(tmp_path, units=[*TREE, late], successions=rows)))
    [problem] = str(refusal.value).splitlines()[1:]
    assert problem.startswith(f"successions.csv:{line}: ")
    assert not Unit.objects.exists()


def test_units_may_change_places_on_one_day(tmp_path, year_after):
    units = [D, G, unit("K", "G", kind="section_committee"), unit("L", "K")]
    load(tmp_path, units=units, successions=[succession("move", "K", "L", "1/3"), succession("move", "L", "G", "1/3")])
    assert fresh("K").ancestor_ids == [fresh(code).pk for code in ("D", "G", "L")]


def test_parts_of_sealed_figures_are_never_changed(tmp_path, year_after):
    load(tmp_path, units=MERGED, items=[item("I1", "31/3")], successions=TWO_INTO_ONE)
    close("2026-Q1")
    assert FigurePart.objects.get().part == "inherited"
    for change in (lambda rows: rows.update(r1_n=9), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(FigurePart.objects.all())
