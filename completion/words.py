"""What rates are called on every page and in every file."""

from django.utils.translation import gettext_lazy as _

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
