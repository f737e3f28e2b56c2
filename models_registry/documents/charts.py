"""Charts of shares on paper: plain values, and where the PDF draws them. Word draws its own of the same values."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

# Points: the drawing's width, what the names and figures take beside the bars, a bar and the room between two rows.
WIDTH, NAMES, FIGURES = 460, 170, 96
BAR, GAP, ROW_GAP, TOP = 11, 2, 9, 6
LONGEST_NAME = 34  # characters that fit beside a bar


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: n/N, and what is printed at its end; None where there was nothing to count."""

    value: Fraction | None
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Shares side by side: a row a name, in it a bar of each series; told apart by their filling, not by colour.

    `said` is the same in words, for who cannot see it: in Word the alternative text, in the PDF the drawing's title.
    """

    title: str
    said: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[Share, ...]], ...]

    @property
    def bars(self) -> list[dict]:
        """Return each bar with its place in points: x, y, width, filled or hollow, and the text at its end."""
        return list(self._bars())

    @property
    def rows(self) -> list[dict]:
        """Return each name with the baseline it stands on."""
        middle = self._row_height / 2 - ROW_GAP / 2 + 3.5
        return [{"text": _cut(name), "y": self._top(n) + middle} for n, name in enumerate(self.names)]

    @property
    def legend(self) -> list[dict]:
        """Return what each filling stands for; nothing where there is one series alone."""
        if len(self.series) < 2:
            return []
        return [{"text": name, "x": NAMES + 90 * n, "hollow": bool(n)} for n, (name, _shares) in enumerate(self.series)]

    @property
    def axis(self) -> dict:
        return {"x": NAMES, "end": WIDTH - FIGURES, "bottom": self.bottom}

    @property
    def bottom(self) -> float:
        return self._top(len(self.names))

    @property
    def height(self) -> float:
        return self.bottom + (22 if len(self.series) > 1 else 4)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def _row_height(self) -> int:
        return len(self.series) * (BAR + GAP) + ROW_GAP

    def _top(self, row: int) -> float:
        return TOP + row * self._row_height

    def _bars(self) -> Iterator[dict]:
        room = WIDTH - NAMES - FIGURES
        for number, (_name, shares) in enumerate(self.series):
            for row, share in enumerate(shares):
                y = self._top(row) + number * (BAR + GAP)
                width = float(share.value or 0) * room
                yield {"y": y, "width": width, "hollow": bool(number), "text": share.text, "end": NAMES + width + 4}


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
