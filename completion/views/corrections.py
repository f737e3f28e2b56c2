"""Corrections of sealed quarters: what is asked, by whom it is decided, the revision made of it and what it changed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from completion.closing import AlreadyRunning, start_correcting
from completion.correcting import add_line, drop_line, take_correction_step
from completion.forms import CorrectionLineForm, ReasonForm
from completion.lifecycle import CORRECTION_MOVES, CorrectionStep
from completion.models import Correction, CorrectionLine, Period, Revision
from completion.queries.corrections import (
    approvers_of,
    described,
    frame_of_lines,
    may_seal,
    newest_seal,
    open_steps_of,
    sealed_beside,
    sealed_line,
    shown_lines,
    waiting_for,
)
from completion.revising import NothingToSeal
from completion.views.revisions import seen_or_404
from journal.sending import once
from models_registry.gate import StepNotOpen
from models_registry.masking import shown_item
from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.permissions import Action, may, reaches
from vietnamese.display import instant_text
from vietnamese.searching import asked

PER_PAGE = 50
FOUND = 20
DONE = {
    CorrectionStep.ASK: gettext_lazy("Đã gửi đề nghị đính chính. Người có quyền duyệt ở cấp trên đã được báo."),
    CorrectionStep.WITHDRAW: gettext_lazy("Đã rút đề nghị. Số liệu đã chốt giữ nguyên."),
    CorrectionStep.APPROVE: gettext_lazy("Đã duyệt. Số liệu chỉ đổi khi chốt bản mới."),
    CorrectionStep.REFUSE: gettext_lazy("Đã trả lời không duyệt. Số liệu đã chốt giữ nguyên."),
}

LIST_STATES = ("asked", "approved", "sealed", "refused", "withdrawn", "draft")


@require_safe
def corrections(request):
    """List the corrections within sight, newest first; those that wait for this person oldest first."""
    _require(request)
    state = request.GET.get("state", "")
    state = state if state in LIST_STATES else ""
    found = Correction.objects.visible_to(request.user).order_by("-pk")
    if state == "asked" and may(request.user, Action.APPROVE_CORRECTION) and "mine" in request.GET:
        found = waiting_for(request.user)
    elif state:
        found = found.filter(state=state)
    found = found.select_related("period__root", "unit", "asked_by", "revision").annotate(works=Count("lines"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    states = [("", _("Tất cả")), *((one, Correction.State(one).label) for one in LIST_STATES)]
    context = {"page_obj": page, "state": state, "states": states, "seals": _seals_waiting(request.user)}
    return render(request, "completion/corrections.html", context)


@require_safe
def correction(request, pk):
    """Show one correction: each work as sealed and as it should be, and the step that is one's own."""
    return _detail(request, _found(request, pk))


@require_POST
def step(request, pk, step):
    """Send, withdraw, approve or refuse one correction; who was too late is told (409)."""
    if step not in CORRECTION_MOVES:
        raise Http404
    found = _found(request, pk)
    form = ReasonForm(request.POST, label=_reason_label(found))
    form.is_valid()
    try:
        with once(request, reverse("completion:correction", args=[pk])):
            take_correction_step(
                pk, step, by=request.user, at=timezone.now(), reason=form.cleaned_data.get("reason", "")
            )
    except StepNotOpen as late:
        return _detail(request, _found(request, pk), late=_told_late(late), status=409)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _detail(request, found, form=form, status=422)
    messages.success(request, DONE[step])
    return redirect("completion:correction", pk=pk)


@require_POST
def drop(request, pk):
    """Take one work out of one's own draft."""
    _require(request)
    line = get_object_or_404(
        CorrectionLine.objects.filter(correction__asked_by=request.user).select_related("correction"), pk=pk
    )
    drop_line(line, by=request.user)
    if Correction.objects.filter(pk=line.correction_id).exists():
        return redirect("completion:correction", pk=line.correction_id)
    messages.info(request, _("Đã bỏ việc cuối cùng nên bỏ luôn bản nháp."))
    return redirect("completion:correct", pk=line.correction.period_id)


