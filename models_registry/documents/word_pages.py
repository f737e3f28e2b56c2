"""The pages of a paper as DOCX: their size and margins, what stands at their edges, and their numbers."""

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from models_registry.documents.paper import Paper, Part
from models_registry.documents.profiles import Profile

A4 = (Mm(210), Mm(297))


def set_pages(section, part: Part, profile: Profile) -> None:
    top, right, bottom, left = map(Mm, profile.margins)
    section.page_width, section.page_height = reversed(A4) if part.landscape else A4
    section.orientation = WD_ORIENT.LANDSCAPE if part.landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = top, right, bottom, left
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = part.head is not None
    _count_pages(section, anew=part.head is not None)


def line_width(part: Part, profile: Profile):
    return A4[1 if part.landscape else 0] - Mm(profile.margins[1]) - Mm(profile.margins[3])


def set_edges(section, part: Part, paper: Paper) -> None:
    width = line_width(part, paper.profile)
    _fill_header(section.header, paper.mark, width, numbered=True)
    _fill_footer(section.footer, paper.trace)
    if part.head is not None:
        _fill_header(section.first_page_header, paper.mark, width, numbered=False)
        _fill_footer(section.first_page_footer, paper.trace)


def _count_pages(section, *, anew: bool) -> None:
    # A new section begins as a copy of the one before it.
    for copied in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(copied)
    if anew:
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.find(qn("w:cols")).addprevious(start)


def _fill_header(header, mark: str, width, *, numbered: bool) -> None:
    header.is_linked_to_previous = False
    line = header.paragraphs[0]
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(width // 2, WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("\t")
    if numbered:
        _add_page_field(line)
    if mark:
        line.add_run(f"\t{mark}").bold = True


def _fill_footer(footer, trace: str) -> None:
    footer.is_linked_to_previous = False
    footer.paragraphs[0].add_run(trace)


def _add_page_field(line) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    line._p.append(field)
