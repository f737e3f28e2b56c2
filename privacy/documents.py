"""The register of processing as a paper, to be printed, signed and shown to whoever asks for it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import override

from models_registry.documents.compose import BLANK, BLANK_LINE
from models_registry.documents.paper import (
    Head,
    Heading,
    Paper,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
    printable,
)
from models_registry.documents.profiles import ROOM, profile_for
from organizations.models import Unit
from privacy.models import Controller
from privacy.register import CATEGORIES
from privacy.retention import FIXED, Rule
from vietnamese.display import instant_text, number_text

HEADS = ("TT", "Dữ liệu", "Của ai", "Mục đích, căn cứ", "Ai xem", "Giữ bao lâu")
WIDTHS = (5, 22, 13, 26, 17, 17)
KEPT_HEADS = ("TT", "Dữ liệu", "Số ngày giữ", "Hết hạn thì", "Vì sao")
KEPT_WIDTHS = (5, 37, 12, 12, 34)


def paper_for(controller: Controller | None, kept: Iterable[tuple[Rule, int]], *, at: datetime) -> Paper:
    """Return the register as it holds now; no query. Without a controller its places are left for a pen."""
    with override("vi"):
        name = printable(controller.name) if controller else BLANK_LINE
        told = [
            ("Cơ quan chịu trách nhiệm về dữ liệu: ", name),
            ("Địa chỉ: ", controller.address if controller else ""),
            ("Liên hệ: ", controller.contact if controller else ""),
            ("Người phụ trách bảo vệ dữ liệu: ", controller.officer if controller else ""),
        ]
        blocks = [
            *(Paragraph(printable(said) or BLANK_LINE, lead) for lead, said in told),
            Heading("1. Hoạt động xử lý"),
            _register(),
            Heading("2. Thời hạn giữ"),
            _kept(kept),
            Signatures((Signature(("NGƯỜI LẬP",)), Signature(("THỦ TRƯỞNG CƠ QUAN",)))),
        ]
        written = f"{BLANK}, ngày{ROOM}tháng{ROOM}năm {localdate(at).year}"
        head = Head(superior="", issuer=name.upper(), number="", place_and_day=written)
        titles = ("SỔ ĐĂNG KÝ", "hoạt động xử lý dữ liệu cá nhân")
        profile = profile_for(Unit.Kind.ADVISORY_BODY, localdate(at))
        part = Part(titles, tuple(blocks), head, landscape=True)
        return Paper("Sổ đăng ký xử lý dữ liệu", profile, (part,), mark="", trace=f"In lúc {instant_text(at)}")


def _register() -> Table:
    rows = tuple(
        (
            str(number),
            f"{one.name} (nhạy cảm)" if one.sensitive else str(one.name),
            str(one.whose),
            f"{one.purpose}. {one.basis}.",
            str(one.seen_by),
            str(one.kept),
        )
        for number, one in enumerate(CATEGORIES.values(), 1)
    )
    return Table(HEADS, WIDTHS, rows)


def _kept(kept: Iterable[tuple[Rule, int]]) -> Table:
    said = [(rule.name, days, "Để trống" if rule.fields else "Xóa", rule.why) for rule, days in kept]
    said += [(one.name, one.kept.days, "Xóa", one.why) for one in FIXED]
    rows = tuple(
        (str(number), str(name), number_text(days), then, str(why))
        for number, (name, days, then, why) in enumerate(said, 1)
    )
    return Table(KEPT_HEADS, KEPT_WIDTHS, rows, right=frozenset({2}))
