"""Figures as sentences of a report: right for none, one, all and some, and never a blame. Plain values in, text out."""

from collections.abc import Sequence
from typing import NamedTuple

from completion.queries.figures import Rate
from completion.queries.spans import Span, Spanned
from completion.shares import difference_text
from vietnamese.display import DASH, number_text, quarter_text


class Counted(NamedTuple):
    """How a rate is told: the word for one of what N counts, of which, what n did, what X was, and what N = 0 means."""

    lead: str
    word: str
    of: str
    done: str
    left_out: str
    nothing: str


_WORKS = "được loại trừ"
COUNTED = {
    "r1": Counted(
        "Hoàn thành trong quý (R1)",
        "việc",
        "đến hạn trong quý",
        "đã hoàn thành",
        _WORKS,
        "không có việc nào đến hạn trong quý",
    ),
    "r2": Counted(
        "Lũy kế đến hạn (R2)",
        "việc",
        "đến hạn từ đầu năm",
        "đã hoàn thành",
        _WORKS,
        "không có việc nào đến hạn từ đầu năm",
    ),
    "r3": Counted(
        "Kế hoạch năm (R3)",
        "việc",
        "trong kế hoạch cả năm",
        "đã hoàn thành",
        _WORKS,
        "không có việc nào được duyệt cho kế hoạch năm",
    ),
    "r4": Counted(
        "Đúng hạn (R4)", "việc", "đến hạn trong kỳ", "hoàn thành đúng hạn", _WORKS, "không có việc nào đến hạn trong kỳ"
    ),
    "r5": Counted(
        "Khắc phục tồn đọng (R5)",
        "việc",
        "tồn đọng từ các quý trước",
        "đã được khắc phục",
        _WORKS,
        "không có việc nào tồn đọng từ các quý trước của năm",
    ),
    "r6": Counted(
        "Báo cáo quý đầy đủ (R6)",
        "báo cáo quý",
        "phải có",
        "đã gửi",
        "được miễn",
        "không có nghĩa vụ báo cáo trong kỳ",
    ),
    "r6t": Counted(
        "Báo cáo quý đúng hạn (R6)",
        "báo cáo quý",
        "phải có",
        "đã gửi đúng hạn",
        "được miễn",
        "không có nghĩa vụ báo cáo trong kỳ",
    ),
    "r7": Counted(
        "Đơn vị có kế hoạch được duyệt (R7)",
        "đơn vị",
        "phải đăng ký",
        "đã có việc được duyệt",
        "được miễn",
        "không có nghĩa vụ đăng ký trong năm",
    ),
    "r7m": Counted(
        "Đảng viên có kế hoạch được duyệt (R7)",
        "đảng viên",
        "phải đăng ký",
        "đã có việc được duyệt",
        "được miễn",
        "không có nghĩa vụ đăng ký của đảng viên trong năm",
    ),
    "r8": Counted(
        "Việc thường xuyên (R8)",
        "lần kiểm tra việc thường xuyên",
        "phải thực hiện",
        "cho kết quả Đạt",
        _WORKS,
        "không có việc thường xuyên nào phải kiểm tra",
    ),
}


def period_text(spanned: Spanned) -> str:
    """Return "Quý II/2026", "6 tháng đầu năm 2026" or "Năm 2026", as a report is titled."""
    year = spanned.quarter.year
    named = {Span.HALF: f"6 tháng đầu năm {year}", Span.YEAR: f"Năm {year}"}
    return named.get(spanned.span) or quarter_text(spanned.quarter.number, year)


def told(rate: Rate) -> str:
    """Return "8/10 việc đến hạn trong quý đã hoàn thành, đạt 80,0%; 1 việc được loại trừ, không tính"."""
    counted = COUNTED[rate.code]
    said = _told(rate, counted)
    if rate.x:
        said += f"; {number_text(rate.x)} {counted.word} {counted.left_out}, không tính vào mẫu số"
    return said


def _told(rate: Rate, counted: Counted) -> str:
    _lead, word, of, done, _left_out, nothing = counted
    base = number_text(rate.base)
    if not rate.base:
        return nothing
    if not rate.n and rate.base == 1:
        return f"1 {word} {of} chưa {done.removeprefix('đã ')} (0/1, {rate.text})"
    if not rate.n:
        return f"chưa có {word} nào trong {base} {word} {of} {done.removeprefix('đã ')} (0/{base}, {rate.text})"
    if rate.n == rate.base == 1:
        return f"1 {word} {of} {done} (1/1, 100%)"
    if rate.n == rate.base:
        return f"cả {base} {word} {of} đều {done} ({base}/{base}, 100%)"
    reached = "tỷ lệ" if done.endswith("Đạt") else "đạt"
    return f"{number_text(rate.n)}/{base} {word} {of} {done}, {reached} {rate.text}"


def count(number: int, word: str) -> str:
    """Return "không có việc nào" or "12 việc"."""
    return f"{number_text(number)} {word}" if number else f"không có {word} nào"


def moved(now: Rate, before: Rate) -> str:
    """Return "tăng 5,0 điểm %", "giảm 2,0 điểm %", "không thay đổi", or why nothing can be compared."""
    said = difference_text(now.n, now.base, before.n, before.base)
    if said == DASH:
        return "không so sánh được (một trong hai kỳ không có việc để tính)"
    if said[0] not in "+−":
        return "không thay đổi" if now.n * before.base == before.n * now.base else "thay đổi dưới 0,1 điểm %"
    return f"{'tăng' if said[0] == '+' else 'giảm'} {said[1:]}"


def fraction(rate: Rate) -> str:
    """Return "8/10 (80,0%)", or a dash where there is nothing to count."""
    return f"{number_text(rate.n)}/{number_text(rate.base)} ({rate.text})" if rate.base else DASH


def joined(parts: Sequence[str], *, most: int = 0, word: str = "đơn vị") -> str:
    """Return "A, B và C"; beyond `most` the others as a number: "A, B và 4 đơn vị khác"."""
    parts = list(parts)
    if most and len(parts) > most:
        parts = [*parts[:most], f"{number_text(len(parts) - most)} {word} khác"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} và {parts[-1]}"


def sentence(text: str) -> str:
    """Return the text as a sentence: its first letter large, a full stop at its end."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
