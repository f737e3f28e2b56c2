import pytest

from models_registry.content import content_of
from models_registry.describing import Row, describe
from models_registry.hidden_names import masked, masks_names
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db


def rows_of(sections):
    return {row.key: row.value for section in sections for row in section.rows}


def test_a_model_is_its_plain_values(model):
    content = content_of(model)
    item = model.items.get()
    assert content["targets"] == ["90% hộ phân loại rác"]
    assert content["shortcomings"] == [{"text": "Rác chưa được phân loại", "remedy": "partly"}]
    assert content["outputs"][0]["value"] == "60"
    assert content["items"] == [
        {
            "id": item.pk,
            "kind": "COL",
            "title": "Thu gom rác tại nguồn",
            "assignee": "Tổ trưởng tổ tự quản",
            "accountable": "Chi ủy",
            "starts_on": "2026-02-01",
            "due_on": "2026-06-30",
            "ongoing": False,
            "expected_result": "Các hộ phân loại rác",
            "expected_value": "60",
            "measure": "hộ",
            "subject_name": "",
            "subject_position": "",
            "subject_number": None,
            "subject_is_head": False,
        }
    ]


def test_sections_of_a_model_follow_the_steps_of_its_form(model):
    assert [section.key for section in describe(content_of(model), mask_names=True)] == [
        *("general", "reasons", "contents", "targets", "shortcomings", "exemplars"),
        *("solutions", "works", "outputs", "upkeep", "files"),
    ]


def test_a_work_reads_as_the_five_clear_things(sheet):
    rows = rows_of(describe(content_of(sheet), mask_names=True))
    assert rows[f"item.{sheet.items.filter(kind='ISS').get().pk}"] == (
        "Rõ người: Tổ trưởng tổ tự quản\n"
        "Rõ việc: Giải quyết ngập nước đường tổ 6\n"
        "Rõ tiến độ: 01/02/2026 – 30/06/2026\n"
        "Rõ trách nhiệm: Chi ủy\n"
        "Rõ kết quả: Các hộ phân loại rác; 60 hộ"
    )


def test_a_name_is_shown_inside_the_cell_and_is_post_and_number_above_it(sheet, district):
    content = content_of(sheet)
    key = f"item.{sheet.items.filter(kind='IND').get().pk}"
    assert masks_names(district.secretary, sheet) is False
    assert masks_names(district.appraiser, sheet) is True
    assert rows_of(describe(content, mask_names=False))[key].startswith("Cá nhân: Nguyễn Văn Mẫu\n")
    assert rows_of(describe(content, mask_names=True))[key].startswith("Cá nhân: Đảng viên (số 1)\n")


def test_a_round_may_let_names_be_seen_above(sheet, district):
    sheet.round.mask_names = False
    assert masks_names(district.leader, sheet) is False


def test_a_masked_name_is_hidden_wherever_else_it_was_typed(sheet):
    make.item(sheet, title="Giúp đồng chí nguyễn văn mẫu hoàn thành việc")
    assert "Nguyễn Văn Mẫu" in str(content_of(sheet))
    hidden = str(masked(content_of(sheet)))
    assert "nguyễn văn mẫu" not in hidden.lower()


def test_a_name_of_one_word_hides_no_common_word(sheet):
    sheet.items.filter(kind="IND").update(subject_name="An", assignee="An")
    make.item(sheet, title="Giữ gìn an ninh")
    hidden = masked(content_of(sheet))
    assert [(one["title"], one["subject_name"], one["assignee"]) for one in hidden["items"]] == [
        ("Thu gom rác tại nguồn", "", "Tổ trưởng tổ tự quản"),
        ("Giải quyết ngập nước đường tổ 6", "", "Tổ trưởng tổ tự quản"),
        ("Giữ gìn an ninh", "", "Tổ trưởng tổ tự quản"),
        ("Mỗi tháng đọc một bài học", "Đảng viên (số 1)", "Đảng viên (số 1)"),
    ]


def test_an_output_without_a_number_yet_prints_a_dash(model):
    model.practice.outputs.update(value=None)
    outputs = next(s for s in describe(content_of(model), mask_names=True) if s.key == "outputs")
    assert outputs.rows == (
        Row(f"output.{model.practice.outputs.get().pk}", "Hộ tham gia", "— hộ", name="Hộ tham gia"),
    )


def test_a_content_is_read_in_few_queries(model, sheet, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        content_of(model)
    with django_assert_max_num_queries(4):
        content_of(sheet)


def test_the_works_of_one_individual_stand_together(sheet):
    make.individual(sheet, "Trần Thị Mẫu", number=2, title="Việc một")
    make.individual(sheet, title="Mỗi tháng một việc tốt", order=1)
    make.individual(sheet, "Trần Thị Mẫu", number=2, title="Việc hai", order=1)
    individuals = [item["title"] for item in content_of(sheet)["items"] if item["kind"] == "IND"]
    assert individuals == ["Mỗi tháng đọc một bài học", "Mỗi tháng một việc tốt", "Việc một", "Việc hai"]
