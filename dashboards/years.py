"""A unit's years beside each other: what reports printed, what n/N makes of it, and what the portal sealed itself."""

from collections import Counter
from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from completion.drawings import Point, Printed, Series, trend_lines
from completion.models import PublishedFigure
from completion.printed.columns import kind_text
from completion.quarters import Quarter
from completion.queries import beside_ours, plans_of, printed_in_line, printed_years, sealed_of
from completion.shares import percent_text
from dashboards.beside import printed_cells, printed_heads, printed_note, printed_text
from dashboards.choices import MOST_YEARS
from dashboards.opening import refuse_unread
from dashboards.pictures import Chart
from dashboards.taking import noting
from journal.lists import Listing, listed
from organizations.models import Unit
from vietnamese.display import DASH, number_text

PER_PAGE = 50


def _years_file(request, pk) -> Listing:
    unit = _unit(request, pk)
    rows = printed_years(unit, localdate().year)
    return Listing(
        title=_("Các năm: %(unit)s") % {"unit": unit.name},
        heads=printed_heads(),
        rows=rows,
        line=printed_cells,
        note=_noting(unit, [row.published for row in rows if row.n is not None]),
        above=[printed_note()],
    )


def _noting(unit: Unit, beside: list[PublishedFigure]):
    """Return what notes the seals that stand beside printed figures; one query where there are any."""
    if not beside:
        return None
    seals = _seals(unit, beside)
    found = (seals.get(one.unit_id, {}).get(Quarter(one.year, one.quarter or 4)) for one in beside)
    return noting(unit, {(seal.pk, seal.sealed) for seal in found if seal})


@listed(_years_file)
@require_safe
def years(request, pk):
    """Show the printed figures of a unit, and of those it came from, year by year, the newest first."""
    unit = _unit(request, pk)
    page = Paginator(printed_in_line(unit), PER_PAGE).get_page(request.GET.get("page"))
    plans = list(_plans(unit))
    seals = _seals(unit, [*page.object_list, *plans])
    rows = beside_ours(page.object_list, seals)
    for row in rows:
        row.published.of_old = row.published.unit.name if row.published.unit_id != unit.pk else ""
    by_year = [(year, list(found)) for year, found in groupby(rows, key=lambda row: row.published.year)]
    kinds, asked = Counter(one.kind for one in plans), request.GET.get("kind")
    kind = asked if asked in kinds else max(kinds, key=kinds.__getitem__, default="")
    context = {
        "unit": unit,
        "page_obj": page,
        "years": by_year,
        "tabs": [{"label": kind_text(one), "url": f"?kind={one}", "current": one == kind} for one in kinds],
        "chart": years_chart(unit, [one for one in plans if one.kind == kind], seals.get(unit.pk, {}), kind),
    }
    return render(request, "dashboards/years.html", context)


def years_chart(unit: Unit, plans: list[PublishedFigure], newest: dict, kind: str) -> Chart | None:
    """Return the years of one kind of work: what was sealed as a line, what was printed as marks; None of fewer than
    two years. One query."""
    sealed = plans_of(unit, newest, kind)
    told = {*sealed, *(one.year for one in plans)}
    if len(told) < 2:
        return None
    known = list(range(min(told), max(told) + 1))[-MOST_YEARS:]
    title = _("Kế hoạch năm (R3) qua các năm: %(kind)s") % {"kind": kind_text(kind)}
    points = [_point(year, sealed.get(year)) for year in known]
    marks = [Printed(known.index(one.year), one.n, one.base, _rate_of(one)) for one in plans if one.year in known]
    desc = _("Đường nối là số cổng đã chốt, hình thoi là số đã công bố. Số liệu ở bảng bên dưới.")
    drawing = trend_lines([Series(_("Cổng đã chốt"), points)], ident="years", title=title, desc=desc, printed=marks)
    rows = [_sealed_line(point) for point in points if point.base]
    return Chart(title, drawing, rows + [_printed_line(mark, known[mark.at]) for mark in marks])


def _point(year: int, counted) -> Point:
    if counted is None:
        return Point(str(year), 0, 0, DASH)
    n, base, revision = counted
    corrected = revision.number if revision.number > 1 else 0
    return Point(str(year), n, base, percent_text(n, base), corrected=corrected)


def _sealed_line(point: Point) -> dict:
    counts = f"{number_text(point.n)}/{number_text(point.base)}"
    return {"name": point.label, "counts": counts, "rate": point.text, "state": point.state}


def _printed_line(mark: Printed, year: int) -> dict:
    counts = f"{number_text(mark.n)}/{number_text(mark.base)}"
    return {"name": str(year), "counts": counts, "rate": mark.label, "state": _("Số đã công bố trong báo cáo")}


def _rate_of(one: PublishedFigure) -> str:
    return printed_text(one.printed_rate, one.n, one.base)


def _unit(request, pk) -> Unit:
    refuse_unread(request)
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _plans(unit: Unit):
    """Return what was printed of the unit's own whole years, of all its works or a kind of them; one query."""
    found = PublishedFigure.objects.shown().filter(unit=unit, quarter=None, unit_kind="")
    return found.order_by("kind", "year", "order", "pk")


def _seals(unit: Unit, figures: list[PublishedFigure]) -> dict:
    """Return the seals figures are compared with, and those of the unit in all the last years; one query."""
    units, found = {unit.pk, *(one.unit_id for one in figures)}, {one.year for one in figures}
    return sealed_of(units, found | {localdate().year - ago for ago in range(MOST_YEARS)})
