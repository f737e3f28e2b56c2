"""A paper as an editable DOCX: real styles, repeated heads of tables, page numbers from the second page on."""

import io
from datetime import datetime

from django.utils.timezone import localtime
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from models_registry.documents.charts import Chart
from models_registry.documents.paper import Head, Heading, Listing, Note, Paper, Paragraph, Part, Signatures, Table
from models_registry.documents.profiles import Profile
from models_registry.documents.word_charts import add_chart
from models_registry.documents.word_pages import line_width, set_edges, set_pages
from models_registry.documents.word_styles import (
    HEADING,
    NOTE,
    SIGNATURE_TEXT,
    SUBTITLE,
    TABLE_TEXT,
    TITLE,
    make_styles,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CENTRE, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
SIDES = {"middle": CENTRE, "right": RIGHT}
# Hundredths of the line for the two heads, and what Word keeps free at each side of a cell.
HEAD_SHARES = (42, 58)
CELL_PADDING = Mm(1.9)
# Left free above a name, for a pen and a seal.
ROOM_TO_SIGN = Pt(64)


def draw(paper: Paper, *, at: datetime) -> bytes:
    """Return the paper as a DOCX file; a hundred plans take about two seconds."""
    document = Document()
    _describe(document, paper, at)
    make_styles(document, paper.profile)
    before = None
    for part in paper.parts:
        section = document.add_section(WD_SECTION.NEW_PAGE) if before else document.sections[0]
        set_pages(section, part, paper.profile)
        if before is None or before.landscape != part.landscape:  # otherwise what stands at the edges goes on
            set_edges(section, part, paper)
        before = part
        _draw_part(document, part, paper.profile, line_width(part, paper.profile))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document, paper: Paper, at: datetime) -> None:
    about = document.core_properties
    about.title, about.subject = paper.title[:255], paper.trace
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = localtime(at).replace(tzinfo=None)
    about.language = "vi-VN"


def _draw_part(document, part: Part, profile: Profile, width) -> None:
    if part.head is not None:
        _draw_head(document, part.head, profile, width)
    if part.label:
        _add_styled(document, part.label, SUBTITLE).alignment = RIGHT
    for number, title in enumerate(part.titles):
        _add_styled(document, title, SUBTITLE if number else TITLE)
    for block in part.blocks:
        DRAWN[type(block)](document, block, width)


def _add_styled(document, text: str, style: str):
    line = document.add_paragraph(text)
    line._p.style = style
    return line


def _draw_head(document, head: Head, profile: Profile, width) -> None:
    left, right = _side_by_side(document, width, HEAD_SHARES)
    _add_line(left, head.superior, profile.head_size)
    _add_line(left, head.issuer, profile.head_size, bold=True)
    if profile.under_issuer:
        _add_line(left, profile.under_issuer, profile.head_size)
    else:
        _draw_rule(left, profile.issuer_rule)
    _add_line(left, head.number, profile.head_size, before=4)
    for text, size in zip(profile.national, profile.national_sizes, strict=True):
        _add_line(right, text, size, bold=True)
    _draw_rule(right, profile.national_rule)
    _add_line(right, head.place_and_day, profile.place_size, italic=True, before=6)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _side_by_side(document, width, shares):
    table = document.add_table(rows=1, cols=len(shares))
    _set_widths(table, width, shares)
    return table.rows[0].cells


def _set_widths(table, width, shares) -> None:
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, share in zip(table.columns, shares, strict=True):
        column.width = width * share // 100
    for cell, share in zip(table.rows[0].cells, shares, strict=True):
        cell.width = width * share // 100


