"""Individuals' works as a file: taken away, filled in, judged cell by cell, loaded whole or not at all."""

import datetime as dt

import openpyxl
import pytest

from journal.models import Event, Job
from models_registry import services
from models_registry.forms.individual_files import workbook
from models_registry.forms.individual_rows import SHEET
from models_registry.models import MeasureUnit
from organizations.models import Post
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, sent, step, url
from tests.models_registry.dossiers.sheets_as_files import LINE, checked, exported, filled, load

pytestmark = pytest.mark.django_db


def works(sheet):
    return list(sheet.items.filter(kind="IND").order_by("pk").values())


def test_an_unedited_export_changes_nothing(secretary, sheet, run_jobs):
    head = {"ongoing": True, "starts_on": None, "due_on": None, "subject_is_head": True, "expected_value": "1234.50"}
    make.individual(sheet, "Trần  Văn Mẫu", "", 7, "=1+1 \n là hai", **head)
    make.individual(sheet, "Sai Năm Mẫu", number=8, title="", due_on=dt.date(2025, 1, 1), measure=None)
    before, events = works(sheet), Event.objects.count()
    job = checked(secretary, sheet, run_jobs, exported(secretary, sheet))
    assert job.state == Job.State.DONE, job.message
    assert job.result["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "begun": 0}
    assert (job.result["problems"], job.result["warnings"], job.done, job.total) == ([], [], 3, 3)
    page = secretary.get(job.result["url"])
    assert "Không có gì thay đổi" in page.text and not page.context["may_load"]
    assert load(secretary, sheet, run_jobs, job) == []
    sheet.refresh_from_db()
    assert (works(sheet), Event.objects.count(), sheet.edition) == (before, events, 0)


def test_a_file_is_checked_first_and_then_written_whole(secretary, sheet, run_jobs):
    second = LINE | {"D": "Việc hai", "F": None, "G": None, "H": "x", "J": 3}

    def change(book, page):
        page["G4"] = "15/7/2026"

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE, second, change=change))
    assert job.result["counts"] == {"new": 2, "changed": 1, "unchanged": 0, "begun": 0}
    assert job.result["changes"] == [["G4", "Hoàn thành", "30/06/2026", "15/7/2026"]]
    assert sheet.items.filter(kind="IND").count() == 1
    page = secretary.get(job.result["url"])
    assert page.context["may_load"] and "Nhập tất cả" in page.text and "15/7/2026" in page.text
    (loaded,) = load(secretary, sheet, run_jobs, job)
    assert loaded.state == Job.State.DONE, loaded.message
    assert "Đã nhập xong" in secretary.get(loaded.result["url"]).text
    found = sheet.items.filter(kind="IND").order_by("subject_number", "order")
    assert [(w.subject_number, w.order, w.title, w.due_on, w.expected_value) for w in found] == [
        (1, 0, "Mỗi tháng đọc một bài học", dt.date(2026, 7, 15), 60),
        (2, 0, "Kể chuyện về Bác", dt.date(2026, 5, 19), 1150.5),
        (2, 1, "Việc hai", None, 3),
    ]
    sheet.refresh_from_db()
    assert (sheet.edition, Event.objects.filter(verb="dossier.save").count()) == (1, 1)
    assert load(secretary, sheet, run_jobs, job) == []


