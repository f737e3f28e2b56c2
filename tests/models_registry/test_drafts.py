import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event
from models_registry import services
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import State, Step
from models_registry.models import Dossier, WorkItem
from tests.factories import AT, person
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
MODEL, SHEET = Dossier.Kind.PRACTICE_MODEL, Dossier.Kind.REGISTRATION_SHEET


@pytest.fixture
def draft(district, opened):
    return make.full_model(district.cell, district.secretary, opened)


def start(district, opened, kind=SHEET, by=None):
    return services.start_dossier(kind=kind, unit=district.cell, round=opened, by=by or district.secretary, at=AT)


def test_a_sheet_starts_with_its_title_and_is_in_the_journal(district, opened):
    sheet = start(district, opened)
    assert (sheet.title, sheet.state, sheet.supplementary, sheet.year) == (
        "Bản đăng ký năm 2026 của Chi bộ ấp 1",
        State.DRAFT,
        False,
        2026,
    )
    assert [event.verb for event in Event.objects.about("dossier", sheet.pk)] == ["dossier.started"]


def test_starting_a_sheet_twice_is_one_draft(district, opened):
    assert start(district, opened).pk == start(district, opened, by=district.clerk).pk


def test_after_the_sheet_was_sent_the_next_is_supplementary(district, opened):
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    services.take_step(sheet.pk, Step.SUBMIT, by=district.secretary, at=AT)
    extra = start(district, opened)
    assert (extra.supplementary, extra.title) == (True, "Bản đăng ký năm 2026 của Chi bộ ấp 1 (bổ sung lần 1)")


def test_a_unit_may_start_many_models(district, opened):
    assert start(district, opened, MODEL).pk != start(district, opened, MODEL).pk


@pytest.mark.parametrize("role", ["committee", "appraiser", "head", "leader", "administrator", "other_secretary"])
def test_only_who_registers_for_the_unit_starts(district, opened, role):
    with pytest.raises(PermissionDenied):
        start(district, opened, by=getattr(district, role))


@pytest.mark.parametrize("days", [{"opens_on": dt.date(2026, 2, 1)}, {"opened_at": None}])
def test_nothing_starts_in_a_round_that_does_not_receive(district, days):
    with pytest.raises(ValidationError, match="không nhận đăng ký"):
        start(district, make.opened_round(district, **days))


def test_saving_fields_counts_an_edition_and_renews_the_search_text(district, draft):
    saved = services.save_draft(
        draft.pk,
        by=district.clerk,
        at=LATER,
        edition=0,
        fields={"title": "Tổ tự quản", "tags": ["môi trường"], "goal": "Sạch", "co_units": [district.other_cell]},
    )
    assert (saved.edition, saved.changed_at, saved.practice.goal) == (1, LATER, "Sạch")
    assert list(saved.co_units.all()) == [district.other_cell]
    assert saved.folded.startswith(" to tu quan chi bo ap 1 ")
    assert "moi truong" in saved.folded


def test_a_stale_page_changes_nothing_and_says_who_was_first(district, draft):
    services.save_draft(draft.pk, by=district.clerk, at=LATER, edition=0, fields={"goal": "Của người nhập liệu"})
    with pytest.raises(StepNotOpen) as refused:
        services.save_draft(draft.pk, by=district.secretary, at=LATER, edition=0, fields={"goal": "Của bí thư"})
    draft.practice.refresh_from_db()
    assert refused.value.last.actor == district.clerk
    assert draft.practice.goal == "Của người nhập liệu"


def test_a_sent_dossier_cannot_be_saved(district, draft):
    services.take_step(draft.pk, Step.SUBMIT, by=district.secretary, at=AT)
    with pytest.raises(StepNotOpen):
        services.save_draft(draft.pk, by=district.secretary, at=LATER, fields={"goal": "Khác"})


