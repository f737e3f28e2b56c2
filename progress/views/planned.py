"""One decision on the organisation: as a plan that waits for its day, and as it was carried out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.sending import once
from organizations.models import PlannedReorganisation, Reorganisation, Unit
from organizations.permissions import Action, may, reaches
from progress.services import planning


@require_safe
def planned(request, pk: int):
    """A plan as it was shown when it was confirmed, and what came of it; people's names for administrators alone."""
    seen = PlannedReorganisation.objects.visible_to(request.user).select_related("made_by", "ended_by")
    found = get_object_or_404(seen, pk=pk)
    context = {"plan": found, "may_change": _may_change(request.user, found)}
    context["names"] = may(request.user, Action.MANAGE_UNITS)
    context["differed"] = [one for one in found.differed if one[0] or context["names"]]
    return render(request, "progress/planned.html", context)


@require_POST
def withdraw(request, pk: int):
    """Take a plan back before its day."""
    found = get_object_or_404(PlannedReorganisation.objects.visible_to(request.user), pk=pk)
    if not _may_change(request.user, found, whatever=True):
        raise PermissionDenied
    try:
        with once(request):
            planning.withdraw_plan(found.pk, by=request.user, at=timezone.now())
    except ValidationError as late:
        found.refresh_from_db()
        context = {"plan": found, "names": True, "differed": found.differed, "late": " ".join(late.messages)}
        return render(request, "progress/planned.html", context, status=409)
    messages.success(request, _("Đã rút kế hoạch; những người đã được báo trước vừa được báo lại."))
    return redirect("progress:planned", found.pk)


@require_safe
def reorganised(request, pk: int):
    """What a decision did to units, for whoever reaches one of them; five queries."""
    seen = Reorganisation.objects.visible_to(request.user)
    made = get_object_or_404(seen.prefetch_related("successions__predecessor", "successions__successor"), pk=pk)
    plan = PlannedReorganisation.objects.filter(reorganisation=made).first()
    names = may(request.user, Action.MANAGE_UNITS)
    return render(request, "progress/reorganised.html", {"made": made, "plan": plan, "names": names})


def _may_change(user, found: PlannedReorganisation, *, whatever: bool = False) -> bool:
    """Whether this administrator reaches every unit the plan changes, and it is not over; one query."""
    if not may(user, Action.MANAGE_UNITS):
        return False
    is_open = found.state in (planning.State.WAITING, planning.State.STOPPED)
    units = Unit.objects.filter(pk__in=found.asked["units"])
    return (is_open or whatever) and all(reaches(user, unit) for unit in units)
