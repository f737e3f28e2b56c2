"""A unit's requests about an item, and the board head's queue of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.lists import Listing, listed
from journal.sending import once
from models_registry.gate import StepNotOpen
from models_registry.masking import shown_item
from organizations.permissions import Action, may, reaches
from progress.forms.items import AnswerForm, RequestForm
from progress.lifecycle import ITEM_MOVES, ItemStep
from progress.models import ChangeRequest
from progress.queries.authority import authority_over, requests_waiting_for
from progress.queries.timeline import open_requests
from progress.services import ask_change, decide_request, withdraw_request
from progress.services.requests import DECISIONS, check_decider
from progress.views.answers import find_item, told_when_late

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def ask(request, pk, kind):
    """Ask the board head for an extension, an exclusion, a pause, its end or a stop."""
    if kind not in ChangeRequest.Kind:
        raise Http404
    at = timezone.now()
    item = find_item(request, pk)
    if not may(request.user, Action.REPORT) or not reaches(request.user, item.unit):
        raise PermissionDenied
    if kind not in open_requests(item, localdate(at)):
        raise StepNotOpen(item, kind, ITEM_MOVES)
    form = RequestForm(
        request.POST if request.method == "POST" else None, kind=kind, initial={"effective_on": localdate(at)}
    )
    if form.is_bound and form.is_valid():
        try:
            with once(request, reverse("progress:item", args=[item.pk])):
                ask_change(item.pk, kind, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị. Khi có quyết định, bạn sẽ được báo."))
            return redirect("progress:item", pk=item.pk)
    context = {
        "item": item,
        "shown": shown_item(item, request.user),
        "form": form,
        "kind": kind,
        "label": ChangeRequest.Kind(kind).label,
        "is_late": localdate(at) > item.due_in_force,
    }
    return render(request, "progress/ask.html", context, status=422 if form.is_bound else 200)


@require_POST
@told_when_late
def withdraw(request, pk):
    """Take back one request that waits for its decision; what was decided already is told (409)."""
    asked = get_object_or_404(ChangeRequest.objects.visible_to(request.user), pk=pk)
    with once(request, reverse("progress:item", args=[asked.item_id])):
        withdraw_request(asked.pk, by=request.user, at=timezone.now())
    messages.success(request, _("Đã rút đề nghị. Hạn và trạng thái của việc giữ nguyên."))
    return redirect("progress:item", pk=asked.item_id)


def _requests_file(request) -> Listing:
    if not may(request.user, Action.DECIDE):
        raise PermissionDenied
    return Listing(
        title=_("Đề nghị của đơn vị"),
        heads=[_("Việc"), _("Đơn vị"), _("Đề nghị"), _("Đến ngày"), _("Hạn hiện nay"), _("Gửi lúc"), _("Lý do")],
        rows=requests_waiting_for(request.user, timezone.now()).select_related(
            "item__unit", "item__dossier__round", "item__measure"
        ),
        line=lambda one: [
            shown_item(one.item, request.user)["title"],
            one.item.unit.name,
            one.get_kind_display(),
            one.due_on,
            one.item.due_in_force,
            one.asked_at,
            one.reason,
        ],
    )


@listed(_requests_file)
@require_safe
def requests(request):
    """List the requests this board head decides, oldest first."""
    if not may(request.user, Action.DECIDE):
        raise PermissionDenied
    at = timezone.now()
    page = Paginator(requests_waiting_for(request.user, at), PER_PAGE).get_page(request.GET.get("page"))
    for asked in page.object_list:
        asked.shown, asked.effect = shown_item(asked.item, request.user), effect_of(asked, localdate(at))
    carried = any(asked.kind == ChangeRequest.Kind.CARRY_OVER for asked in page.object_list)
    return render(request, "progress/requests.html", {"page_obj": page, "carried": carried})


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def decide(request, pk):
    """Grant or refuse one request; the page says what granting it today would change."""
    at = timezone.now()
    seen = ChangeRequest.objects.visible_to(request.user)
    asked = get_object_or_404(
        seen.select_related("item__unit", "item__dossier__round", "item__measure", "asked_by"), pk=pk
    )
    if asked.outcome:
        raise StepNotOpen(asked.item, asked.kind, DECISIONS)
    check_decider(asked.item, asked, authority_over(asked.item, at), by=request.user, day=localdate(at))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        outcome = form.cleaned_data["outcome"]
        try:
            if not outcome:
                raise ValidationError(_("Hãy chọn đồng ý hoặc không đồng ý."))
            granted = outcome == ChangeRequest.Outcome.GRANTED
            decide_request(asked.pk, grant=granted, by=request.user, at=at, answer=form.cleaned_data["answer"])
        except ValidationError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Đã ghi quyết định và báo cho đơn vị."))
            return redirect("progress:requests")
    context = {
        "asked": asked,
        "item": asked.item,
        "shown": shown_item(asked.item, request.user),
        "form": form,
        "effect": effect_of(asked, localdate(at)),
    }
    return render(request, "progress/decide.html", context, status=422 if form.is_bound else 200)


def effect_of(asked: ChangeRequest, today) -> str:
    """Return what granting the request today would change, in one sentence."""
    late = today > asked.item.due_in_force
    match asked.kind:
        case ItemStep.EXTEND if late:
            return _("Đã quá hạn: nếu đồng ý, hạn mới chỉ là lời hẹn, việc vẫn tính vào quý của hạn cũ.")
        case ItemStep.EXTEND:
            return _("Nếu đồng ý trước khi hết hạn, việc sẽ tính vào quý của hạn mới.")
        case ItemStep.EXCLUDE:
            return _("Nếu đồng ý, việc không còn tính vào mẫu số và được in riêng ở cột loại trừ.")
        case ItemStep.CARRY_OVER:
            said = {"year": asked.item.year, "next": asked.item.year + 1}
            return _("Nếu đồng ý, năm %(year)d vẫn tính là chưa xong; năm %(next)d có một việc mới nối tiếp.") % said
        case ItemStep.RESUME:
            return _("Nếu đồng ý, việc trở lại đang thực hiện; hạn không đổi.")
    return _("Nếu đồng ý, việc vẫn tính vào mẫu số của tỷ lệ.")
