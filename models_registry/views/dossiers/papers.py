"""The paper path: documents to print, and the scan of what was signed."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.jobs import start_job
from journal.sending import once
from models_registry import gate, services
from models_registry.content import content_of
from models_registry.documents import pdf as pdf_file
from models_registry.documents import word as word_file
from models_registry.documents.compose import plans_in, subject_of
from models_registry.documents.printing import DRAFT, UPWARD, printed
from models_registry.forms.papers import SignedForm
from models_registry.hidden_names import masked, masks_names
from models_registry.kept_files import SEALED
from models_registry.lifecycle import EDITS, Edit
from models_registry.models import Dossier
from models_registry.queries import dossiers as queries
from models_registry.queries.papers import signed_papers
from models_registry.services.papers import record_printing, signers_of, version_to_sign
from models_registry.views.dossiers import held
from models_registry.views.dossiers.acting import conflict


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, pk):
    """Show what can be printed and how it is signed; take a scan in, or off again."""
    dossier = held.held_or_404(request, pk) if request.method == "POST" else _dossier_or_404(request, pk)
    now = timezone.now()
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SignedForm(*posted, signers=signers_of(dossier, now), by=request.user)
    try:
        if removed := request.POST.get("remove"):
            with once(request, request.path):
                _take_off(request, dossier, removed, now)
            return redirect(request.path)
        if request.method == "POST" and form.is_valid():
            with once(request, request.path):
                services.attach_signed(pk, **form.cleaned_data, by=request.user, at=now)
            return redirect(request.path)
    except gate.StepNotOpen as shut:
        return conflict(request, shut)
    except ValidationError as refused:
        form.add_error(None, refused)
    return _page(request, dossier, form)


@require_safe
def word(request, pk, which):
    """Hand out a document as DOCX."""
    dossier = _dossier_or_404(request, pk)
    now = timezone.now()
    document = printed(dossier, which, request.GET.get("version", ""), by=request.user, at=now)
    if document is None:
        raise Http404
    if document.names_people:
        record_printing(dossier, document=f"{which}.docx", version=document.version, by=request.user, at=now)
    answer = HttpResponse(word_file.draw(document.paper, at=now), content_type=word_file.CONTENT_TYPE, headers=SEALED)
    answer["Content-Disposition"] = f'attachment; filename="{document.name}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def pdf(request, pk, which):
    """Start drawing a document as PDF, and lead to where its progress is shown."""
    dossier = _dossier_or_404(request, pk)
    now, version = timezone.now(), request.GET.get("version", "")
    if not pdf_file.can_draw() or printed(dossier, which, version, by=request.user, at=now) is None:
        raise Http404
    asked = {"dossier": dossier.pk, "which": which, "version": version}
    with once(request) as sending:
        job = start_job(
            "models_registry.tasks.draw_pdf",
            title=_("Tạo PDF: %(title)s") % {"title": dossier.title or _("Mô hình chưa đặt tên")},
            arguments=asked | {"post": request.user.post.pk, "language": request.LANGUAGE_CODE},
            owner=request.user,
            at=now,
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


def _dossier_or_404(request, pk) -> Dossier:
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "round", "practice")
    return get_object_or_404(seen, pk=pk)


def _take_off(request, dossier: Dossier, typed: str, now) -> None:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 18):
        raise Http404
    get_object_or_404(dossier.attachments.signed(), pk=int(typed))
    services.take_off_signed(int(typed), by=request.user, at=now)


def _page(request, dossier: Dossier, form: SignedForm):
    own = request.user.post.unit_id == dossier.unit_id
    open_now = gate.open_steps(dossier, EDITS, by=request.user)
    writes = Edit.SAVE in open_now
    content = content_of(dossier) if writes else queries.shown(dossier).content
    people = masked(content) if masks_names(request.user, dossier) else content
    plans = [(number, subject_of(works[0])) for number, works in plans_in(people)]
    scans = signed_papers(dossier, own=own)
    context = {
        "dossier": dossier,
        "version": DRAFT if writes else "",
        "documents": _documents(dossier, own=own, of_people=bool(plans)),
        "people": plans,
        "scans": [scan for scan in scans if scan["version"] <= dossier.version],
        "scans_ahead": [scan for scan in scans if scan["version"] > dossier.version],
        "form": form if Edit.SIGN in open_now else None,
        "signed_version": version_to_sign(dossier),
        "names_hidden": dossier.round.mask_names and not dossier.is_model and own,
        "draws_pdf": pdf_file.can_draw(),
    }
    return render(request, "models_registry/papers/page.html", context, status=422 if form.errors else 200)


def _documents(dossier: Dossier, *, own: bool, of_people: bool) -> list[tuple[str, str]]:
    """Return (which, label) of the documents this dossier has for this reader."""
    if dossier.is_model:
        return [("dossier", _("Thuyết minh mô hình"))]
    found = [("dossier", _("Bản đăng ký"))]
    if own and dossier.round.mask_names:
        found.append((UPWARD, _("Bản đăng ký gửi cấp trên, cá nhân không nêu tên")))
    if of_people:
        found.append(("plans", _("Bản đăng ký của từng cá nhân, chung một tệp")))
    return found
