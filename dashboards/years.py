"""A unit's years beside each other: what reports printed, what n/N makes of it, and what the portal sealed itself."""

from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from completion.models import PublishedFigure
from completion.queries import beside_ours, sealed_of
from dashboards.beside import printed_cells, printed_heads, printed_note
from dashboards.opening import refuse_unread
from journal.lists import Listing, listed
from organizations.models import Unit

PER_PAGE = 50


def _years_file(request, pk) -> Listing:
    unit = _unit(request, pk)
    return Listing(
        title=_("Các năm: %(unit)s") % {"unit": unit.name},
        heads=printed_heads(),
        rows=_beside(list(_figures(unit))),
        line=printed_cells,
        above=[printed_note()],
    )


@listed(_years_file)
@require_safe
def years(request, pk):
    """Show the printed figures of a unit, and of those it came from, year by year, the newest first."""
    unit = _unit(request, pk)
    page = Paginator(_figures(unit), PER_PAGE).get_page(request.GET.get("page"))
    rows = _beside(list(page.object_list))
    for row in rows:
        row.published.of_old = row.published.unit.name if row.published.unit_id != unit.pk else ""
    by_year = [(year, list(found)) for year, found in groupby(rows, key=lambda row: row.published.year)]
    return render(request, "dashboards/years.html", {"unit": unit, "page_obj": page, "years": by_year})


def _unit(request, pk) -> Unit:
    refuse_unread(request)
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _figures(unit: Unit):
    """Return what is shown of a unit and its predecessors, whose own reports bore their names; part of one query."""
    line = Unit.objects.predecessors_of(unit).order_by().values("pk")
    found = PublishedFigure.objects.shown().filter(unit__in=line) | PublishedFigure.objects.shown().filter(unit=unit)
    newest = F("quarter").desc(nulls_first=True)
    return found.select_related("unit").order_by("-year", "unit__sort_key", newest, "order", "pk")


def _beside(figures: list[PublishedFigure]) -> list:
    units, found = {one.unit_id for one in figures}, {one.year for one in figures}
    return beside_ours(figures, sealed_of(units, found) if figures else {})
