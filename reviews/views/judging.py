"""Judging a dossier, and proposing to the head."""

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from models_registry.scales import level_of
from reviews import services
from reviews.forms.judging import JudgementForm, ProposalForm
from reviews.forms.steps import EditionForm, instant
from reviews.queries.appraisal import criteria_of, judgements_of
from reviews.views.answers import find, told_when_late
from reviews.views.lines import carried
from reviews.views.pages import appraisal_page

AUTOSAVE, AUTOSAVED = "X-Autosave", "judged"
# A page that showed no mark has seen none, whatever was saved since.
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@require_POST
@told_when_late
def judge(request, pk):
    """Save the judgements; then, as the button says, stay, hand the sheet in, propose, or go on to the return."""
    dossier = find(request, pk)
    judged = judgements_of(dossier, dossier.version, request.user.pk)
    act = request.POST.get("act", "save")
    made = ProposalForm if act == "propose" else JudgementForm
    asked = () if "handed_in" in request.POST else criteria_of(dossier)
    form = made(request.POST, criteria=asked, judged=judged)
    if AUTOSAVE in request.headers:
        return _autosaved(request, dossier, form)
    if not form.is_valid():
        return appraisal_page(request, dossier, form=form, status=422)
    try:
        _save(dossier, form, by=request.user, act=act, seen=_seen(request, dossier, form))
    except services.JudgedElsewhere:
        problem = _("Bạn đã lưu đánh giá ở một trang khác sau khi mở trang này. Hãy xem lại rồi lưu lần nữa.")
        return appraisal_page(request, dossier, form=_beside(form, judged), problem=problem, status=409)
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return appraisal_page(request, dossier, form=form, status=422)
    if act == "return":
        return redirect(reverse("reviews:return", args=[pk]) + carried(request))
    done = {"propose": _("Đã gửi đề xuất."), "hand_in": _("Đã nộp phiếu chấm.")}
    messages.success(request, done.get(act) or _("Đã lưu đánh giá."))
    return redirect(reverse("reviews:appraise", args=[pk]) + carried(request))


@require_POST
@told_when_late
def take_over(request, pk):
    """Put the own marks that were chosen, of an earlier version, on the one at hand."""
    dossier = find(request, pk)
    chosen = [
        int(one) for one in request.POST.getlist("judgement") if one.isascii() and one.isdecimal() and len(one) < 18
    ]
    edition = EditionForm(request.POST)
    edition = edition.cleaned_data["edition"] if edition.is_valid() else None
    try:
        count = services.take_over(dossier.pk, chosen, by=request.user, at=timezone.now(), edition=edition)
    except ValidationError as refused:
        return appraisal_page(request, dossier, problem=" ".join(refused.messages), status=422)
    told = ngettext("Đã lấy lại %(n)d mục đánh giá.", "Đã lấy lại %(n)d mục đánh giá.", count) % {"n": count}
    messages.success(request, told) if count else messages.info(request, _("Chưa chọn mục nào để lấy lại."))
    return redirect("reviews:appraise", pk)


@transaction.atomic
def _save(dossier, form, *, by, act: str, seen) -> None:
    given, now = form.cleaned_data, timezone.now()
    edition = given["edition"]
    services.save_judgements(dossier.pk, form.entries(), by=by, at=now, edition=edition, seen=seen)
    if act == "hand_in":
        services.hand_in(dossier.pk, by=by, at=now, edition=edition)
    if act == "propose":
        reason = given["proposed_reason"]
        services.propose(dossier.pk, given["proposed"], reason=reason, by=by, at=now, edition=edition)


def _autosaved(request, dossier, form) -> JsonResponse:
    """Keep what is right so far (static/js/autosave.js); 409 with a sentence where it is too late."""
    whole = form.is_valid() and not form.cleaned_data["proposed_reason"]
    entries, now = form.entries(), timezone.now()
    edition = form.cleaned_data.get("edition")
    try:
        seen = _seen(request, dossier, form)
        services.save_judgements(dossier.pk, entries, by=request.user, at=now, edition=edition, seen=seen, unasked=True)
    except services.JudgedElsewhere:
        text = _("Bạn đã lưu đánh giá ở một trang khác sau khi mở trang này.")
        return JsonResponse({"text": text, "editable": True}, status=409)
    except ValidationError as refused:
        return JsonResponse({"text": " ".join(refused.messages), "editable": False}, status=409)
    stored = judgements_of(dossier, dossier.version, request.user.pk)
    newest = max((one.at.isoformat() for one in stored.values()), default="")
    request.session[AUTOSAVED] = [dossier.pk, request.POST.get("window"), newest]
    told = {"edition": edition, "saved_at": f"{timezone.localtime(now):%H:%M}", "whole": whole}
    return JsonResponse(told | {"ids": {}, "seen": newest})


def _seen(request, dossier, form):
    """Return the instant of the newest own mark this window knows of: also of its own saving whose answer was lost."""
    if "seen" not in request.POST:
        return None
    seen = form.cleaned_data.get("seen") or LONG_AGO
    pk, window, newest = request.session.get(AUTOSAVED, (None, None, ""))
    if newest and window and (pk, window) == (dossier.pk, request.POST.get("window")):
        return max(seen, instant(newest) or seen)
    return seen


def _beside(form, judged):
    """The typed form again, what is stored named at each field that differs, and ready to be saved over it."""
    newest = max(one.at for one in judged.values())
    form.data = form.data.copy()
    form.data["seen"] = newest.isoformat()
    marks = {one.pk: level_of(one, judged[one.pk].mark) for one in form.criteria if one.pk in judged}
    for pk, one in judged.items():
        if form.cleaned_data.get(f"mark_{pk}") != one.mark or form.cleaned_data.get(f"remark_{pk}") != one.remark:
            stored = {"mark": marks[pk].label if marks[pk] else "—", "remark": one.remark or "—"}
            form.add_error(f"remark_{pk}", _("Đang được lưu: %(mark)s. Nhận xét: %(remark)s") % stored)
    return form
