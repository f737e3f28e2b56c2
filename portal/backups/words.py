"""How backups are spoken of: sizes, ages, what differed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journal.chain import Harm
from vietnamese.display import number_text

UNITS = ("byte", "kB", "MB", "GB", "TB")
DIFFERENCES = {
    "counts": gettext_lazy("Bảng %(name)s: đã ghi %(noted)s dòng, khôi phục được %(found)s"),
    "sealed": gettext_lazy("Bảng %(name)s: số liệu chốt khác với giá trị băm đã ghi"),
    "migrations": gettext_lazy("Bước nâng cấp của %(name)s: đã ghi %(noted)s, khôi phục được %(found)s"),
    "head": gettext_lazy("Đầu nhật ký khác với đầu đã ghi"),
    "part": gettext_lazy("Phần %(name)s của bản sao lưu bị hỏng hoặc không còn"),
    "file": gettext_lazy("Tệp %(name)s: có dòng nhắc đến mà bản sao lưu không có"),
    "chain": gettext_lazy("Nhật ký, vị trí %(noted)s: %(harm)s"),
}


def size_text(size: int) -> str:
    """Return "12,4 MB"."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number_text(round(value, 1))} {UNITS[unit]}"


def age_text(seconds: float) -> str:
    """Return "dưới một giờ", "5 giờ" or "3 ngày"."""
    hours = int(seconds // 3600)
    if hours < 1:
        return _("dưới một giờ")
    if hours < 48:
        return ngettext("%(count)d giờ", "%(count)d giờ", hours) % {"count": hours}
    return ngettext("%(count)d ngày", "%(count)d ngày", hours // 24) % {"count": hours // 24}


def difference_text(row: dict) -> str:
    """Return one difference of a trial as a sentence."""
    harm = Harm(row["name"]).label if row["what"] == "chain" else ""
    shown = {key: "—" if row[key] is None else row[key] for key in ("name", "noted", "found")}
    return str(DIFFERENCES[row["what"]]) % (shown | {"harm": harm})
