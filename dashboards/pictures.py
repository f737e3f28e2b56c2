"""The charts of a unit's page, from its figures: each drawing with its title and the rows of its table."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from completion.drawings import Bar, Drawing, Gap, Point, Printed, Series, ranked_bars, trend_lines
from completion.models import Standing
from completion.peers import Apart, apart_of
from completion.quarters import Quarter
from completion.queries.figures import Rate, Row, Table
from completion.shares import rank
from dashboards.choices import NOUNS, RATES, Choice, unit_addresses
from dashboards.links import Links
from organizations.models import Unit
from vietnamese.display import DASH, number_text, quarter_text

MOST_BARS = 10
ENDS = 5  # shown of the first and of the last, where there are more


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it is called, and the words of its table's rows; `of_column` is the head of their first.

    `apart` is ("Ít việc", 3) of each reason for which units are not ranked.
    """

    title: str
    drawing: Drawing
    rows: Sequence
    of_column: str = ""
    apart: Sequence[tuple[str, int]] = ()


class Child(NamedTuple):
    """A child with the rate asked for, and why it is not ranked by it, if it is not."""

    row: Row
    rate: Rate
    apart: Apart


def children_chart(
    table: Table, choice: Choice, *, inherited: Collection[int] = (), ranking: str = "", paper: bool = False
) -> Chart | None:
    """Return the children ranked by the exact fraction, then those that stand apart and why; None of no children.

    At most MOST_BARS: else the first and the last ranked, with what is between told and led to (`ranking`).
    `inherited` are the places of children whose works came to them by a merge or a split.
    """
    compared = [_child(row, choice, table, inherited) for row in table.children]
    bars, gap = _chosen_bars(compared, choice, few=table.passport.few_items, ranking=ranking)
    if not bars:
        return None
    title = _("%(rate)s, từng đơn vị trực thuộc") % {"rate": RATES[choice.rate]}
    drawing = ranked_bars(
        bars,
        ident="children",
        title=title,
        desc=_told(bars),
        thresholds=table.passport.thresholds,
        gap=gap,
        paper=paper,
    )
    counts = Counter(one.apart for one in compared if one.apart)
    apart = [(Standing.Apart(why).label, count) for why, count in counts.items()]
    return Chart(title, drawing, [_bar_line(bar) for bar in bars], apart=apart)


def _chosen_bars(compared: Sequence[Child], choice: Choice, *, few: int, ranking: str) -> tuple[list[Bar], Gap | None]:
    """Return the bars of the children that are drawn, and what is left out between them."""
    address_of, by_unit = unit_addresses(choice.address), {one.row.unit: one for one in compared}
    entries = [(one.row.unit, one.rate.n, one.rate.base, True) for one in compared if not one.apart]
    ranked = [(place, by_unit[unit]) for place, unit in rank(entries, few=few).ranked]
    gap, shown = None, [(None, one) for one in compared if one.apart]
    if len(ranked) > MOST_BARS:
        between = len(ranked) - 2 * ENDS
        said = _("Xem cả bảng xếp hạng: %(count)s đơn vị ở giữa") % {"count": number_text(between)}
        ranked, gap = [*ranked[:ENDS], *ranked[-ENDS:]], Gap(ENDS, said, ranking)
    shown = [*ranked, *shown[: max(0, MOST_BARS - len(ranked))]]
    return [_bar(one, place, choice, address_of(one.row.unit)) for place, one in shown], gap


def _child(row: Row, choice: Choice, table: Table, inherited: Collection[int]) -> Child:
    rate, is_inherited = row.rate(choice.rate), row.place in inherited
    few = table.passport.few_items
    return Child(row, rate, apart_of(rate.base, is_registered=row.has_registered, is_inherited=is_inherited, few=few))


def _bar(one: Child, place: int | None, choice: Choice, url: str) -> Bar:
    rate = one.rate
    said = [f"{number_text(rate.n)}/{number_text(rate.base)} {NOUNS[choice.rate]}"] if rate.base else []
    if rate.x:
        said.append(_("loại trừ %(x)s") % {"x": number_text(rate.x)})
    if one.apart:
        said.append(str(Standing.Apart(one.apart).label).lower())
    return Bar(one.row.name, rate.n, rate.base, rate.text, rate.level, ", ".join(said), place, one.apart, url, rate.x)


