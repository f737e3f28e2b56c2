"""Members and their own works: what opening writes, and counts that add up in random worlds, everywhere."""

import datetime as dt
import io
import random
from dataclasses import asdict

import openpyxl
import pytest
from django.urls import reverse

from journal.models import Event
from models_registry import queries as registry
from models_registry.models import Dossier, DossierVersion, MemberObligation, Obligation, WorkItem
from models_registry.queries.members import Members, counted_of, expected, member_roster, members_of, recounted
from models_registry.queries.tree import branches_of, registrations_of
from models_registry.services import rounds
from organizations.models import HeadCount, Unit
from organizations.services import record_head_count
from tests import factories
from tests.factories import AT
from tests.models_registry import plans

DAY = dt.date(2026, 4, 30)
IN_TIME, LATE = dt.datetime(2026, 3, 20, tzinfo=dt.UTC), dt.datetime(2026, 4, 3, tzinfo=dt.UTC)
FOUR = ("sent", "late", "missing", "exempt")
WHY = "Tuổi cao, sức yếu"


def count(unit, members, exempt=0, day=dt.date(2026, 1, 1)):
    return record_head_count(
        unit, valid_from=day, members=members, exempt=exempt, exempt_reason=WHY if exempt else "", by=None, at=AT
    )


def sheet(unit, round_, author, numbers, at=IN_TIME, state="approved", supplementary=False):
    """A sheet sent with the works of individuals of these numbers."""
    made = Dossier.objects.create(
        kind="registration_sheet", unit=unit, round=round_, year=2026, title="Bản đăng ký", state=state, version=1,
        body=round_.body, author=author, created_at=at, changed_at=at, submitted_at=at, supplementary=supplementary,
    )  # fmt: skip
    DossierVersion.objects.create(dossier=made, number=1, content={}, submitted_at=at, submitted_by=author)
    WorkItem.objects.bulk_create(
        WorkItem(dossier=made, unit=unit, kind="IND", year=2026, title="Việc", subject_number=n) for n in numbers
    )
    return made


@pytest.fixture
def unopened(district):
    return plans.round_of(district.board, opened_at=None)


@pytest.fixture
def opened(district, unopened):
    """The first cell has 10 members, 2 exempt; nobody counted the second."""
    count(district.cell, 10, exempt=2)
    rounds.open_round(unopened.pk, by=district.head, at=AT)
    unopened.refresh_from_db()
    return unopened


def of(unit, day=DAY):
    return members_of(MemberObligation.objects.below(unit), day)


def told(**counts):
    return Members(**counts)


def test_opening_writes_the_members_in_force_that_day_and_says_where_nobody_counted(district, unopened):
    count(district.cell, 10, exempt=2)
    count(district.cell, 11, day=AT.date())
    said = {"units": 2, "members": 11, "exempt": 0, "uncounted": 1}
    assert expected(unopened, AT.date()) == said
    rounds.open_round(unopened.pk, by=district.head, at=AT)
    assert of(district.top) == told(owed=11, missing=11, uncounted=1)
    assert Event.objects.get(verb="registrationround.opened").detail["recounted"] == 2


def test_a_round_that_asks_no_member_writes_none(district):
    asked = plans.round_of(district.board, opened_at=None, members_required=False)
    rounds.open_round(asked.pk, by=district.head, at=AT)
    assert not MemberObligation.objects.exists()


def test_only_cells_owe_members(district):
    asked = plans.round_of(district.board, opened_at=None, target_kinds=["cell", "grassroots_committee"])
    rounds.open_round(asked.pk, by=district.head, at=AT)
    assert {row.unit.kind for row in asked.member_obligations.select_related("unit")} == {Unit.Kind.CELL}


def test_a_later_head_count_waits_for_the_board_to_bring_the_round_up_to_date(district, opened):
    later = AT + dt.timedelta(days=20)
    count(district.cell, 12, day=AT.date())
    HeadCount.objects.create(unit=district.other_cell, valid_from=later.date(), members=5, recorded_at=later)
    factories.unit("Chi bộ mới", parent=district.commune)
    assert of(district.top) == told(owed=10, missing=8, exempt=2, uncounted=1)
    assert recounted(opened, later.date()) == 2
    rounds.open_round(opened.pk, by=district.head, at=later)
    assert recounted(opened, later.date()) == 0
    assert of(district.top) == told(owed=17, missing=17, uncounted=1)