def _add_line(cell, text: str, size: int, *, bold=False, italic=False, before=0) -> None:
    """Write one more centred line into a cell whose first paragraph may still be empty; nothing for no text."""
    if not text:
        return
    first = cell.paragraphs[0]
    line = first if not first.runs else cell.add_paragraph()
    line.alignment = CENTRE
    line.paragraph_format.space_after, line.paragraph_format.space_before = Pt(0), Pt(before)
    run = line.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _draw_rule(cell, length: int) -> None:
    """Draw a rule as long as told (millimetres) in the middle beneath the cell's last line."""
    line = cell.add_paragraph()
    form = line.paragraph_format
    form.space_after, form.space_before, form.line_spacing = Pt(0), Pt(1), Pt(4)
    form.left_indent = form.right_indent = max(0, (cell.width - 2 * CELL_PADDING - Mm(length)) // 2)
    borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _draw_heading(document, block: Heading, width) -> None:
    _add_styled(document, block.text, HEADING)


def _draw_paragraph(document, block: Paragraph, width) -> None:
    line = document.add_paragraph()
    line.alignment = JUSTIFY
    line.paragraph_format.first_line_indent = Mm(10)
    if block.lead:
        line.add_run(block.lead).bold = True
    line.add_run(block.text)


def _draw_note(document, block: Note, width) -> None:
    _add_styled(document, block.text, NOTE)


def _draw_chart(document, block: Chart, width) -> None:
    add_chart(document, block, width)
    _add_styled(document, block.title, NOTE).alignment = CENTRE


def _draw_listing(document, block: Listing, width) -> None:
    for number, item in enumerate(block.items, start=1):
        line = document.add_paragraph(f"{number}) {item}")
        line.alignment = JUSTIFY
        line.paragraph_format.first_line_indent = Mm(10)


def _draw_table(document, block: Table, width) -> None:
    # Rows are written as they stand in the file: the library's own cells take seconds for a hundred people.
    table = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")
    widths = [width * share // 100 for share in block.widths]
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, own in zip(table.columns, widths, strict=True):
        column.width = own
    heads = [_cell(text, own, side="middle", bold=True) for text, own in zip(block.heads, widths, strict=True)]
    table._tbl.append(_row(heads, "w:cantSplit", "w:tblHeader"))
    for line in block.lines:
        table._tbl.append(_row(_cells(line, widths), "w:cantSplit"))
    if block.sums:
        table._tbl.append(_row(_cells(block.sum_line, widths, bold=True), "w:cantSplit"))
    if block.total:
        table._tbl.append(_row([_cell(block.total, width, bold=True, span=len(widths))], "w:cantSplit"))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _cells(line, widths, *, bold: bool = False) -> list:
    return [_cell(text, own, side=side, bold=bold) for (side, text), own in zip(line, widths, strict=True)]


def _row(cells: list, *marks: str):
    row = OxmlElement("w:tr")
    about = row.get_or_add_trPr()
    for mark in marks:
        about.append(OxmlElement(mark))
    row.extend(cells)
    return row


def _cell(text: str, width, *, side: str = "", bold: bool = False, span: int = 1):
    cell = OxmlElement("w:tc")
    cell.width = width
    if span > 1:
        cell.get_or_add_tcPr().grid_span = span
    for line in text.split("\n"):
        paragraph = cell.add_p()
        paragraph.style = TABLE_TEXT
        if side:
            paragraph.alignment = SIDES[side]
        run = paragraph.add_r()
        run.text = line
        if bold:
            run.get_or_add_rPr().append(OxmlElement("w:b"))
    return cell


def _draw_signatures(document, block: Signatures, width) -> None:
    table = document.add_table(rows=2, cols=2)
    _set_widths(table, width, (50, 50))
    _draw_receivers(table.rows[0].cells[0], block.receivers)
    above, below = (row.cells[-len(block.places) :] for row in table.rows)
    for place, top, foot in zip(block.places, above, below, strict=True):
        for number, text in enumerate(place.lines):
            _sign(top.add_paragraph() if number else top.paragraphs[0], text)
        name = foot.paragraphs[0]
        name.paragraph_format.space_before = ROOM_TO_SIGN
        _sign(name, place.name)


def _draw_receivers(cell, receivers: tuple[str, ...]) -> None:
    if not receivers:
        return
    said = cell.paragraphs[0].add_run("Nơi nhận:")
    said.bold = said.italic = True
    for receiver in receivers:
        line = cell.add_paragraph(f"- {receiver}")
        line._p.style = TABLE_TEXT


def _sign(line, text: str) -> None:
    line._p.style = SIGNATURE_TEXT
    line.add_run(text).bold = True


DRAWN = {
    Heading: _draw_heading,
    Paragraph: _draw_paragraph,
    Note: _draw_note,
    Chart: _draw_chart,
    Listing: _draw_listing,
    Table: _draw_table,
    Signatures: _draw_signatures,
}
