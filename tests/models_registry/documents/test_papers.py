"""A paper says the same as a structure, as DOCX and as PDF; every page is marked; nothing typed is lost or run."""

import datetime as dt
import io

import pytest
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from models_registry.documents import pdf, word
from models_registry.documents.compose import MARK, compose
from tests.models_registry.documents.contents import (
    HARD,
    NOON,
    TRACE,
    content,
    full_model,
    full_sheet,
    letterhead,
)
from tests.models_registry.documents.texts import edges_of_docx, said_by, said_by_docx, said_by_pdf, squeezed


def composed(of, head=None, which="dossier", mark=MARK):
    return compose(of, head or letterhead(), which=which, mark=mark, trace=TRACE)


pytestmark = pytest.mark.once  # no database is asked

PAPERS = {
    "a model": (full_model(), "dossier"),
    "an empty draft": (content(title=""), "dossier"),
    "a title of 400 characters, hard text": (full_model(HARD * 3, title="Ễ" * 200 + " & <i>" + "Ậ" * 194), "dossier"),
    "a sheet": (full_sheet(30), "dossier"),
    "all plans": (full_sheet(3), "plans"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_structure_docx_and_pdf_say_the_same(name):
    paper = composed(PAPERS[name][0], which=PAPERS[name][1])
    said = said_by(paper)
    assert said_by_docx(word.draw(paper, at=NOON)) == said
    assert said_by_pdf(pdf.draw(paper), paper) == said


def test_hard_text_is_kept_but_for_what_no_file_can_carry():
    said = said_by(composed(full_model(HARD)))
    assert said.count(squeezed("Ễ Ậ Ỗ & <b>đậm</b> {{ x }} {% y %} “a” 'b' ]]>")) >= 12
    assert not set("\x00\x0b\ufffe\ud800") & set(said)


def test_a_sheet_counts_works_and_people_apart_and_totals_each_table():
    said = said_by(composed(full_sheet(3)))
    for words in (
        "2 việc (Biểu số 01).",
        "1 vấn đề (Biểu số 02).",
        "3 cá nhân, 4 việc (Biểu số 03).",
        "Tổng số: 2 việc",
        "Tổng số: 3 cá nhân, 4 việc",
        "01/02/2026 – 30/06/2026",
        "Các hộ phân loại rác; 1.150,5 hộ",
    ):
        assert squeezed(words) in said
    assert squeezed("2. Vấn đề bức xúc, nổi cộm Không đăng ký.") in said_by(composed(full_sheet(2, items=[])))


def test_every_section_of_a_docx_carries_mark_number_and_trace():
    file = word.draw(composed(full_sheet()), at=NOON)
    first, *annexes = edges_of_docx(file)
    assert first == ("PORTRAIT", MARK, f"2{MARK}", TRACE)
    assert [(edges[0], *edges[2:]) for edges in annexes] == [("LANDSCAPE", f"2{MARK}", TRACE)] * 3
    approved = edges_of_docx(word.draw(composed(full_sheet(), mark=""), at=NOON))
    assert all(MARK not in edge for edges in approved for edge in edges)


def test_a_docx_has_the_measures_of_the_party_and_real_styles():
    file = word.draw(composed(full_model()), at=NOON)
    document = Document(io.BytesIO(file))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin)] == [20, 20]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [30, 15]
    fonts = {name: document.styles[name].font for name in ("Normal", "Title", "Heading 1")}
    assert {name: (font.name, font.size.pt) for name, font in fonts.items()} == {
        "Normal": ("Times New Roman", 14),
        "Title": ("Times New Roman", 16),
        "Heading 1": ("Times New Roman", 14),
    }
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert headings[0] == "1. Thông tin chung"
    assert len(headings) == 11
    grids = [table for table in document.tables if table.style.name == "Table Grid"]
    assert all(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader") for table in grids)
    assert document.core_properties.title == "Tổ tự quản bảo vệ môi trường"
    assert document.core_properties.author == ""


def test_a_pdf_embeds_its_fonts_and_is_landscape_where_the_table_is_wide():
    reader = PdfReader(io.BytesIO(pdf.draw(composed(full_model()))))
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages]
    assert sizes[0] == (595, 842)
    assert sizes[-1] == (842, 595)
    used = (page["/Resources"]["/Font"].values() for page in reader.pages)
    fonts = {str(font.get_object()["/BaseFont"]) for page in used for font in page}
    assert fonts
    assert all("Serif" in font or "Times" in font for font in fonts)


def test_nothing_in_a_pdf_is_fetched():
    with pytest.raises(ValueError, match="outside itself"):
        pdf._refuse_to_fetch("file:///etc/passwd")


def test_a_plan_is_each_ones_own_and_the_head_is_not_confirmed_by_the_own_unit():
    sheet = full_sheet(3)
    assert len(composed(sheet, which="plans").parts) == 3
    two, one = (said_by(composed(sheet, which=which)) for which in ("plan-2", "plan-1"))
    assert squeezed("Nguyễn Thị Mẫu 2") in two
    assert squeezed("Nguyễn Thị Mẫu 1") not in two
    assert squeezed("XÁC NHẬN CỦA ĐƠN VỊ T/M CHI BỘ BÍ THƯ") in two
    assert squeezed("XÁC NHẬN CỦA CẤP TRÊN NGƯỜI ĐĂNG KÝ") in one
    assert composed(sheet, which="plan-9") is None
    assert composed(full_model(), which="plans") is None


def test_a_day_not_yet_signed_is_left_to_the_pen():
    dated, blank = (said_by(composed(full_sheet(), letterhead(dated=dated))) for dated in (True, False))
    assert squeezed("ngày 05 tháng 02 năm 2026") in dated
    assert squeezed("ngày tháng 02 năm 2026") in blank
    march = said_by(composed(full_sheet(), letterhead(day=dt.date(2026, 3, 5))))
    assert squeezed("ngày 05 tháng 3 năm 2026") in march


def test_documents_are_vietnamese_whatever_the_reader_chose():
    with override("en"):
        assert said_by(composed(full_model())) == said_by(composed(full_model()))
        assert squeezed("2. Thực trạng và mục tiêu") in said_by(composed(full_model()))
