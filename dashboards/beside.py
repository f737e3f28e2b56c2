"""What reports printed, wherever figures stand: as cells of a file and as marks on the line of a unit's quarters."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from completion.drawings import Printed
from completion.printed.columns import kind_text, period_text
from completion.queries import Beside
from completion.shares import percent_text, prints_otherwise
from dashboards.choices import Choice

COMPARED = "r3"  # what reports print is the year's plan


def printed_heads() -> list[str]:
    return [
        _("Năm"),
        _("Kỳ"),
        _("Đơn vị"),
        _("Chỉ tiêu"),
        _("Loại việc"),
        _("n công bố"),
        _("N công bố"),
        _("Tỷ lệ công bố"),
        _("Tính từ n/N (số)"),
        _("Tính từ n/N"),
        _("Cổng đã chốt: n"),
        _("Cổng đã chốt: N"),
        _("Cổng đã chốt"),
        _("Khác số công bố"),
        _("Nguồn"),
    ]


def printed_note() -> str:
    """Return the line that keeps printed figures and sealed ones apart, above every list of them."""
    return _("Số liệu đã công bố là số in trong văn bản ghi ở cột Nguồn, không do cổng chốt.")


def printed_cells(row: Beside) -> list:
    """Return one printed figure in the order of the heads: numbers as numbers, the rate of n/N as a Fraction."""
    one = row.published
    return [
        one.year,
        period_text(one.quarter),
        one.unit.name,
        one.label,
        kind_text(one.kind),
        one.n,
        one.base,
        one.printed_rate,
        Fraction(one.n, one.base) if one.base else "",
        row.text,
        "" if row.n is None else row.n,
        "" if row.base is None else row.base,
        row.own_text,
        differs_text(row),
        one.source,
    ]


def differs_text(row: Beside) -> str:
    """Return in words how a printed figure differs from what its n/N makes and from what was sealed; "" where not."""
    return " ".join(filter(None, [row.gap, _("n, N khác số cổng đã chốt.") if row.counts_differ else ""]))


def printed_marks(printed: Sequence[Beside], choice: Choice) -> list[Printed]:
    """Return the marks on the chart of a view: what was printed of the same works and rate, at its quarter."""
    if choice.rate != COMPARED:
        return []
    kind = "" if choice.kind == "ALL" else choice.kind
    figures = [row.published for row in printed]
    return [
        Printed((one.quarter or 4) - 1, one.n, one.base, printed_text(one.printed_rate, one.n, one.base))
        for one in figures
        if one.kind == kind and not one.unit_kind
    ]


def printed_text(printed: str, n: int, base: int) -> str:
    """Return "98,2% (tính từ n/N: 98,3%)", or the one rate where there is no more than rounding between them."""
    ours = percent_text(n, base)
    if not prints_otherwise(printed, n, base):
        return printed or ours
    return _("%(printed)s (tính từ n/N: %(ours)s)") % {"printed": printed, "ours": ours}
