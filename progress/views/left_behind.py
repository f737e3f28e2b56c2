"""The works ended units still hold: found by unit, ticked, and handed over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.lists import Listing, listed
from journal.sending import once
from models_registry.masking import public_title
from organizations.models import Unit
from progress.forms.reorganising import HandOverForm
from progress.services import leaving_behind as services
from progress.views.answers import told_when_late
from progress.views.reorganising import FORM_METHODS, PER_PAGE, require_administrator


def _asked(request, at):
    """Return the works left behind that are asked for, the filter as typed, and the units that left any."""
    require_administrator(request)
    every = services.left_behind(request.user, localdate(at))
    units = Unit.objects.filter(pk__in=every.order_by().values("unit")).order_by("sort_key", "id")
    chosen = request.GET.get("unit", "")
    below = request.GET.get("below", "")
    found = every
    if chosen.isdecimal() and len(chosen) < 18:
        found = found.filter(unit=chosen)
    if below.isdecimal() and len(below) < 18:
        found = found.filter(unit__in=_within(request, below))
    found = found.select_related("unit").order_by("unit__path", "id")
    return found, {"unit": chosen, "below": below}, units


def _within(request, pk: str):
    top = Unit.objects.visible_to(request.user).filter(pk=pk).first()
    return Unit.objects.below(top).values("pk") if top else Unit.objects.none()


def _file(request) -> Listing:
    found, _filter, _units = _asked(request, timezone.now())
    return Listing(
        title=_("Việc chưa bàn giao"),
        heads=[
            _("Mã đơn vị"), _("Đơn vị đã kết thúc"), _("Từ ngày"), _("Việc"), _("Loại"), _("Tình trạng"), _("Hạn"),
        ],
        rows=found,
        line=lambda item: [
            item.unit.code, item.unit.name, item.unit.valid_to, public_title(item), item.get_kind_display(),
            item.get_state_display(), item.due_in_force,
        ],
    )  # fmt: skip


@listed(_file)
@FORM_METHODS
@told_when_late
def left_behind(request):
    """The works ended units still hold, and whom to give those ticked to; fewer than ten queries, whatever the rows."""
    at = timezone.now()
    found, chosen, units = _asked(request, at)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=request.user)
    ticked = [int(pk) for pk in request.POST.getlist("items") if pk.isdecimal() and len(pk) < 18]
    here = f"{reverse('progress:left_behind')}?{request.GET.urlencode()}".rstrip("?")
    if form.is_bound and not ticked:
        form.add_error(None, _("Hãy chọn ít nhất một việc."))
    if form.is_bound and form.is_valid():
        try:
            with once(request, here):
                count = services.hand_over_items(ticked, form.cleaned_data["to"], by=request.user, at=at)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã bàn giao %(count)d việc.") % {"count": count})
            return redirect(here)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(item, public_title(item), item.pk in ticked) for item in page.object_list]
    context = {"form": form, "rows": rows, "page_obj": page, "units": units[:500], "chosen": chosen}
    context["narrowed"] = any(chosen.values())
    return render(request, "progress/left_behind.html", context, status=422 if form.is_bound else 200)
