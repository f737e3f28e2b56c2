"""A unit's year and quarters, and the list of who has not reported."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.models import Unit
from organizations.permissions import Action, may
from progress.forms.filters import ReportFilter
from progress.models import QuarterlyReport, ThematicMeeting
from progress.queries.quarters import (
    counts_of,
    is_asked,
    matching,
    owed_quarters,
    quarter_in_hand,
    reporting_units,
    tally,
    years_of,
)
from progress.services import urge_report
from progress.services.quarterly import may_write
from progress.tables import reports_workbook
from progress.views.answers import require_reader
from vietnamese.quarters import first_day

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def own_year(request):
    """Lead to the present year of the own unit."""
    require_reader(request.user)
    return redirect("progress:unit_year", pk=request.user.post.unit_id, year=localdate().year)


@require_safe
def unit_year(request, pk, year):
    """Show one unit's year: each quarter's works in counts, its report and its meetings."""
    unit = find_unit(request, pk, year)
    today = localdate()
    counts = counts_of(unit, year, today)
    reports = {row.quarter: row for row in QuarterlyReport.objects.filter(unit=unit, year=year)}
    meetings: dict[int, list] = {}
    for meeting in ThematicMeeting.objects.filter(unit=unit, year=year):
        meetings.setdefault(meeting.quarter, []).append(meeting)
    owed = owed_quarters(unit, year)
    quarters = [
        {
            "number": number,
            "counts": counts[number],
            "report": reports.get(number),
            "meetings": meetings.get(number, []),
            "begun": first_day(year, number) <= today,
            "missing": number in owed and is_asked(year, number, today),
        }
        for number in (1, 2, 3, 4)
    ]
    unwritten = [row["number"] for row in quarters if row["begun"] and row["number"] in owed and not row["report"]]
    context = {
        "unit": unit,
        "year": year,
        "neighbours": sorted({year - 1, year + 1} & {*years_of(unit, today)}),
        "quarters": quarters,
        "may_write": may_write(request.user, unit, Action.REPORT),
        "to_write": unwritten[-1] if unwritten else None,
    }
    return render(request, "progress/unit_year.html", context)


def find_unit(request, pk: int, year: int) -> Unit:
    """Return a unit within reach, or 404; 403 for posts that read no works."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    require_reader(request.user)
    if not 2000 <= year <= 2200:
        raise Http404
    return unit


@require_safe
def reports(request):
    """List which units have not sent a quarter's report, or have, or need not."""
    form, values, units = _listed(request)
    page = Paginator(matching(units, status=values["status"], q=values["q"]), PER_PAGE).get_page(
        request.GET.get("page")
    )
    asked = is_asked(values["year"], values["quarter"], localdate())
    context = {
        "form": form,
        "values": values,
        "tally": tally(units),
        "page_obj": page,
        "urges": asked and values["status"] in ("missing", "all") and may(request.user, Action.URGE),
    }
    return render(request, "progress/reports.html", context)


@require_POST
def urge(request, pk, year, quarter):
    """Remind one unit of a quarterly report it owes, at once; back to the list it was pressed in."""
    unit = find_unit(request, pk, year)
    if quarter not in (1, 2, 3, 4):
        raise Http404
    if not may(request.user, Action.URGE):
        raise PermissionDenied
    try:
        count = urge_report(unit, year, quarter, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("Đã nhắc %(unit)s (%(count)d người).") % {"unit": unit, "count": count})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = f"{reverse('progress:reports')}?{urlencode({'year': year, 'quarter': quarter})}"
    return redirect(back)


@require_safe
def reports_xlsx(request):
    """Hand out the whole list as filtered, as a workbook."""
    _form, values, units = _listed(request)
    rows = matching(units, status=values["status"], q=values["q"])
    name = f"bao-cao-quy-{values['quarter']}-{values['year']}.xlsx"
    book = reports_workbook(rows, year=values["year"], quarter=values["quarter"])
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


def _listed(request):
    if not may(request.user, Action.READ_FIGURES):
        raise PermissionDenied
    today = localdate()
    form = ReportFilter(request.GET, quarter=quarter_in_hand(today))
    values = form.values
    return form, values, reporting_units(request.user, values["year"], values["quarter"])