@pytest.mark.parametrize(
    ("sheets", "counts"),
    [
        ([([1, 1, 2], IN_TIME)], {"sent": 2, "missing": 6}),
        ([([1, 2], IN_TIME), ([2, 3], LATE)], {"sent": 2, "late": 1, "missing": 5}),
        ([([1], dt.datetime(2026, 3, 31, 16, 59, tzinfo=dt.UTC))], {"sent": 1, "missing": 7}),
        ([([1], dt.datetime(2026, 3, 31, 17, 1, tzinfo=dt.UTC))], {"late": 1, "missing": 7}),
        ([(range(1, 13), IN_TIME)], {"sent": 8, "beyond": 4}),
        ([(range(1, 8), IN_TIME), (range(8, 12), LATE)], {"sent": 7, "late": 1, "beyond": 3}),
    ],
)
def test_individuals_count_once_by_the_first_sheet_they_stand_on(district, opened, sheets, counts):
    for n, (numbers, at) in enumerate(sheets):
        sheet(district.cell, opened, district.secretary, numbers, at, supplementary=n > 0)
    assert of(district.cell) == told(owed=10, exempt=2, **counts)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_was_not_sent_or_was_withdrawn_counts_for_nobody(district, opened, state):
    made = sheet(district.cell, opened, district.secretary, [1], state="withdrawn")
    if state == "draft":
        made.versions.all().delete()
        Dossier.objects.filter(pk=made.pk).update(state="draft", version=0)
    assert of(district.cell) == told(owed=10, missing=8, exempt=2)


def test_a_cell_exempt_from_its_sheet_exempts_its_members(district, opened):
    rounds.exempt(
        opened, [opened.obligations.get(unit=district.cell).pk], reason="Đang sắp xếp lại", by=district.head, at=AT
    )
    assert of(district.cell) == told(owed=10, exempt=10)
    sheet(district.cell, opened, district.secretary, [1])
    assert of(district.cell) == told(owed=10, exempt=10, beyond=1)


def test_individuals_of_a_cell_nobody_counted_are_told_apart(district, opened):
    sheet(district.other_cell, opened, district.other_secretary, [1, 2])
    assert of(district.other_cell) == told(uncounted=1, unplaced=2)


def test_the_secretary_is_told_for_how_many_and_then_who_is_still_missing(district, opened, time_machine):
    time_machine.move_to(AT)
    assert "gồm việc cá nhân của 8 đảng viên" in registry.awaiting(district.secretary, AT)[0].text
    sheet(district.cell, opened, district.secretary, [1, 2], AT, state="submitted")
    lines = [(line.text, line.count) for line in registry.awaiting(district.secretary, AT)]
    assert lines == [("Đảng viên chưa có việc cá nhân trên bản đăng ký đã gửi (Đợt đăng ký năm 2026)", 6)]


# --- random worlds ----------------------------------------------------------------------------------------------------


def a_world(district, opened, seed):
    """Nine more cells in two communes, counted or not, exempt or not, sent, late, twice, too many, or nothing."""
    pick = random.Random(seed)
    for n in range(9):
        cell = factories.unit(f"Chi bộ {n}", parent=pick.choice([district.commune, district.other_commune]))
        if pick.random() < 0.8:
            members = pick.randrange(0, 9)
            count(cell, members, exempt=pick.randrange(0, members + 1))
    rounds.open_round(opened.pk, by=district.head, at=AT)
    for row in opened.obligations.select_related("unit"):
        if pick.random() < 0.2:
            rounds.exempt(opened, [row.pk], reason="Đang sắp xếp lại tổ chức", by=district.head, at=AT)
        for further in range(pick.randrange(0, 3)):
            numbers = pick.sample(range(1, 13), pick.randrange(0, 10))
            at = pick.choice([IN_TIME, LATE])
            state = pick.choice(["submitted", "approved", "rejected", "withdrawn"])
            sheet(row.unit, opened, district.secretary, numbers, at, state, supplementary=further > 0)


def adds_up(counts):
    return sum(counts[name] for name in FOUR) == counts["owed"]


