"""Units by rate as horizontal bars, the first on top; each row says its name, its rate and its counts in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from completion.drawings.surface import SWATCH, Drawing, Surface

ROW, GAP_ROW, AXIS = 78, 44, 26
NAME_AT, BAR_AT, BAR_HEIGHT, NOTE_AT = 22, 32, 14, 65
# What a bar that takes no part in the ranking looks like, by completion.peers.Apart; the others have nothing to draw.
APART = {"few": "bar-few", "inherited": "bar-inherited"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit: `text` and `level` as completion.shares prints and colours the rate, `note` its counts in words.

    `place` is its rank. One that is not ranked has none; `apart` (completion.peers.Apart) and the `note` say why.
    `url` is where its row leads.
    """

    label: str
    n: int
    base: int
    text: str
    level: str = "plain"
    note: str = ""
    place: int | None = None
    apart: str = ""
    url: str = ""
    x: int = 0

    @property
    def look(self) -> str:
        return APART.get(self.apart, f"bar-{self.level}")


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows left out between the bars before `at` and those from it on: what is said there, and where it leads."""

    at: int
    text: str
    url: str = ""


def ranked_bars(
    bars: Sequence[Bar],
    *,
    ident: str,
    title: str,
    desc: str = "",
    thresholds: Sequence[int] = (50, 80),
    gap: Gap | None = None,
    paper: bool = False,
) -> Drawing:
    """Return the bars in the order given, as wide as n/N of the whole drawing, with marks at the thresholds."""
    on, parts, y = Surface(ident, paper=paper), [], 0
    looks = {bar.look for bar in bars}
    parts.append(on.patterns(name for name in ("low", "middle", "inherited") if f"bar-{name}" in looks))
    for number, bar in enumerate(bars):
        if gap and gap.at == number:
            parts.append(on.link(gap.url, gap.text, on.text("chart-value chart-link", 0, y + 26, gap.text)))
            y += GAP_ROW
        parts.append(_row(on, bar, y, thresholds))
        y += ROW
    parts += [on.text("chart-axis", limit, y + 14, f"{limit}%", anchor="middle") for limit in thresholds]
    legend = _legend(on, bars, thresholds)
    linked = any(row.url for row in (*bars, gap) if row)
    return on.framed(parts, y + AXIS, title=title, desc=desc, legend=legend, linked=linked)


def _row(on: Surface, bar: Bar, y: int, thresholds: Sequence[int]) -> str:
    name = f"{bar.place}. {bar.label}" if bar.place else bar.label
    drawn = [on.label(y + NAME_AT, 76, name), on.text("chart-value", 100, y + NAME_AT, bar.text, anchor="end")]
    drawn.append(on.bar(0, y + BAR_AT, 100, BAR_HEIGHT, "chart-track" if bar.base else "chart-empty"))
    if bar.n and bar.base:
        drawn.append(on.bar(0, y + BAR_AT, 100 * bar.n / bar.base, BAR_HEIGHT, bar.look))
    top, bottom = y + BAR_AT - 3, y + BAR_AT + BAR_HEIGHT + 3
    drawn += [on.line("chart-mark", limit, top, limit, bottom) for limit in thresholds]
    drawn.append(on.text("chart-note", 0, y + NOTE_AT, bar.note))
    return on.link(bar.url, f"{name}: {bar.text}, {bar.note}", "".join(drawn))


def _legend(on: Surface, bars: Sequence[Bar], thresholds: Sequence[int]) -> list[tuple[str, str]]:
    """Return what the looks that occur mean; a bar of no level needs no words."""
    low, high = thresholds
    looks = {bar.look for bar in bars if bar.base} | {"chart-empty" for bar in bars if not bar.base}
    words = {
        "bar-low": _("dưới %(low)s%%") % {"low": low},
        "bar-middle": _("từ %(low)s%% đến dưới %(high)s%%") % {"low": low, "high": high},
        "bar-high": _("từ %(high)s%%") % {"high": high},
        "bar-few": _("ít việc, không xếp hạng"),
        "bar-inherited": _("có việc kế thừa, không xếp hạng"),
        "chart-empty": _("không có gì để tính"),
    }
    return [(_swatch(on, look), said) for look, said in words.items() if look in looks]


def _swatch(on: Surface, look: str) -> str:
    width, height = SWATCH
    fill = look.removeprefix("bar-")
    filled = f'fill="url(#{on.ident}-{fill})"' if fill in ("low", "middle", "inherited") else on.look(look)
    return f'<rect {filled} x="1" y="1" width="{width - 2}" height="{height - 2}"></rect>'
