"""The board's queue, on the screen and as a file."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.jobs import start_job
from models_registry.lifecycle import State
from organizations.permissions import Action, may
from reviews.forms.queue import STATES, QueueForm
from reviews.forms.shortcuts import SavedFilterForm
from reviews.queries.counting import MANY, counts_by_state
from reviews.queries.queue import ALL, QueuePaginator, all_rows, keys_of, queue, saved_filters, shown
from reviews.tables import queue_workbook
from reviews.views.lines import suffix_of

# More rows than this are written by a worker, and the person waits on the job's page instead of on the line.
AT_ONCE = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET"])
def show(request):
    """The queue as the address filters it; 422 where the address asks for what does not exist."""
    _board_only(request.user)
    now = timezone.now()
    form = QueueForm(request.GET, user=request.user)
    sound = form.is_valid()
    filters = form.filters()
    counts = counts_by_state(request.user, filters, at=now)
    total = sum(counts.values()) if filters.state == ALL else counts.get(filters.state, 0)
    pages = QueuePaginator(keys_of(request.user, filters, count=total, at=now), count=total, sort=filters.sort, at=now)
    page = pages.get_page(request.GET.get("page"))
    suffix = suffix_of(request.GET)
    late = render_to_string("components/state_badge.html", {"state": "overdue", "label": _("Quá hạn")})
    context = {
        "form": form,
        "filters": filters,
        "tabs": _tabs(request, filters.state, counts),
        "page_obj": page,
        "assigns": may(request.user, Action.DECIDE),
        "rows": shown(page.object_list, late, suffix),
        **_kept_filters(request, form),
    }
    if form.opened:
        context["units"] = form.unit_choices()
        context["selects"] = [form[name] for name in ("kind", "theme", "round")]
        context["checks"] = [form[name] for name in ("mine", "proposed", "overdue", "late_unit", "short")]
    return render(request, "reviews/queue.html", context, status=200 if sound else 422)


def _kept_filters(request, form: QueueForm) -> dict:
    """Return one's own filters, and the form that keeps the one at hand where it asks for anything; one query."""
    address = SavedFilterForm.cleaned_address(request.GET.urlencode())
    asks = form.opened or bool(request.GET.get("q"))
    return {
        "saved": saved_filters(person=request.user.pk),
        "address": address,
        "filter_form": SavedFilterForm(initial={"address": address}) if asks else None,
    }


@require_POST
def download(request):
    """The filtered queue as XLSX: at once when it is short, otherwise as a job."""
    _board_only(request.user)
    now = timezone.now()
    form = QueueForm(request.POST, user=request.user)
    if not form.is_valid():
        return redirect("reviews:queue")
    filters = form.filters()
    dossiers = queue(request.user, filters, at=now)
    count = dossiers.count()
    if count <= AT_ONCE:
        rows = all_rows(dossiers, filters.sort, now)
        return FileResponse(queue_workbook(rows), as_attachment=True, filename=_file_name(now), content_type=XLSX)
    job = start_job(
        "reviews.tasks.export_queue",
        title=_("Danh sách hồ sơ thẩm định (Excel)"),
        arguments={"address": request.POST.urlencode(), "post": request.user.post.pk, "filename": _file_name(now)},
        owner=request.user,
        at=now,
    )
    return redirect("journal:job", job.pk)


def _file_name(now) -> str:
    return f"ho-so-tham-dinh-{localdate(now):%Y%m%d}.xlsx"


def _board_only(user) -> None:
    if not may(user, Action.APPRAISE):
        raise PermissionDenied


def _tabs(request, current: str, counts: dict[str, int]) -> list[dict]:
    address = request.GET.copy()
    address.pop("page", None)
    tabs = []
    for state in [*STATES, ALL]:
        address["state"] = state
        label = _("Tất cả") if state == ALL else State(state).label
        tabs.append({"label": label, "url": f"?{address.urlencode()}", "current": state == current})
        tabs[-1] |= _counted(counts, [state] if state != ALL else STATES, current)
    return tabs


def _counted(counts: dict[str, int], states: list[str], current: str) -> dict:
    """Return `count`, and `over` where there are more than it says, in whole thousands: what is beside is counted so
    far only."""
    uncounted = [state for state in states if current not in (state, ALL) and counts.get(state, 0) > MANY]
    count = sum(counts.get(state, 0) for state in states)
    return {"count": count // MANY * MANY, "over": True} if uncounted else {"count": count}
