"""What is done to a dossier as a whole: check and send, withdraw, delete, comment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.sending import once
from models_registry import gate, services
from models_registry.content import content_of
from models_registry.describing import describe
from models_registry.forms.dossiers import CommentForm
from models_registry.lifecycle import MOVES, Step
from models_registry.models import Dossier
from models_registry.queries.advice import advice_on
from models_registry.queries.remarks import placed
from models_registry.services.comments import audiences_for
from models_registry.validation import problems_of, section_problems
from models_registry.views.dossiers import held


@require_http_methods(["GET", "HEAD", "POST"])
def check(request, pk):
    """Show exactly what will be sent and what is still missing; send it."""
    if request.method == "POST":
        return _send(request, pk)
    dossier = held.held_or_404(request, pk)
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    return _check_page(request, dossier)


def _send(request, pk):
    edition = held.edition_of(request.POST)
    leads_to = reverse("models_registry:dossier", args=[pk])
    try:
        with once(request, leads_to):
            sent = services.submit(pk, edition=edition, by=request.user, at=timezone.now())
    except Dossier.DoesNotExist:
        raise Http404 from None
    except gate.StepNotOpen as shut:
        return conflict(request, shut)
    except ValidationError as refused:
        errors = [] if hasattr(refused, "error_dict") else refused.messages
        return _check_page(request, held.held_or_404(request, pk), errors=errors, status=422)
    messages.success(request, _("Đã gửi hồ sơ (bản %(n)d) tới %(body)s.") % {"n": sent.version, "body": sent.body})
    return redirect(leads_to)


def _check_page(request, dossier, *, errors=(), status=200):
    content = content_of(dossier)
    sections = describe(content, mask_names=False)
    problems = problems_of(dossier, day=timezone.localdate(), content=content)
    remarks = held.remarks_on(dossier)
    context = {
        "dossier": dossier,
        "advice": advice_on(dossier, content, request.user, day=timezone.localdate()),
        "sections": sections,
        "problems": problems,
        "missing": {section.key for section in sections if section_problems(section, problems)},
        "remarks": remarks.pinned,
        "remarked": remarks.sections,
        "edit_urls": {one.key: held.step_url(dossier, one.key) for one in sections if remarks.opens(one.key, dossier)},
        "steps": held.step_list(dossier, "check", remarks),
        "errors": errors,
        "asked": placed(remarks.pinned, sections),
        "unanswered": sum(not one.answer for one in remarks.pinned.values()),
        "unchanged": content == remarks.content,
        "may_send": Step.SUBMIT in gate.open_steps(dossier, MOVES, by=request.user),
    }
    return render(request, "models_registry/dossiers/check.html", context, status=status)


@require_POST
def withdraw(request, pk):
    """Withdraw before the decision."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    leads_to, edition = reverse("models_registry:dossier", args=[pk]), held.edition_of(request.POST)
    try:
        with once(request, leads_to):
            services.take_step(pk, Step.WITHDRAW, by=request.user, at=timezone.now(), edition=edition)
    except gate.StepNotOpen as shut:
        return conflict(request, shut)
    except ValidationError as refused:
        told = {"dossier": dossier, "text": " ".join(refused.messages)}
        return render(request, "models_registry/dossiers/conflict.html", told, status=422)
    messages.success(request, _("Đã rút hồ sơ."))
    return redirect(leads_to)


@require_POST
def delete(request, pk):
    """Delete a draft that was never sent."""
    get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    leads_to = reverse("models_registry:dossiers")
    try:
        with once(request, leads_to):
            services.delete_draft(pk, by=request.user, at=timezone.now())
    except gate.StepNotOpen as shut:
        return conflict(request, shut)
    messages.success(request, _("Đã xóa bản nháp."))
    return redirect(leads_to)


@require_POST
def comment(request, pk):
    """Add a comment; a refused one is shown again with what was typed."""
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "body")
    dossier = get_object_or_404(seen, pk=pk)
    audiences = audiences_for(request.user, dossier)
    if not audiences:
        raise PermissionDenied
    form = CommentForm(request.POST, audiences=audiences)
    if form.is_valid():
        leads_to = _asked_back(request) or reverse("models_registry:dossier", args=[pk]) + "#comments"
        try:
            with once(request, leads_to):
                services.add_comment(pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã gửi ý kiến."))
            return redirect(leads_to)
    context = {"dossier": dossier, "comment_form": form}
    return render(request, "models_registry/dossiers/comment.html", context, status=422)


def _asked_back(request) -> str:
    """Return the page of this portal the form stood on, where it says so."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def conflict(request, shut):
    context = {"dossier": shut.row, "text": held.what_happened(shut)}
    return render(request, "models_registry/dossiers/conflict.html", context, status=409)