def _bar_line(bar: Bar) -> dict:
    return {
        "name": format_html('<a href="{}">{}</a>', bar.url, bar.label),
        "place": bar.place or DASH,
        "n": number_text(bar.n),
        "base": number_text(bar.base),
        "x": number_text(bar.x),
        "rate": bar.text,
    }


def _told(bars: Sequence[Bar]) -> str:
    """Return what the drawing shows, in one sentence."""
    ranked = [bar for bar in bars if bar.place]
    if len(ranked) < 2:
        return _("Số liệu ở bảng bên dưới.")
    first, last = ranked[0], ranked[-1]
    said = {"first": first.label, "high": first.text, "last": last.label, "low": last.text}
    return _("Cao nhất: %(first)s, %(high)s. Thấp nhất: %(last)s, %(low)s. Số liệu ở bảng bên dưới.") % said


def two_years(quarter: Quarter) -> list[Quarter]:
    """Return the quarters of a quarter's year, then those of the year before."""
    return [Quarter(year, number) for year in (quarter.year, quarter.year - 1) for number in (1, 2, 3, 4)]


def trend_title(choice: Choice) -> str:
    year = choice.quarter.year
    return _("%(rate)s, các quý năm %(year)s và năm trước") % {"rate": RATES[choice.rate], "year": year}


def quarters_chart(
    unit: Unit,
    choice: Choice,
    trend: list,
    *,
    title: str,
    broken: Collection[Quarter] = (),
    printed: Sequence[Printed] = (),
    page: str = "dashboards:unit",
    paper: bool = False,
) -> Chart:
    """Return this year's quarters with last year's beside them, of the trend of `two_years`; each leads to `page`.

    No line leads to a quarter the organisation of the unit changed in.
    """
    year, home = choice.quarter.year, reverse(page, args=[unit.pk])
    quarters = two_years(choice.quarter)
    points = [
        _point(quarter, known, unit, choice, broken=quarter in broken, home=home, leads=page == "dashboards:unit")
        for quarter, known in zip(quarters, trend, strict=True)
    ]
    lines = [Series(str(year), tuple(points[:4])), Series(str(year - 1), tuple(points[4:]))]
    desc = _("Đã chốt: điểm đặc, nét liền. Tạm tính: điểm rỗng, nét đứt. Số liệu ở bảng bên dưới.")
    drawing = trend_lines(lines, ident="trend", title=title, desc=desc, printed=printed, paper=paper)
    rows = [_point_line(line.label, point) for line in lines for point in line.points]
    return Chart(title, drawing, rows + [_printed_line(one, year) for one in printed])


def _point(quarter: Quarter, known, unit: Unit, choice: Choice, *, broken: bool, home: str, leads: bool) -> Point:
    """Return a quarter's point, which opens the page at `home`; its numbers lead on but where they are of no revision,
    as regrouped ones."""
    label = quarter_text(quarter.number)
    if known is None:
        return Point(label, 0, 0, DASH, sealed=False, broken=broken)
    _quarter, passport, row = known
    rate, of_quarter = row.rate(choice.rate), Choice(quarter, choice.kind, choice.rate)
    links = Links(of_quarter, home.removesuffix(f"{unit.pk}/"))
    return Point(
        label,
        rate.n,
        rate.base,
        rate.text,
        sealed=passport.sealed,
        broken=broken,
        corrected=passport.revision if passport.revision > 1 else 0,
        url=f"{home}?{of_quarter.address}",
        passport=links.passport(unit.pk, rate.code) if leads else "",
        counts=links.counts(unit.pk, rate) if leads else "",
    )


def _point_line(year: str, point: Point) -> dict:
    name, state = f"{year}, {point.label}", point.state
    return {
        "name": format_html('<a href="{}">{}</a>', point.url, name) if point.url else name,
        "counts": point.counts or f"{number_text(point.n)}/{number_text(point.base)}",
        "rate": format_html('<a href="{}">{}</a>', point.passport, point.text) if point.passport else point.text,
        "state": f"{state}. {_('Tổ chức thay đổi')}" if point.broken else state,
    }


def _printed_line(one: Printed, year: int) -> dict:
    return {
        "name": f"{year}, {quarter_text(one.at + 1)}",
        "counts": f"{number_text(one.n)}/{number_text(one.base)}",
        "rate": one.label,
        "state": _("Số đã công bố trong báo cáo"),
    }