def test_a_foreign_draft_is_out_of_sight_and_the_boards_people_may_not_write(district, draft):
    with pytest.raises(Dossier.DoesNotExist):
        services.save_draft(draft.pk, by=district.other_secretary, at=LATER, fields={"goal": "Khác"})
    services.take_step(draft.pk, Step.SUBMIT, by=district.secretary, at=AT)
    with pytest.raises(PermissionDenied):
        services.save_draft(draft.pk, by=district.appraiser, at=LATER, fields={"goal": "Khác"})


def work(**fields):
    values = {
        "title": "Trồng cây",
        "assignee": "Chi đoàn",
        "accountable": "Chi ủy",
        "starts_on": dt.date(2026, 2, 1),
        "due_on": dt.date(2026, 5, 19),
        "ongoing": False,
        "expected_result": "Trồng xong",
        "expected_value": Decimal("100"),
        "measure": make.measure("cây"),
    }
    return values | fields


def test_works_are_replaced_as_a_list_and_a_known_one_keeps_its_id(district, draft):
    kept = draft.items.get()
    rows = {"COL": [work(title="Việc mới"), work(id=kept.pk, title="Việc cũ đã sửa")]}
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows=rows)
    assert [(item.title, item.order) for item in draft.items.all()] == [("Việc mới", 0), ("Việc cũ đã sửa", 1)]
    assert draft.items.get(order=1).pk == kept.pk
    assert draft.items.get(order=0).folded == " viec moi trong xong chi doan \n việc mới trồng xong chi đòan "
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows={"COL": []})
    assert not draft.items.exists()


def test_a_work_of_another_dossier_is_never_taken_over(district, draft, opened):
    other = make.full_model(district.cell, district.secretary, opened, title="Mô hình khác")
    theirs = other.items.get()
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows={"COL": [work(id=theirs.pk, title="Lấy")]})
    theirs.refresh_from_db()
    assert (theirs.dossier, theirs.title) == (other, "Thu gom rác tại nguồn")


def test_individuals_get_numbers_that_stay_and_no_search_finds_them_by_name(district, opened):
    sheet = start(district, opened)
    person_a = {"subject_name": "Lê Thị An", "subject_position": "Đảng viên"}
    person_b = {"subject_name": "Phạm Văn Bình", "subject_position": "Chi ủy viên"}
    rows = [work(**person_a, assignee=""), work(**person_b, assignee=""), work(**person_a, assignee="")]
    services.save_draft(sheet.pk, by=district.secretary, at=LATER, rows={"IND": rows})
    assert [(item.subject_number, item.assignee) for item in sheet.items.all()] == [
        (1, "Đảng viên"),
        (2, "Chi ủy viên"),
        (1, "Đảng viên"),
    ]
    assert not WorkItem.objects.filter(folded__contains="binh").exists()
    assert "an" not in Dossier.objects.get(pk=sheet.pk).folded.split()


def test_an_exemplar_without_consent_keeps_no_name(district, draft):
    rows = [
        {"name": "Lê Thị Mẫu", "position": "Hội viên", "evidence": "Giúp 5 hộ", "consent": True},
        {"name": "Trần Văn Mẫu", "position": "Trưởng ấp", "evidence": "Hiến đất", "consent": False},
    ]
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows={"exemplars": rows})
    assert list(draft.practice.exemplars.values_list("name", "position", "consented_at")) == [
        ("Lê Thị Mẫu", "Hội viên", LATER),
        ("", "Trưởng ấp", None),
    ]


def test_targets_and_shortcomings_are_chosen_or_named_by_the_unit_itself(district, draft):
    old = draft.practice.target_links.get().target
    rows = {
        "targets": [{"target": old}, {"target": None, "text": "Giảm 2 hộ nghèo"}],
        "shortcomings": [{"shortcoming": None, "text": "Ít sinh hoạt chuyên đề", "remedy": "not_yet"}],
    }
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows=rows)
    services.save_draft(draft.pk, by=district.secretary, at=LATER, rows=rows)
    assert [link.target.text for link in draft.practice.target_links.order_by("id")] == [old.text, "Giảm 2 hộ nghèo"]
    assert [link.shortcoming.text for link in draft.practice.shortcoming_links.all()] == ["Ít sinh hoạt chuyên đề"]


