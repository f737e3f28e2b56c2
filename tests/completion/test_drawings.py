"""Charts as text: lengths by exact shares, what colour says said otherwise too, and the same drawing for paper."""

import re

import pytest
from defusedxml import ElementTree

from completion.drawings import Bar, Gap, Lane, Point, Printed, Series, heat_strip, ranked_bars, trend_lines
from completion.drawings.strip import STEPS, step_of, steps_of
from completion.drawings.trend import BOTTOM, PLOT, breaks_of, height_of, pieces_of

NAMED = {"ident": "c", "title": "Tỷ lệ <R2>", "desc": "Số liệu & bảng"}


def words(svg):
    return [text for node in ElementTree.fromstring(svg).iter() if (text := (node.text or "").strip())]


def bars(*counts, **more):
    return [Bar(f"Chi bộ {at}", n, base, f"{n}/{base}", note=f"{n} trong {base}", place=at, **more)
            for at, (n, base) in enumerate(counts, 1)]  # fmt: skip


def test_a_bar_is_as_wide_as_its_exact_share_and_says_its_counts():
    drawn = ranked_bars(bars((1, 3), (0, 0)), **NAMED, thresholds=(40, 90))
    assert re.findall(r'class="bar-plain" x="0.00%" y="\d+" width="([\d.]+)%"', drawn.svg) == ["33.33"]
    assert 'class="chart-empty"' in drawn.svg
    assert words(drawn.svg)[:2] == ["Tỷ lệ <R2>", "Số liệu & bảng"]
    assert [word for word in words(drawn.svg) if "trong" in word] == ["1 trong 3", "0 trong 0"]
    assert re.findall(r'class="chart-mark" x1="([\d.]+%)"', drawn.svg)[:2] == ["40.00%", "90.00%"]


@pytest.mark.parametrize(
    ("count", "gap"), [(3, None), (30, Gap(5, "20 ở giữa", "all/")), (600, Gap(5, "590 ở giữa", "all/"))]
)
def test_rows_lead_to_their_units_and_what_is_left_out_is_told(count, gap):
    shown = bars(*[(n, n + 1) for n in range(min(count, 10))], url="unit/")
    drawn = ranked_bars(shown, **NAMED, gap=gap)
    links = [node.get("href") for node in ElementTree.fromstring(drawn.svg).iter("a")]
    assert links.count("unit/") == len(shown) and links.count("all/") == bool(gap)
    assert 'role="group"' in drawn.svg
    assert (gap is None) or gap.text in words(drawn.svg)


def test_what_is_not_ranked_is_told_apart_by_pattern_and_by_word():
    shown = [
        Bar("A", 2, 3, "66,7%", "low"), Bar("B", 2, 3, "66,7%", "middle"), Bar("C", 2, 3, "66,7%", apart="inherited"),
        Bar("D", 2, 3, "66,7%", apart="few"), Bar("E", 0, 0, "—", apart="unregistered"), Bar("F", 1, 1, "100%", "high"),
    ]  # fmt: skip
    drawn = ranked_bars(shown, **NAMED)
    assert set(re.findall(r'<pattern id="c-(\w+)"', drawn.svg)) == {"low", "middle", "inherited"}
    assert len({str(sign.drawn) for sign in drawn.legend}) == len({sign.words for sign in drawn.legend}) == 6


def quarters(*counts, **last):
    points = [Point(f"Q{number}", n, base, f"{n}") for number, (n, base) in enumerate(counts, 1)]
    points[-1] = Point(points[-1].label, points[-1].n, points[-1].base, points[-1].text, **last)
    return points


