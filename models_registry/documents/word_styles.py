"""The styles of a paper as DOCX: real ones, so that whoever edits the file keeps its looks."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from models_registry.documents.profiles import Profile

FONT = "Times New Roman"
# Ids of styles: looking one up by its name costs as much as a whole row.
TITLE, SUBTITLE, HEADING, TABLE_TEXT, SIGNATURE_TEXT = "Title", "Subtitle", "Heading1", "TableText", "SignatureText"
NOTE = "SmallPrint"


def make_styles(document, profile: Profile) -> None:
    normal = document.styles["Normal"]
    _set_font(normal, profile.body_size)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for name, size in (
        ("Title", profile.title_size),
        ("Subtitle", profile.body_size),
        ("Heading 1", profile.body_size),
    ):
        style = document.styles[name]
        _set_font(style, size, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6), Pt(6)
        style.paragraph_format.keep_with_next = True
        _strip(style, "w:pBdr", "w:kern", "w:rPr/w:spacing")
    for name in ("Title", "Subtitle"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_font(document.styles["Header"], profile.body_size)
    _strip(document.styles["Header"], "w:tabs")
    _set_font(document.styles["Footer"], 9)
    cell = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    _set_font(cell, 12)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
    cell.paragraph_format.line_spacing = 1.0
    note = document.styles.add_style("Small Print", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = normal
    _set_font(note, 11)
    note.font.italic = True
    note.paragraph_format.line_spacing = 1.0
    sign = document.styles.add_style("Signature Text", WD_STYLE_TYPE.PARAGRAPH)
    sign.base_style = normal
    _set_font(sign, profile.body_size)
    sign.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sign.paragraph_format.space_after = Pt(0)
    sign.paragraph_format.keep_with_next = True


def _strip(style, *names: str) -> None:
    """Take off what the library's own template gives a style beyond what we set."""
    for name in names:
        for found in style.element.findall(".//" + "/".join(map(qn, name.split("/")))):
            found.getparent().remove(found)


def _set_font(style, size: int, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)
