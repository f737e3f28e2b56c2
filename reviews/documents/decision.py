"""One decision for a set of announced decisions, with the lists of what was approved and what was not."""

from collections.abc import Sequence

from models_registry.documents.compose import printable_values
from models_registry.documents.paper import Block, Heading, Paper, Paragraph, Part, Signatures, Table
from reviews.documents.masthead import Masthead
from reviews.models import IssuedPaper
from reviews.queries.papers import Decided
from vietnamese.display import document_date, number_text

KIND = IssuedPaper.Kind.DECISION
SUBJECT = "về việc thẩm định mô hình, bản đăng ký học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"


def compose(decided: Sequence[Decided], head: Masthead, *, grounds: str) -> Paper:
    """Return the decision; `grounds` are its lines of "Căn cứ …", one each. No query."""
    articles, lists = [], []
    for said, title, rows in _outcomes(decided):
        label = f"Biểu số {len(lists) + 1:02d}"
        articles.append(f"{said} {_counted(rows)} ({label} kèm theo).")
        lists.append(Part((title, _attached(head)), (_table(rows),), label=label, landscape=True))
    articles.append(
        "Các đơn vị có tên trong danh sách kèm theo chịu trách nhiệm thực hiện Quyết định này; hồ sơ được duyệt thì "
        "triển khai theo đúng nội dung, lộ trình đã đăng ký."
    )
    articles.append("Quyết định này có hiệu lực từ ngày ký.")
    part = Part(("QUYẾT ĐỊNH", SUBJECT), tuple(_body(articles, grounds, head)), head.head(KIND))
    return head.paper(KIND, f"Quyết định {SUBJECT}", (part, *lists))


def _outcomes(decided: Sequence[Decided]) -> list[tuple[str, str, list[Decided]]]:
    approved = [one for one in decided if one.approved]
    rejected = [one for one in decided if not one.approved]
    found = [
        ("Duyệt", "DANH SÁCH HỒ SƠ ĐƯỢC DUYỆT", approved),
        ("Không duyệt", "DANH SÁCH HỒ SƠ KHÔNG ĐƯỢC DUYỆT", rejected),
    ]
    return [outcome for outcome in found if outcome[-1]]


def _body(articles: list[str], grounds: str, head: Masthead) -> list[Block]:
    blocks: list[Block] = [Paragraph(f"{line};") for line in _grounds(grounds)]
    blocks += [Heading(f"{head.issuer.upper()} QUYẾT ĐỊNH")]
    blocks += [Paragraph(text, f"Điều {number}. ") for number, text in enumerate(articles, start=1)]
    receivers = tuple(filter(None, (head.superior, "Các đơn vị có tên trong danh sách", f"Lưu {head.issuer}")))
    return [*blocks, Signatures((head.signature(),), receivers)]


def _grounds(grounds: str) -> list[str]:
    lines = (line.strip().rstrip(";,.") for line in printable_values(grounds).split("\n"))
    return [line if line.lower().startswith("căn cứ") else f"Căn cứ {line}" for line in lines if line]


def _attached(head: Masthead) -> str:
    if head.number is None:
        return "Kèm theo dự thảo Quyết định"
    return f"Kèm theo Quyết định số {head.symbol(KIND)}, {document_date(head.day)}"


def _counted(rows: Sequence[Decided]) -> str:
    models = sum(one.is_model for one in rows)
    kinds = ((models, "mô hình"), (len(rows) - models, "bản đăng ký"))
    told = ", ".join(f"{number_text(count)} {word}" for count, word in kinds if count)
    return f"{number_text(len(rows))} hồ sơ: {told}"


def _table(rows: Sequence[Decided]) -> Table:
    """Return one list; why not, where any was not approved."""
    heads = ("TT", "Đơn vị", "Trực thuộc", "Tên mô hình, bản đăng ký", "Số hồ sơ", "Bản")
    widths = (5, 24, 21, 36, 9, 5)
    lines = [
        (str(number), one.unit, one.parent, one.title, str(one.dossier_id), str(one.version))
        for number, one in enumerate(rows, start=1)
    ]
    if any(one.reason for one in rows):
        heads, widths = (*heads, "Lý do"), (5, 19, 17, 25, 9, 5, 20)
        lines = [(*line, one.reason) for line, one in zip(lines, rows, strict=True)]
    lines = tuple(tuple(printable_values(list(line))) for line in lines)
    return Table(heads, widths, lines, f"Tổng số: {_counted(rows)}", middle=frozenset({0, 4, 5}))
