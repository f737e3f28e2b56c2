"""Charts in a DOCX as Word's own, with the numbers they are drawn from inside: whoever edits the file edits them too.

XlsxWriter makes the drawing and the sheet behind it; the DOCX takes both, and ties them as Word does.
"""

import io
import zipfile

import xlsxwriter
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Emu, Mm

from models_registry.documents.charts import Chart

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# What each series is filled with: the first solid, the second striped, so that a black print tells them apart.
SOLID = {"fill": {"color": "#1F3864"}, "border": {"color": "#1F3864"}}
STRIPED = {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#1F3864", "bg_color": "#FFFFFF"}}
STRIPED |= {"border": {"color": "#1F3864"}}
FONT = {"name": "Times New Roman", "size": 11}
HEAD_HEIGHT, BAR_HEIGHT, LEAST, MOST = Mm(14), Mm(5.5), Mm(50), Mm(200)


def add_chart(document, block: Chart, width) -> None:
    """Add a paragraph with the chart, as wide as the line, its words as the alternative text."""
    package = document.part.package
    number = 1 + sum(part.partname.startswith("/word/charts/") for part in package.iter_parts())
    drawn, sheet = _drawn(block)
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, drawn, package)
    behind = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), SHEET_TYPE, sheet, package)
    tie = chart.relate_to(behind, f"{RELATIONSHIPS}/package")
    chart._blob = _tied(drawn, tie)
    height = HEAD_HEIGHT + BAR_HEIGHT * (len(block.names) * len(block.series) + len(block.names) // 2)
    height = min(MOST, max(LEAST, height))
    line = document.add_paragraph()
    line.paragraph_format.keep_together = True
    line.add_run()._r.append(_frame(number, document.part.relate_to(chart, f"{RELATIONSHIPS}/chart"), width, height))
    frame = line._p.find(f".//{{{WORD_DRAWING}}}docPr")
    frame.set("title", block.title)
    frame.set("descr", block.said)


def _drawn(block: Chart) -> tuple[bytes, bytes]:
    """Return the XML of the chart, and the workbook of its numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, last = book.add_worksheet("Data"), len(block.names)
        share = book.add_format({"num_format": "0.0%"})
        sheet.write_column(1, 0, block.names)
        chart = book.add_chart({"type": "bar"})
        for column, (name, shares) in enumerate(block.series, start=1):
            sheet.write_string(0, column, name)
            for row, one in enumerate(shares, start=1):
                sheet.write(row, column, None if one.value is None else float(one.value), share)
            labels = [{"delete": True} if one.value is None else {"value": one.text, "font": FONT} for one in shares]
            chart.add_series(
                {
                    "name": ["Data", 0, column],
                    "categories": ["Data", 1, 0, last, 0],
                    "values": ["Data", 1, column, last, column],
                    "data_labels": {"value": True, "custom": labels, "position": "outside_end", "font": FONT},
                    "gap": 60,
                }
                | (STRIPED if column > 1 else SOLID)
            )
        chart.set_title({"none": True})
        chart.set_x_axis({"min": 0, "max": 1.15, "visible": False, "major_gridlines": {"visible": False}})
        chart.set_y_axis({"reverse": True, "num_font": FONT, "major_tick_mark": "none"})
        chart.set_legend({"none": True} if len(block.series) < 2 else {"position": "bottom", "font": FONT})
        sheet.insert_chart(0, len(block.series) + 2, chart)
    with zipfile.ZipFile(out) as files:
        return files.read("xl/charts/chart1.xml"), out.getvalue()


def _tied(drawn: bytes, tie: str) -> bytes:
    """Return the chart's XML with the workbook it may be edited by named in it."""
    data = f'<c:externalData xmlns:r="{RELATIONSHIPS}" r:id="{tie}"><c:autoUpdate val="0"/></c:externalData>'
    return drawn.replace(b"<c:printSettings>", data.encode() + b"<c:printSettings>", 1)


WORD_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def _frame(number: int, tie: str, width: Emu, height: Emu):
    return parse_xml(
        f"""<w:drawing {nsdecls("w", "wp", "a", "r")}>
          <wp:inline distT="0" distB="0" distL="0" distR="0">
            <wp:extent cx="{int(width)}" cy="{int(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>
            <wp:docPr id="{1000 + number}" name="Chart {number}"/><wp:cNvGraphicFramePr/>
            <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
              <c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{tie}"/>
            </a:graphicData></a:graphic>
          </wp:inline>
        </w:drawing>"""
    )
