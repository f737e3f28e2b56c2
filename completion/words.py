"""What rates are called on every page and in every file, and how a printed one is told from ours."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from completion.shares import is_cut, printed_gap

RATE_NAMES = {
    "r1": _("R1 · Hoàn thành trong quý"),
    "r2": _("R2 · Lũy kế đến hạn"),
    "r3": _("R3 · Kế hoạch năm"),
    "r4": _("R4 · Đúng hạn"),
    "r5": _("R5 · Khắc phục tồn đọng"),
    "r6": _("R6 · Báo cáo quý (đầy đủ)"),
    "r6t": _("R6 · Báo cáo quý (đúng hạn)"),
    "r7": _("R7 · Đơn vị có kế hoạch được duyệt"),
    "r7m": _("R7 · Đảng viên có kế hoạch được duyệt"),
    "r8": _("R8 · Việc thường xuyên"),
}


def gap_text(printed: str, n: int, base: int) -> str:
    """Return in words how far a printed rate lies from n/N beyond its rounding; "" where it does not."""
    gap = printed_gap(printed, n, base)
    if not gap:
        return ""
    said = {"points": f"{abs(gap):f}".replace(".", ",")}
    if gap < 0 and is_cut(printed, n, base):
        return gettext("Công bố thấp hơn %(points)s điểm %%: cắt bỏ phần lẻ, không làm tròn.") % said
    if gap < 0:
        return gettext("Công bố thấp hơn %(points)s điểm %% so với n/N.") % said
    return gettext("Công bố cao hơn %(points)s điểm %% so với n/N.") % said
