from dashboards.charts import PLOT_HEIGHT, PLOT_TOP, Bar, Point, Segment, Series, bar_chart, trend_chart


def test_a_bar_is_as_wide_as_its_exact_share():
    chart = bar_chart([Bar("A", 1, 3, "33,3%"), Bar("B", 0, 0, "—")])
    assert [row.width for row in chart.bars] == ["33.33%", "0%"]


def test_bars_keep_the_order_given_and_share_the_thresholds():
    chart = bar_chart([Bar("B", 1, 2, "50,0%"), Bar("A", 2, 2, "100%")], thresholds=(40, 90))
    assert [row.bar.label for row in chart.bars] == ["B", "A"]
    assert [mark.at for mark in chart.marks] == ["40%", "90%"]


def quarters(*counts, **last):
    points = [Point(f"Q{number}", n, base, "") for number, (n, base) in enumerate(counts, 1)]
    points[-1] = Point(points[-1].label, points[-1].n, points[-1].base, "", **last)
    return trend_chart([Series("2026", tuple(points))])


def test_the_scale_runs_from_nothing_to_all():
    low, high = quarters((0, 5), (5, 5)).series[0].points
    assert (low.y, high.y) == (PLOT_TOP + PLOT_HEIGHT, PLOT_TOP)


def test_a_line_to_a_provisional_quarter_is_marked():
    assert [s.provisional for s in quarters((1, 2), (1, 2), (1, 2), sealed=False).series[0].segments] == [False, True]


def test_no_line_crosses_a_change_of_organisation():
    chart = quarters((1, 2), (1, 2), broken=True)
    assert chart.series[0].segments == ()
    assert chart.breaks == ("50.00%",)


def test_a_change_in_the_first_quarter_is_drawn_before_it():
    chart = trend_chart([Series("2026", (Point("Q1", 1, 2, "", broken=True), Point("Q2", 1, 2, "")))])
    assert (chart.breaks, len(chart.series[0].segments)) == (("6.00%",), 1)


def test_a_quarter_with_nothing_due_is_named_but_not_drawn():
    chart = quarters((1, 2), (0, 0), (1, 2))
    assert len(chart.series[0].points) == 2
    assert [tick.text for tick in chart.x_ticks] == ["Q1", "Q2", "Q3"]
    assert chart.series[0].segments == (Segment("12.00%", 136, "88.00%", 136, False),)
