"""How many party members a cell has: said by the cell itself or by those above it; the list of cells."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.lists import Listing, listed
from organizations import queries
from organizations.forms.head_counts import CellFilter, HeadCountForm
from organizations.models import HeadCount, Unit
from organizations.permissions import Action, may
from organizations.services import record_head_count
from organizations.views.units import FORM_METHODS, PAGE, is_narrowed, posted

FACTS = ("members", "exempt", "exempt_reason")


@FORM_METHODS
def members(request, pk: int):
    """One cell: its members from which day on, the form for whoever may say so, and all that was said before."""
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not found.has_members:
        raise Http404
    today, writes = timezone.localdate(), may(request.user, Action.COUNT_MEMBERS)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    counts = list(found.head_counts.select_related("recorded_by")[:PAGE])
    standing = HeadCount.objects.in_force(today, unit=found).first()
    initial = {name: getattr(standing, name) for name in FACTS} if standing else {}
    form = HeadCountForm(posted(request), initial=initial | {"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            record_head_count(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi số đảng viên của %(unit)s.") % {"unit": found})
            return redirect("organizations:members", found.pk)
    context = {
        "unit": found,
        "counts": counts,
        "standing": standing,
        "is_old": standing is not None and queries.is_old(standing.valid_from, today),
        "form": form if writes else None,
    }
    return render(request, "organizations/members.html", context, status=422 if form.is_bound else 200)


def _cells_asked(request):
    """Return the filter, the day and the cells it finds, each with its count in force."""
    if request.user.post is None:
        raise PermissionDenied
    form = CellFilter(request.GET)
    form.is_valid()
    wanted, day = form.cleaned_data, timezone.localdate()
    found = queries.cells_counted(request.user, day, state=wanted.get("state") or "", q=wanted.get("q") or "")
    return form, day, found


def _cells_file(request) -> Listing:
    return Listing(
        title=_("Số đảng viên của các chi bộ"),
        heads=[_("Mã đơn vị"), _("Chi bộ"), _("Trực thuộc"), _("Số đảng viên"), _("Được miễn"), _("Tính từ ngày")],
        rows=_cells_asked(request)[2],
        line=lambda one: [one.code, one.name, one.parent_name, one.members, one.exempt, one.counted_from],
    )


@listed(_cells_file)
@require_safe
def cells(request):
    """The cells within reach, with their members; those nobody counted, or not for a year, can be asked for."""
    form, day, found = _cells_asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for cell in page.object_list:
        cell.is_old = cell.counted_from is not None and queries.is_old(cell.counted_from, day)
    context = {"form": form, "page_obj": page, "narrowed": is_narrowed(request, form)}
    return render(request, "organizations/cells.html", context)
