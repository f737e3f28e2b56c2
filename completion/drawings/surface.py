"""What a chart is drawn on: a page, coloured by its style sheet, or paper in black and white.

Along x everything is a share of the width, from 0 to 100: on a page it stays one ("73.5%"), so that a drawing fills any
screen without shrinking its words; on paper it is a length. Along y everything is pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

PAPER_WIDTH = 640
PAPER_FONT = 'font-family="Times New Roman, Liberation Serif, serif" font-size="14"'
MOST_LETTERS = 58  # of a name on one line of paper
LEGEND_LINE, SWATCH = 22, (40, 14)
# What the style sheet says of a class on a page, said for paper.
INKS = {
    "chart-label": 'fill="#000"',
    "chart-value": 'fill="#000" font-weight="bold"',
    "chart-note": 'fill="#000" font-size="12"',
    "chart-axis": 'fill="#000" font-size="12"',
    "chart-track": 'fill="#ececec"',
    "chart-empty": 'fill="none" stroke="#555" stroke-dasharray="3 4"',
    "chart-mark": 'stroke="#000" stroke-width="1"',
    "chart-grid": 'stroke="#bbb"',
    "chart-break": 'stroke="#000" stroke-width="2" stroke-dasharray="2 5"',
    "bar-high": 'fill="#3d3d3d"',
    "bar-plain": 'fill="#3d3d3d"',
    "bar-none": 'fill="#3d3d3d"',
    "bar-few": 'fill="#fff" stroke="#000" stroke-width="1.5" stroke-dasharray="4 3"',
    "fill-low": 'fill="#fff"',
    "fill-middle": 'fill="#8c8c8c"',
    "fill-inherited": 'fill="#8c8c8c"',
    "fill-gap": 'fill="#000"',
    "fill-light": 'fill="#fff"',
    "trend trend-1": 'stroke="#000" fill="#000"',
    "trend trend-2": 'stroke="#777" fill="#777"',
    "trend-line": 'stroke-width="3"',
    "trend-line trend-provisional": 'stroke-width="3" stroke-dasharray="7 6"',
    "trend-point": 'stroke-width="2.5"',
    "trend-point trend-hollow": 'stroke-width="2.5" fill="#fff"',
    "trend-corrected": 'stroke-width="1.5" fill="none"',
    "trend-published": 'stroke="#000" stroke-width="2" fill="#fff"',
    "heat-cell": 'fill="#fff" stroke="#777"',
    "heat-1": 'fill="#d9d9d9"',
    "heat-2": 'fill="#b3b3b3"',
    "heat-3": 'fill="#8a8a8a"',
    "heat-4": 'fill="#5c5c5c"',
    "heat-5": 'fill="#262626"',
    "heat-count": 'fill="#000" font-size="11" paint-order="stroke" stroke="#fff" stroke-width="3"',
}
# Patterns a bar may be filled with: how each is turned, and its parts.
PATTERNS = {
    "low": (' patternTransform="rotate(45)"', (("fill-low", 7, 7), ("fill-gap", 2.5, 7))),
    "middle": ("", (("fill-middle", 7, 7), ("fill-light", 3, 3))),
    "inherited": ("", (("fill-inherited", 6, 7), ("fill-light", 3, 7))),
}


class Sign(NamedTuple):
    """One line of a legend: a small drawing, and what it means."""

    drawn: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its `svg` with title and description, its `legend` where that stands beside it, its height in pixels."""

    svg: SafeString
    legend: tuple[Sign, ...]
    height: int


