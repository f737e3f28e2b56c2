"""A person's own data, taken away or erased."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.jobs import FILES_KEPT
from journal.models import Job
from journal.sending import once
from organizations.permissions import Action, may
from organizations.views.people import managed
from organizations.views.units import PAGE
from privacy.forms import ErasureForm
from privacy.models import Erasure
from privacy.queries.erasing import candidates, names_of, place_name
from privacy.queries.own import held_of
from privacy.services import erasing
from privacy.services.exporting import TASK, start_export


@require_safe
def mine(request):
    """What the portal holds of oneself, and the button that takes it away."""
    return _data_page(request, request.user)


@require_safe
def person(request, pk):
    """The same of somebody whose account one administers."""
    return _data_page(request, managed(request, pk))


@require_POST
def take_mine(request):
    return _taken(request, request.user)


@require_POST
def take_person(request, pk):
    return _taken(request, managed(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_erasure(request, pk):
    """Ask that a person be erased, seeing what goes, what stays, and which rows bear the very name."""
    found, now = managed(request, pk), timezone.now()
    sent = request.POST if request.method == "POST" else None
    named = candidates(names_of(found)).all()
    form = ErasureForm(sent, found=named)
    if sent is not None and form.is_valid():
        try:
            with once(request) as sending:
                given = {name: form.cleaned_data[name] for name in ("reference", "reason")}
                made = erasing.ask_erasure(found, **given, named=form.rows(), by=request.user, at=now)
                sending.leads_to = reverse("privacy:erasure", args=[made.pk])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã ghi yêu cầu. Một quản trị viên khác xác nhận thì dữ liệu được xóa."))
            return redirect(sending.leads_to)
    context = {"person": found, "form": form, "named": named, "in_use": found.is_active, "held": held_of(found)}
    return render(request, "privacy/ask_erasure.html", context, status=422 if form.errors else 200)


@require_safe
def erasures(request):
    """Requests to erase people within reach, newest first."""
    if not may(request.user, Action.MANAGE_PEOPLE):
        raise PermissionDenied
    found = Erasure.objects.visible_to(request.user).select_related("person", "asked_by", "answered_by")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/erasures.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request, pk):
    """One request: another administrator carries it out or refuses it; done, where the name still stands in words."""
    if not may(request.user, Action.MANAGE_PEOPLE):
        raise PermissionDenied
    seen = Erasure.objects.visible_to(request.user).select_related("person", "asked_by", "answered_by")
    found = get_object_or_404(seen, pk=pk)
    refusal = ""
    if request.method == "POST":
        act = erasing.erase if "erase" in request.POST else erasing.refuse_erasure
        try:
            act(pk, by=request.user, at=timezone.now())
        except ValidationError as refused:
            refusal = refused.messages[0]
        else:
            return redirect("privacy:erasure", pk)
    context = {
        "erasure": found,
        "own": found.asked_by_id == request.user.pk,
        "refusal": refusal,
        "held": held_of(found.person) if found.state == Erasure.State.WAITING else [],
        "places": [(place_name(one["table"]), one["ids"]) for one in found.counts.get("places", [])],
        "named": sum(map(len, found.named.values())),
    }
    return render(request, "privacy/erasure.html", context, status=409 if refusal else 200)


def _data_page(request, found):
    jobs = Job.objects.visible_to(request.user).filter(task=TASK, arguments__person=found.pk)
    context = {
        "person": found,
        "own": found.pk == request.user.pk,
        "held": held_of(found),
        "last": jobs.first(),
        "days": FILES_KEPT.days,
        "reads_looks": may(request.user, Action.READ_LOOKS),
    }
    return render(request, "privacy/own_data.html", context)


def _taken(request, found):
    with once(request) as sending:
        job = start_export(found, by=request.user, at=timezone.now(), language=request.LANGUAGE_CODE)
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)
