"""What a paper, a DOCX and a PDF say, in order, without the spaces each sets in its own way."""

import io
import re

from docx import Document
from pypdf import PdfReader

from models_registry.documents.paper import Heading, Listing, Paper, Paragraph, Part, Signatures, Table


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def said_by(paper: Paper) -> str:
    return squeezed("".join(text for part in paper.parts for text in _said(part, paper)))


def _said(part: Part, paper: Paper):
    if part.head:
        profile = paper.profile
        yield from (part.head.superior, part.head.issuer, profile.under_issuer, part.head.number)
        yield from (*profile.national, part.head.place_and_day)
    yield from (part.label, *part.titles)
    for block in part.blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(text, lead):
                yield from (lead, text)
            case Listing(items):
                yield from (f"{n}) {item}" for n, item in enumerate(items, start=1))
            case Table(heads, _widths, rows, total):
                yield from (*heads, *(text for row in rows for text in row), total)
            case Signatures(places, receivers):
                yield from ("Nơi nhận:" if receivers else "", *(f"- {one}" for one in receivers))
                yield from (line for place in places for line in place.lines)
                yield from (place.name for place in places)


def said_by_docx(file: bytes) -> str:
    """Every text of the body; page numbers and marks stand in headers, not here."""
    return squeezed(_texts(Document(io.BytesIO(file)).element.body))


def _texts(element) -> str:
    return "".join(element.itertext("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))


def edges_of_docx(file: bytes) -> list[tuple[str, ...]]:
    """(orientation, first header, header, footer) of each section; "2" stands for the page number's field."""
    found = []
    for section in Document(io.BytesIO(file)).sections:
        edges = (section.first_page_header, section.header, section.footer)
        found.append((str(section.orientation).split()[0], *(_texts(edge._element) for edge in edges)))
    return found


def pages_of_pdf(file: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]


def said_by_pdf(file: bytes, paper: Paper) -> str:
    """The pages without what stands at their edges and without the heads of tables a new page repeats.

    That every page carries the mark and the trace, and a number from the second of a document on, is asserted.
    """
    heads = [
        "".join(map(squeezed, block.heads)) for part in paper.parts for block in part.blocks if type(block) is Table
    ]
    starts = [squeezed(part.head.superior + part.head.issuer) for part in paper.parts if part.head]
    said, number = "", 0
    for page in map(squeezed, pages_of_pdf(file)):
        number = 1 if any(page.startswith(start) for start in starts) else number + 1
        edge = squeezed(f"{number if number > 1 else ''}{paper.mark}{paper.trace}")
        assert page.endswith(edge), (page[-80:], edge)
        page = page.removesuffix(edge)
        repeated = next((head for head in heads if page.startswith(head)), "")
        said += page.removeprefix(repeated)
    return said
