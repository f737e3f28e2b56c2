"""Tables as they come off a clipboard: cells between tabs, or the markup of Word and of web pages."""

import csv
import re
from contextlib import suppress
from html.parser import HTMLParser

from vietnamese.folding import clean

_MARKUP = re.compile(r"<(?:table|tr|td|html|p|span|div|o:p|w:)[\s>/]", re.IGNORECASE)
# What Word writes that nobody sees: comments for its own use, styles, settings. What is not closed goes to the end, or
# every beginning would be looked for an end anew.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[.*?(?:\]>|\Z)|<(style|script|xml|head)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)


def table_of(pasted: str) -> list[list[str]]:
    """Return the lines of a pasted table as cells of plain text on one line each; lines with nothing are left out."""
    text = clean(pasted)
    lines = _from_markup(text) if _MARKUP.search(text) else _from_tabs(text)
    table = [[" ".join(cell.replace("\0", "").split()) for cell in line] for line in lines]
    return [line for line in table if any(line)]


def _from_tabs(text: str) -> list[list[str]]:
    # Spreadsheets put a cell of several lines between quotes; a lone quote is only a quote.
    quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter="\t", quoting=quoting))
    except csv.Error:
        return [line.split("\t") for line in text.splitlines()]


def _from_markup(text: str) -> list[list[str]]:
    reader = _Table()
    with suppress(AssertionError):  # how the parser complains of half a declaration
        reader.feed(_UNSEEN.sub("", text))
        # The end of a tag nobody closed would be looked for from every beginning, for minutes.
        if "<" not in reader.rawdata:
            reader.close()
    return reader.rows or reader.paragraphs


class _Table(HTMLParser):
    """Gathers the cells of every table row; where there is none, each paragraph is a row of its own."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.paragraphs: list[list[str]] = [[""]]
        self._in_cell = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._in_cell = True
        elif tag in ("p", "div", "br", "li"):
            self.paragraphs.append([""])
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self.rows[-1][-1] += data
        else:
            self.paragraphs[-1][0] += data
