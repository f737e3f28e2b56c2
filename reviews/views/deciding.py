"""The head's word on a dossier."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.permissions import Action
from reviews import services
from reviews.forms.deciding import DecisionForm, RefusalForm
from reviews.views.answers import find, told_when_late
from reviews.views.pages import appraisal_page


@require_POST
@told_when_late
def approve(request, pk):
    """The head's word: approved."""
    form = DecisionForm(request.POST)
    seen = form.cleaned_data if form.is_valid() else {}
    try:
        services.approve(pk, by=request.user, at=timezone.now(), **seen)
    except ValidationError as refused:
        dossier = find(request, pk, Action.DECIDE)
        return appraisal_page(request, dossier, problem=" ".join(refused.messages), status=422)
    messages.success(request, _("Hồ sơ đã được duyệt. Các phần việc bắt đầu được thực hiện."))
    return redirect("reviews:queue")


@require_POST
@told_when_late
def reject(request, pk):
    """The head's word: not approved, and why."""
    dossier = find(request, pk, Action.DECIDE)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            services.reject(dossier.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Đã kết luận không duyệt hồ sơ."))
            return redirect("reviews:queue")
    return appraisal_page(request, dossier, refusal=form, status=422)
