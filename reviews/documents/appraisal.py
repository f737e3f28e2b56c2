"""The appraisal sheet (phiếu thẩm định) of one version of a dossier."""

from collections.abc import Iterator

from django.utils.translation import override

from models_registry.documents.compose import BLANK_LINE, printable_values
from models_registry.documents.paper import Block, Heading, Paper, Paragraph, Part, Signature, Signatures, Table
from reviews.documents.masthead import Masthead
from reviews.models import IssuedPaper
from reviews.queries.papers import Sheet
from vietnamese.display import instant_text

KIND = IssuedPaper.Kind.APPRAISAL


def compose(sheet: Sheet, head: Masthead) -> Paper:
    """Return the sheet as a paper; no query."""
    with override("vi"):
        blocks = tuple(_blocks(sheet, head))
        title = printable_values(sheet.title)
    return head.paper(KIND, f"Phiếu thẩm định: {title}", (Part(("PHIẾU THẨM ĐỊNH", title), blocks, head.head(KIND)),))


def _blocks(sheet: Sheet, head: Masthead) -> Iterator[Block]:
    yield Heading("1. Hồ sơ")
    yield Paragraph(sheet.unit, "Đơn vị đăng ký: ")
    yield Paragraph(f"{sheet.kind}, số {sheet.dossier_id}", "Hồ sơ: ")
    yield Paragraph(sheet.round, "Đợt đăng ký: ")
    yield Paragraph(f"bản {sheet.version}, gửi {instant_text(sheet.submitted_at)}", "Bản thẩm định: ")
    yield Heading("2. Đánh giá theo tiêu chí")
    for judged in sheet.judged:
        yield Paragraph(judged.appraiser, "Người thẩm định: ")
        heads = ("TT", "Tiêu chí", "Đánh giá", "Nhận xét")
        rows = tuple((str(n), *printable_values(list(row))) for n, row in enumerate(judged.rows, start=1))
        yield Table(heads, (8, 42, 18, 32), rows, judged.total, middle=frozenset({0, 2}))
    if sheet.spread:
        yield Paragraph(sheet.spread, f"Điểm trung bình của {len(sheet.judged)} phiếu: ")
    if not sheet.judged:
        yield Paragraph("Chưa có đánh giá.")
    yield Heading("3. Nhận xét tại từng mục")
    for place, text, answer in sheet.remarks:
        yield from _said(text, f"{place}: ")
        if answer:
            yield from _said(answer, "Đơn vị trả lời: ")
    if not sheet.remarks:
        yield Paragraph("Không có.")
    yield Heading("4. Đề xuất của người thẩm định")
    yield Paragraph(sheet.proposal or BLANK_LINE)
    if sheet.proposal_reason:
        yield from _said(sheet.proposal_reason, "Lý do: ")
    yield Heading("5. Kết luận của Ban")
    yield Paragraph(sheet.outcome or BLANK_LINE)
    if sheet.outcome_reason:
        yield from _said(sheet.outcome_reason, "Lý do: ")
    yield Signatures((Signature(("NGƯỜI THẨM ĐỊNH",), sheet.lead), head.signature()))


def _said(text: str, lead: str) -> Iterator[Paragraph]:
    first, *more = printable_values(text).split("\n")
    yield Paragraph(first, printable_values(lead))
    yield from (Paragraph(line) for line in more if line.strip())
