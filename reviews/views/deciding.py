"""The head's word on a dossier: decided, prepared, sent back to the appraiser, taken back, reopened."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from models_registry import gate
from models_registry.lifecycle import MOVES, Step
from models_registry.models import Dossier
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.deciding import DecisionForm, RefusalForm, ReopenForm, SendBackForm
from reviews.forms.shortcuts import with_canned
from reviews.queries.pages import may_reopen
from reviews.services.reopening import last_decision
from reviews.views.answers import find, told_when_late
from reviews.views.lines import carried, onward
from reviews.views.pages import appraisal_page


@require_POST
@told_when_late
def approve(request, pk):
    """The head's word: approved, at once or to be announced later."""
    form = DecisionForm(request.POST)
    seen = form.seen() if form.is_valid() else {}
    try:
        services.approve(pk, by=request.user, at=timezone.now(), **seen)
    except ValidationError as refused:
        dossier = find(request, pk, Action.DECIDE)
        return appraisal_page(request, dossier, problem=" ".join(refused.messages), status=422)
    told = _("Hồ sơ đã được duyệt. Các phần việc bắt đầu được thực hiện.")
    return _decided(request, pk, told, announced=seen.get("announce", True))


@require_POST
@told_when_late
def reject(request, pk):
    """The head's word: not approved, and why; at once or to be announced later."""
    dossier = find(request, pk, Action.DECIDE)
    form = RefusalForm(with_canned(request.POST))
    if form.is_valid():
        seen = form.seen()
        try:
            services.reject(dossier.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now(), **seen)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            return _decided(request, pk, _("Đã kết luận không duyệt hồ sơ."), announced=seen["announce"])
    return appraisal_page(request, dossier, refusal=form, status=422)


def _decided(request, pk, told: str, *, announced: bool):
    if announced:
        messages.success(request, told)
        return onward(request, pk)
    messages.success(request, _("Đã ký quyết định. Đơn vị chưa biết gì cho đến khi công bố."))
    return onward(request, pk) if carried(request) else redirect("reviews:appraise", pk)


@require_POST
@told_when_late
def send_back(request, pk):
    """Send the proposal back to the appraiser, with a reason."""
    dossier = find(request, pk, Action.DECIDE)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            services.send_back(dossier.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Đã trả đề xuất lại cho chuyên viên."))
            return onward(request, pk)
    return appraisal_page(request, dossier, sent_back=form, status=422)


@require_POST
@told_when_late
def undo(request, pk):
    """Take back a decision nobody outside the board knows of yet."""
    find(request, pk, Action.DECIDE)
    services.undo(pk, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ quyết định chưa công bố. Đề xuất lại chờ quyết định."))
    return redirect("reviews:appraise", pk)


@require_http_methods(["GET", "POST"])
@told_when_late
def reopen(request, pk):
    """End an announced decision, with a reason; for a second person."""
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "body", "round")
    dossier = get_object_or_404(seen, pk=pk)
    decision = last_decision(dossier)
    if not may_reopen(request.user, dossier, decision):
        own = decision is not None and decision.by_id == request.user.pk
        if own or not may(request.user, Action.REOPEN) or dossier.state in MOVES[Step.REOPEN].sources:
            raise PermissionDenied
        raise gate.StepNotOpen(dossier, Step.REOPEN, MOVES)
    form = ReopenForm(request.POST if request.method == "POST" else None, initial={"edition": dossier.edition})
    if form.is_bound and form.is_valid():
        try:
            services.reopen(pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Đã mở lại hồ sơ: một vòng thẩm định mới bắt đầu."))
            return redirect("reviews:history", pk)
    shown = {
        "dossier": dossier,
        "form": form,
        "decision": decision,
        "begun": dossier.items.open().count(),
        "done": dossier.items.filter(completed_on__isnull=False).count(),
    }
    return render(request, "reviews/reopen.html", shown, status=422 if form.is_bound else 200)
