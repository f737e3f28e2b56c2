"""Who looked at personal data: at one's own, and at that of one's unit."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.lists import Listing, listed
from organizations.permissions import Action, may
from organizations.views.units import PAGE
from privacy.models import Look


def _at_unit(request):
    if not may(request.user, Action.READ_LOOKS):
        raise PermissionDenied
    return Look.objects.at_unit_of(request.user).with_names()


def _looks_file(request) -> Listing:
    return Listing(
        title=_("Ai đã xem dữ liệu cá nhân của đơn vị"),
        heads=[_("Lần đầu trong ngày"), _("Người xem"), _("Đã xem gì"), _("Của ai"), _("Đã lấy về")],
        rows=_at_unit(request),
        line=lambda one: [
            one.at,
            one.viewer.full_name,
            one.get_what_display(),
            str(one.person or one.unit or _("Toàn cổng")),
            _("Có") if one.taken else "",
        ],
    )


@listed(_looks_file)
@require_safe
def looks(request):
    """Who looked at the people of the own unit and those below, newest first."""
    return _page(request, _at_unit(request), own=False)


@require_safe
def looks_at_me(request):
    """Who looked at one's own page."""
    return _page(request, Look.objects.visible_to(request.user).with_names(), own=True)


def _page(request, found, *, own: bool):
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/looks.html", {"page_obj": page, "own": own})