@require_safe
def correct(request, pk):
    """Find the work of a sealed quarter that is to be corrected."""
    period, newest = _sealed_period(request, pk)
    typed = request.GET.get("q", "").strip()
    works = []
    if typed:
        found = WorkItem.objects.visible_to(request.user).counted().filter(year=period.year)
        by_words = found.speaking_of(asked(typed).terms)
        if typed.isdecimal() and len(typed) < 10:
            by_words = by_words | found.filter(pk=int(typed))
        works = list(by_words.select_related("unit", "measure", "dossier__round").order_by("pk")[:FOUND])
    context = {
        "period": period,
        "newest": newest,
        "typed": typed,
        "works": [(work, shown_item(work, request.user)) for work in works],
        "is_cut": len(works) == FOUND,
        "draft": Correction.objects.filter(period=period, asked_in=request.user.post, state="draft").first(),
    }
    return render(request, "completion/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_item(request, pk, item):
    """Say what is wrong with one work of a sealed quarter, which puts it into one's draft."""
    period, newest = _sealed_period(request, pk)
    works = WorkItem.objects.visible_to(request.user).counted().filter(year=period.year)
    work = get_object_or_404(works.select_related("unit", "measure", "dossier__round"), pk=item)
    units = Unit.objects.filter(frozen__revision=newest)
    form = CorrectionLineForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_bound and form.is_valid():
        try:
            line = add_line(period, work, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã thêm vào bản nháp. Thêm việc khác, hoặc nêu lý do rồi gửi."))
            return redirect("completion:correction", pk=line.correction_id)
    sealed = sealed_line(newest, work)
    context = {
        "period": period,
        "newest": newest,
        "item": work,
        "shown": shown_item(work, request.user),
        "form": form,
        "sealed": described(sealed[1], sealed[0], frame_of_lines(period)) if sealed else "",
    }
    return render(request, "completion/correct_item.html", context, status=422 if form.is_bound else 200)


@require_POST
def reseal(request, pk):
    """Start the sealing of the next revision, of what was approved, and show its progress."""
    period, _newest = _sealed_period(request, pk)
    if not may_seal(request.user, period.root):
        raise PermissionDenied
    try:
        job = start_correcting(period, by=request.user, at=timezone.now())
    except NothingToSeal:
        messages.info(request, _("Không còn đính chính nào đã duyệt mà chưa chốt."))
        return redirect("completion:corrections")
    except AlreadyRunning as running:
        said = {"person": running.job.owner, "at": instant_text(running.job.created_at)}
        messages.info(request, _("%(person)s đã bắt đầu việc này lúc %(at)s; không bắt đầu thêm lần nữa.") % said)
        return redirect("completion:corrections")
    return redirect("journal:job", job.pk)


def _detail(request, found: Correction, *, form=None, late: str = "", status: int = 200):
    steps = open_steps_of(found, request.user)
    lines = shown_lines(found)
    seals = found.state == Correction.State.APPROVED and may_seal(request.user, found.period.root)
    waits = found.state == Correction.State.ASKED and not steps & {CorrectionStep.APPROVE}
    context = {
        "correction": found,
        "lines": [(line, shown_item(line.line.item, request.user)) for line in lines],
        "steps": steps,
        "form": form or ReasonForm(label=_reason_label(found)),
        "late": late,
        "seals": seals,
        "to_seal": found.period.corrections.to_seal().count() if seals else 0,
        "approvers": approvers_of(found, timezone.now()) if waits else [],
        "waits": waits,
        "beside": sealed_beside(found.period),
    }
    return render(request, "completion/correction.html", context, status=status)


def _reason_label(found: Correction) -> str:
    return _("Lý do đính chính") if found.state == Correction.State.DRAFT else _("Ý kiến của người duyệt")


def _told_late(late: StepNotOpen) -> str:
    labels = {f"correction.{name}": move for name, move in CorrectionStep.choices}
    if late.last is None:
        return _("Đính chính này không còn ở bước đó.")
    said = {"person": late.last.who, "done": labels[late.last.verb].lower(), "at": instant_text(late.last.at)}
    return _("%(person)s đã %(done)s lúc %(at)s.") % said


def _found(request, pk) -> Correction:
    _require(request)
    seen = Correction.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("period__root", "unit", "asked_by", "asked_in", "decided_by", "revision"), pk=pk
    )


def _sealed_period(request, pk) -> tuple[Period, Revision]:
    """Return a period some unit of whose tree is within sight, and its newest seal."""
    period = get_object_or_404(Period.objects.select_related("root"), pk=pk)
    newest = newest_seal(period)
    seen_or_404(request, newest)
    if not may(request.user, Action.ASK_CORRECTION):
        raise PermissionDenied
    return period, newest


def _seals_waiting(user) -> list[Period]:
    """Return the periods whose next revision this person may seal now, each with how many corrections `wait`."""
    if not may(user, Action.APPROVE_CORRECTION):
        return []
    waiting = Count("corrections", filter=Q(corrections__state="approved"))
    found = Period.objects.annotate(waits=waiting).filter(waits__gt=0).select_related("root")
    return [period for period in found if reaches(user, period.root)]


def _require(request) -> None:
    if not may(request.user, Action.ASK_CORRECTION):
        raise PermissionDenied
