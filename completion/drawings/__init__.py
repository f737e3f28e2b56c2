"""Charts as SVG text, one module each: plain values in, a `Drawing` out; nothing is asked and no clock read.

    ranked.ranked_bars(bars, …)      units by rate, each row a link
    trend.trend_lines(series, …)     quarters of two years; sealed, provisional, corrected and published told apart
    strip.heat_strip(lanes, …)       how much there was in each month of a year

Each takes `ident` (unique on its page), `title`, `desc` (one sentence) and `paper`. On a page the style sheet colours a
drawing and its legend stands beside it; with `paper=True` the SVG stands alone, 640 wide in black and white, legend
included, ready for a PDF or to be turned into a picture. Whatever a drawing says by colour it also says by pattern,
shape or height, and in words.
"""

from completion.drawings.ranked import Bar, Gap, ranked_bars
from completion.drawings.strip import Lane, heat_strip
from completion.drawings.surface import Drawing
from completion.drawings.trend import Point, Printed, Series, trend_lines

__all__ = ["Bar", "Drawing", "Gap", "Lane", "Point", "Printed", "Series", "heat_strip", "ranked_bars", "trend_lines"]
