import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from completion.models import Revision
from journal.models import Event, Notice
from models_registry.models import WorkItem
from organizations.models import Placement, Unit
from progress.models import Fact
from tests.completion.archives import EVENTS, ITEMS, TREE, close, done, event, item, load, write_archive

pytestmark = pytest.mark.django_db


def counted():
    return [model.objects.count() for model in (Unit, Placement, WorkItem, Fact, Event)]


def refused(folder):
    with pytest.raises(CommandError) as refusal:
        call_command("import_history", str(folder))
    assert counted() == [0, 0, 0, 0, 0]
    return str(refusal.value).splitlines()[1:]


def test_an_archive_is_loaded_with_its_tree_items_and_facts(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")], events=done("I1", "18/3", "19/3"))
    cell = Unit.objects.get(code="A")
    assert cell.ancestor_ids == [Unit.objects.get(code=code).pk for code in ("D", "G")]
    loaded = WorkItem.objects.get()
    assert (loaded.unit, loaded.state, loaded.imported, loaded.plain, loaded.dossier) == (
        cell,
        "completed",
        True,
        True,
        None,
    )
    assert [fact.kind for fact in Fact.objects.filter(imported=True)] == ["completed", "confirmed"]


def test_it_writes_one_journal_row_a_file_and_tells_nobody(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")], events=done("I1", "18/3"))
    assert [(e.verb, e.detail["rows"]) for e in Event.objects.order_by("id")] == [
        ("units.imported", 4),
        ("items.imported", 1),
        ("events.imported", 2),
    ]
    assert not Notice.objects.exists()


def test_loading_twice_changes_nothing(tmp_path):
    rows = {"items": [item("I1", "20/3"), item("I2", "20/3", ongoing=1)], "events": [
        *done("I1", "18/3"),
        event("I2", "transferred", "10/3", "10/3", "B"), event("I2", "excluded", "1/3", "1/3", "other"),
    ]}  # fmt: skip
    load(tmp_path, **rows)
    before = [list(model.objects.order_by("pk").values_list()) for model in (Unit, WorkItem, Fact, Event)]
    load(tmp_path, **rows)
    assert [list(model.objects.order_by("pk").values_list()) for model in (Unit, WorkItem, Fact, Event)] == before


def test_a_later_archive_adds_to_an_earlier_one(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")])
    load(tmp_path / "more", items=[item("I1", "20/3"), item("I2", "20/6")], events=done("I1", "18/3"))
    assert list(WorkItem.objects.order_by("code").values_list("code", "state")) == [
        ("I1", "completed"),
        ("I2", "in_progress"),
    ]


def test_a_handed_over_item_remembers_who_registered_it(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")], events=[event("I1", "transferred", "10/3", "10/3", "B")])
    moved = WorkItem.objects.get()
    assert (moved.unit.code, moved.first_unit.code, moved.plain) == ("B", "A", False)


def test_the_columns_repeat_the_facts(tmp_path):
    load(
        tmp_path,
        items=[item("I1", "20/3"), item("I2", "20/3"), item("I3", "20/3")],
        events=[
            event("I1", "extended", "10/3", value="2026-05-30"),
            event("I2", "excluded", "10/3", "10/3", "duplicate"),
            *done("I3", "18/3"),
            event("I3", "revoked", "5/5"),
        ],
    )
    extended, out, revoked = WorkItem.objects.order_by("code")
    assert (str(extended.due_in_force), extended.plain) == ("2026-05-30", False)
    assert (out.excluded_at is not None, out.plain) == (True, False)
    assert (revoked.state, revoked.completed_on, revoked.confirmed_at) == ("in_progress", None, None)


def test_columns_may_stand_in_any_order_and_parents_later(tmp_path):
    folder = write_archive(tmp_path, units=list(reversed(TREE)), items=[item("I1", "20/3")])
    rows = [line.split(",") for line in (folder / "items.csv").read_text().splitlines()]
    (folder / "items.csv").write_text("\ufeff" + "\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    call_command("import_history", str(folder))
    assert WorkItem.objects.get().unit.code == "A"


def test_new_facts_drop_the_provisional_figures_they_make_old(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")])
    close("2026-Q1", provisional=True)
    load(tmp_path / "more", units=[], events=done("I1", "18/3"))
    assert not Revision.objects.exists()


BAD = [
    ({"units": [*TREE, ["A", "Lặp", "cell", "G", "2020-01-01", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "Lạ", "village", "G", "2020-01-01", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "Mồ côi", "cell", "NONE", "2020-01-01", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "Ngược", "cell", "G", "2020-01-01", "2020-01-01"]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "Ngày", "cell", "G", "31/01/2020", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "", "cell", "G", "2020-01-01", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "x" * 301, "cell", "G", "2020-01-01", ""]]}, "units.csv:6: "),
    ({"units": [*TREE, ["X", "Thừa", "cell", "G", "2020-01-01", "", "?"]]}, "units.csv:6: "),
    ({"units": [["X", "x", "cell", "Y", "2020-01-01", ""], ["Y", "y", "cell", "X", "2020-01-02", ""]]}, "units.csv:2:"),
    ({"items": [item("I1", "20/3"), item("I1", "21/3")]}, "items.csv:3: "),
    ({"items": [item("I1", "20/3", unit="NONE")]}, "items.csv:2: "),
    ({"items": [item("I1", "20/3", kind="XXX")]}, "items.csv:2: "),
    ({"items": [item("I1", "20/3", ongoing=2)]}, "items.csv:2: "),
    ({"items": [item("I1", "31/3", approved="5/4")]}, "items.csv:2: "),  # case 21
    ({"items": [[*item("I1", "20/3", year=2026)[:6], "2027-01-05", 0]]}, "items.csv:2: "),
    ({"items": [[*item("I1", "20/3")[:5], "2026-01-05T09:00:00", "2026-03-20", 0]]}, "items.csv:2: "),
    ({"items": [[*item("I1", "20/3")[:6], "2026-02-31", 0]]}, "items.csv:2: "),
    ({"items": [[*item("I1", "20/3")[:6], "", 0]]}, "items.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [event("I1", "finished", "1/3")]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [event("NONE", "confirmed", "1/3")]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [["I1", "confirmed", "", "", ""]]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [event("I1", "excluded", "1/3", "1/3", "tired")]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [event("I1", "extended", "1/3", value="2027-01-01")]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [event("I1", "transferred", "1/3", "1/3", "NONE")]}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": done("I1", "4/1")}, "events.csv:2: "),
    ({"items": [item("I1", "20/3")], "events": [*done("I1", "1/3"), *done("I1", "2/3")]}, "events.csv:4: "),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), BAD)
def test_a_bad_row_is_told_by_file_and_line_and_nothing_is_written(tmp_path, rows, told):
    (problem,) = refused(write_archive(tmp_path, **rows))
    assert problem.startswith(told)


def test_an_unknown_column_is_refused(tmp_path):
    folder = write_archive(tmp_path)
    (folder / "events.csv").write_text(",".join([*EVENTS, "note"]) + "\n", encoding="utf-8")
    assert refused(folder)[0].startswith("events.csv:1: ")


def test_a_missing_column_is_refused(tmp_path):
    folder = write_archive(tmp_path)
    (folder / "items.csv").write_text(",".join(ITEMS[:-1]) + "\n", encoding="utf-8")
    assert refused(folder)[0].startswith("items.csv:1: ")


def test_a_missing_file_is_refused(tmp_path):
    folder = write_archive(tmp_path)
    (folder / "events.csv").unlink()
    assert refused(folder)[0].startswith("events.csv:1: ")


def test_a_file_that_is_not_utf8_is_refused_at_its_line(tmp_path):
    folder = write_archive(tmp_path)
    with (folder / "units.csv").open("ab") as file:
        file.write(b"X,T\xea,cell,G,2020-01-01,\r\n")
    assert refused(folder)[0].startswith("units.csv:6: ")


def test_an_archive_may_come_with_an_empty_file_of_reorganisations(tmp_path):
    load(tmp_path, successions=[])
    assert Unit.objects.count() == 4


def test_a_row_that_says_otherwise_than_what_was_loaded_is_refused(tmp_path):
    load(tmp_path, items=[item("I1", "20/3")])
    before = counted()
    with pytest.raises(CommandError, match=r"items\.csv:2: "):
        load(tmp_path / "other", items=[item("I1", "21/3")])
    assert counted() == before


def test_an_ongoing_work_is_due_at_the_end_of_the_year_whatever_its_day_says(tmp_path):
    load(tmp_path, items=[item("I1", "31/3", ongoing=1), [*item("I2", "31/3", ongoing=1)[:6], "", 1]])
    assert {str(day) for day in WorkItem.objects.values_list("due_in_force", flat=True)} == {"2026-12-31"}


def test_a_refusal_ends_the_command_with_status_1(tmp_path, settings):
    write_archive(tmp_path, items=[item("I1", "20/3", kind="XXX")])
    ended = subprocess.run(
        [sys.executable, "manage.py", "import_history", str(tmp_path / "none")], capture_output=True, text=True
    )
    assert ended.returncode == 1
