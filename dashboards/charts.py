"""Geometry of the charts a page draws as SVG: values in, plain positions out; no text is made and nothing is asked.

Lengths along x are shares of the width as text ("73.5%"), so that a drawing fills any screen without shrinking its
words; lengths along y are pixels. `components/bar_chart.html` and `components/trend_chart.html` draw what these return.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

ROW_HEIGHT = 64
BAR_TOP = 34
AXIS_HEIGHT = 28

PLOT_TOP = 36
PLOT_HEIGHT = 200
PLOT_MARGIN = 12  # percent of the width, left and right


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit's rate: `text` and `level` as completion.shares prints and colours it; `url` opens what makes it."""

    label: str
    n: int
    base: int
    text: str
    level: str = "plain"
    url: str = ""
    x: int = 0


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its place: `top` of the row and `bar_top` in pixels, `width` as a share of the drawing."""

    bar: Bar
    top: int
    bar_top: int
    width: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line at a threshold: where, and what stands beneath it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """`bars` from top to bottom, `marks` across each bar; `plot_height` without the axis, `height` with it."""

    bars: tuple[DrawnBar, ...]
    marks: tuple[Mark, ...]
    plot_height: int
    height: int


def bar_chart(bars: Sequence[Bar], *, thresholds: Sequence[int] = (50, 80)) -> BarChart:
    """Return horizontal bars, one a row in the order given; the width is n/base of the whole drawing."""
    drawn = tuple(
        DrawnBar(bar, number * ROW_HEIGHT, number * ROW_HEIGHT + BAR_TOP, _percent(bar.n, bar.base))
        for number, bar in enumerate(bars)
    )
    plot_height = len(drawn) * ROW_HEIGHT
    marks = tuple(Mark(f"{limit}%", f"{limit}%") for limit in thresholds)
    return BarChart(drawn, marks, plot_height, plot_height + AXIS_HEIGHT)


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
    url: str = ""
    passport: str = ""  # where the rate leads
    counts: str = ""  # n/N as links, in the place of plain numbers


@dataclass(frozen=True, slots=True)
class Series:
    """One line: this year's quarters, or last year's beside them. The points of all series share their places."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A point with its place; `text_y` is the baseline of its figure. All points of a series lead on, or none."""

    point: Point
    x: str
    y: int
    text_y: int

    @property
    def hollow(self) -> str:
        """The class of a point that is not sealed."""
        return "" if self.point.sealed else "trend-hollow"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line; `provisional` when one of its ends is not sealed."""

    x1: str
    y1: int
    x2: str
    y2: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """A series with its pieces; `number` (1 for the first) chooses its stroke and its marker."""

    label: str
    number: int
    points: tuple[DrawnPoint, ...]
    segments: tuple[Segment, ...]
    rows: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A name on an axis and where it stands: a share of the width for x, pixels for y."""

    at: str | int
    text: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """`series` in the order given (the first is drawn on top and carries its figures), the ticks of both axes."""

    series: tuple[DrawnSeries, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    breaks: tuple[str, ...]
    top: int
    bottom: int
    height: int


def trend_chart(series: Sequence[Series]) -> TrendChart:
    """Return lines over the same quarters, on a scale that always runs from 0 to 100 %."""
    longest = max(series, key=lambda line: len(line.points)).points
    places = [_place(number, len(longest)) for number in range(len(longest))]
    bottom = PLOT_TOP + PLOT_HEIGHT
    return TrendChart(
        series=tuple(_drawn(line, number, places) for number, line in enumerate(series, 1)),
        x_ticks=tuple(Tick(f"{at:.2f}%", point.label) for at, point in zip(places, longest, strict=True)),
        y_ticks=tuple(Tick(bottom - PLOT_HEIGHT * share // 100, f"{share}%") for share in (0, 50, 100)),
        breaks=_breaks(longest, places),
        top=PLOT_TOP,
        bottom=bottom,
        height=bottom + AXIS_HEIGHT + 4,
    )


def _drawn(line: Series, number: int, places: Sequence[float]) -> DrawnSeries:
    drawn = [
        DrawnPoint(point, f"{at:.2f}%", (y := _height(point)), y - 14)
        for point, at in zip(line.points, places, strict=False)
        if point.base
    ]
    pairs = itertools.pairwise(drawn)
    segments = tuple(
        Segment(a.x, a.y, b.x, b.y, not (a.point.sealed and b.point.sealed)) for a, b in pairs if not b.point.broken
    )
    return DrawnSeries(line.label, number, tuple(drawn), segments, line.points)


def _breaks(points: Sequence[Point], places: Sequence[float]) -> tuple[str, ...]:
    """Where the organisation changed: half-way before each broken point, from the edge for the first."""
    before = [0, *places]
    return tuple(f"{(before[number] + places[number]) / 2:.2f}%" for number, point in enumerate(points) if point.broken)


def _place(number: int, count: int) -> float:
    if count == 1:
        return 50.0
    return PLOT_MARGIN + (100 - 2 * PLOT_MARGIN) * number / (count - 1)


def _height(point: Point) -> int:
    return PLOT_TOP + PLOT_HEIGHT - PLOT_HEIGHT * point.n // point.base


def _percent(n: int, base: int) -> str:
    return f"{100 * n / base:.2f}%" if base else "0%"
