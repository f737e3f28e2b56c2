"""The quarterly checks of ongoing work: recording one, and the list of those that wait."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.lists import Listing, listed
from models_registry.masking import shown_item
from progress.forms.filters import CheckFilter
from progress.forms.items import CheckForm
from progress.lifecycle import Authors
from progress.models import QuarterlyCheck
from progress.queries.authority import authority_over
from progress.queries.checks import checked_by, verdict_counts
from progress.queries.quarters import correctable_until, quarter_in_hand
from progress.services import record_check
from progress.services.checks import check_open
from progress.views.answers import confirms, find_item, told_when_late
from vietnamese.display import quarter_text
from vietnamese.quarters import first_day

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def check(request, pk, quarter):
    """Record what the check of one quarter of an ongoing item found; the page shows what was found before."""
    at = timezone.now()
    item = find_item(request, pk)
    if not item.ongoing or quarter not in (1, 2, 3, 4):
        raise Http404
    check_open(item, quarter, authority_over(item, at, authors=Authors()), by=request.user, at=at)
    earlier = list(item.checks.filter(quarter=quarter).in_order().select_related("recorded_by"))
    standing = earlier[-1].pk if earlier else None
    closed = correctable_until(item.year, quarter)
    from_list = request.GET.get("from") == "list"
    form = CheckForm(request.POST if request.method == "POST" else None, initial={"replaces": standing})
    if form.is_bound and form.is_valid():
        try:
            record_check(item.pk, quarter, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.take(refusal)
        else:
            said = {"quarter": quarter_text(quarter, item.year), "title": item.title}
            messages.success(request, _("Đã ghi kết quả kiểm tra %(quarter)s: %(title)s") % said)
            return redirect(_back(item, quarter) if from_list else reverse("progress:item", args=[item.pk]))
    context = {
        "item": item,
        "shown": shown_item(item, request.user),
        "form": form,
        "quarter": quarter,
        "earlier": earlier[::-1],
        "back": _back(item, quarter) if from_list else "",
        "too_late": closed if localdate(at) > closed else None,
    }
    return render(request, "progress/check.html", context, status=422 if form.is_bound else 200)


def _back(item, quarter: int) -> str:
    return f"{reverse('progress:checks')}?{urlencode({'year': item.year, 'quarter': quarter})}"


def _checks_file(request) -> Listing:
    if not confirms(request.user):
        raise PermissionDenied
    at = timezone.now()
    values = CheckFilter(request.GET, quarter=quarter_in_hand(localdate(at))).values
    begun = first_day(values["year"], values["quarter"]) <= localdate(at)
    found = checked_by(request.user, at, values["year"], values["quarter"])
    found = found.filter(verdict="" if values["verdict"] == CheckFilter.NOT_YET else values["verdict"])
    found = found.select_related("unit", "measure", "dossier__round").order_by("unit__path", "id")
    verdicts = dict(QuarterlyCheck.Verdict.choices)
    return Listing(
        title=_("Việc thường xuyên cần kiểm tra"),
        heads=[_("Số việc"), _("Việc"), _("Đơn vị"), _("Cá nhân"), _("Quý"), _("Năm"), _("Kết quả kiểm tra")],
        rows=found if begun else found.none(),
        line=lambda one: _check_line(one, shown_item(one, request.user), values, verdicts),
    )


def _check_line(item, shown: dict, values: dict, verdicts: dict) -> list:
    quarter, found = (values["quarter"], values["year"]), str(verdicts.get(item.verdict, ""))
    return [item.pk, shown["title"], item.unit.name, shown["subject"], *quarter, found]


@listed(_checks_file)
@require_safe
def checks(request):
    """List the ongoing works whose check of a quarter is this person's to record, fifty a page."""
    if not confirms(request.user):
        raise PermissionDenied
    at = timezone.now()
    form = CheckFilter(request.GET, quarter=quarter_in_hand(localdate(at)))
    values = form.values
    begun = first_day(values["year"], values["quarter"]) <= localdate(at)
    found = checked_by(request.user, at, values["year"], values["quarter"])
    found = found if begun else found.none()
    counts = verdict_counts(found)
    verdict = "" if values["verdict"] == CheckFilter.NOT_YET else values["verdict"]
    listed = found.filter(verdict=verdict).select_related("unit", "measure", "dossier__round")
    page = Paginator(listed.order_by("unit__path", "id"), PER_PAGE)
    page.count = counts[verdict]
    page_obj = page.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "fields": [form[name] for name in ("year", "quarter", "verdict")],
        "values": values,
        "counts": {"missing": counts[""], **counts},
        "page_obj": page_obj,
        "rows": [(item, shown_item(item, request.user)) for item in page_obj.object_list],
    }
    return render(request, "progress/checks.html", context)
