"""Year-end extracts: all a unit's classification file needs, names for whom they are, one row a unit below."""

from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from completion.extracting import drop_extract_files
from completion.models import Extract, Taken
from dashboards.extracts.gathering import gather
from dashboards.extracts.report import compose
from journal.models import Event, Job
from models_registry.documents.paper import Paragraph, Table
from models_registry.models import WorkItem
from organizations.models import Unit
from progress.models import QuarterlyReport
from tests import factories
from tests.completion.archives import close, done, item, load
from tests.dashboards.access_extracts import extract_of
from tests.models_registry import plans

ITEMS = [item("A1", "20/3"), item("A2", "20/6"), *(item(f"P{n}", "20/6", kind="IND") for n in range(3))]


@pytest.fixture
def year(db, tmp_path):
    """A's year is closed: a work done, one not, two people with three commitments; one report in time, one late."""
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=True):
        load(tmp_path, items=ITEMS, events=[*done("A1", "15/3"), *done("P0", "1/6")])
        units = {unit.code: unit for unit in Unit.objects.all()}
        opened = plans.round_of(units["D"])
        plans.obligation(opened, None, unit=units["A"])
        for number, who in enumerate((1, 1, 2)):
            of = {"subject_number": who, "subject_name": f"Nguyễn Văn {who}", "subject_position": "Đảng viên"}
            WorkItem.objects.filter(code=f"P{number}").update(**of)
        author = factories.person()
        for quarter, sent in ((1, "2026-04-03T09:00:00+07:00"), (2, "2026-07-20T09:00:00+07:00")):
            of = {"unit": units["A"], "year": 2026, "quarter": quarter, "results": "Kết quả"}
            QuarterlyReport.objects.create(sent_at=sent, sent_by=author, **of)
        for quarter in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"):
            close(quarter)
        yield units


def said(paper) -> str:
    """All the words of a paper."""
    found = []
    for part in paper.parts:
        for block in part.blocks:
            if isinstance(block, Table):
                found += [" | ".join(row) for row in (block.heads, *block.rows)] + [block.total]
            elif isinstance(block, Paragraph):
                found.append(block.lead + block.text)
    return "\n".join(found)


def extract(unit, by, at=None):
    gathered = gather(unit, 2026, by=by, at=at or factories.AT.replace(year=2027))
    return gathered, compose(gathered, code="2" * 16, site="cong.vn/verify")


def test_it_holds_what_the_file_needs_and_names_only_in_the_unit_itself(year):
    own, paper = extract(year["A"], factories.person(year["A"], "secretary"))
    text = said(paper)
    assert (own.people, len(own.individuals), paper.mark, own.is_final) == (2, 3, "", True)
    for line in (
        "R3 · Kế hoạch năm | 1/5 = 20,0% | 2/5 = 40,0% | 2/5 = 40,0% | 2/5 = 40,0%",
        "Quý I | Phải gửi | 03/04/2026 09:00 | Đúng hạn",
        "Quý II | Phải gửi | 20/07/2026 09:00 | Muộn",
        "Quý III | Phải gửi | — | Chưa gửi",
        "Tổng số: 2 cá nhân, 3 việc",
        "Của chính đơn vị: 2 việc của tập thể, 0 vấn đề bức xúc, nổi cộm (Biểu số 01); 2 cá nhân có cam kết, 3 việc",
    ):
        assert line in text
    assert "Nguyễn Văn 1" in text
    _above, paper = extract(year["A"], factories.person(year["D"], "leader"))
    assert "Nguyễn Văn" not in said(paper)
    assert "Tổng số: 2 cá nhân, 3 việc" in said(paper)
    assert "2222-2222-2222-2222, xem tại cong.vn/verify" in paper.trace
    top, paper = extract(year["D"], factories.person(year["D"], "leader"))
    assert "1 | Đảng ủy xã An | 2/5 = 40,0% | 2/5 = 40,0%" in said(paper)
    assert len(top.sources) == 4


@pytest.fixture
def secretary(client, year):
    person = factories.person(year["A"], "secretary")
    client.force_login(person)
    return person


@pytest.mark.once
def test_from_the_page_to_the_three_files_and_the_check_of_their_code(client, year, secretary, run_jobs):
    page = reverse("extracts:unit", args=[year["A"].pk]) + "?year=2026"
    assert "40,0%" in client.get(page).text
    assert client.post(page).status_code == 302
    (job,) = run_jobs()
    assert (job.state, job.message) == (Job.State.DONE, "")
    made = Extract.objects.get()
    assert (made.year, made.with_names, made.is_final, made.sources.count()) == (2026, True, True, 4)
    shown = client.get(job.result["url"]).text
    book = client.get(reverse("extracts:file", args=[made.pk, "xlsx"]))
    sheet = load_workbook(BytesIO(b"".join(book.streaming_content)))
    rates = [row for row in sheet["Tỷ lệ"].values if row[0] == "R3 · Kế hoạch năm"]
    assert rates[-1] == ("R3 · Kế hoạch năm", "Quý IV", "đã chốt, bản 1", 2, 5, 0, 0.4, "40,0%")
    assert sum(row[1] == "Nguyễn Văn 1" for row in sheet["Việc"].values) == 2
    verbs = list(Event.objects.filter(subject="extract").order_by("id").values_list("verb", flat=True))
    assert (verbs, Taken.objects.count()) == (["extract.made", "extract.taken"], 4)
    code = shown.split('check-code">')[1].split("<")[0]
    checked = client.get(reverse("verify_code", args=[code])).text
    assert "Bản trích cuối năm" in checked and "Đủ bốn quý đã chốt" in checked and "Nguyễn Văn" not in checked
    assert drop_extract_files(at=made.made_at) == 0
    assert drop_extract_files(at=made.made_at.replace(year=2029)) == len(made.digests)
    assert "đã được xóa" in client.get(job.result["url"]).text


def test_every_unit_below_is_a_row_with_numbers_as_numbers(client, year, run_jobs):
    client.force_login(factories.person(year["D"], "leader"))
    assert client.post(reverse("extracts:below", args=[year["D"].pk]) + "?year=2026").status_code == 302
    (job,) = run_jobs()
    assert job.state == Job.State.DONE
    lines = list(load_workbook(BytesIO(job.file.read())).active.values)
    heads = next(line for line in lines if line[0] == "Đơn vị")
    rows = {line[1]: dict(zip(heads, line, strict=True)) for line in lines if line[1] in ("D", "G", "A", "B")}
    assert list(rows) == ["D", "G", "A", "B"]
    cell = rows["A"]
    assert [cell[f"R3 · Kế hoạch năm: {part}"] for part in ("n", "N", "X", "%")] == [2, 5, 0, 0.4]
    assert [cell[f"{name}: báo cáo"] for name in ("Quý I", "Quý II", "Quý III")] == ["Đúng hạn", "Muộn", "Chưa gửi"]
    assert [cell["Cá nhân có cam kết"], cell["Việc của cá nhân"], rows["B"]["Cá nhân có cam kết"]] == [2, 3, 0]


@pytest.mark.parametrize("rows", [1, 30])
def test_its_page_costs_the_same_however_much_was_made(client, year, secretary, rows, django_assert_max_num_queries):
    for _number in range(rows):
        extract_of(year["A"], by=secretary, forms=("docx", "xlsx"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("extracts:unit", args=[year["A"].pk]) + "?year=2026").status_code == 200
