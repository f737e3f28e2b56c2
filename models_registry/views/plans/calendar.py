"""The calendar of working days, a page a year: read by everybody, kept at the top of a tree."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.sending import once
from models_registry.forms.calendar import SpecialDaysForm
from models_registry.models import SpecialDays
from models_registry.queries.calendar import keeps_calendar, missing_sentence, working_calendar
from models_registry.services.calendar import drop_special_days, keep_special_days
from models_registry.views.plans.kept import year_asked


@require_http_methods(["GET", "POST"])
def calendar(request):
    """Show a year's days off and days worked instead, and take new ones."""
    this_year = timezone.localdate().year
    if request.method == "POST" and not keeps_calendar(request.user):
        raise PermissionDenied
    form = SpecialDaysForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        page = f"{reverse('models_registry:calendar')}?year={given['first_on'].year}"
        try:
            with once(request, page):
                _keep(request, given)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            return redirect(page)
    year = year_asked(request, default=this_year)
    known = working_calendar().years
    context = {
        "form": form,
        "year": year,
        "tabs": _tabs(sorted({*known, this_year, this_year + 1, year}), year),
        "rows": SpecialDays.objects.filter(first_on__year=year),
        "missing": missing_sentence([] if year in known else [year]),
        "may_keep": keeps_calendar(request.user),
    }
    return render(request, "models_registry/plans/calendar.html", context, status=422 if form.is_bound else 200)


def _keep(request, given) -> None:
    days = {name: given[name] for name in ("name", "works")}
    keep_special_days(given["first_on"], given["last_on"], **days, by=request.user, at=timezone.now())
    messages.success(request, _("Đã ghi vào lịch. Hạn đang chạy qua những ngày này được tính lại."))


@require_POST
def calendar_drop(request, pk: int):
    if not keeps_calendar(request.user):
        raise PermissionDenied
    row = SpecialDays.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    drop_special_days(row.pk, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ khỏi lịch. Hạn đang chạy qua những ngày này được tính lại."))
    return redirect(f"{reverse('models_registry:calendar')}?year={row.first_on.year}")


def _tabs(years: list[int], current: int) -> list[dict]:
    return [{"label": str(year), "url": f"?year={year}", "current": year == current} for year in years]
