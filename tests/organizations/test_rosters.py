"""Units, people and posts from XLSX: every cell judged, all or nothing."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from journal.models import Event, Job
from organizations.models import AppraisalLink, HeadCount, Person, Placement, Post, Roster, Unit
from organizations.rosters.checking import check
from organizations.rosters.columns import SHEETS, template
from organizations.rosters.reading import read
from tests import factories

UNIT = ["CB-AP3", "Chi bộ ấp 3", "Chi bộ trực thuộc", "DU-AN", "01/01/2026", ""]
PERSON = ["an.nguyen", "Nguyễn Văn A", "0900000001", ""]
COUNT = ["CB-MOT", 18, 2, "Tuổi cao, sức yếu", "01/01/2026"]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
POST = ["an.nguyen", "CB-AP3", "Bí thư chi bộ", "Bí thư", "01/01/2026"]


def workbook(units=(), people=(), posts=(), head_counts=(), head=None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, rows in zip(SHEETS, (units, people, posts, head_counts), strict=True):
        page = book.create_sheet(sheet.name)
        page.append(head or [column.header for column in sheet.columns])
        for row in rows:
            page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def commune(district):
    Unit.objects.filter(pk=district.commune.pk).update(code="DU-AN")
    Unit.objects.filter(pk=district.board.pk).update(code="BTG")
    Unit.objects.filter(pk=district.cell.pk).update(code="CB-MOT")
    return district.commune


@pytest.fixture
def admin(client, district, commune):
    client.force_login(district.administrator)
    return client


def upload(client, content, name="to-chuc.xlsx"):
    return client.post(reverse("organizations:rosters"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def outcome(client, run_jobs, content):
    """Hand a file in, let the dry run happen, and return its result."""
    assert upload(client, content).status_code == 200
    return run_jobs()[0].result


def counts():
    return Unit.objects.count(), Person.objects.count(), Post.objects.count()


def test_the_template_is_read_back_as_a_file_without_rows():
    contents = read(io.BytesIO(template()))
    assert (contents.total, [p.text for p in contents.problems]) == (
        0,
        ["Tệp không có dòng nào trong các trang Đơn vị, Người, Vai trò, Số đảng viên. Hãy dùng tệp mẫu."],
    )


def test_a_dry_run_says_what_would_be_added_and_writes_nothing(admin, run_jobs):
    before = counts()
    result = outcome(admin, run_jobs, workbook([UNIT], [PERSON], [POST]))
    assert result["counts"] == {"units": 1, "people": 1, "posts": 1, "head_counts": 0, "known": 0}
    assert result["problem_count"] == 0
    assert counts() == before
    page = admin.get(result["url"])
    assert page.context["may_load"] and "Tệp không có lỗi" in page.text


def test_loading_writes_all_and_a_second_run_of_the_file_changes_nothing(admin, commune, run_jobs):
    content = workbook([[*UNIT[:5], "BTG"], ["CB-AP3A", "Tổ 1", "cell", "CB-AP3", "01/01/2026", ""]], [PERSON], [POST])
    outcome(admin, run_jobs, content)
    roster = Roster.objects.get()
    admin.post(reverse("organizations:load_roster", args=[roster.pk]))
    (job,) = run_jobs()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    below = Unit.objects.get(code="CB-AP3A")
    unit = Unit.objects.get(code="CB-AP3")
    assert below.ancestor_ids == [*commune.ancestor_ids, commune.pk, unit.pk]
    assert (unit.folded_name, Placement.objects.get(unit=below).parent) == ("chi bo ap 3", unit)
    assert AppraisalLink.objects.get(serves=unit).body.code == "BTG"
    post = Post.objects.get(unit=unit)
    assert (post.role, post.person.username, post.person.has_usable_password()) == ("secretary", "an.nguyen", False)
    assert Event.objects.get(verb="roster.loaded").detail == {"units": 2, "people": 1, "posts": 1, "head_counts": 0}
    after = counts()
    again = outcome(admin, run_jobs, content)
    assert again["counts"] == {"units": 0, "people": 0, "posts": 0, "head_counts": 0, "known": 4}
    admin.post(reverse("organizations:load_roster", args=[Roster.objects.first().pk]))
    run_jobs()
    assert counts() == after


def test_head_counts_come_for_new_and_standing_cells_and_only_once(admin, run_jobs):
    content = workbook([UNIT], head_counts=[COUNT, ["CB-AP3", 9, "", "", "01/03/2026"]])
    outcome(admin, run_jobs, content)
    admin.post(reverse("organizations:load_roster", args=[Roster.objects.get().pk]))
    run_jobs()
    told = set(HeadCount.objects.values_list("unit__code", "valid_from", "members", "exempt", "exempt_reason"))
    assert told == {
        ("CB-MOT", dt.date(2026, 1, 1), 18, 2, "Tuổi cao, sức yếu"),
        ("CB-AP3", dt.date(2026, 3, 1), 9, 0, ""),
    }
    again = outcome(admin, run_jobs, content)
    assert again["counts"] == {"units": 0, "people": 0, "posts": 0, "head_counts": 0, "known": 3}


def test_a_file_is_loaded_once(admin, run_jobs):
    outcome(admin, run_jobs, workbook([UNIT]))
    address = reverse("organizations:load_roster", args=[Roster.objects.get().pk])
    admin.post(address)
    admin.post(address)
    assert len(run_jobs()) == 1
    admin.post(address)
    assert run_jobs() == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("sheet", "rows", "text"),
    [
        ("units", [["", *UNIT[1:]]], "Đơn vị, dòng 2, cột A: Chưa nhập “Mã”."),
        ("units", [["CB 3", *UNIT[1:]]], "Đơn vị, dòng 2, cột A: Mã viết liền, không quá 40 ký tự."),
        ("units", [UNIT, UNIT], "Đơn vị, dòng 3, cột A: Mã này đã có ở dòng 2."),
        ("units", [[UNIT[0], "", *UNIT[2:]]], "Đơn vị, dòng 2, cột B: Chưa nhập “Tên đơn vị”."),
        ("units", [[*UNIT[:2], "Hội chữ", *UNIT[3:]]], "Đơn vị, dòng 2, cột C: “Hội chữ” không có trong danh sách."),
        ("units", [[*UNIT[:3], "", *UNIT[4:]]], "Đơn vị, dòng 2, cột D: Chưa nhập “Mã cấp trên”."),
        ("units", [[*UNIT[:3], "XX", *UNIT[4:]]], "Đơn vị, dòng 2, cột D: Không có đơn vị mã “XX”."),
        ("units", [[*UNIT[:3], "NGOAI", *UNIT[4:]]], "Đơn vị, dòng 2, cột D: Không có đơn vị mã “NGOAI”."),
        (
            "units",
            [[*UNIT[:4], "31/02/2026", ""]],
            "Đơn vị, dòng 2, cột E: Ngày không đúng. Hãy nhập ngày/tháng/năm, ví dụ 05/06/2026.",
        ),
        (
            "units",
            [[*UNIT[:4], "01/01/1990", ""]],
            "Đơn vị, dòng 2, cột D: Đơn vị này không hoạt động vào ngày 01/01/1990.",
        ),
        ("units", [[*UNIT[:5], "XX"]], "Đơn vị, dòng 2, cột F: Không có đơn vị mã “XX”."),
        ("units", [[UNIT[0], "=1+1", *UNIT[2:]]], "Đơn vị, dòng 2, cột B: Ô chứa công thức. Hãy dán giá trị."),
        ("units", [[UNIT[0], "x" * 501, *UNIT[2:]]], "Đơn vị, dòng 2, cột B: Ô quá dài, không quá 500 ký tự."),
        ("units", [["NGOAI", *UNIT[1:]]], "Đơn vị, dòng 2, cột A: Mã này đã có đơn vị ngoài phạm vi của bạn dùng."),
        (
            "units",
            [["BTG", *UNIT[1:]]],
            "Đơn vị, dòng 2, cột B: Đã có đơn vị mang mã này nhưng khác ở ô này. Hãy sửa trên trang của đơn vị.",
        ),
        (
            "units",
            [["A", *UNIT[1:3], "B", *UNIT[4:]], ["B", *UNIT[1:3], "A", *UNIT[4:]]],
            "Đơn vị, dòng 2, cột D: Đơn vị này và cấp trên của nó trực thuộc lẫn nhau thành vòng.",
        ),
        (
            "people",
            [["có dấu", *PERSON[1:]]],
            "Người, dòng 2, cột A: Tên đăng nhập gồm chữ không dấu, số, dấu chấm, từ 3 ký tự, viết liền.",
        ),
        ("people", [PERSON, PERSON], "Người, dòng 3, cột A: Người này đã có ở dòng 2."),
        ("people", [[*PERSON[:2], "12", ""]], "Người, dòng 2, cột C: Số điện thoại không đúng. Ví dụ 0912 345 678."),
        ("people", [PERSON, ["b.le", *PERSON[1:]]], "Người, dòng 3, cột C: Số điện thoại này đã có người khác dùng."),
        (
            "people",
            [["b.le", "Lê B", "+84911111111", ""]],
            "Người, dòng 2, cột C: Số điện thoại này đã có người khác dùng.",
        ),
        ("people", [["co.san", "Tên Khác", "", ""]], "Người, dòng 2, cột A: Tên đăng nhập này đã có người dùng."),
        ("people", [[*PERSON[:3], "x@"]], "Người, dòng 2, cột D: Thư điện tử không đúng."),
        ("head_counts", [["DU-AN", *COUNT[1:]]], "Số đảng viên, dòng 2, cột A: Đơn vị này không phải chi bộ."),
        ("head_counts", [["NGOAI", *COUNT[1:]]], "Số đảng viên, dòng 2, cột A: Không có đơn vị mã “NGOAI”."),
        ("head_counts", [[COUNT[0], "mười", *COUNT[2:]]],
         "Số đảng viên, dòng 2, cột B: Hãy nhập một số nguyên từ 0 đến 5000."),
        ("head_counts", [[COUNT[0], 18, 19, *COUNT[3:]]],
         "Số đảng viên, dòng 2, cột C: Số được miễn không thể nhiều hơn số đảng viên."),
        ("head_counts", [[*COUNT[:3], "", COUNT[4]]], "Số đảng viên, dòng 2, cột D: Hãy nêu lý do miễn."),
        ("head_counts", [[*COUNT[:4], "01/01/2200"]], "Số đảng viên, dòng 2, cột E: Ngày này chưa đến."),
        ("head_counts", [[*COUNT[:4], "01/01/2019"]],
         "Số đảng viên, dòng 2, cột A: Đơn vị này không hoạt động vào ngày 01/01/2019."),
        ("head_counts", [COUNT, COUNT], "Số đảng viên, dòng 3, cột A: Chi bộ này đã có ở dòng 2."),
        ("posts", [["ai.do", "DU-AN", *POST[2:]]], "Vai trò, dòng 2, cột A: Không có người dùng tên này."),
        ("posts", [["co.san", "NGOAI", *POST[2:]]], "Vai trò, dòng 2, cột B: Không có đơn vị mã “NGOAI”."),
        ("posts", [["co.san", "DU-AN", "Vua", *POST[3:]]], "Vai trò, dòng 2, cột C: “Vua” không có trong danh sách."),
        ("posts", [["co.san", "DU-AN", *POST[2:]]] * 2, "Vai trò, dòng 3, cột C: Vai trò này đã có ở dòng 2."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_written(admin, run_jobs, sheet, rows, text):
    factories.unit("Ngoài phạm vi", code="NGOAI")
    Person.objects.create(username="co.san", full_name="Có Sẵn", phone="0911111111")
    before = counts()
    result = outcome(admin, run_jobs, workbook(**{sheet: rows}))
    assert text in result["problems"]
    page = admin.get(result["url"])
    assert text.split(": ", 1)[1][:20] in page.text and not page.context["may_load"]
    admin.post(reverse("organizations:load_roster", args=[Roster.objects.get().pk]))
    assert run_jobs() == [] and counts() == before


def test_codes_typed_as_numbers_and_days_as_dates_are_understood(admin, run_jobs):

    result = outcome(
        admin, run_jobs, workbook([[103, "Chi bộ 103", "Chi bộ trực thuộc", "DU-AN", dt.date(2026, 1, 1), None]])
    )
    assert (result["problems"], result["counts"]["units"]) == ([], 1)


def test_a_wrong_heading_and_another_workbook_are_told(admin, run_jobs):
    assert "Tiêu đề phải là “Mã”" in outcome(admin, run_jobs, workbook([UNIT], head=["x"] * 6))["problems"][0]


def with_part(content: bytes, name: str, data: bytes = b"x") -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.xlsm", workbook([UNIT]), "Chỉ nhận tệp .xlsx"),
        ("x.csv", b"a,b", "Chỉ nhận tệp .xlsx"),
        ("x.xlsx", b"not a zip", "bị hỏng"),
        ("x.xlsx", b"", "rỗng"),
        ("x.xlsx", OLE + b"Workbook", "đời cũ"),
        ("x.xlsx", OLE + b"\0" * 300_000 + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("x.xlsx", with_part(workbook([UNIT]), "xl/vbaProject.bin"), "macro"),
        ("x.xlsx", with_part(workbook([UNIT]), "../../etc/passwd"), "đường dẫn lạ"),
        ("x.xlsx", with_part(workbook([UNIT]), "xl/big.xml", b"0" * 120_000_000), "quá lớn"),
    ],
)
def test_a_file_that_is_no_clean_workbook_is_refused_by_name_and_reason(admin, name, content, sentence):
    response = upload(admin, content, name)
    assert response.status_code == 422
    assert sentence in response.text
    assert (Roster.objects.count(), Job.objects.count()) == (0, 0)


def test_a_broken_sheet_is_a_problem_and_no_failure(admin, run_jobs):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([UNIT]))) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            new.writestr(part, b"<broken" if part.endswith("sheet1.xml") else old.read(part))
    assert outcome(admin, run_jobs, stream.getvalue())["problem_count"] == 1


def test_a_post_that_ended_meanwhile_loads_nothing(admin, district, run_jobs, now):
    outcome(admin, run_jobs, workbook([UNIT]))
    admin.post(reverse("organizations:load_roster", args=[Roster.objects.get().pk]))
    Post.objects.filter(person=district.administrator).update(ends_at=now)
    (job,) = run_jobs()
    assert (job.state, Unit.objects.filter(code="CB-AP3").exists()) == (Job.State.FAILED, False)


def test_checking_costs_the_same_number_of_queries_for_two_hundred_rows(
    admin, district, commune, django_assert_max_num_queries
):

    units = [[f"CB-{n}", *UNIT[1:]] for n in range(200)]
    people = [[f"nguoi.{n}", "Người A", "", ""] for n in range(200)]
    posts = [[f"nguoi.{n}", f"CB-{n}", *POST[2:]] for n in range(200)]
    contents = read(io.BytesIO(workbook(units, people, posts)))
    with django_assert_max_num_queries(12):
        plan = check(contents, by=district.administrator, today=dt.date(2026, 6, 1))
    assert (plan.problems, len(plan.units), len(plan.posts)) == ([], 200, 200)
