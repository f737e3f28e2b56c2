"""The files of a dossier the unit holds: a form's file or a script's added, one taken off."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry import gate, services
from models_registry.content import attachments_of
from models_registry.forms.dossiers import FileForm
from models_registry.queries.dossiers import files_named
from models_registry.reopening import NotReopened
from models_registry.views import uploading
from models_registry.views.dossiers import held
from models_registry.views.dossiers.acting import conflict


@require_http_methods(["GET", "HEAD", "POST"])
def files(request, pk):
    """Add a file, or take one off."""
    dossier = held.held_or_404(request, pk)
    if uploading.is_by_script(request):
        return _added_by_script(request, dossier)
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    try:
        if removed := request.POST.get("remove"):
            with once(request, request.path):
                _remove(request, dossier, removed)
            return redirect(held.step_url(dossier, held.FILES))
        if request.method == "POST" and form.is_valid():
            with once(request, request.path):
                services.attach(pk, form.cleaned_data["file"], by=request.user, at=timezone.now())
            return redirect(held.step_url(dossier, held.FILES))
    except NotReopened as closed:
        return held.not_reopened(request, dossier, closed)
    except gate.StepNotOpen as shut:
        return conflict(request, shut)
    except ValidationError as refused:
        form.add_error("file", refused)
    return _page(request, dossier, form)


def _added_by_script(request, dossier):
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return uploading.refused(form.errors["file"])
    try:
        services.attach(dossier.pk, form.cleaned_data["file"], by=request.user, at=timezone.now())
    except NotReopened as closed:
        return uploading.refused([closed.sentence()], status=403)
    except gate.StepNotOpen as shut:
        return uploading.refused([held.what_happened(shut)], status=409)
    except ValidationError as refused:
        return uploading.refused(refused.messages)
    return uploading.kept(request, files_named(attachments_of(dossier)), removable="remove")


def _remove(request, dossier, typed: str) -> None:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 18):
        raise Http404
    get_object_or_404(dossier.attachments.kept(), pk=int(typed))
    services.detach(int(typed), by=request.user, at=timezone.now())


def _page(request, dossier, form):
    remarks = held.remarks_on(dossier)
    before, after = held.neighbours(dossier, held.FILES, remarks)
    context = {
        "dossier": dossier,
        "form": form,
        "files": files_named(attachments_of(dossier)),
        "title": held.sections_of(is_model=dossier.is_model)[held.FILES],
        "steps": held.step_list(dossier, held.FILES, remarks),
        "remarks": remarks.pinned,
        "is_open": remarks.reopened.section(held.FILES),
        "before": before,
        "after": after,
    }
    return render(request, "models_registry/dossiers/files.html", context, status=422 if form.errors else 200)
