"""Figures and the lists behind them as files."""

import csv
from io import BytesIO, StringIO

from django.urls import reverse
from openpyxl import load_workbook

from models_registry.models import WorkItem
from organizations.models import Unit
from progress.models import QuarterlyCheck
from tests import factories
from tests.completion.archives import close, item, load
from tests.dashboards.reading import page


def test_the_workbook_holds_numbers_and_the_passport(leader, figures):
    answer = page(leader, "export", figures["G"], form="xlsx", sort="name")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(answer.content)).active.iter_rows()]
    assert rows[0][0] == "Đảng ủy xã An"
    assert [row[:2] + row[2:6] for row in rows if row[1] == "A"] == [["Chi bộ ấp 1", "A", 5, 6, 0, 5 / 6]]


def test_the_checks_of_ongoing_works_open_and_are_in_the_files(leader, figures, tmp_path):
    load(tmp_path / "steady", items=[item(f"S{n}", "31/12", ongoing=1) for n in range(2)])
    QuarterlyCheck.objects.create(
        item=WorkItem.objects.get(code="S0"), quarter=2, verdict="passed", recorded_at=factories.AT
    )
    close("2026-Q2", provisional=True)
    answer = page(leader, "unit", figures["D"], quarter="2026-Q2", rate="r8")
    told = answer.context["headline"]
    assert (told["code"], told["rate"].n, told["rate"].base, told["text"]) == ("r8", 1, 2, "50,0%")
    answer = page(leader, "items", figures["D"], quarter="2026-Q2", rate="r8", part="rest")
    assert [row.reason for row, _shown in answer.context["rows"]] == ["Quý II/2026 chưa được kiểm tra – không tính"]
    assert "Chưa đạt hoặc chưa kiểm tra (N trừ n)" in answer.content.decode()
    answer = page(leader, "export", figures["D"], form="csv", quarter="2026-Q2")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    head = next(row for row in rows if row[:1] == ["Đơn vị"])
    assert head[-5:-2] == [f"R8 · Việc thường xuyên: {part}" for part in ("n", "N", "X")]
    assert rows[rows.index(head) + 1][-5:-2] == ["1", "2", "0"]


def test_the_csv_holds_the_same_rows_and_no_formula(leader, figures):
    Unit.objects.filter(code="A").update(name="=1+1")
    answer = page(leader, "export", figures["G"], form="csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:5] for row in rows[-2:]] == [["Chi bộ ấp 1", "A", "5", "6", "0"], ["Chi bộ ấp 2", "B", "1", "4", "1"]]


def test_a_page_and_its_files_say_which_kind_of_works_they_count(leader, figures):
    said = "<span>Việc của tập thể</span>"
    for name in ("unit", "items", "ranking"):
        assert said in page(leader, name, figures["G"], kind="COL").content.decode()
        assert said not in page(leader, name, figures["G"]).content.decode()
    answer = page(leader, "export", figures["G"], form="csv", kind="COL")
    assert "\r\nViệc của tập thể\r\n" in answer.content.decode("utf-8-sig")


def test_the_workbook_holds_the_kinds_of_works_on_a_sheet_of_their_own(leader, figures):
    answer = page(leader, "export", figures["G"], form="xlsx")
    figures_sheet, kinds, meanings = load_workbook(BytesIO(answer.content)).worksheets
    assert "đến hạn trong quý" in next(row[1].value for row in meanings.iter_rows() if "R1" in str(row[0].value))
    assert any("Ngưỡng" in str(row[0].value) for row in figures_sheet.iter_rows())
    rows = [[cell.value for cell in row] for row in kinds.iter_rows()]
    assert rows[0][0] == figures_sheet["A1"].value
    assert [row[:6] for row in rows[-4:-2]] == [
        ["Việc của tập thể", 6, 10, 1, 0.6, "60,0%"],
        ["Việc của cá nhân", 0, 0, 0, None, "—"],
    ]
    answer = page(leader, "export", figures["G"], form="xlsx", kind="COL")
    assert len(load_workbook(BytesIO(answer.content)).worksheets) == 2


def test_the_lists_behind_a_figure_are_taken_as_files(leader, figures):
    def lines(name, **query):
        url = reverse(f"dashboards:{name}", args=[figures["D"].pk], query={"quarter": "2026-Q1"} | query)
        answer = leader.post(url, {"file": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(answer))).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        return rows[next(number for number, row in enumerate(rows) if row[1] is not None) + 1 :]

    works = lines("items", rate="r1", part="n")
    assert (len(works), {row[3] for row in works}) == (6, {"Chi bộ ấp 1", "Chi bộ ấp 2"})
    assert [[row[0], *row[1:6], row[-1]] for row in lines("ranking", rate="r1", unit_kind="cell")] == [
        [1, "A", "Chi bộ ấp 1", 5, 6, 0, ""], [None, "B", "Chi bộ ấp 2", 1, 4, 1, "Ít việc"],
    ]  # fmt: skip
    shown = page(leader, "missing", figures["D"], what="reported").context["rows"]
    assert [row[1] for row in lines("missing", what="reported")] == [row.name for row, _above in shown]
