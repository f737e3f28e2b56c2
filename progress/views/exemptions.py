"""A head lets a unit off the report of a quarter, or asks for it again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from progress.forms.quarterly import ReportExemptionForm
from progress.models import ReportExemption
from progress.services import exempt_report, lift_report_exemption
from progress.services.exempting import may_exempt
from progress.views.quarters import find_unit


@require_http_methods(["GET", "HEAD", "POST"])
def exempt(request, pk, year, quarter):
    """Ask for the reason; with it the unit owes this quarter's report no more."""
    if quarter not in (1, 2, 3, 4):
        raise Http404
    unit = find_unit(request, pk, year)
    if not may_exempt(request.user, unit):
        raise PermissionDenied
    form = ReportExemptionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            exempt_report(unit, year, quarter, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Đã miễn báo cáo quý cho %(unit)s.") % {"unit": unit})
            return redirect("progress:unit_quarter", pk=unit.pk, year=year, quarter=quarter)
    context = {"form": form, "unit": unit, "year": year, "quarter": quarter}
    return render(request, "progress/exempt_report.html", context, status=422 if form.is_bound else 200)


@require_POST
def lift(request, pk):
    """Let the unit owe the report again."""
    seen = ReportExemption.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(seen, pk=pk)
    try:
        lift_report_exemption(found, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Đã bỏ miễn; đơn vị lại phải báo cáo."))
    return redirect("progress:unit_quarter", pk=found.unit_id, year=found.year, quarter=found.quarter)
