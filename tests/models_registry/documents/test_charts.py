"""A chart on paper: Word's own with its numbers inside, a drawing in the PDF, and words for who sees neither."""

import io
import zipfile
from fractions import Fraction

import openpyxl
from django.template.loader import render_to_string
from docx import Document

from models_registry.documents import word
from models_registry.documents.charts import Chart, Share
from models_registry.documents.paper import Note, Paper, Part, Table
from models_registry.documents.profiles import profile_for
from tests.models_registry.documents.contents import NOON, letterhead

CHART = Chart(
    "Lũy kế & <đến hạn>",
    "Chi bộ A: 80,0%; Chi bộ B: —.",
    ("Chi bộ A", "Chi bộ có tên rất dài, dài hơn chỗ dành cho tên"),
    (
        ("Năm 2026", (Share(Fraction(8, 10), "80,0%"), Share(None, ""))),
        ("Năm 2025", (Share(Fraction(1, 2), "50,0%"),) * 2),
    ),
)


def paper_of(*blocks) -> Paper:
    head = letterhead()
    return Paper("Báo cáo", profile_for(head.kind, head.day), (Part(("BÁO CÁO",), blocks),), mark="", trace="Bản 1")


def test_a_word_chart_can_be_read_aloud_and_edited():
    file = word.draw(paper_of(CHART, CHART), at=NOON)
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert {"word/charts/chart1.xml", "word/charts/chart2.xml"} <= set(parts.namelist())
        drawn = parts.read("word/charts/chart1.xml").decode()
        sheet = openpyxl.load_workbook(io.BytesIO(parts.read("word/embeddings/chart1.xlsx")))["Data"]
        document = parts.read("word/document.xml").decode()
    assert 'descr="Chi bộ A: 80,0%; Chi bộ B: —."' in document
    assert "pattFill" in drawn  # told apart without colour
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)] == [
        [None, "Năm 2026", "Năm 2025"],
        ["Chi bộ A", 0.8, 0.5],
        [CHART.names[1], None, 0.5],
    ]
    assert drawn.count("<c:externalData") == 1
    assert Document(io.BytesIO(file)).paragraphs[-1].text == CHART.title


def test_a_drawing_has_its_words_and_a_bar_for_each_share():
    drawn = render_to_string("models_registry/papers/_chart.html", {"block": CHART})
    assert drawn.count("<rect") == 4 + 2  # and the two fillings the legend explains
    assert "<title>Chi bộ A: 80,0%" in drawn
    assert "Lũy kế &amp; &lt;đến hạn&gt;" in drawn
    assert "Chi bộ có tên rất dài, dài hơn ch…" in drawn


def test_a_table_that_adds_up_ends_in_its_sums():
    table = Table(("Đơn vị", "n"), (80, 20), (("A", "1"), ("B", "2")), sums=("Cộng", "3"), right=frozenset({1}))
    document = Document(io.BytesIO(word.draw(paper_of(table, Note("Nguồn: bản 1.")), at=NOON)))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert (rows[0], rows[-1]) == (["Đơn vị", "n"], ["Cộng", "3"])
    assert table.sides == ("middle", "right")
    assert document.paragraphs[-1].style.name == "Small Print"
