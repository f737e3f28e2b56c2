"""The charts of a unit's page, from its figures."""

from django.urls import reverse

from completion.quarters import Quarter
from completion.queries.figures import Table, trend_of
from dashboards.charts import Bar, BarChart, Point, Series, TrendChart, bar_chart, trend_chart
from dashboards.choices import Choice
from organizations.models import Unit
from vietnamese.display import DASH, quarter_text

MOST_BARS = 20


def children_chart(table: Table, choice: Choice) -> BarChart | None:
    """Return the children's bars, the least advanced first, at most MOST_BARS; None without anything due."""
    bars = []
    for row in table.children:
        rate = row.rate(choice.rate)
        if rate.base:
            url = f"{reverse('dashboards:unit', args=[row.unit])}?{choice.address}"
            bars.append(Bar(row.name, rate.n, rate.base, rate.text, rate.level, url, rate.x))
    bars.sort(key=lambda bar: (bar.n / bar.base, bar.label))
    return bar_chart(bars[:MOST_BARS], thresholds=table.passport.thresholds) if bars else None


def quarters_chart(unit: Unit, choice: Choice) -> TrendChart:
    """Return this year's quarters with last year's beside them; three queries."""
    year = choice.quarter.year
    quarters = [Quarter(y, number) for y in (year, year - 1) for number in (1, 2, 3, 4)]
    found = trend_of(unit, quarters, kind=choice.kind)
    points = [_point(quarter, known, unit, choice) for quarter, known in zip(quarters, found, strict=True)]
    return trend_chart([Series(str(year), tuple(points[:4])), Series(str(year - 1), tuple(points[4:]))])


def _point(quarter: Quarter, known, unit: Unit, choice: Choice) -> Point:
    label = quarter_text(quarter.number)
    if known is None:
        return Point(label, 0, 0, DASH, sealed=False)
    _quarter, passport, row = known
    rate = row.rate(choice.rate)
    address = Choice(quarter, choice.kind, choice.rate).address
    url = f"{reverse('dashboards:unit', args=[unit.pk])}?{address}"
    return Point(label, rate.n, rate.base, rate.text, sealed=passport.sealed, url=url)