def test_a_row_about_a_work_that_began_is_left_out_and_told_with_its_reason(secretary, sheet, run_jobs):
    begun = sheet.items.get(kind="IND")
    sheet.items.filter(pk=begun.pk).update(approved_at=LATER, state="in_progress", due_in_force=begun.due_on)

    def change(book, page):
        page["G4"] = "15/7/2026"

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE, change=change))
    assert job.result["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "begun": 1}
    (loaded,) = load(secretary, sheet, run_jobs, job)
    for report in (job, loaded):
        ((cell, _header, why),) = report.result["left_out"]
        assert (cell, "đã bắt đầu" in why, why in secretary.get(report.result["url"]).text) == ("D4", True, True)
    assert [work["due_on"] for work in works(sheet)] == [begun.due_on, dt.date(2026, 5, 19)]
    again = checked(secretary, sheet, run_jobs, filled(secretary, sheet, change=change))
    assert "đều là việc đã bắt đầu" in secretary.get(again.result["url"]).text


MARKS = "Nếu là một người, hãy ghi như nhau; nếu là hai người, hãy ghi rõ thêm ở Chức danh."
CELLS = {
    "A4": (None, "A4", "Hãy điền mục này."),
    "B4": ("x" * 151, "B4", "Nhiều nhất 150 ký tự; ở đây có 151."),
    "C4": ("đôi khi", "C4", "Hãy ghi x nếu có, để trống nếu không."),
    "D4": ("=UPPER(A4)", "D4", "Ô chứa công thức. Hãy dán giá trị."),
    "E4": ("#REF!", "E4", "Ô báo lỗi trong Excel."),
    "F4": ("31/02/2026", "F4", "Ngày không đúng. Hãy nhập ngày/tháng/năm, ví dụ 05/06/2026."),
    "G4": (dt.date(2027, 1, 5), "G4", "Hạn hoàn thành phải nằm trong năm kế hoạch 2026."),
    "I4": ("y" * 501, "I4", "Ô quá dài, không quá 500 ký tự."),
    "J4": (-1, "J4", "Ít nhất là 0."),
    "K4": ("thúng", "K4", "Không có đơn vị tính “thúng”. Hãy chọn một tên trong danh sách."),
    "D5": ("Mỗi tháng đọc MỘT bài học", "D5", "Việc này của người này đã có ở dòng 4."),
    "A5": ("Nguyễn Văn Mậu", "A5", f"Họ tên chỉ khác dấu với dòng 4. {MARKS}"),
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("cell", CELLS)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_written(secretary, sheet, run_jobs, cell):
    value, address, sentence = CELLS[cell]
    same = {"A": "Nguyễn Văn Mẫu", "B": "Đảng viên", "D": "Việc hai"}

    def change(book, page):
        page[cell] = value
        if value == "#REF!":
            page[cell].data_type = "e"

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, same, change=change))
    told = [(place, text) for place, _header, text in job.result["problems"]]
    assert (address, sentence) in told, (job.message, told)
    assert load(secretary, sheet, run_jobs, job) == []
    page = secretary.get(job.result["url"])
    assert address in page.text and not page.context["may_load"]
    copy = openpyxl.load_workbook(job.file)[SHEET.name]
    assert sentence in copy[address].comment.text
    assert sheet.items.filter(kind="IND").count() == 1


def test_what_is_missing_or_too_much_is_a_warning_and_the_file_is_loaded(secretary, sheet, run_jobs):
    lines = [LINE | {"D": f"Việc {n}"} for n in (1, 2, 3)] + [{"A": "Phạm Văn Mẫu", "D": "Việc", "G": "5/6/26"}]
    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, *lines))
    assert job.result["problem_count"] == 0
    told = {(place, text.split(":")[0]) for place, _header, text in job.result["warnings"]}
    assert told >= {
        ("D7", "Mỗi chủ thể đăng ký nhiều nhất 2 việc một năm; ở đây có 3."),
        ("E8", "Rõ trách nhiệm"),
        ("F8", "Rõ tiến độ"),
        ("I8", "Rõ kết quả"),
        ("G8", "“5/6/26” được hiểu là 05/06/2026."),
    }
    assert load(secretary, sheet, run_jobs, job)[0].state == Job.State.DONE
    sheet.refresh_from_db()
    assert sheet.items.count() == 7 and "individual" in sheet.lacking


def test_merged_cells_are_told_and_hidden_sheets_are_named(secretary, sheet, run_jobs):
    def change(book, page):
        page.merge_cells("A5:A6")
        book.create_sheet("Ẩn").sheet_state = "hidden"

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE, change=change))
    assert ["A5", "Họ và tên", "Ô gộp A5:A6. Hãy bỏ gộp ô rồi điền đủ từng ô."] in job.result["problems"]
    assert job.result["remarks"] == ["Trang ẩn “Ẩn” không được đọc."]


