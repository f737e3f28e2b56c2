"""A superior reminds a unit of the registration it owes, from whichever list it was found in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from models_registry.services.urging import urge_registration
from organizations.models import Unit
from organizations.permissions import Action, may


@require_POST
def urge(request, pk):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not may(request.user, Action.URGE):
        raise PermissionDenied
    try:
        count = urge_registration(unit, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("Đã nhắc %(unit)s (%(count)d người).") % {"unit": unit, "count": count})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "home")
