"""Writing the report of one item: kept as a draft by whoever enters it, sent by the secretary."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry.gate import StepNotOpen
from models_registry.masking import shown_item
from models_registry.uploads import take_in
from models_registry.views import uploading
from organizations.permissions import Action, may
from progress.forms.items import CompletionForm
from progress.queries.items import draft_of
from progress.services import add_evidence, drop_evidence, prepare_report, report_completion, tell_progress
from progress.services.reporting import Claim, check_may_prepare
from progress.services.steps import why_not_completed
from progress.views.answers import find_item, told_when_late
from progress.words import who_was_faster


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def report(request, pk, interim=False):
    """Report one item completed (or how far it is), or keep that as a draft.

    Good files are kept even when the rest is not.
    """
    at = timezone.now()
    item = find_item(request, pk)
    check_may_prepare(item, by=request.user)
    if uploading.is_by_script(request):
        return _added_by_script(request, item, at, interim)
    if request.method == "POST" and (dropped := request.POST.get("drop", "")).isdecimal():
        drop_evidence(item.pk, int(dropped[:18]), by=request.user)
        return redirect(request.path)
    draft, saves = draft_of(item, interim=interim), request.POST.get("save") == "draft"
    form = _form(request, item, draft, saves=saves, interim=interim)
    if request.method == "POST":
        if not saves and not interim and not may(request.user, Action.REPORT):
            raise PermissionDenied
        if form.is_valid() and _kept(form, item, request, saves=saves, interim=interim, at=at):
            done = _("Đã ghi tiến độ.") if interim else _("Đã gửi báo cáo hoàn thành.")
            messages.success(request, _("Đã lưu báo cáo.") if saves else done)
            return redirect("progress:item", pk=item.pk)
        draft = _files_kept(form, item, draft, by=request.user, at=at, interim=interim)
    context = {
        "item": item,
        "shown": shown_item(item, request.user),
        "form": form,
        "draft": draft,
        "interim": interim,
        "sends": interim or may(request.user, Action.REPORT),
        "held_back": "" if interim else why_not_completed(item, localdate(at)),
    }
    return render(request, "progress/report.html", context, status=422 if form.is_bound else 200)


def _added_by_script(request, item, at, interim):
    try:
        # Looked at before the service locks anything.
        for file in [take_in(file) for file in request.FILES.getlist("files")]:
            add_evidence(item.pk, file, by=request.user, at=at, interim=interim)
    except ValidationError as refusal:
        return uploading.refused(refusal.messages)
    except StepNotOpen as late:
        return uploading.refused([who_was_faster(late.last)], status=409)
    draft = draft_of(item, interim=interim)
    return uploading.kept(request, draft.files if draft else [], removable="drop")


def _form(request, item, draft, *, saves: bool, interim: bool) -> CompletionForm:
    has_files = bool(draft and draft.files)
    if request.method == "POST":
        return CompletionForm(request.POST, request.FILES, draft=saves, has_files=has_files, interim=interim)
    initial = {"measure": item.measure_id}
    if draft:
        names = ("completed_on", "result", "value")
        initial = {name: getattr(draft, name) for name in names} | {"measure": draft.measure_id or item.measure_id}
    return CompletionForm(initial=initial, has_files=has_files, interim=interim)


def _kept(form, item, request, *, saves: bool, interim: bool, at) -> bool:
    service = prepare_report if saves else tell_progress if interim else report_completion
    claim = Claim(**{"completed_on": None} | form.cleaned_data, interim=interim)
    try:
        with once(request, reverse("progress:item", args=[item.pk])):
            service(item.pk, claim, by=request.user, at=at)
    except ValidationError as refusal:
        form.take(refusal)
        return False
    return True


def _files_kept(form, item, draft, *, by, at, interim):
    """Return the draft after keeping the good files of a refused form, so that nobody has to choose them again."""
    clean = form.cleaned_data
    if not clean.get("files") or "files" in form.errors:
        return draft
    claim = Claim(
        completed_on=clean.get("completed_on"),
        result=clean.get("result", ""),
        value=clean.get("value"),
        measure=clean.get("measure"),
        files=clean["files"],
        interim=interim,
    )
    try:
        prepare_report(item.pk, claim, by=by, at=at)
    except ValidationError as refusal:
        form.take(refusal)
        return draft
    form.fields["files"].required = False
    return draft_of(item, interim=interim)
