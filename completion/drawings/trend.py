"""The quarters of a year beside those of the year before, on a scale that always runs from 0 to 100 %.

Sealed quarters are full and led to by a full line, provisional ones hollow and dashed; a corrected one wears a
ring. No line crosses a change of the organisation. What a report once printed is a diamond of its own, on no line.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from completion.drawings.surface import SWATCH, Drawing, Surface

TOP, PLOT, AXIS = 36, 200, 32
BOTTOM = TOP + PLOT
MARGIN = 12  # percent of the width, left and right


@dataclass(frozen=True, slots=True)
class Point:
    """One quarter of a series. `broken` says the organisation changed before it: no line leads here from the last.

    A point with base 0 had nothing due: it is named on the axis and not drawn.
    """

    label: str
    n: int
    base: int
    text: str
    sealed: bool = True
    broken: bool = False
    corrected: int = 0  # the number of the revision, where it is not the first
    url: str = ""
    passport: str = ""  # where the rate leads
    counts: str = ""  # n/N as links, in the place of plain numbers

    @property
    def state(self) -> str:
        """Say in words what the figure is."""
        if not self.sealed:
            return _("Tạm tính")
        return _("Đã đính chính, bản %(number)s") % {"number": self.corrected} if self.corrected else _("Đã chốt")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: this year's quarters, or last year's beside them. The points of all series share their places."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A rate a report printed of a quarter (by its number in a series, from 0): it stands apart from the lines."""

    at: int
    n: int
    base: int
    label: str


def trend_lines(
    series: Sequence[Series],
    *,
    ident: str,
    title: str,
    desc: str = "",
    printed: Sequence[Printed] = (),
    paper: bool = False,
) -> Drawing:
    """Return the lines, the first series on top with its figures written at its points."""
    on = Surface(ident, paper=paper)
    longest = max((line.points for line in series), key=len)
    places = [_place(number, len(longest)) for number in range(len(longest))]
    parts = [*_axes(on, longest, places)]
    for number, line in reversed(list(enumerate(series, 1))):
        parts.append(_line(on, line, number, places))
    parts += [on.at(places[one.at], height_of(one.n, one.base), _diamond(on)) for one in printed if one.base]
    linked = any(point.passport for point in series[0].points)
    legend = _legend(on, series, printed)
    return on.framed(parts, BOTTOM + AXIS, title=title, desc=desc, legend=legend, linked=linked)


def height_of(n: int, base: int) -> int:
    """Return how far from the top n/N stands."""
    return BOTTOM - PLOT * n // base


def pieces_of(points: Sequence[Point]) -> list[tuple[int, int, bool]]:
    """Return (from, to, whether provisional) of each piece of a line: between neighbours that can be compared."""
    drawn = [number for number, point in enumerate(points) if point.base]
    pairs = itertools.pairwise(drawn)
    return [
        (a, b, not (points[a].sealed and points[b].sealed))
        for a, b in pairs
        if not any(one.broken for one in points[a + 1 : b + 1])
    ]


def breaks_of(points: Sequence[Point], places: Sequence[float]) -> list[float]:
    """Return where the organisation changed: half-way before each broken point, from the edge for the first."""
    before = [0, *places]
    return [(before[number] + places[number]) / 2 for number, point in enumerate(points) if point.broken]


def _place(number: int, count: int) -> float:
    return 50.0 if count == 1 else MARGIN + (100 - 2 * MARGIN) * number / (count - 1)


def _axes(on: Surface, points: Sequence[Point], places: Sequence[float]):
    for share in (0, 50, 100):
        y = BOTTOM - PLOT * share // 100
        yield on.line("chart-grid", 0, y, 100, y) + on.text("chart-axis", 0, y - 5, f"{share}%")
    for at in breaks_of(points, places):
        yield on.line("chart-break", at, TOP, at, BOTTOM)
    for at, point in zip(places, points, strict=True):
        yield on.text("chart-axis", at, BOTTOM + AXIS - 8, point.label, anchor="middle")


def _line(on: Surface, line: Series, number: int, places: Sequence[float]) -> str:
    points, drawn = line.points, []
    for a, b, provisional in pieces_of(points):
        ends = [(places[one], height_of(points[one].n, points[one].base)) for one in (a, b)]
        drawn.append(on.line(_dashed("trend-line", provisional), *ends[0], *ends[1]))
    for at, point in zip(places, points, strict=False):
        if point.base:
            drawn.append(on.at(at, height_of(point.n, point.base), _marker(on, number, point)))
    figures = [_figure(on, at, point) for at, point in zip(places, points, strict=False) if point.base and number == 1]
    return f"<g {on.look(f'trend trend-{number}')}>{''.join(drawn)}</g>{''.join(figures)}"


def _figure(on: Surface, at: float, point: Point) -> str:
    look = "chart-value chart-link" if point.passport and not on.paper else "chart-value"
    text = on.text(look, at, height_of(point.n, point.base) - 14, point.text, anchor="middle")
    return on.link(point.passport, f"{point.label}: {point.text}, {point.state}", text)


def _marker(on: Surface, number: int, point: Point) -> str:
    look = on.look("trend-point" if point.sealed else "trend-point trend-hollow")
    ring = f'<circle {on.look("trend-corrected")} r="11"></circle>' if point.corrected else ""
    if number == 1:
        return f'{ring}<circle {look} r="6"></circle>'
    return f'{ring}<rect {look} x="-5" y="-5" width="10" height="10"></rect>'


def _diamond(on: Surface) -> str:
    return f'<path {on.look("trend-published")} d="M0 -9 9 0 0 9 -9 0Z"></path>'


def _dashed(look: str, provisional: bool) -> str:
    return f"{look} trend-provisional" if provisional else look


def _legend(on: Surface, series: Sequence[Series], printed: Sequence[Printed]) -> list[tuple[str, str]]:
    points = [point for line in series for point in line.points if point.base]
    width, middle = SWATCH[0], SWATCH[1] // 2

    def at_middle(inside: str) -> str:
        return f'<g transform="translate({width // 2} {middle})">{inside}</g>'

    def sample(number: int, point: Point) -> str:
        ends = f'x1="0" y1="{middle}" x2="{width}" y2="{middle}"'
        line = f"<line {on.look(_dashed('trend-line', not point.sealed))} {ends}></line>"
        return f"<g {on.look(f'trend trend-{number}')}>{line}{at_middle(_marker(on, number, point))}</g>"

    found = [(sample(number, Point("", 1, 1, "")), line.label) for number, line in enumerate(series, 1)]
    found.append((sample(1, Point("", 1, 1, "", sealed=False)), _("Tạm tính: nét đứt, điểm rỗng")))
    if any(point.corrected for point in points):
        found.append((sample(1, Point("", 1, 1, "", corrected=2)), _("Đã đính chính: điểm có vòng")))
    if any(point.broken for line in series[:1] for point in line.points):
        cut = f'<line {on.look("chart-break")} x1="{width // 2}" x2="{width // 2}" y1="0" y2="{SWATCH[1]}"></line>'
        found.append((cut, _("Tổ chức thay đổi")))
    if printed:
        found.append((at_middle(_diamond(on)), _("Số đã công bố trong báo cáo")))
    return found
