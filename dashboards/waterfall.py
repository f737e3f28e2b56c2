"""Geometry of a waterfall: from n and N of one figure to those of another, a row a step, in plain positions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vietnamese.display import number_text

ROW_HEIGHT, BASE_TOP, N_TOP = 78, 34, 50
THINNEST = 0.5  # percent of the width: one work among ten thousand is still seen


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from one running total to the next, as shares of the width; `direction` is up, down or whole."""

    x: str
    width: str
    direction: str


@dataclass(frozen=True, slots=True)
class Fall:
    """One row: what happened, by how much (n/N, signed for a step), and a bar for each of the two."""

    label: str
    text: str
    top: int
    base_top: int
    n_top: int
    base: Span | None
    n: Span | None


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`rows` from top to bottom: the first figure, the steps, the last figure."""

    rows: tuple[Fall, ...]
    height: int


def waterfall(
    start: tuple[str, int, int], steps: Iterable[tuple[str, int, int]], end: tuple[str, int, int]
) -> Waterfall:
    """Return the drawing of (label, n, N), of steps that add (label, n, N) each, and of (label, n, N) at the end."""
    rows, (n, base), totals = [(*start, 0, 0, False)], start[1:], [start[2], end[2]]
    for label, more_n, more_base in steps:
        rows.append((label, more_n, more_base, n, base, True))
        n, base = n + more_n, base + more_base
        totals.append(base)
    rows.append((*end, 0, 0, False))
    scale = max(1, *totals)
    drawn = tuple(_drawn(number, row, scale) for number, row in enumerate(rows))
    return Waterfall(drawn, len(drawn) * ROW_HEIGHT)


def _drawn(number: int, row: Sequence, scale: int) -> Fall:
    label, n, base, from_n, from_base, is_step = row
    top = number * ROW_HEIGHT
    write = signed if is_step else number_text
    spans = _span(from_base, base, scale, is_step=is_step), _span(from_n, n, scale, is_step=is_step)
    return Fall(label, f"{write(n)} / {write(base)}", top, top + BASE_TOP, top + N_TOP, *spans)


def _span(start: int, length: int, scale: int, *, is_step: bool) -> Span | None:
    if not length:
        return None
    width = max(THINNEST, 100 * abs(length) / scale)
    x = min(100 * min(start, start + length) / scale, 100 - width)
    direction = ("up" if length > 0 else "down") if is_step else "whole"
    return Span(f"{x:.2f}%", f"{width:.2f}%", direction)


def signed(number: int) -> str:
    """Return "+8", "−2" or "0"."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{number_text(abs(number))}"
