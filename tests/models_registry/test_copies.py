"""A new draft after what was registered before: what comes along, what stays behind."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from models_registry import services
from models_registry.lifecycle import ItemState, State
from models_registry.models import ResolutionTarget, Shortcoming, ShortcomingLink, TargetLink, WorkItem
from tests.factories import AT
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db
NEXT_YEAR = AT.replace(year=2027)


@pytest.fixture
def next_round(district):
    return make.opened_round(district, name="Đợt 2027", year=2027)


def standing(district, practice):
    """A target and a shortcoming of the board's that are still in force next year."""
    target = ResolutionTarget.objects.create(owner=district.board, text="Cả nhiệm kỳ", year_from=2025, year_to=2030)
    flaw = Shortcoming.objects.create(owner=district.board, text="Còn nặng hình thức", year=2026)
    TargetLink.objects.create(practice=practice, target=target)
    ShortcomingLink.objects.create(practice=practice, shortcoming=flaw, remedy="partly")


def linked(made) -> tuple[list, list]:
    targets = made.practice.target_links.values_list("target__text", flat=True)
    return list(targets), list(made.practice.shortcoming_links.values_list("shortcoming__text", flat=True))


def test_links_come_along_where_they_are_still_in_force(district, model, next_round):
    standing(district, model.practice)
    Shortcoming.objects.filter(text="Rác chưa được phân loại").update(year=2025)
    made = services.copy_dossier(model.pk, round=next_round, by=district.secretary, at=NEXT_YEAR)
    assert linked(made) == (["Cả nhiệm kỳ"], ["Còn nặng hình thức"])


@pytest.mark.parametrize(("due", "moved"), [((2026, 6, 30), (2027, 6, 30)), ((2027, 3, 31), (2027, 12, 31))])
def test_no_work_of_a_copy_is_due_after_its_plan_year(district, model, next_round, due, moved):
    model.items.update(due_on=dt.date(*due))
    made = services.copy_dossier(model.pk, round=next_round, by=district.secretary, at=NEXT_YEAR)
    assert set(made.items.values_list("due_on", flat=True)) == {dt.date(*moved)}


def test_another_units_model_is_taken_over_without_what_is_its_own(district, model, next_round):
    standing(district, model.practice)
    model.co_units.add(district.commune)
    made = services.adopt_model(model, round=next_round, by=district.other_secretary, at=NEXT_YEAR)
    assert (made.unit, made.copied_from, made.title, made.state) == (
        district.other_cell,
        model,
        model.title,
        State.DRAFT,
    )
    practice = made.practice
    assert (practice.goal, practice.place, practice.target_group, practice.beneficiaries) == (
        "Nội dung goal",
        "",
        "",
        "",
    )
    assert linked(made) == (["Cả nhiệm kỳ"], ["Còn nặng hình thức"])
    assert not practice.exemplars.exists()
    assert not made.co_units.exists()
    work = made.items.get()
    assert (work.title, work.assignee, work.accountable, work.due_on) == (
        "Thu gom rác tại nguồn",
        "",
        "",
        dt.date(2027, 6, 30),
    )
    assert practice.outputs.get().name == "Hộ tham gia"


def test_only_who_registers_takes_a_model_over(district, model, next_round):
    with pytest.raises(PermissionDenied):
        services.adopt_model(model, round=next_round, by=district.appraiser, at=NEXT_YEAR)


def approved(sheet):
    WorkItem.objects.filter(dossier=sheet).update(
        state=ItemState.IN_PROGRESS, approved_at=AT, due_in_force=dt.date(2026, 6, 30)
    )


def test_works_of_last_year_are_brought_into_the_sheet_once(district, sheet, next_round):
    approved(sheet)
    draft = services.start_dossier(
        kind=sheet.kind, unit=district.cell, round=next_round, by=district.secretary, at=NEXT_YEAR
    )
    make.item(draft, title="Việc đã soạn", starts_on=dt.date(2027, 1, 9))
    wanted = [item.pk for item in sheet.items.exclude(kind="ISS")]
    for _twice in range(2):
        services.bring_works(draft.pk, wanted, by=district.clerk, at=NEXT_YEAR)
    works = draft.items.order_by("kind", "order").values_list("kind", "title", "subject_number", "due_on", "state")
    assert list(works) == [
        ("COL", "Việc đã soạn", None, dt.date(2027, 6, 30), "planned"),
        ("COL", "Thu gom rác tại nguồn", None, dt.date(2027, 6, 30), "planned"),
        ("IND", "Mỗi tháng đọc một bài học", 1, dt.date(2027, 6, 30), "planned"),
    ]


def test_no_other_works_are_brought_than_the_units_own_approved_ones(district, sheet, next_round):
    foreign = make.full_sheet(district.other_cell, district.other_secretary, sheet.round)
    approved(foreign)
    draft = services.start_dossier(
        kind=sheet.kind, unit=district.cell, round=next_round, by=district.secretary, at=NEXT_YEAR
    )
    unapproved = [item.pk for item in (*sheet.items.all(), *foreign.items.all())]
    services.bring_works(draft.pk, unapproved, by=district.secretary, at=NEXT_YEAR)
    assert not draft.items.exists()