def as_list(client, person, name, *args, **query):
    client.force_login(person)
    answer = client.get(reverse(f"models_registry:{name}", args=args), query)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("seed", range(3))
def test_sent_late_missing_and_exempt_are_what_is_owed_on_every_screen_and_export(
    client, district, opened, seed, time_machine
):
    a_world(district, opened, seed)
    time_machine.move_to("2026-04-30T08:00:00+07:00")
    for person, top in (
        (district.head, district.top),
        (district.leader, district.top),
        (district.committee, district.commune),
        (district.secretary, district.cell),
    ):
        page = as_list(client, person, "round", opened.pk)
        counts, members = page.context["counts"], page.context["members"]
        assert adds_up(counts) and adds_up(asdict(members))
        total, *parts = branches_of(opened, top, DAY)
        assert (total.units, total.members) == (counts, members)
        for name in ("owed", *FOUR):
            assert sum(part.units[name] for part in parts) == total.units[name]
            assert sum(getattr(part.members, name) for part in parts) == getattr(total.members, name)
        assert [(row.units, row.members) for row in registrations_of(top, 2026, DAY)] == [(counts, members)]
        rows = [counted_of(row) for row in member_roster(opened, person, DAY)]
        assert all(adds_up(asdict(row)) for row in rows) and sum(rows, Members()) == members
        _the_export_says_the_same(as_list(client, person, "round_export", opened.pk), counts, members)
    for unit in Unit.objects.filter(pk__in=[district.commune.pk, district.other_commune.pk]):
        shown = as_list(client, district.leader, "round_units", opened.pk, unit.pk).context["total"]
        assert adds_up(shown.units) and adds_up(asdict(shown.members))


def _the_export_says_the_same(answer, counts, members):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Hồ sơ", "Đảng viên", "Tổng hợp"]
    statuses = [row[5] for row in book["Hồ sơ"].iter_rows(min_row=4, values_only=True)]
    labels = {name: str(Obligation.Status(name).label) for name in FOUR}
    assert {name: statuses.count(labels[name]) for name in FOUR} | {"owed": len(statuses)} == counts
    *cells, together = [row[3:11] for row in book["Đảng viên"].iter_rows(min_row=4, values_only=True)]
    assert together == tuple(asdict(members).values())
    assert all(row[0] is None or row[0] == sum(row[1:5]) for row in [*cells, together])
    lines = [row[2:] for row in book["Tổng hợp"].iter_rows(min_row=4, values_only=True)]
    assert lines[0] == (*(counts[name] for name in ("owed", *FOUR)), *asdict(members).values())
    assert all(row[0] == sum(row[1:5]) and row[5] == sum(row[6:10]) for row in lines)


@pytest.mark.parametrize("seed", range(2))
def test_each_number_leads_to_exactly_the_cells_that_have_it(client, district, opened, seed, time_machine):
    a_world(district, opened, seed)
    time_machine.move_to("2026-04-30T08:00:00+07:00")
    everyone = list(member_roster(opened, district.leader, DAY))
    for status in ("sent", "late", "missing", "exempt", "beyond", "uncounted"):
        wanted = [row.unit_id for row in everyone if getattr(counted_of(row), status)]
        page = as_list(client, district.leader, "round_members", opened.pk, status=status)
        assert [row.unit_id for row in page.context["page_obj"].paginator.object_list] == wanted, status
    for unit in (district.commune, district.other_commune):
        counts = branches_of(opened, unit, DAY)[0].units
        for status in FOUR:
            listed = as_list(client, district.leader, "round", opened.pk, status=status, unit=unit.pk)
            assert listed.context["page_obj"].paginator.count == counts[status]


@pytest.mark.parametrize("more", [1, 30])
@pytest.mark.parametrize("name", ["round", "round_members", "round_units", "round_export"])
def test_a_rounds_pages_cost_the_same_however_many_cells(
    client, district, opened, more, name, django_assert_max_num_queries
):
    for n in range(more):
        count(factories.unit(f"Chi bộ {n}", parent=district.commune), 5)
    rounds.open_round(opened.pk, by=district.head, at=AT)
    client.force_login(district.head)
    args = [opened.pk, district.commune.pk] if name == "round_units" else [opened.pk]
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"models_registry:{name}", args=args)).status_code == 200
