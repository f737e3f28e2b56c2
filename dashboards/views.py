"""Leaders' screens: read only. Each starts at a unit within sight and at what the address asks for."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from completion.models import FrozenUnit
from completion.queries import changes_of, overview_of, printed_of, published_beside_ours, table_of
from completion.queries.behind import reading_of
from completion.queries.explained import Behind
from completion.queries.figures import passport_of
from completion.services import note_taking
from dashboards.beside import printed_marks
from dashboards.choices import (
    ITEM_RATES,
    PARTS,
    PARTS_OF_CHECKS,
    RATES,
    SHOWN_BESIDE,
    SILENT,
    VIEWS,
    unit_addresses,
)
from dashboards.definitions import DEFINITIONS
from dashboards.links import Links
from dashboards.lists import items_file, missing_file
from dashboards.opening import opened, refuse_unread, versions_among, versions_of
from dashboards.pictures import children_chart, quarters_chart, trend_title, two_years
from dashboards.queries import (
    MEMBERS_OF,
    MISSING,
    ends_of,
    glance_of,
    shared_works,
    silent_units,
    sorted_rows,
    start_unit,
)
from dashboards.regrouping import FORMS, views_of
from dashboards.rows import came_parts, child_line, ends_line, headline_of, kind_lines, parts_asked, tile_line
from dashboards.tables import file_name
from journal.lists import listed
from models_registry.masking import shown_item
from models_registry.models import WorkItem
from models_registry.queries.tree import registrations_of
from models_registry.querysets.conflicts import barred_at_work
from organizations.permissions import Action, may
from vietnamese.searching import asked

PER_PAGE = 50
# The lists whose units can be reminded.
URGED = ("registered", "reported")


@require_safe
def start(request):
    """Lead to the figures of the unit a person answers for."""
    refuse_unread(request)
    pk = start_unit(request.user)
    if pk is None:
        raise PermissionDenied
    asked = request.GET.urlencode()
    return redirect(reverse("dashboards:unit", args=[pk]) + (f"?{asked}" if asked else ""))


@require_safe
def unit(request, pk):
    """Show one unit's rates, its children's, its quarters', and who lags."""
    page = opened(request, pk)
    choice = page["choice"]
    quarters = two_years(choice.quarter)
    overview = overview_of(page["unit"], choice.quarter, trend=quarters, kind=choice.kind, number=choice.revision)
    table, changes = overview.table, changes_of(page["unit"], quarters)
    revision, today, year = table and table.passport.revision_id, localdate(), choice.quarter.year
    glance = glance_of(page["unit"], choice.quarter, today, kind=choice.kind, revision=revision)
    page |= {
        "views": views_of(page["unit"], page["address"], "dashboards:unit"),
        "came_from": changes.came_from,
        "is_root": not page["unit"].ancestor_ids,
        "table": table,
        "glance": glance,
        "printed": published_beside_ours(page["unit"], year, newest=overview.newest) if glance.has_printed else [],
        "urges": may(request.user, Action.URGE),
        "registrations": registrations_of(page["unit"], year, today) if glance.has_rounds else [],
    }
    if table:
        parts, links = parts_asked(table, choice, asked=glance.has_parts), Links(choice, "../")
        tiles = {code: tile_line(table.row.rate(code), choice, links, pk) for code in RATES}
        chart = children_chart(table, choice, inherited=parts.inherited_children, ranking=f"ranking/?{choice.address}")
        page |= {
            "corrects": table.passport.sealed and may(request.user, Action.ASK_CORRECTION),
            "versions": versions_among(overview.sealed, table.passport.revision),
            "headline": tiles.pop(choice.rate) | headline_of(table, choice, links, overview.trend),
            "tiles": list(tiles.values()),
            "kinds": kind_lines(table.row, choice, links) if choice.kind == "ALL" else [],
            "works": table.row.rate("r3").base + table.row.rate("r3").x,
            "chart": chart,
            "has_chart": chart is not None,
            "apart": chart.apart if chart else [],
            "trend": quarters_chart(
                page["unit"],
                choice,
                overview.trend,
                title=trend_title(choice),
                broken=changes.broken,
                printed=printed_marks(page["printed"], choice),
            ),
            "parts": came_parts(table, choice, parts),
        }
    return _answer(request, "dashboards/unit.html", page)


