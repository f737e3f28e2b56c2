"""The pages of report packs: choosing a period of a unit, what was made, and its files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from completion.models import PackWish, WeeklyWish
from completion.packing import note_pack_taken
from completion.queries.packs import may_fetch, packs_in_sight, shown_pack, spanned_text
from completion.queries.spans import sealed_periods
from completion.weekly import end_weekly, wish_weekly
from completion.wishing import end_wish, wish_packs
from dashboards.beginning import begin
from dashboards.opening import refuse_unread
from dashboards.packs.forms import PackForm
from dashboards.queries import start_unit
from dashboards.weekly import next_monday
from models_registry.documents import pdf, word
from models_registry.kept_files import SEALED
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.folding import slug
from vietnamese.workbooks import CONTENT_TYPE

PER_PAGE = 50
CONTENT_TYPES = {"docx": word.CONTENT_TYPE, "pdf": "application/pdf", "xlsx": CONTENT_TYPE}


@require_safe
def start(request):
    """Lead to the packs of the unit a person answers for."""
    refuse_unread(request)
    pk = start_unit(request.user)
    if pk is None:
        raise PermissionDenied
    return redirect("packs:unit", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request, pk):
    """List the packs made of a unit, and begin another of a period it has sealed figures of."""
    refuse_unread(request)
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    periods = sealed_periods(found)
    posted = request.POST if request.method == "POST" else None
    form = PackForm(posted, periods=periods, initial={"period": request.GET.get("period")})
    if posted is not None and form.is_valid():
        spanned = next(one for one, _revision in periods if one.key == form.cleaned_data["period"])
        title = _("Bộ báo cáo %(period)s: %(unit)s") % {"period": spanned_text(spanned), "unit": found.name}
        return begin(request, found, "dashboards.tasks.make_pack_shown", title, period=spanned.key)
    page = Paginator(packs_in_sight(request.user, found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": found,
        "form": form,
        "periods": periods,
        "page_obj": page,
        "rows": [shown_pack(pack, request.user) for pack in page.object_list],
        "can_draw": pdf.can_draw(),
        # Of a unit that has ended nothing is sealed any more.
        "may_wish": may(request.user, Action.FOLLOW_FIGURES) and (not found.valid_to or found.valid_to > localdate()),
        "is_weekly": WeeklyWish.objects.of(request.user).filter(unit=found).exists(),
        "first_week": next_monday(localdate()),
        "is_wished": PackWish.objects.of(request.user).filter(unit=found).exists(),
    }
    return render(request, "dashboards/packs/unit.html", context, status=422 if form.errors else 200)


@require_POST
def wish(request, pk):
    """Have the packs of a unit made at every seal from now on, or no longer."""
    refuse_unread(request)
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if "end" in request.POST:
        end_wish(found, by=request.user, at=timezone.now())
        messages.success(request, _("Cổng thôi gửi bộ báo cáo của đơn vị này khi chốt kỳ."))
    else:
        wish_packs(found, by=request.user, at=timezone.now())
        messages.success(request, _("Từ lần chốt tới, cổng tự lập bộ báo cáo của đơn vị này và báo cho bạn."))
    return redirect("packs:unit", found.pk)


@require_POST
def weekly(request, pk):
    """Have a unit's week told every Monday, or no longer."""
    refuse_unread(request)
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if "end" in request.POST:
        end_weekly(found, by=request.user, at=timezone.now())
        messages.success(request, _("Cổng thôi gửi bản tin hằng tuần của đơn vị này."))
    else:
        wish_weekly(found, by=request.user, at=timezone.now())
        messages.success(request, _("Sáng thứ Hai hằng tuần, cổng gửi bạn bản tin số liệu của đơn vị này."))
    return redirect("packs:unit", found.pk)


@require_safe
def pack(request, pk):
    """Show one pack: of what it is, its files, its check code, and whether a newer seal came since."""
    found = _found(request, pk)
    one = shown_pack(found, request.user)
    return render(request, "dashboards/packs/pack.html", {"one": one, "pack": found, "unit": found.unit})


@require_safe
def file(request, pk, form):
    """Hand out a file of a pack as it was made, and note who took its figures away."""
    found = _found(request, pk)
    kept = next((one for one in found.files.all() if one.form == form), None)
    if kept is None or not may_fetch(found, form, request.user):
        raise Http404
    note_pack_taken(found, form, by=request.user, at=timezone.now())
    name = f"{slug(found.title)[:80].strip('-')}.{form}"
    answer = FileResponse(kept.file.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
    for header, value in SEALED.items():
        answer[header] = value
    answer["Cache-Control"] = "private, no-store"
    return answer


def _found(request, pk):
    refuse_unread(request)
    return get_object_or_404(packs_in_sight(request.user), pk=pk)
