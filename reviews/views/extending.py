"""Moving the due day of whoever holds a dossier."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from models_registry import gate
from models_registry.lifecycle import EXTENSIONS
from models_registry.queries.turns import clock_shown
from models_registry.services.extending import extend_turn, extension_of
from reviews.forms.extending import ExtensionForm
from reviews.views.answers import find, told_when_late

ASKED_BEFORE = "x" * 10  # a reason is asked for by the form


@require_http_methods(["GET", "POST"])
@told_when_late
def extend(request, pk):
    """Give the side that holds the dossier a later day, with a reason that stays with the turn."""
    dossier = find(request, pk)
    step = extension_of(dossier.state)
    gate.check(dossier, step, EXTENSIONS, by=request.user, reason=ASKED_BEFORE)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            extend_turn(dossier.pk, given["due_on"], reason=given["reason"], by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã gia hạn và báo cho đơn vị."))
            return redirect("reviews:appraise", dossier.pk)
    context = {"dossier": dossier, "form": form, "step": step, **clock_shown(dossier, timezone.now())}
    return render(request, "reviews/extend.html", context, status=422 if form.is_bound else 200)
