"""The list of who is proposed and who is commended for 19/5 of a year, as the unit that draws it up signs it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import override

from models_registry.documents.compose import BLANK, FOLLOWING, MARK
from models_registry.documents.paper import Block, Head, Heading, Paper, Part, Signature, Signatures, Table, printable
from models_registry.documents.profiles import ROOM, UNIT_SYMBOLS, profile_for
from models_registry.models import Recognition
from models_registry.queries.letterheads import Letterhead, letterhead_for
from models_registry.queries.recognition import honoured
from vietnamese.display import day_text, instant_text, number_text

HEADS = ("TT", "Tập thể, cá nhân, mô hình", "Đơn vị", "Cấp, hình thức", "Số quyết định, ngày")
WIDTHS = (6, 32, 26, 18, 18)
MOST = 2000


def paper_for(user, year: int, *, at: datetime) -> Paper:
    """Return the list of what is within somebody's reach, in the layout of the own unit; four queries."""
    return compose(honoured(user, year)[:MOST], letterhead_for(user, at), year=year, at=at)


def file_name(year: int) -> str:
    return f"danh-sach-19-5-{year}"


def compose(rows: Iterable[Recognition], head: Letterhead, *, year: int, at: datetime) -> Paper:
    """Return the list as a paper: those commended, then those proposed. No query but for the rows."""
    profile = profile_for(head.kind, head.day)
    with override("vi"):
        rows = list(rows)
        signing = profile.signing[head.kind].lines(head.signer.role, head.signer.title)
        blocks: list[Block] = []
        for title, stage in (("1. Được khen", Recognition.Stage.COMMENDED), ("2. Đề nghị", Recognition.Stage.SELECTED)):
            blocks += [Heading(title), _table([one for one in rows if one.stage == stage])]
        blocks.append(Signatures((Signature(signing, head.signer.name),)))
    number = profile.number.format(document="DS", unit=UNIT_SYMBOLS.get(head.kind, BLANK))
    written = f"{BLANK}, ngày{ROOM}tháng{ROOM}năm {localdate(at).year}"
    superior = profile.superior(head.superior, head.kind).upper()
    top = Head(superior=superior, issuer=head.issuer.upper(), number=number, place_and_day=written)
    titles = ("DANH SÁCH", f"đề nghị, khen thưởng {FOLLOWING} dịp 19/5/{year}")
    trace = f"In lúc {instant_text(at)}"
    return Paper(f"Danh sách 19/5/{year}", profile, (Part(titles, tuple(blocks), top),), mark=MARK, trace=trace)


def _table(rows: list[Recognition]) -> Table:
    lines = tuple(
        (
            str(number),
            printable(one.title),
            printable(one.unit.name),
            printable(", ".join(filter(None, [one.get_level_display(), one.award]))),
            printable(", ".join(filter(None, [one.document_symbol, day_text(one.on)]))),
        )
        for number, one in enumerate(rows, start=1)
    )
    return Table(HEADS, WIDTHS, lines, f"Tổng số: {number_text(len(lines))}")
