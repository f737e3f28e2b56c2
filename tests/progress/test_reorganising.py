"""Decisions on the organisation: what each kind does to units, people, dossiers and works, as the wizard tells it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from completion.tree import frozen_tree
from journal.models import Event, Notice
from models_registry.models import Dossier, Obligation, WorkItem
from models_registry.services.search_text import refold
from organizations.models import HeadCount, Reorganisation, Succession, Unit
from organizations.queries import lineage_of, tree_on
from organizations.services.reorganising import Founded
from progress.models import Fact
from progress.services import report_completion, take_item_step
from progress.services.leaving_behind import hand_over_items, left_behind
from progress.services.reorganising import Moved, rehearse, reorganise
from tests.factories import person
from tests.progress import decisions, making
from tests.progress.decisions import DAY, NOW, merge, plan
from vietnamese.searching import asked


@pytest.fixture
def two_cells(district):
    return decisions.two_cells(district)


def test_a_merge_founds_one_unit_with_the_people_dossiers_and_works_of_all(two_cells):
    by = two_cells.administrator
    reorganise(merge(two_cells), by=by, at=NOW)
    new = Unit.objects.get(code="CB-M")
    assert set(Unit.objects.filter(valid_to=DAY)) == {two_cells.cell, two_cells.second}
    assert set(new.items.values_list("state", "plain")) == {("completed", False), ("in_progress", False)}
    assert set(Fact.objects.values_list("kind", "on", "unit", "at")) == {("transferred", DAY, new.pk, NOW)}
    assert sorted(new.dossiers.values_list("supplementary", flat=True)) == [False, True]
    assert HeadCount.objects.in_force(DAY, unit=new).get().members == 35
    assert new.obligations.get().exempted_at is None
    assert not Obligation.objects.filter(unit=two_cells.cell, exempted_at=None).exists()
    roles = dict(new.posts.values_list("person", "role"))
    assert list(roles.values()).count("secretary") == 1
    assert roles[two_cells.other_secretary.pk] in ("secretary", "deputy")
    assert {one.kind for one in lineage_of(new)} == {"merge"}
    assert Event.objects.filter(verb="unit.reorganised").count() == 1
    assert Notice.objects.filter(recipient=two_cells.other_secretary).exists()


def test_figures_count_what_merged_at_the_successor(two_cells):
    reorganise(merge(two_cells), by=two_cells.administrator, at=NOW)
    tree = frozen_tree(two_cells.top.pk, dt.date(2026, 4, 1), making.instant("2026-04-11"))
    new = Unit.objects.get(code="CB-M")
    assert {tree.homes[unit.pk] for unit in (two_cells.cell, two_cells.second, new)} == {new.pk}


def test_what_stood_below_merged_units_stands_below_their_successor(district):
    new = Founded("DU-M", "Đảng ủy xã Mới", "grassroots_committee", district.top)
    reorganise(
        plan("merge", [district.commune, district.other_commune], founds=[new]), by=district.administrator, at=NOW
    )
    made = Unit.objects.get(code="DU-M")
    cell = Unit.objects.get(pk=district.cell.pk)
    assert cell.ancestor_ids == [district.top.pk, made.pk]
    assert tree_on(DAY)[cell.pk] == made.pk
    assert tree_on(DAY - dt.timedelta(days=1))[cell.pk] == district.commune.pk


def test_a_rehearsal_tells_and_changes_nothing(two_cells):
    before = Event.objects.count()
    told = rehearse(merge(two_cells), by=two_cells.administrator, at=NOW)
    heads = dict(told.parts)
    assert heads["Số đảng viên"] == ["35"]
    assert len(told.posts) == Unit.objects.get(pk=two_cells.cell.pk).posts.count() + 1
    assert (Event.objects.count(), Reorganisation.objects.count(), Fact.objects.count()) == (before, 0, 0)


def test_what_moved_since_the_rehearsal_is_shown_again(two_cells):
    by = two_cells.administrator
    seen = rehearse(merge(two_cells), by=by, at=NOW).seal
    person(two_cells.second, "clerk")
    with pytest.raises(Moved):
        reorganise(merge(two_cells), by=by, at=NOW, seen=seen)
    assert not Reorganisation.objects.exists()


def test_one_cell_has_one_secretary(two_cells):
    posts = [*two_cells.cell.posts.filter(role="secretary"), *two_cells.second.posts.filter(role="secretary")]
    chosen = {post.pk: "secretary" for post in posts}
    with pytest.raises(ValidationError) as refused:
        rehearse(merge(two_cells, posts=chosen), by=two_cells.administrator, at=NOW)
    assert "posts" in refused.value.message_dict


def test_a_move_takes_the_unit_with_its_works(two_cells):
    reorganise(plan("move", [two_cells.cell], to=two_cells.other_commune), by=two_cells.administrator, at=NOW)
    assert Unit.objects.get(pk=two_cells.cell.pk).ancestor_ids[-1] == two_cells.other_commune.pk
    assert Succession.objects.get(kind="move").reorganisation.number == "12-QĐ/HU"
    assert WorkItem.objects.filter(unit=two_cells.cell).count() == 2


def test_a_renamed_unit_is_found_by_its_old_name(two_cells, client):
    reorganise(plan("rename", [two_cells.cell], name="Chi bộ khu phố 9"), by=two_cells.administrator, at=NOW)
    assert set(Unit.objects.named_like("ap 1")) >= {two_cells.cell}
    client.force_login(two_cells.administrator)
    page = client.get(reverse("organizations:units"), {"q": "ap 1"}).content.decode()
    assert "trước là Chi bộ ấp 1" in page


def test_dossiers_and_units_are_found_by_every_name_they_ever_stood_under_after_two_decisions_in_a_row(two_cells):
    by, sheet = two_cells.administrator, Dossier.objects.get(unit=two_cells.cell)
    refold(sheet)
    reorganise(plan("rename", [two_cells.cell], name="Chi bộ khu phố 9"), by=by, at=NOW)
    two_cells.cell.refresh_from_db()
    day = DAY + dt.timedelta(days=1)
    reorganise(merge(two_cells, on=day), by=by, at=NOW)
    new = Unit.objects.get(code="CB-M")
    for stage in ("as the decisions left it", "written anew"):
        for typed in ("chi bộ ấp 1", "khu pho 9", "Chi bộ ấp Mới"):
            assert sheet in Dossier.objects.speaking_of(asked(typed).terms), (stage, typed)
            assert new in Unit.objects.named_like(typed), typed
        sheet.refresh_from_db()
        refold(sheet)
    assert [(one.kind, one.effective_on) for one in lineage_of(new)] == [
        ("rename", DAY), ("merge", day), ("merge", day),
    ]  # fmt: skip


def test_a_dissolved_unit_hands_its_open_works_over_and_keeps_what_is_done(two_cells):
    reorganise(plan("dissolve", [two_cells.cell], to=two_cells.second), by=two_cells.administrator, at=NOW)
    assert set(two_cells.cell.items.values_list("state", flat=True)) == {"completed"}
    assert two_cells.second.items.count() == 2


def test_what_a_split_leaves_behind_is_handed_over_by_ticking(two_cells):
    by = two_cells.administrator
    new = [Founded(code, f"Chi bộ {code}", "cell", two_cells.commune) for code in ("A1", "A2")]
    reorganise(plan("split", [two_cells.cell], founds=new), by=by, at=NOW)
    left = list(left_behind(by, DAY).order_by("pk"))
    assert [item.unit for item in left] == [two_cells.cell] * 2
    successor = Unit.objects.get(code="A1")
    assert hand_over_items([left[0].pk], successor, by=by, at=NOW) == 1
    assert Fact.objects.get().on == DAY
    with pytest.raises(ValidationError):
        hand_over_items([left[0].pk], successor, by=by, at=NOW)


@pytest.mark.parametrize(
    ("asks", "field"),
    [({"on": dt.date(2026, 3, 2)}, "effective_on"), ({"on": dt.date(2025, 12, 31)}, "effective_on")],
)
def test_a_day_that_cannot_be_is_refused(two_cells, asks, field):
    with pytest.raises(ValidationError) as refused:
        reorganise(merge(two_cells, **asks), by=two_cells.administrator, at=NOW)
    assert field in refused.value.message_dict


def test_nobody_reorganises_out_of_reach(two_cells):
    by = person(two_cells.other_commune, "administrator")
    with pytest.raises(PermissionDenied):
        rehearse(merge(two_cells), by=by, at=NOW)


def test_a_merge_asks_no_query_for_a_work(two_cells):
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rehearse(merge(two_cells), by=two_cells.administrator, at=NOW)
        asked.append(len(queries))
        for _number in range(30):
            making.item(Dossier.objects.filter(unit=two_cells.cell).first())
    assert asked[0] == asked[1]


def test_the_wizard_shows_first_and_does_it_once_confirmed(two_cells, client):
    client.force_login(two_cells.administrator)
    url = reverse("progress:reorganise", args=["merge"])
    today = dt.date.today()
    typed = {
        "units": f"{two_cells.cell.code}\n{two_cells.second.code}", "number": "12-QĐ/HU", "note": "",
        "decided_on": f"{today:%d/%m/%Y}", "effective_on": f"{today:%d/%m/%Y}", "name": "Chi bộ ấp Mới",
        "code": "CB-M", "unit_kind": "cell", "parent": two_cells.commune.code,
    }  # fmt: skip
    shown = client.post(url, typed)
    assert (shown.status_code, Reorganisation.objects.count()) == (200, 0)
    stale = client.post(url, typed | {"confirmed": "1", "seen": "other"})
    assert (stale.status_code, Reorganisation.objects.count()) == (409, 0)
    done = client.post(url, typed | {"confirmed": "1", "seen": shown.context["outcome"].seal})
    assert (done.status_code, Reorganisation.objects.count()) == (302, 1)
    assert "12-QĐ/HU" in client.get(done["Location"]).content.decode()
    new = Unit.objects.get(code="CB-M")
    assert "sáp nhập vào" in client.get(reverse("organizations:unit", args=[new.pk])).content.decode()


def test_after_a_merge_the_new_officers_act_and_the_old_posts_open_nothing(two_cells):
    old = two_cells.cell.posts.get(role="secretary")
    reorganise(merge(two_cells), by=two_cells.administrator, at=NOW)
    old.refresh_from_db()
    assert not old.is_current(NOW)
    new = Unit.objects.get(code="CB-M")
    for post in new.posts.select_related("person", "unit"):
        officer = post.person.acting_as(post)
        assert WorkItem.objects.visible_to(officer).count() == 3
        assert Dossier.objects.visible_to(officer).count() == 2
    mine = new.items.get(state="in_progress", first_unit=two_cells.cell)
    officer = new.posts.select_related("person", "unit").get(role="secretary")
    report_completion(mine.pk, making.claim("2026-02-28"), by=officer.person.acting_as(officer), at=NOW)
    take_item_step(mine.pk, "confirm", by=two_cells.committee, at=NOW)
    mine.refresh_from_db()
    assert mine.state == "completed"
