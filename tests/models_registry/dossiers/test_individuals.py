"""The individuals of a sheet."""

import pytest

from models_registry import services
from tests.models_registry.dossiers.pages import LATER, WORK, rows, step, url

pytestmark = pytest.mark.django_db


PERSON = {"subject_name": "Lê Thị Mẫu", "subject_position": "Chi ủy viên"}
OWN_WORK = {name: value for name, value in WORK.items() if name not in ("assignee", "expected_value")}


def test_an_individual_is_added_with_works_and_edited(secretary, sheet):
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **PERSON, **rows(OWN_WORK)})
    assert answer.url == step(sheet, "individual")
    added = sheet.items.get(subject_name="Lê Thị Mẫu")
    assert (added.subject_number, added.assignee, added.kind) == (2, "Chi ủy viên", "IND")
    changed = PERSON | {"subject_name": "Lê Thị Mẫu Hai", "subject_is_head": "on"}
    data = {"edition": 1, **changed, **rows(OWN_WORK | {"id": added.pk}, OWN_WORK | {"title": "Việc hai"})}
    secretary.post(url("individual", sheet.pk, 2), data)
    assert [(one.title, one.subject_number, one.subject_name) for one in sheet.items.filter(subject_number=2)] == [
        ("Trồng cây", 2, "Lê Thị Mẫu Hai"),
        ("Việc hai", 2, "Lê Thị Mẫu Hai"),
    ]
    assert sheet.items.filter(subject_number=1).count() == 1


def test_an_individual_without_works_leaves_the_sheet(secretary, sheet):
    secretary.post(url("individual", sheet.pk, 1), {"edition": 0, **PERSON, **rows()})
    assert not sheet.items.filter(kind="IND").exists()


def test_an_individual_registers_no_third_work_and_not_twice(secretary, sheet):
    three = [OWN_WORK | {"title": f"Việc {n}"} for n in (1, 2, 3)]
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **PERSON, **rows(*three)})
    assert answer.status_code == 422
    again = {"subject_name": "nguyễn văn mẫu", "subject_position": "Đảng viên"}
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **again, **rows(OWN_WORK)})
    assert "đã có trong bản đăng ký" in str(answer.context["form"].errors)


def test_an_unknown_number_is_not_found(secretary, sheet):
    assert secretary.get(url("individual", sheet.pk, 99)).status_code == 404


def test_a_stale_page_of_an_individual_is_told_so(secretary, sheet, district):
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, fields={"tags": ["x"]})
    answer = secretary.post(url("individual", sheet.pk, 1), {"edition": 0, **PERSON, **rows(OWN_WORK)})
    assert answer.status_code == 409
    works = next(pair for pair in answer.context["conflict"]["pairs"] if pair["label"] == "Việc của cá nhân")
    assert works["mine"] == "Trồng cây; Chi ủy; 01/02/2026; 19/5/2026; Trồng xong"
    assert works["theirs"] == "Mỗi tháng đọc một bài học; Chi ủy; 01/02/2026; 30/06/2026; Các hộ phân loại rác; 60; hộ"
