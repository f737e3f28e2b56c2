"""The colours of the style sheets by computation: what is read against what it stands on, in light and in dark."""

import itertools
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
READ = ["ink", "muted", "red", "green", "blue", "amber", "danger", "gold-ink"]
GROUNDS = ["paper", "surface", "sunken"]
FILLS = ["fill-low", "fill-middle", "fill-high", "fill-plain"]
STEPS = [f"heat-{step}" for step in range(1, 6)]


def tokens(theme):
    light = dict(TOKEN.findall((CSS / "portal.css").read_text(encoding="utf-8")))
    return light if theme == "light" else light | dict(TOKEN.findall((CSS / "dark.css").read_text(encoding="utf-8")))


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_read_stands_out_from_every_ground(theme):
    colours = tokens(theme)
    found = {(on, of): contrast(colours[of], colours[on]) for on in GROUNDS for of in READ}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_drawn_stands_out_from_the_page(theme):
    colours = tokens(theme)
    drawn = [*FILLS, *STEPS[2:], "line-strong", "focus"]  # the lower steps are outlined by line-strong
    found = {of: contrast(colours[of], colours["paper"]) for of in drawn}
    assert {name: round(ratio, 2) for name, ratio in found.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_steps_of_a_strip_are_told_apart_in_grey(theme):
    colours = tokens(theme)
    greys = [luminance(colours[name]) for name in ("surface", *STEPS)]
    assert greys == sorted(greys, reverse=theme == "light")
    assert all(contrast(colours[a], colours[b]) >= 1.35 for a, b in itertools.pairwise(["surface", *STEPS]))