class Surface:
    """Draws the parts of one chart and frames them; a part is text."""

    def __init__(self, ident: str, *, paper: bool = False):
        self.ident, self.paper = escape(ident), paper

    def x(self, share: float) -> str:
        return f"{share * PAPER_WIDTH / 100:.1f}" if self.paper else f"{share:.2f}%"

    def look(self, name: str) -> str:
        """Return what makes a part look as it is called: a class on a page, its ink on paper."""
        return INKS.get(name, "") if self.paper else f'class="{name}"'

    def bar(self, share: float, y: float, width: float, height: float, look: str) -> str:
        fill = look.removeprefix("bar-")
        filled = f' fill="url(#{self.ident}-{fill})"' if fill in PATTERNS else ""
        ink = "" if filled and self.paper else f" {self.look(look)}"
        return f'<rect{ink}{filled} x="{self.x(share)}" y="{y}" width="{self.x(width)}" height="{height}"></rect>'

    def line(self, look: str, x1: float, y1: float, x2: float, y2: float) -> str:
        return f'<line {self.look(look)} x1="{self.x(x1)}" y1="{y1}" x2="{self.x(x2)}" y2="{y2}"></line>'

    def text(self, look: str, share: float, y: float, said: str, *, anchor: str = "start") -> str:
        to = "" if anchor == "start" else f' text-anchor="{anchor}"'
        return f'<text {self.look(look)} x="{self.x(share)}" y="{y}"{to}>{escape(said)}</text>'

    def label(self, y: float, width: float, said: str) -> str:
        """Return a name from the left edge, cut where it meets `width`; its baseline is at `y`."""
        if self.paper:
            shown = said if len(said) <= MOST_LETTERS else f"{said[: MOST_LETTERS - 1].rstrip()}…"
            return self.text("chart-label", 0, y, shown)
        return (
            f'<foreignObject x="0" y="{y - 23}" width="{width}%" height="32">'
            f'<div class="chart-label" xmlns="http://www.w3.org/1999/xhtml">{escape(said)}</div></foreignObject>'
        )

    def at(self, share: float, y: float, inside: str) -> str:
        """Return what is drawn around a point: `inside` counts pixels from there."""
        if self.paper:
            return f'<g transform="translate({self.x(share)} {y})">{inside}</g>'
        return f'<svg x="{self.x(share)}" y="{y}" overflow="visible" width="1" height="1">{inside}</svg>'

    def link(self, url: str, name: str, inside: str) -> str:
        if self.paper or not url:
            return inside
        return f'<a href="{escape(url)}" aria-label="{escape(name)}">{inside}</a>'

    def patterns(self, names: Iterable[str]) -> str:
        """Return the definitions of these patterns."""
        found = []
        for name in names:
            turned, parts = PATTERNS[name]
            rects = "".join(f'<rect {self.look(ink)} width="{w}" height="{h}"></rect>' for ink, w, h in parts)
            size = 'width="7" height="7" patternUnits="userSpaceOnUse"'
            found.append(f'<pattern id="{self.ident}-{name}" {size}{turned}>{rects}</pattern>')
        return f"<defs>{''.join(found)}</defs>"

    def framed(
        self,
        parts: Iterable[str],
        height: int,
        *,
        title: str,
        desc: str,
        legend: Sequence[tuple[str, str]],
        linked: bool = False,
    ) -> Drawing:
        """Return the whole drawing: `legend` is (what is drawn within SWATCH, words), `linked` says it holds links."""
        body = "".join(parts)
        if self.paper:
            body, height = body + self._legend_below(height, legend), height + LEGEND_LINE * len(legend)
            size = f'width="{PAPER_WIDTH}" height="{height}" viewBox="0 0 {PAPER_WIDTH} {height}"'
            frame = f'xmlns="http://www.w3.org/2000/svg" {size} {PAPER_FONT}'
        else:
            frame = f'class="chart-drawing" width="100%" height="{height}"'
        named = f'role="{"group" if linked and not self.paper else "img"}" '
        named += f'aria-labelledby="{self.ident}-title {self.ident}-desc"'
        said = f'<title id="{self.ident}-title">{escape(title)}</title>'
        said += f'<desc id="{self.ident}-desc">{escape(desc)}</desc>'
        beside = () if self.paper else tuple(Sign(self._swatch(inside), words) for inside, words in legend)
        return Drawing(SafeString(f"<svg {frame} {named}>{said}{body}</svg>"), beside, height)

    def _legend_below(self, top: int, legend: Sequence[tuple[str, str]]) -> str:
        rows = []
        for number, (inside, words) in enumerate(legend):
            y = top + number * LEGEND_LINE
            said = f'<text {self.look("chart-axis")} x="{SWATCH[0] + 10}" y="{y + 12}">{escape(words)}</text>'
            rows.append(f'<g transform="translate(0 {y})">{inside}</g>{said}')
        return "".join(rows)

    @staticmethod
    def _swatch(inside: str) -> SafeString:
        width, height = SWATCH
        return SafeString(f'<svg width="{width}" height="{height}" aria-hidden="true" focusable="false">{inside}</svg>')
