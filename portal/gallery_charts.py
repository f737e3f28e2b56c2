"""Made-up figures for the charts of the gallery: every look a drawing has, nothing read from the database."""

from django.utils.translation import gettext as _

from completion.drawings import Bar, Gap, Lane, Point, Printed, Series, heat_strip, ranked_bars, trend_lines
from dashboards.pictures import Chart
from vietnamese.display import number_text, quarter_text

MONTHS = [str(month) for month in range(1, 13)]
DUE = [3, 0, 61, 8, 14, 210, 5, 9, 96, 12, 30, 402]
CONFIRMED = [0, 1, 22, 40, 9, 88, 51, 4, 60, 31, 12, 0]


def charts() -> dict[str, Chart]:
    """Return one chart of each kind."""
    return {"ranked": _ranked(), "trend": _trend(), "strip": _strip()}


def _ranked() -> Chart:
    bars = [
        Bar(_("Đảng ủy xã An Hòa Đông"), 47, 50, "94,0%", "high", _("47/50 việc"), 1),
        Bar(_("Đảng ủy Khối Cơ quan và Doanh nghiệp của tỉnh, gồm cả các đơn vị trực thuộc"),
            1999, 2500, "79,96%", "middle", _("1.999/2.500 việc"), 2),
        Bar(_("Chi bộ ấp 1"), 3, 10, "30,0%", "low", _("3/10 việc, loại trừ 1"), 43, x=1),
        Bar(_("Chi bộ ấp 2"), 2, 3, "66,7%", "middle", _("2/3 việc, ít việc"), apart="few"),
        Bar(_("Chi bộ ấp 3"), 7, 9, "77,8%", "middle", _("7/9 việc, có việc kế thừa"), apart="inherited"),
        Bar(_("Chi bộ ấp 4"), 0, 0, "—", "none", _("chưa đăng ký"), apart="unregistered"),
    ]  # fmt: skip
    title, gap = _("Tỷ lệ hoàn thành theo đơn vị"), Gap(2, _("Xem cả bảng xếp hạng: 40 đơn vị ở giữa"), "#charts")
    drawing = ranked_bars(bars, ident="bars", title=title, desc=_("Cao nhất 94,0%, thấp nhất 30,0%."), gap=gap)
    rows = [
        {"name": bar.label, "place": bar.place or "—", "n": bar.n, "base": bar.base, "x": bar.x, "rate": bar.text}
        for bar in bars
    ]
    return Chart(title, drawing, rows)


def _trend() -> Chart:
    told = [(80, 100, "80,0%"), (86, 100, "86,0%"), (70, 90, "77,8%"), (40, 95, "42,1%")]
    more = [{}, {"corrected": 2}, {"broken": True}, {"sealed": False}]
    now = [Point(quarter_text(at), *told[at - 1], **more[at - 1]) for at in (1, 2, 3, 4)]
    before = [Point(quarter_text(at), n, 100, f"{n},0%") for at, n in enumerate((61, 72, 75, 90), 1)]
    lines = [Series(_("Năm 2026"), tuple(now)), Series(_("Năm 2025"), tuple(before))]
    title, desc = _("Hoàn thành lũy kế theo quý"), _("Số liệu ở bảng bên dưới.")
    drawing = trend_lines(lines, ident="trend", title=title, desc=desc, printed=[Printed(3, 97, 100, "97%")])
    points = [(f"{line.label}, {point.label}", point) for line in lines for point in line.points]
    rows = [
        {"name": name, "counts": f"{point.n}/{point.base}", "rate": point.text, "state": point.state}
        for name, point in points
    ]
    return Chart(title, drawing, rows)


def _strip() -> Chart:
    said = _("Tháng %(month)s: %(count)s việc")
    lanes = [
        Lane(
            label,
            counts,
            [said % {"month": month, "count": number_text(count)} for month, count in zip(MONTHS, counts, strict=True)],
        )
        for label, counts in ((_("Việc đến hạn"), DUE), (_("Việc được xác nhận"), CONFIRMED))
    ]
    title, desc = _("Nhịp công việc năm 2026, theo tháng"), _("Số liệu ở bảng bên dưới.")
    drawing = heat_strip(lanes, columns=MONTHS, ident="strip", title=title, desc=desc, none=_("không có"))
    rows = [(month, [(lane.label, lane.counts[at]) for lane in lanes]) for at, month in enumerate(MONTHS)]
    return Chart(title, drawing, rows, _("Tháng"))
