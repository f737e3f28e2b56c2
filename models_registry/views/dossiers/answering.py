"""Answering the board: each remark of the last return, beside the way to what it is about."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry import gate, services
from models_registry.describing import describe
from models_registry.forms.answers import AnswersForm
from models_registry.models import Dossier
from models_registry.queries.remarks import placed, section_at, to_be_answered
from models_registry.views.dossiers import held


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request, pk):
    """Show what the board asked, place by place, and keep what the unit answers; all at once or one by one."""
    dossier = held.held_or_404(request, pk)
    pinned, content = to_be_answered(dossier)
    if content is None or not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    sections = describe(content, mask_names=False)
    form = AnswersForm(held.posted(request), remarks=placed(pinned, sections))
    if request.method != "POST":
        return _page(request, dossier, form, sections)
    if not form.is_valid():
        return _page(request, dossier, form, sections, status=422)
    to_check = "check" in request.POST
    leads_to = reverse(f"models_registry:{'check' if to_check else 'answers'}", args=[pk])

    def newest():
        return AnswersForm(remarks=placed(*_now(pk)))

    try:
        with once(request, leads_to):
            edition = held.edition_seen(request, dossier, newest)
            services.answer_remarks(pk, form.answers(), by=request.user, at=timezone.now(), edition=edition)
    except gate.StepNotOpen as shut:
        return _page(request, shut.row, form, sections, conflict=held.what_happened(shut), status=409)
    messages.success(request, _("Đã lưu câu trả lời. Ban đọc được khi đơn vị gửi lại."))
    return redirect(leads_to)


def _now(pk: int):
    pinned, content = to_be_answered(Dossier.objects.get(pk=pk))
    return pinned, describe(content, mask_names=False) if content else ()


def _page(request, dossier, form, sections, *, conflict="", status=200):
    for remark in form.remarks:
        key = section_at(sections, remark.place)
        remark.edit_url = held.step_url(dossier, key) if key else ""
    context = {
        "dossier": dossier,
        "form": form,
        "edition": dossier.edition,
        "seen": form.mark,
        "conflict": conflict,
        "steps": held.step_list(dossier, held.ANSWERS, held.remarks_on(dossier)),
    }
    return render(request, "models_registry/dossiers/answers.html", context, status=status)
