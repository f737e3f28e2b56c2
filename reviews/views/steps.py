"""What the board does to one dossier: find it, act once, answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from models_registry import gate
from models_registry.content import masks_names
from models_registry.services.steps import REVISION_DAYS, authors_of
from organizations.permissions import Action, may
from reviews import services
from reviews.forms.appraisal import DecisionForm, EditionForm, JudgementForm, ProposalForm, RefusalForm, ReturnForm
from reviews.lifecycle import ACTS, JUDGE
from reviews.queries.appraisal import criteria_of, holding_of, judgements_of
from reviews.queries.pages import described
from reviews.views.answers import find, told_when_late
from reviews.views.pages import appraisal_page
from vietnamese.working_days import add_working_days


@require_POST
@told_when_late
def take(request, pk):
    """Take the dossier into one's own hands; 409 when another was faster."""
    dossier = find(request, pk)
    services.take(dossier.pk, by=request.user, at=timezone.now(), edition=_edition(request))
    messages.success(request, _("Bạn đã nhận thẩm định hồ sơ này."))
    return redirect("reviews:appraise", pk)


@require_POST
@told_when_late
def give_back(request, pk):
    """Put the dossier back into the queue."""
    dossier = find(request, pk)
    services.give_back(dossier.pk, by=request.user, at=timezone.now(), edition=_edition(request))
    messages.success(request, _("Hồ sơ đã trở lại hàng chờ. Đánh giá đã lưu vẫn còn."))
    return redirect("reviews:queue")


@require_POST
@told_when_late
def judge(request, pk):
    """Save the judgements; then, as the button says, stay, propose, or go on to the return."""
    dossier = find(request, pk)
    judged = judgements_of(dossier, dossier.version, request.user.pk)
    act = request.POST.get("act", "save")
    made = ProposalForm if act == "propose" else JudgementForm
    form = made(request.POST, criteria=criteria_of(dossier), judged=judged)
    if not form.is_valid():
        return appraisal_page(request, dossier, form=form, status=422)
    try:
        _save(dossier, form, by=request.user, propose=act == "propose")
    except services.JudgedElsewhere:
        problem = _("Bạn đã lưu đánh giá ở một trang khác sau khi mở trang này. Hãy xem lại rồi lưu lần nữa.")
        return appraisal_page(request, dossier, form=_beside(form, judged), problem=problem, status=409)
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return appraisal_page(request, dossier, form=form, status=422)
    if act == "return":
        return redirect("reviews:return", pk)
    messages.success(request, _("Đã gửi đề xuất.") if act == "propose" else _("Đã lưu đánh giá."))
    return redirect("reviews:appraise", pk)


@transaction.atomic
def _save(dossier, form, *, by, propose: bool) -> None:
    given, now = form.cleaned_data, timezone.now()
    seen, edition = given["seen"], given["edition"]
    services.save_judgements(dossier.pk, form.entries(), by=by, at=now, edition=edition, seen=seen)
    if propose:
        reason = given["proposed_reason"]
        services.propose(dossier.pk, given["proposed"], reason=reason, by=by, at=now, edition=edition)


def _beside(form, judged):
    """The typed form again, what is stored named at each field that differs, and ready to be saved over it."""
    newest = max(one.at for one in judged.values())
    form.data = form.data.copy()
    form.data["seen"] = newest.isoformat()
    for pk, one in judged.items():
        if form.cleaned_data.get(f"mark_{pk}") != one.mark or form.cleaned_data.get(f"remark_{pk}") != one.remark:
            stored = {"mark": one.get_mark_display() or "—", "remark": one.remark or "—"}
            form.add_error(f"remark_{pk}", _("Đang được lưu: %(mark)s. Nhận xét: %(remark)s") % stored)
    return form


@require_http_methods(["GET", "POST"])
@told_when_late
def send_back(request, pk):
    """Ask the unit for changes: the dossier with room for remarks, criteria, a reason and a day."""
    dossier = find(request, pk)
    _refuse_if_late(request, dossier)
    form = _return_form(request, dossier)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.request_revision(
                dossier.pk,
                criteria=given["criteria"],
                reason=given["reason"],
                remarks=form.remarks(),
                due_on=given["due_on"],
                by=request.user,
                at=timezone.now(),
                edition=given["edition"],
            )
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Đã gửi yêu cầu bổ sung tới đơn vị."))
            return redirect("reviews:queue")
    status = 422 if form.is_bound else 200
    return render(request, "reviews/return.html", {"dossier": dossier, "form": form}, status=status)


def _refuse_if_late(request, dossier) -> None:
    """Tell before anything is typed; the service tells again when it is sent."""
    gate.check(dossier, JUDGE, ACTS, by=request.user, authors=authors_of(dossier))
    holding = holding_of(dossier.pk)
    if holding and holding.appraiser_id != request.user.pk and not may(request.user, Action.DECIDE):
        raise services.HeldByAnother(holding)


def _return_form(request, dossier) -> ReturnForm:
    today = localdate(timezone.now())
    judged = judgements_of(dossier, dossier.version, request.user.pk)
    version = dossier.versions.get(number=dossier.version)
    return ReturnForm(
        request.POST if request.method == "POST" else None,
        criteria=criteria_of(dossier),
        sections=described(version, masks_names(request.user, dossier)),
        today=today,
        initial={
            "edition": dossier.edition,
            "due_on": add_working_days(today, REVISION_DAYS),
            "criteria": [pk for pk, one in judged.items() if one.mark in ("not_met", "partly")],
        },
    )


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


def _edition(request) -> int | None:
    form = EditionForm(request.POST)
    return form.cleaned_data["edition"] if form.is_valid() else None