def test_the_example_is_never_imported_unless_it_was_written_over(secretary, sheet, run_jobs):
    sheet.items.filter(kind="IND").delete()
    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet))
    assert job.result["problems"] == [["", "", "Tệp chưa có dòng nào."]]

    def change(book, page):
        page["A3"], page["F3"], page["G3"] = "Người Thật Mẫu", None, None

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, change=change))
    assert (job.result["counts"]["new"], job.result["problems"]) == (1, [])


def test_rows_that_are_not_in_the_file_stay_and_copied_codes_make_new_rows(secretary, sheet, run_jobs):
    make.individual(sheet, "Trần Văn Mẫu", number=2)
    code = sheet.items.get(subject_number=1).pk

    def change(book, page):
        page.delete_rows(5)
        for column, value in (LINE | {"L": code}).items():
            page[f"{column}5"] = value
        for column, value in (LINE | {"D": "Việc hai", "L": 999_999}).items():
            page[f"{column}6"] = value

    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, change=change))
    assert job.result["counts"] == {"new": 2, "changed": 0, "unchanged": 1, "begun": 0}
    warned = [place for place, _header, text in job.result["warnings"] if "Mã dòng này không có" in text]
    assert warned == ["L6"]
    load(secretary, sheet, run_jobs, job)
    assert sheet.items.filter(kind="IND").count() == 4


def test_a_sheet_that_changed_after_the_check_is_not_written_over(secretary, sheet, district, run_jobs):
    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE))
    secretary.post(url("individuals_load", sheet.pk, job.pk))
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, fields={"tags": ["x"]})
    (late,) = run_jobs()
    assert (late.state, "đã thay đổi" in late.message) == (Job.State.FAILED, True)
    assert not secretary.get(url("individuals_report", sheet.pk, job.pk)).context["may_load"]
    assert load(secretary, sheet, run_jobs, job) == []
    assert sheet.items.filter(kind="IND").count() == 1


def test_a_post_that_ended_or_a_sheet_that_was_sent_loads_nothing(secretary, sheet, district, run_jobs, now):
    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE))
    secretary.post(url("individuals_load", sheet.pk, job.pk))
    post = Post.objects.filter(person=district.secretary)
    post.update(ends_at=now)
    assert run_jobs()[0].state == Job.State.FAILED
    post.update(ends_at=None)
    sent(sheet, district.secretary)
    assert secretary.get(url("individuals_import", sheet.pk)).url == url("dossier", sheet.pk)
    assert load(secretary, sheet, run_jobs, job) == []


def test_nobody_else_sees_the_report_of_a_file(secretary, client, sheet, district, run_jobs):
    job = checked(secretary, sheet, run_jobs, filled(secretary, sheet, LINE))
    client.force_login(district.clerk)
    assert client.get(url("individuals_report", sheet.pk, job.pk)).status_code == 404
    assert client.post(url("individuals_load", sheet.pk, job.pk)).status_code == 404


def test_a_clerk_loads_what_a_clerk_checked(client, sheet, district, run_jobs):
    client.force_login(district.clerk)
    job = checked(client, sheet, run_jobs, filled(client, sheet, LINE))
    assert load(client, sheet, run_jobs, job)[0].state == Job.State.DONE
    assert Event.objects.get(verb="dossier.save").actor == district.clerk


@pytest.mark.parametrize("people", [2, 40])
def test_loading_costs_the_same_however_many(secretary, sheet, run_jobs, people, django_assert_max_num_queries):
    lines = [
        (n, {"subject_name": f"Người {n}", "title": f"Việc {n}", "accountable": "Chi ủy"}) for n in range(4, 4 + people)
    ]
    content = workbook(lines, MeasureUnit.objects.all()).read()
    with django_assert_max_num_queries(18):
        job = checked(secretary, sheet, run_jobs, content)
    with django_assert_max_num_queries(38):
        assert load(secretary, sheet, run_jobs, job)[0].state == Job.State.DONE
    assert sheet.items.filter(kind="IND").count() == people + 1


def test_the_list_of_individuals_leads_to_all_three_ways(secretary, sheet):
    page = secretary.get(url("individuals", sheet.pk)).text
    assert step(sheet, "individual")
    for name in ("individuals_table", "individuals_paste", "individuals_import"):
        assert url(name, sheet.pk) in page