@require_safe
def children(request, pk):
    """List the units directly below one with their rates, and of each kind the most and the least advanced."""
    page = opened(request, pk)
    choice = page["choice"]
    table = table_of(page["unit"], choice.quarter, kind=choice.kind, number=choice.revision)
    if table is None:
        raise Http404
    links = Links(choice, "../../")
    listed = Paginator(sorted_rows(table.children, choice.sort), PER_PAGE).get_page(request.GET.get("page"))
    page |= {
        "table": table,
        "versions": versions_of(page["unit"], choice, table.passport.revision),
        "page_obj": listed,
        "children": [child_line(row, choice, links) for row in listed.object_list],
        "beside": [(code, RATES[code]) for code in SHOWN_BESIDE if code != choice.rate],
        "ends": [ends_line(end, unit_addresses(page["address"])) for end in ends_of(table, choice.rate)],
    }
    return _answer(request, "dashboards/children.html", page)


@listed(items_file)
@require_safe
def items(request, pk):
    """List exactly the items a number counts, each with why."""
    page = opened(request, pk)
    choice = page["choice"]
    reading = reading_of(page["unit"], choice.quarter, choice.revision)
    if choice.rate not in ITEM_RATES or reading is None:
        raise Http404
    terms = asked(request.GET.get("q", "")).terms
    found = Behind(
        reading, choice.rate, choice.part, kind=choice.kind, terms=terms, unseen=barred_at_work(request.user)
    )
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    parts = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
    page |= {
        "part_label": parts[choice.part],
        "parts": parts.items(),
        "versions": versions_among(reading.sealed, reading.revision.number),
        "corrects": reading.revision.sealed and may(request.user, Action.ASK_CORRECTION) and reading.revision.period_id,
        "passport": passport_of(reading.revision),
        "page_obj": listed,
        "q": request.GET.get("q", ""),
        "asked": [(name, value) for name, value in request.GET.items() if name not in ("q", "page")],
        "definition": DEFINITIONS[choice.rate],
        "rows": [(row, shown_item(row.item, request.user)) for row in listed.object_list],
    }
    return _answer(request, "dashboards/items.html", page)


@require_safe
def shared(request, pk):
    """List the works others lead and this unit, or one below, takes part in; a link only where the work is in sight."""
    page = opened(request, pk)
    choice = page["choice"]
    found = shared_works(page["unit"], choice.quarter, kind=choice.kind).select_related("unit")
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    works = list(listed.object_list)
    seen = WorkItem.objects.visible_to(request.user).filter(pk__in=[work.pk for work in works])
    page |= {"page_obj": listed, "rows": works, "in_sight": set(seen.order_by().values_list("pk", flat=True))}
    return _answer(request, "dashboards/shared.html", page)


@listed(missing_file)
@require_safe
def missing(request, pk):
    """List the units behind a number of R6 and R7: those that owe and have none, and those exempt."""
    page = opened(request, pk)
    what = request.GET.get("what", "registered")
    if what not in MISSING:
        raise Http404
    choice = page["choice"]
    found = silent_units(page["unit"], choice.quarter, what, number=choice.revision)
    if found is None:
        raise Http404
    silent, revision = found
    listed = Paginator(silent, PER_PAGE).get_page(request.GET.get("page"))
    names = _parents_of(listed.object_list, revision)
    page |= {
        "what": what,
        "urges": what in URGED and may(request.user, Action.URGE),
        "heading": SILENT[what],
        "counts_members": what in MEMBERS_OF,
        "passport": passport_of(revision),
        "versions": versions_of(page["unit"], choice, revision.number),
        "page_obj": listed,
        "rows": [(row, names.get(row.parent_id, "")) for row in listed.object_list],
    }
    return _answer(request, "dashboards/missing.html", page)


@require_safe
def export(request, pk, form):
    """Send what the unit's page shows, whole, as a workbook or CSV."""
    if form not in FORMS:
        raise Http404
    page = opened(request, pk)
    choice = page["choice"]
    table = table_of(page["unit"], choice.quarter, kind=choice.kind, number=choice.revision)
    if table is None:
        raise Http404
    if table.passport.sealed:
        note_taking(table.passport.revision_id, page["unit"], form, by=request.user, at=timezone.now())
    write, content_type = FORMS[form]
    said = [str(VIEWS["dashboards:unit"])]
    printed = printed_of(page["unit"], choice.quarter.year)
    body = write(table, sorted_rows(table.children, choice.sort), choice.kind_label, said=said, printed=printed)
    name = file_name(page["unit"], choice, form)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _parents_of(rows, revision) -> dict[int, str]:
    parents = {row.parent_id for row in rows}
    return dict(FrozenUnit.objects.filter(revision=revision, unit__in=parents).values_list("unit_id", "name"))


def _answer(request, template: str, page: dict):
    return render(request, template, page, status=200 if page["form"].is_valid() else 422)
