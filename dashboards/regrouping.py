"""A unit's closed quarters regrouped by the organisation of today, and the works that wait for a unit to take over."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from completion.papers import NO_PAPERS, PAPERS
from completion.queries import recast_of
from completion.queries.behind import reading_of
from completion.queries.explained import Behind
from completion.queries.figures import passport_of
from completion.rates import COUNTERS, NOTHING
from completion.services import note_taking
from dashboards.choices import RATES, VIEWS, unit_addresses
from dashboards.opening import opened
from dashboards.pictures import quarters_chart, two_years
from dashboards.tables import figures_csv, figures_workbook, file_name
from models_registry.masking import shown_item
from vietnamese.display import number_text

PAGE = "dashboards:regrouped"
PER_PAGE = 50
FORMS = {
    "xlsx": (figures_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (figures_csv, "text/csv; charset=utf-8"),
}


def views_of(unit, address: str, current: str) -> list[dict]:
    """Return the two ways a unit's figures are read as tabs, both named."""
    return [
        {"label": label, "url": f"{reverse(page, args=[unit.pk])}?{address}", "current": page == current}
        for page, label in VIEWS.items()
    ]


@require_safe
def regrouped(request, pk):
    """Show one unit's item rates and its children's, regrouped from sealed rows by the organisation of today."""
    page, recast = _recast(request, pk)
    choice, table = page["choice"], recast.table
    page |= {"table": table, "views": views_of(page["unit"], page["address"], PAGE)}
    if table:
        listed = Paginator(table.children, PER_PAGE).get_page(request.GET.get("page"))
        where = reverse("dashboards:regrouped_passport", args=[pk])
        address_of = unit_addresses(page["address"], PAGE)
        page |= {
            "tiles": [
                (code, RATES[code], table.row.rate(code), f"{where}?{choice.of_rate(code).address}") for code in RATES
            ],
            "page_obj": listed,
            "rows": [(row, address_of(row.unit), row.rate(choice.rate)) for row in listed.object_list],
            "rest": _counts(recast, choice),
            "rest_papers": _papers(recast, choice),
            "trend": quarters_chart(page["unit"], choice, recast.trend, title=_title(choice), page=PAGE),
        }
    return render(request, "dashboards/regrouped.html", page, status=200 if page["form"].is_valid() else 422)


@require_safe
def regrouped_file(request, pk, form):
    """Send what the page of regrouped figures shows, whole, as a workbook or CSV that says so."""
    if form not in FORMS:
        raise Http404
    page, recast = _recast(request, pk)
    choice = page["choice"]
    if recast.table is None:
        raise Http404
    passport = recast.table.passport
    if passport.sealed:
        note_taking(passport.revision_id, page["unit"], form, by=request.user, at=timezone.now())
    write, content_type = FORMS[form]
    said = [str(VIEWS[PAGE])]
    if rest := _counts(recast, choice):
        said.append(_("Không quy đổi được: %(counts)s việc") % {"counts": rest})
    if left := _papers(recast, choice):
        said.append(left)
    body = write(recast.table, recast.table.children, choice.kind_label, said=said)
    name = f"quy-doi-{file_name(page['unit'], choice, form)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


@require_safe
def waiting(request, pk):
    """List the works in a unit's bucket: left behind by ended units, counted here until somebody takes them over."""
    page = opened(request, pk)
    reading = reading_of(page["unit"], page["choice"].quarter, page["choice"].revision)
    if reading is None:
        raise Http404
    found = Behind(reading, "r3", "N", kind=page["choice"].kind, waiting=True)
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page |= {
        "passport": passport_of(reading.revision),
        "page_obj": listed,
        "rows": [(row, shown_item(row.item, request.user)) for row in listed.object_list],
    }
    return render(request, "dashboards/waiting.html", page, status=200 if page["form"].is_valid() else 422)


def _recast(request, pk):
    page = opened(request, pk, lineage=True)
    choice = page["choice"]
    trend, day = two_years(choice.quarter), localdate()
    return page, recast_of(page["unit"], choice.quarter, trend=trend, day=day, kind=choice.kind)


def _papers(recast, choice) -> str:
    """Return in words how many reports and registrations cannot be regrouped; "" where there are none."""
    left = dict(zip(PAPERS, recast.rest_papers.get(choice.quarter, NO_PAPERS), strict=True))
    if not any(left.values()):
        return ""
    said = {name: number_text(left[name]) for name in ("reported", "registered", "obliged")}
    said["owed"] = number_text(left["owed"] - left["exempt"])
    return (
        _(
            "Không quy đổi được của đơn vị đã chia tách hoặc giải thể: %(reported)s/%(owed)s báo cáo quý, "
            "%(registered)s/%(obliged)s đơn vị đăng ký."
        )
        % said
    )


def _title(choice) -> str:
    said = {"rate": RATES[choice.rate], "year": choice.quarter.year}
    return _("%(rate)s quy đổi theo tổ chức hiện nay, các quý năm %(year)s và năm trước") % said


def _counts(recast, choice) -> str:
    """Return "1/3" of what cannot be regrouped, in the year's plan; "" where there is none."""
    counts = recast.rest.get(choice.quarter, NOTHING)
    n, base, x = (counts[COUNTERS.index(name)] for name in ("r3_n", "r3_base", "r3_x"))
    return f"{number_text(n)}/{number_text(base)}" if base or x else ""
