"""The minutes of a session: who met, what was discussed, what was concluded on each dossier."""

from collections.abc import Iterator, Sequence

from models_registry.documents.compose import BLANK_LINE, printable_values
from models_registry.documents.paper import Block, Heading, Listing, Paper, Paragraph, Part, Signature, Signatures
from reviews.documents.masthead import Masthead
from reviews.models import IssuedPaper, Session
from reviews.queries.papers import Discussed
from vietnamese.display import document_date, number_text

KIND = IssuedPaper.Kind.MINUTES


def compose(session: Session, points: Sequence[Discussed], head: Masthead) -> Paper:
    """Return the minutes; no query. Who signs for the board is the chair of the masthead."""
    title = printable_values(session.title)
    blocks = (*_opening(session), *_points(points), *_closing(session, head))
    return head.paper(KIND, f"Biên bản: {title}", (Part(("BIÊN BẢN", title), blocks, head.head(KIND)),))


def _opening(session: Session) -> Iterator[Block]:
    began = f"{session.begins_at:%H} giờ {session.begins_at:%M}, {document_date(session.held_on)}"
    yield Paragraph(began, "Thời gian: ")
    yield Paragraph(printable_values(session.place), "Địa điểm: ")
    yield Paragraph(printable_values(session.chair), "Chủ trì: ")
    yield Paragraph(printable_values(session.secretary), "Thư ký: ")
    yield Heading("1. Thành phần dự họp")
    yield Listing(_lines(session.attendees))
    if session.absent.strip():
        yield Paragraph("; ".join(_lines(session.absent)), "Vắng mặt: ")


def _points(points: Sequence[Discussed]) -> Iterator[Block]:
    yield Heading("2. Hồ sơ đã xem xét")
    yield Paragraph(f"{number_text(len(points))} hồ sơ." if points else "Không có hồ sơ nào.")
    for number, point in enumerate(points, start=1):
        yield Heading(printable_values(f"2.{number}. {point.title}"))
        yield Paragraph(printable_values(f"{point.unit}, hồ sơ số {point.dossier_id}, bản {point.version}"), "Đơn vị: ")
        yield from _told(point.discussion or "Không có ý kiến khác.", "Ý kiến thảo luận: ")
        yield from _told(point.conclusion or BLANK_LINE, "Kết luận: ")


def _closing(session: Session, head: Masthead) -> Iterator[Block]:
    yield Heading("3. Kết luận chung")
    yield from _told(session.conclusion or BLANK_LINE, "")
    ended = f"lúc {session.ends_at:%H} giờ {session.ends_at:%M}" if session.ends_at else "cùng ngày"
    yield Paragraph(f"Phiên họp kết thúc {ended}. Biên bản đã được thông qua tại phiên họp.")
    yield Signatures((Signature(("THƯ KÝ",), _name(session.secretary)), head.signature()))


def _name(who: str) -> str:
    """Return the name before the comma of "Nguyễn Văn A, chuyên viên"."""
    return printable_values(who).partition(",")[0].strip()


def _told(text: str, lead: str) -> Iterator[Paragraph]:
    first, *more = printable_values(text).split("\n")
    yield Paragraph(first, lead)
    yield from (Paragraph(line) for line in more if line.strip())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in printable_values(text).split("\n") if line.strip())
