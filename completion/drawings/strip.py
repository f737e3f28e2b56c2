"""How much there was in each month of a year: a lane of cells for each thing counted; more is fuller and darker."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from completion.drawings.surface import SWATCH, Drawing, Surface
from vietnamese.display import number_text

STEPS = 5
NAME_AT, CELL_AT, CELL, LANE, AXIS = 22, 34, 44, 92, 30
HEAT_GAP = 0.6  # percent of the width between two cells


@dataclass(frozen=True, slots=True)
class Lane:
    """What is counted, how many of it in each column, and in words what each column holds ("Tháng 3: 12 việc")."""

    label: str
    counts: Sequence[int]
    titles: Sequence[str]


def steps_of(most: int) -> tuple[int, ...]:
    """Return the least count of each step up to `most`: each begins at about twice the one below, at most STEPS.

    So a December that holds half of the year does not make all other months alike.
    """
    least = [most // 2**power + 1 for power in range(STEPS - 1, 0, -1)]
    return tuple(sorted({1, *(one for one in least if one <= most)})) if most else ()


def step_of(count: int, steps: Sequence[int]) -> int:
    """Return 0 for none, else the number of the step, counted so that the highest is always STEPS."""
    found = bisect_right(steps, count)
    return found + STEPS - len(steps) if found else 0


def heat_strip(
    lanes: Sequence[Lane],
    *,
    columns: Sequence[str],
    ident: str,
    title: str,
    desc: str = "",
    none: str = "0",
    every: int = 3,
    paper: bool = False,
) -> Drawing:
    """Return lanes over the same columns and the same steps; `every` so many columns a line divides them.

    A cell of step k is filled to k fifths of its height, so that the steps are told apart without any colour. `none`
    is what the legend says of an empty cell.
    """
    on, width = Surface(ident, paper=paper), 100 / len(columns)
    steps = steps_of(max((max(lane.counts, default=0) for lane in lanes), default=0))
    parts, y = [], 0
    for lane in lanes:
        parts.append(on.label(y + NAME_AT, 100, lane.label))
        for number, (count, said) in enumerate(zip(lane.counts, lane.titles, strict=True)):
            parts.append(_cell(on, number * width, y + CELL_AT, width, step_of(count, steps), count, said))
        top, bottom = y + CELL_AT - 4, y + CELL_AT + CELL + 4
        parts += [
            on.line("chart-mark", at * width, top, at * width, bottom) for at in range(every, len(columns), every)
        ]
        y += LANE
    parts += [
        on.text("chart-axis", (number + 0.5) * width, y + 10, name, anchor="middle")
        for number, name in enumerate(columns)
    ]
    return on.framed(parts, y + AXIS, title=title, desc=desc, legend=_legend(on, steps, none))


def _cell(on: Surface, share: float, y: int, width: float, step: int, count: int, said: str) -> str:
    x, wide = share + HEAT_GAP / 2, width - HEAT_GAP
    drawn = [f"<title>{escape(said)}</title>", on.bar(x, y, wide, CELL, "heat-cell")]
    if step:
        full = round(CELL * step / STEPS)
        drawn.append(on.bar(x, y + CELL - full, wide, full, f"heat-{step}"))
        middle = share + width / 2
        drawn.append(on.text("heat-count", middle, y + CELL // 2 + 5, number_text(count), anchor="middle"))
    return f"<g>{''.join(drawn)}</g>"


def _legend(on: Surface, steps: Sequence[int], none: str) -> list[tuple[str, str]]:
    """Return (swatch, "13–25") of every step, the emptiest first."""
    found = [(_swatch(on, 0), none)]
    for number, least in enumerate(steps):
        last = steps[number + 1] - 1 if number + 1 < len(steps) else None
        said = number_text(least) if last == least else f"{number_text(least)}–{number_text(last)}"
        step = step_of(least, steps)
        found.append((_swatch(on, step), f"≥ {number_text(least)}" if last is None else said))
    return found


def _swatch(on: Surface, step: int) -> str:
    width, height, full = SWATCH[0] - 2, SWATCH[1], round(SWATCH[1] * step / STEPS)
    frame = f'<rect {on.look("heat-cell")} x="1" y="0.5" width="{width}" height="{height - 1}"></rect>'
    return f'{frame}<rect {on.look(f"heat-{step}")} x="1" y="{height - full}" width="{width}" height="{full}"></rect>'
