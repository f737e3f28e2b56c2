"""What an item's superior or its cell does with its report."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from models_registry.lifecycle import Reason
from models_registry.masking import shown_item
from progress.forms.items import StepForm
from progress.lifecycle import CONCLUDING_STEPS, CONFIRMING_STEPS, ITEM_MOVES, ItemStep
from progress.queries.authority import waiting_for
from progress.queries.items import confirmable, reports_of
from progress.services import take_item_step
from progress.views.answers import confirms, find_item, require_open, told_when_late

TAKEN_HERE = CONFIRMING_STEPS | CONCLUDING_STEPS
MOST_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def step(request, pk, step):
    """Confirm, refuse, revoke or conclude one item; the page shows what is judged before the button."""
    if step not in TAKEN_HERE:
        raise Http404
    at = timezone.now()
    item = find_item(request, pk)
    require_open(request, item, step, at)
    needs_reason = ITEM_MOVES[step].reason is Reason.REQUIRED
    form = StepForm(request.POST if request.method == "POST" else None, needs_reason=needs_reason)
    if form.is_bound and form.is_valid():
        try:
            take_item_step(item.pk, step, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("%(step)s: %(title)s") % {"step": ItemStep(step).label, "title": item.title})
            back = request.POST.get("next") == "list"
            return redirect("progress:to_confirm") if back else redirect("progress:item", pk=item.pk)
    context = {
        "item": item,
        "shown": shown_item(item, request.user),
        "form": form,
        "step": step,
        "label": ItemStep(step).label,
        "report": next(iter(reports_of(item)), None),
    }
    return render(request, "progress/step.html", context, status=422 if form.is_bound else 200)


@require_safe
def to_confirm(request):
    """List the reports that wait for this person, each with its result, its files and its buttons."""
    if not confirms(request.user):
        raise PermissionDenied
    at = timezone.now()
    rows = confirmable(request.user, at, limit=MOST_SHOWN)
    for row in rows:
        row.shown = shown_item(row, request.user)
    more = len(rows) == MOST_SHOWN and waiting_for(request.user, at).count() - MOST_SHOWN
    return render(request, "progress/to_confirm.html", {"rows": rows, "more": more or 0})
