"""The list of steps: what each lacks, and going to any of them."""

import pytest

from models_registry import services
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, rows, step, url

pytestmark = pytest.mark.django_db


def notes(page) -> dict[str, str]:
    return {one["key"]: one["note"] for one in page.context["steps"] if one.get("note")}


def test_the_steps_say_what_each_of_them_lacks(secretary, model, district):
    fields = {"goal": "", "situation": "", "upkeep": ""}
    works = [{"title": "Trồng cây", "accountable": "", "expected_result": "", "ongoing": True}]
    services.save_draft(model.pk, by=district.clerk, at=LATER, fields=fields, rows={"COL": works, "outputs": []})
    page = secretary.get(step(model, "reasons"))
    assert notes(page) == {
        "reasons": "còn thiếu: thực trạng và lý do, mục tiêu",
        "works": "còn thiếu 3 chỗ",
        "outputs": "còn thiếu",
        "upkeep": "còn thiếu: cách duy trì",
    }
    assert "Bước 2/12" in " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("to", "goes"), [("works", "works"), ("check", None), ("reasons", "reasons"), ("x", "contents")]
)
def test_another_step_is_reached_from_any_and_what_was_typed_is_saved(secretary, model, to, goes):
    answer = secretary.post(step(model, "reasons"), {"edition": 0, "situation": "Rác nhiều", "goal": "Sạch", "to": to})
    assert answer.url == (step(model, goes) if goes else url("check", model.pk))
    model.practice.refresh_from_db()
    assert model.practice.goal == "Sạch"


def test_from_an_individual_too(secretary, sheet):
    person = {"subject_name": "Lê Thị Mẫu", "subject_position": "Chi ủy viên", **rows({"title": "Đọc sách"})}
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, "to": "issues", **person})
    assert answer.url == step(sheet, "issues")
    assert sheet.items.filter(subject_name="Lê Thị Mẫu").exists()


def test_a_page_that_is_not_saved_lets_one_go_without_saving(secretary, sheet):
    way = f'href="{step(sheet, "issues")}"'
    assert way not in secretary.get(step(sheet, "collective")).content.decode().partition("<ol>")[2]
    wrong = {"edition": 0, "to": "issues", **rows({"title": "Trồng cây", "due_on": "31/02/2026"})}
    refused = secretary.post(step(sheet, "collective"), wrong)
    assert refused.status_code == 422
    assert way in refused.content.decode().partition("<ol>")[2]


def test_a_sheet_counts_its_steps(secretary, sheet):
    make.individual(sheet, name="Người hai", number=2, title="", accountable="")
    services.save_draft(sheet.pk, by=sheet.author, at=LATER, fields={"tags": []})
    assert notes(secretary.get(url("check", sheet.pk))) == {"individual": "còn thiếu 2 chỗ"}
