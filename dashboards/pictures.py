"""The charts of a unit's page, from its figures."""

from collections.abc import Collection
from dataclasses import replace

from completion.quarters import Quarter
from completion.queries.figures import Table
from dashboards.charts import Bar, BarChart, Point, Series, TrendChart, bar_chart, trend_chart
from dashboards.choices import Choice, unit_addresses
from dashboards.links import Links
from organizations.models import Unit
from vietnamese.display import DASH, quarter_text

MOST_BARS = 20


def children_chart(table: Table, choice: Choice) -> BarChart | None:
    """Return the children's bars, the least advanced first, at most MOST_BARS; None without anything due."""
    bars, address_of = [], unit_addresses(choice.address)
    for row in table.children:
        rate = row.rate(choice.rate)
        if rate.base:
            bars.append(Bar(row.name, rate.n, rate.base, rate.text, rate.level, address_of(row.unit), rate.x))
    bars.sort(key=lambda bar: (bar.n / bar.base, bar.label))
    return bar_chart(bars[:MOST_BARS], thresholds=table.passport.thresholds) if bars else None


def two_years(quarter: Quarter) -> list[Quarter]:
    """Return the quarters of a quarter's year, then those of the year before."""
    return [Quarter(year, number) for year in (quarter.year, quarter.year - 1) for number in (1, 2, 3, 4)]


def quarters_chart(
    unit: Unit, choice: Choice, trend: list, *, broken: Collection[Quarter] = (), page: str = "dashboards:unit"
) -> TrendChart:
    """Return this year's quarters with last year's beside them, of the trend of `two_years`; each leads to `page`.

    No line leads to a quarter the organisation of the unit changed in.
    """
    year = choice.quarter.year
    quarters = two_years(choice.quarter)
    points = [
        _point(quarter, known, unit, choice, broken=quarter in broken, page=page)
        for quarter, known in zip(quarters, trend, strict=True)
    ]
    return trend_chart([Series(str(year), tuple(points[:4])), Series(str(year - 1), tuple(points[4:]))])


def _point(quarter: Quarter, known, unit: Unit, choice: Choice, *, broken: bool, page: str) -> Point:
    label = quarter_text(quarter.number)
    if known is None:
        return Point(label, 0, 0, DASH, sealed=False, broken=broken)
    _quarter, passport, row = known
    rate, of_quarter = row.rate(choice.rate), Choice(quarter, choice.kind, choice.rate)
    point = Point(label, rate.n, rate.base, rate.text, sealed=passport.sealed, broken=broken)
    point = replace(point, url=unit_addresses(of_quarter.address, page)(unit.pk))
    if page != "dashboards:unit":  # regrouped figures are of no revision
        return point
    links = Links.of(of_quarter)
    return replace(point, passport=links.passport(unit.pk, rate.code), counts=links.counts(unit.pk, rate))