def test_a_draft_is_deleted_with_its_works(district, draft):
    services.delete_draft(draft.pk, by=district.clerk, at=LATER)
    assert not Dossier.objects.exists()
    assert Event.objects.get(verb="dossier.delete").detail == {}


def test_a_dossier_that_was_sent_cannot_be_deleted(district, draft):
    services.take_step(draft.pk, Step.SUBMIT, by=district.secretary, at=AT)
    with pytest.raises(StepNotOpen):
        services.delete_draft(draft.pk, by=district.secretary, at=LATER)


def test_sending_twice_is_one_submission(district, draft):
    first = services.submit(draft.pk, edition=0, by=district.secretary, at=AT)
    again = services.submit(draft.pk, edition=0, by=district.secretary, at=LATER)
    assert (first.pk, first.version, again.version) == (draft.pk, 1, 1)
    assert draft.versions.count() == 1
    assert Event.objects.filter(verb="dossier.submit").count() == 1


def test_sending_what_someone_else_changed_or_sent_is_refused(district, draft):
    services.save_draft(draft.pk, by=district.clerk, at=LATER, fields={"goal": "Khác"})
    with pytest.raises(StepNotOpen):
        services.submit(draft.pk, edition=0, by=district.secretary, at=LATER)
    services.submit(draft.pk, edition=1, by=district.secretary, at=LATER)
    deputy = person(district.cell, "deputy")
    with pytest.raises(StepNotOpen):
        services.submit(draft.pk, edition=1, by=deputy, at=LATER)


def test_a_clerk_cannot_send(district, draft):
    with pytest.raises(PermissionDenied):
        services.submit(draft.pk, edition=0, by=district.clerk, at=AT)


def test_a_dossier_with_something_missing_is_not_sent(district, opened):
    empty = make.dossier(district.cell, district.secretary, opened)
    with pytest.raises(ValidationError) as refused:
        services.submit(empty.pk, edition=0, by=district.secretary, at=AT)
    assert "targets" in refused.value.message_dict
    empty.refresh_from_db()
    assert (empty.state, empty.version) == (State.DRAFT, 0)


def test_a_withdrawn_dossier_is_copied_into_a_new_draft(district, draft, opened):
    make.individual(draft)
    services.submit(draft.pk, edition=0, by=district.secretary, at=AT)
    services.take_step(draft.pk, Step.WITHDRAW, by=district.secretary, at=AT)
    copy = services.copy_dossier(draft.pk, round=opened, by=district.clerk, at=LATER)
    assert (copy.state, copy.copied_from, copy.title, copy.version) == (State.DRAFT, draft, draft.title, 0)
    assert copy.practice.goal == "Nội dung goal"
    assert [(one.name, one.consent) for one in copy.practice.exemplars.all()] == [("", False)]
    assert copy.items.count() == 2
    assert draft.items.count() == 2


def test_a_copy_for_the_next_year_moves_its_days(district, draft):
    next_round = make.opened_round(district, name="Đợt 2027", year=2027)
    at = AT.replace(year=2027)
    copy = services.copy_dossier(draft.pk, round=next_round, by=district.secretary, at=at)
    assert copy.items.values_list("starts_on", "due_on").get() == (dt.date(2027, 2, 1), dt.date(2027, 6, 30))


def test_nobody_copies_another_units_dossier(district, draft, opened):
    services.submit(draft.pk, edition=0, by=district.secretary, at=AT)
    with pytest.raises(PermissionDenied):
        services.copy_dossier(draft.pk, round=opened, by=district.appraiser, at=LATER)
    with pytest.raises(Dossier.DoesNotExist):
        services.copy_dossier(draft.pk, round=opened, by=district.other_secretary, at=LATER)


def test_a_second_main_sheet_is_refused_by_the_database(district, opened):
    from django.db import IntegrityError

    make.full_sheet(district.cell, district.secretary, opened)
    with pytest.raises(IntegrityError):
        make.full_sheet(district.cell, district.secretary, opened)