@pytest.mark.parametrize(
    ("points", "pieces"),
    [
        (quarters((1, 2), (1, 2), (1, 2), sealed=False), [(0, 1, False), (1, 2, True)]),
        (quarters((1, 2), (1, 2), broken=True), []),
        (quarters((1, 2), (0, 0), (1, 2)), [(0, 2, False)]),
        ([Point("Q1", 1, 2, ""), Point("Q2", 0, 0, "", broken=True), Point("Q3", 1, 2, "")], []),
    ],
    ids=["provisional is dashed", "no line crosses a change", "nothing due is passed by", "a change in between"],
)
def test_a_line_joins_only_what_can_be_compared(points, pieces):
    assert pieces_of(points) == pieces


def test_the_scale_runs_from_nothing_to_all_and_a_change_is_drawn_before_its_quarter():
    assert (height_of(0, 5), height_of(5, 5)) == (BOTTOM, BOTTOM - PLOT)
    first = (Point("Q1", 1, 2, "", broken=True), Point("Q2", 1, 2, "", broken=True))
    assert breaks_of(first, [12, 88]) == [6, 50]


def test_each_state_of_a_quarter_has_its_own_sign_and_word():
    told = [{}, {"corrected": 2}, {"broken": True}, {"sealed": False}]
    points = tuple(Point(f"Q{at}", 1, 2, "50,0%", **more) for at, more in enumerate(told))
    drawn = trend_lines(
        [Series("2026", points), Series("2025", points[:1])], **NAMED, printed=[Printed(3, 9, 10, "90%")]
    )
    assert len({str(sign.drawn) for sign in drawn.legend}) == len(drawn.legend) == 6
    assert [point.state for point in points] == ["Đã chốt", "Đã đính chính, bản 2", "Đã chốt", "Tạm tính"]
    assert drawn.svg.count("trend-hollow") == drawn.svg.count("trend-corrected") == 1
    assert drawn.svg.count("trend-published") == 1


@pytest.mark.parametrize(
    ("most", "steps"), [(0, ()), (1, (1,)), (3, (1, 2)), (16, (1, 2, 3, 5, 9)), (402, (1, 26, 51, 101, 202))]
)
def test_each_step_begins_at_about_twice_the_one_below(most, steps):
    assert steps_of(most) == steps
    assert [step_of(count, steps) for count in (0, most) if most] == ([0, STEPS] if most else [])


def test_a_months_cell_is_filled_by_its_step_and_said_in_words():
    lane = Lane("Đến hạn", [0, 26, 402], ["T1: 0", "T2: 26 & hơn", "T3: 402"])
    drawn = heat_strip([lane], columns=["1", "2", "3"], **NAMED, none="không có")
    assert re.findall(r'class="(heat-\d)" x="[\d.]+%" y="\d+" width="[\d.]+%" height="(\d+)"', drawn.svg) == [
        ("heat-2", "18"), ("heat-5", "44"),
    ]  # fmt: skip
    assert {"T1: 0", "T2: 26 & hơn", "T3: 402"} <= set(words(drawn.svg))
    assert [sign.words for sign in drawn.legend] == ["không có", "1–25", "26–50", "51–100", "101–201", "≥ 202"]


@pytest.mark.parametrize("chart", ["bars", "trend", "strip"])
def test_on_paper_a_drawing_stands_alone_in_black_and_white(chart):
    drawn = {
        "bars": lambda: ranked_bars(bars((1, 3), url="x/"), **NAMED, paper=True),
        "trend": lambda: trend_lines([Series("2026", tuple(quarters((1, 2), passport="x/")))], **NAMED, paper=True),
        "strip": lambda: heat_strip([Lane("A", [1], ["1"])], columns=["1"], **NAMED, paper=True),
    }[chart]()
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("viewBox") == f"0 0 640 {drawn.height}" and drawn.legend == ()
    assert not re.search(r"class=|href|foreignObject|%\"", drawn.svg)
    inks = set(re.findall(r"#([0-9a-f]{3,6})\b", drawn.svg))
    assert inks and all(len(set(re.findall("..", ink if len(ink) == 6 else ink[0] * 6))) == 1 for ink in inks)
