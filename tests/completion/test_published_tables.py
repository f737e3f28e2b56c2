"""Figures that reports printed: entered right or wrong, approved by another, beside ours, corrected in the open."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from completion.models import PublishedFigure, PublishedTable
from completion.printed.checking import check
from completion.printed.columns import KEYS, SHEET, template
from completion.words import gap_text
from journal.models import Event
from organizations.models import Unit
from tests import factories
from tests.completion.access_published import table_of

pytestmark = pytest.mark.django_db

# A row as it is typed → what is said of it; "" where nothing is wrong.
TYPED = {
    "T5 as printed": ({"n": "133.350", "base": "135.720", "rate": "98,2%"}, ""),
    "no dots, no rate, no unit": ({"n": "207", "base": "225"}, ""),
    "a quarter in short": ({"unit": "Đảng ủy xã An", "period": "Q1", "n": "1", "base": "2", "rate": "50"}, ""),
    "a name without accents": ({"unit": "dang uy xa an", "n": "1", "base": "2"}, ""),
    "n above N": ({"n": "8.100", "base": "7.855"}, "n (8.100) lớn hơn N (7.855)"),
    "a rate past 100": ({"n": "1", "base": "2", "rate": "982%"}, "Tỷ lệ phải từ 0% đến 100%; ở đây là 982%."),
    "a decimal point": ({"n": "1", "base": "2", "rate": "98.2%"}, "hãy ghi 98,2% thay cho “98.2%”"),
    "a count with a comma": ({"n": "1,298", "base": "1.343"}, "phải là số nguyên, nghìn cách nhau bằng dấu chấm"),
    "a rate in words": ({"n": "1", "base": "2", "rate": "gần hết"}, "Tỷ lệ ghi như trong báo cáo"),
    "a rate of nothing": ({"n": "0", "base": "0", "rate": "100%"}, "N là 0 nên không có tỷ lệ"),
    "no counts": ({"rate": "98,2%"}, "Chưa ghi n (hoàn thành)."),
    "a name nearly right": ({"unit": "Đảng ủy xã Ann", "n": "1", "base": "2"}, "Gần giống: AN · Đảng ủy xã An;"),
    "one name of two": ({"unit": "Chi bộ ấp", "n": "1", "base": "2"}, "Có 2 đơn vị cùng tên"),
    "a period unknown": ({"period": "tháng 3", "n": "1", "base": "2"}, "Không hiểu “tháng 3”"),
    "a kind unknown": ({"kind": "việc lạ", "n": "1", "base": "2"}, "Không hiểu “việc lạ”"),
}


@pytest.fixture
def province(db):
    top = factories.unit("Tỉnh ủy Mẫu", Unit.Kind.PROVINCE_COMMITTEE, code="TU")
    an = factories.unit("Đảng ủy xã An", Unit.Kind.GRASSROOTS_COMMITTEE, top, code="AN")
    binh = factories.unit("Đảng ủy xã Bình", Unit.Kind.GRASSROOTS_COMMITTEE, top, code="BINH")
    for number, above in enumerate((an, binh)):
        factories.unit("Chi bộ ấp", Unit.Kind.CELL, above, code=f"CB{number}")
    return top


@pytest.fixture
def clerk(province):
    return factories.person(province, "administrator")


@pytest.fixture
def leader(province):
    return factories.person(province, "leader")


def row(**cells) -> dict:
    return {key: cells.get(key, "") for key in KEYS}


def test_each_row_is_told_in_a_sentence_what_is_wrong_and_none_is_lost(province, clerk):
    rows = [row(label=f"Chỉ tiêu {number}", **cells) for number, (cells, _said) in enumerate(TYPED.values())]
    checked = check(table_of(province, by=clerk), rows)
    told = {name: [text for _key, text in line.problems] for name, line in zip(TYPED, checked.lines, strict=True)}
    for name, (_cells, said) in TYPED.items():
        assert (bool(told[name]), said in " ".join(told[name])) == (bool(said), True), (name, told[name])
    assert [dict(line.typed) for line in checked.lines] == rows


def test_the_gap_is_told_beyond_the_rounding_alone():
    assert [gap_text(*one) for one in (("98,2%", 133350, 135720), ("97%", 7855, 8100), ("96,6%", 1298, 1343))] == [
        "Công bố thấp hơn 0,1 điểm %: cắt bỏ phần lẻ, không làm tròn.",
        "",
        "",
    ]
    assert gap_text("99,0%", 96, 100) == "Công bố cao hơn 3,0 điểm % so với n/N."


def test_a_name_of_before_finds_the_unit_that_stood_in_the_year(province, clerk):
    old = factories.unit("Đảng ủy xã Cũ", Unit.Kind.GRASSROOTS_COMMITTEE, province, code="CU")
    new = Unit.objects.get(code="AN")
    Unit.objects.filter(pk=old.pk).update(valid_to="2025-07-01")
    factories.succession("merge", old, new, on="2025-07-01")
    factories.succession("rename", new, on="2024-06-01", renamed=("Đảng ủy xã Xưa", "Đảng ủy xã An"))
    found = {}
    for year in (2023, 2026):
        table = table_of(province, by=clerk, year=year)
        lines = check(table, [row(unit="đảng ủy xã cũ", n="1", base="2"), row(unit="Xã Xưa", n="1", base="2")]).lines
        lines += check(table, [row(unit="Đảng ủy xã Xưa", n="1", base="2")]).lines
        found[year] = [line.values.get("unit") or line.problems[0][1] for line in lines]
    assert (found[2023][0], found[2023][2], found[2026][2]) == (old, new, new)
    assert found[2026][0].endswith("trước năm của bảng. Đơn vị kế tục: Đảng ủy xã An.")


def enter(client, province, content: str):
    head = {"unit": "TU", "year": "2023", "title": "Kết quả 2023", "symbol": "12-BC/TU", "issued_on": "05/01/2024"}
    answer = client.post(reverse("completion:published_begin"), head | {"issuer": "Tỉnh ủy"})
    table = PublishedTable.objects.get(replaces=None, state="draft")
    assert answer.url == reverse("completion:published_bring", args=[table.pk])
    assert client.post(answer.url, {"rows": content}).status_code == 302
    return table


PASTED = "\n".join(
    (
        "STT\tĐơn vị\tLoại việc\tChỉ tiêu\tHoàn thành\tTổng số\tTỷ lệ (%)",
        "1\t\tcá nhân\tViệc của cá nhân\t133.350\t135.720\t98,2",
        "2\tĐảng ủy xã An\ttập thể\tViệc của tập thể\t90\t80\t97",
    )
)


def test_from_a_pasted_table_to_the_page_of_the_years(client, province, clerk, leader):
    client.force_login(clerk)
    table = enter(client, province, PASTED)
    detail = reverse("completion:published_table", args=[table.pk])
    page = client.get(detail).text
    assert all(said in page for said in ("Dòng cần sửa: 1", "133.350/135.720", "98,3%", "Khác số công bố"))
    ask = reverse("completion:published_step", args=[table.pk, "ask"])
    assert client.post(ask).status_code == 422
    rows, edition = reverse("completion:published_rows", args=[table.pk]), {"edition": "1"}
    cells = {f"row-1-{key}": value for key, value in table_rows(table)[1].items()} | {"row-1-n": "77"}
    assert client.post(rows, {"place": ["1"], "edition": "0"} | cells).status_code == 409
    assert client.post(rows, {"place": ["1"]} | edition | cells).status_code == 302
    assert client.post(ask).status_code == 302
    years = reverse("dashboards:years", args=[province.pk])
    approve = reverse("completion:published_step", args=[table.pk, "approve"])
    assert client.post(approve).status_code == 403
    client.force_login(leader)
    assert "Bảng số liệu đã công bố chờ bạn duyệt" in client.get(reverse("home")).text
    assert "98,2%" not in client.get(years).text
    assert client.post(approve).status_code == 302
    text = client.get(years).text
    assert all(said in text for said in ("Năm 2023", "98,2%", "98,3%", "cắt bỏ phần lẻ", "12-BC/TU, ngày 05/01/2024"))
    book = load_workbook(BytesIO(b"".join(client.post(years, {"file": "xlsx"}).streaming_content))).active
    (last,) = [line for line in book.values if line[0] == 2023]
    assert last[5:10] == (133350, 135720, "98,2%", 133350 / 135720, "98,3%")
    verbs = [event.verb.partition(".")[2] for event in Event.objects.filter(subject="publishedtable").order_by("id")]
    assert verbs == ["begun", "rows_kept", "rows_kept", "ask", "approve"]


def table_rows(table) -> list[dict]:
    table.refresh_from_db()
    return table.rows


def test_a_correction_is_a_new_version_and_the_old_stays_readable(client, province, clerk, leader):
    shown = table_of(province, "shown", by=clerk)
    client.force_login(clerk)
    answer = client.post(reverse("completion:published_version", args=[shown.pk]))
    draft = PublishedTable.objects.get(replaces=shown)
    assert answer.url == reverse("completion:published_rows", args=[draft.pk])
    assert client.post(reverse("completion:published_version", args=[shown.pk])).status_code == 409
    client.post(answer.url, {"place": ["0"], "edition": "0", "row-0-n": "9", "row-0-base": "10", "row-0-kind": "COL"})
    ask = reverse("completion:published_step", args=[draft.pk, "ask"])
    assert client.post(ask, {"reason": "ngắn"}).status_code == 422
    assert client.post(ask, {"reason": "Gõ nhầm số hoàn thành của văn bản."}).status_code == 302
    client.force_login(leader)
    back = reverse("completion:published_step", args=[draft.pk, "return"])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert [one.n for one in PublishedFigure.objects.shown()] == [8]
    assert client.post(reverse("completion:published_step", args=[draft.pk, "approve"])).status_code == 302
    assert client.post(back, {"reason": "Xem lại văn bản giúp."}).status_code == 409
    assert [one.n for one in PublishedFigure.objects.shown()] == [9]
    shown.refresh_from_db()
    assert shown.state == "replaced"
    page = client.get(reverse("completion:published_table", args=[shown.pk])).text
    assert "8/10" in page and "bản 2" in page
    for change in (shown.figures.all().delete, lambda: PublishedTable.objects.filter(pk=shown.pk).update(year=2022)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_workbook_is_read_as_it_shows_its_rates(client, province, clerk):
    client.force_login(clerk)
    assert load_workbook(BytesIO(template())).sheetnames == [SHEET.name, "Ví dụ"]
    book = Workbook()
    book.active.title = SHEET.name
    book.active.append([column.header for column in SHEET.columns])
    book.active.append(["TU", None, "Việc của cá nhân", None, "T5", 133350, 135720, 0.982])
    book.active["H2"].number_format = "0.0%"
    stream = BytesIO()
    book.save(stream)
    table = table_of(province, by=clerk, rows=[])
    file = SimpleUploadedFile("t5.xlsx", stream.getvalue())
    answer = client.post(reverse("completion:published_bring", args=[table.pk]), {"file": file})
    assert answer.status_code == 302
    (line,) = check(PublishedTable.objects.get(pk=table.pk)).lines
    assert (line.problems, line.values["printed_rate"], line.gap[:24]) == ([], "98,2%", "Công bố thấp hơn 0,1 điể")


def test_a_csv_file_is_read_and_one_that_is_none_is_refused(client, province, clerk):
    client.force_login(clerk)
    table = table_of(province, by=clerk, rows=[])
    address = reverse("completion:published_bring", args=[table.pk])
    text = "Đơn vị;Loại việc;Hoàn thành;Tổng số;Tỷ lệ\n;cá nhân;133.350;135.720;98,2%\n"
    for name, content, said in (
        ("t5.csv", text.encode("cp1258", "replace"), "phải là chữ UTF-8"),
        ("t5.ods", b"x", "Chỉ nhận tệp .xlsx hoặc .csv."),
        ("t5.xlsx", b"x", "bị hỏng hoặc tải lên chưa đủ"),
    ):
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert (answer.status_code, said in answer.text) == (422, True), name
    assert client.post(address, {"file": SimpleUploadedFile("t5.csv", text.encode("utf-8-sig"))}).status_code == 302
    (line,) = check(PublishedTable.objects.get(pk=table.pk)).lines
    assert (line.problems, line.values["n"], line.values["base"]) == ([], 133350, 135720)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_cost_the_same_however_long(client, province, clerk, leader, rows, django_assert_max_num_queries):
    shown = table_of(province, "shown", by=clerk)
    for number in range(rows):
        of = {"unit": province, "year": 2023, "n": 8, "base": 10, "printed_rate": "80%", "kind": "COL"}
        PublishedFigure.objects.create(table=shown, source="12-BC/TU", label=f"Chỉ tiêu {number}", **of)
    asked = table_of(province, "asked", by=clerk, rows=[row(n="1", base="2", label=str(n)) for n in range(rows)])
    client.force_login(leader)
    pages = [reverse("completion:published_tables"), reverse("dashboards:years", args=[province.pk])]
    for page in [*pages, *(reverse("completion:published_table", args=[one.pk]) for one in (shown, asked))]:
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
