"""The turn of the year on two screens: what a unit asks into the next year, and what the board head decides of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.lists import Listing, listed
from journal.sending import once
from models_registry.masking import shown_item
from organizations.permissions import Action, may
from progress.forms.items import AnswerForm, CarryOverForm
from progress.models import ChangeRequest
from progress.queries.carrying_over import carry_overs_waiting_for, may_be_carried, year_in_hand
from progress.services import ask_carry_over, decide_requests
from progress.views.answers import told_when_late
from progress.views.requests import effect_of

PER_PAGE = 50
MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@told_when_late
def carry_over(request):
    """Tick the works of the own unit that go on next year, and ask for all of them at once."""
    if not may(request.user, Action.REPORT):
        raise PermissionDenied
    at = timezone.now()
    year = year_in_hand(localdate(at))
    works = list(may_be_carried(request.user, year)[:MOST])
    form = CarryOverForm(request.POST if request.method == "POST" else None, offered=[work.pk for work in works])
    if form.is_bound and form.is_valid() and _asked(request, form, at):
        return redirect("progress:carry_over")
    ticked = set(form["items"].value() or ()) if form.is_bound else set()
    context = {
        "form": form,
        "year": year,
        "rows": [(work, shown_item(work, request.user), str(work.pk) in ticked) for work in works],
        "asked": ChangeRequest.objects.visible_to(request.user)
        .undecided()
        .filter(kind=ChangeRequest.Kind.CARRY_OVER, item__unit=request.user.post.unit_id)
        .count(),
    }
    return render(request, "progress/carry_over.html", context, status=422 if form.is_bound else 200)


def _asked(request, form, at) -> bool:
    chosen = form.cleaned_data
    try:
        with once(request, reverse("progress:carry_over")):
            count = ask_carry_over(
                chosen["items"], due_on=chosen["due_on"], reason=chosen["reason"], by=request.user, at=at
            )
    except ValidationError as refusal:
        form.take(refusal)
        return False
    messages.success(
        request, _("Đã đề nghị chuyển tiếp %(count)d việc. Khi có quyết định, bạn sẽ được báo.") % {"count": count}
    )
    return True


def _carry_overs_file(request) -> Listing:
    if not may(request.user, Action.DECIDE):
        raise PermissionDenied
    return Listing(
        title=_("Đề nghị chuyển tiếp"),
        heads=[_("Việc"), _("Đơn vị"), _("Năm"), _("Hạn hiện nay"), _("Hạn mới"), _("Gửi lúc"), _("Lý do")],
        rows=carry_overs_waiting_for(request.user, timezone.now()),
        line=lambda one: [
            shown_item(one.item, request.user)["title"],
            one.item.unit.name,
            one.item.year,
            one.item.due_in_force,
            one.due_on,
            one.asked_at,
            one.reason,
        ],
    )


@listed(_carry_overs_file)
@require_http_methods(["GET", "HEAD", "POST"])
def carry_overs(request):
    """Decide the requests to carry works over that wait for this board head, several at once."""
    if not may(request.user, Action.DECIDE):
        raise PermissionDenied
    at = timezone.now()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _decided(request, form, at):
        return redirect("progress:carry_overs")
    page = Paginator(carry_overs_waiting_for(request.user, at), PER_PAGE).get_page(request.GET.get("page"))
    ticked = set(request.POST.getlist("requests"))
    for asked in page.object_list:
        asked.shown, asked.ticked = shown_item(asked.item, request.user), str(asked.pk) in ticked
    effect = effect_of(page.object_list[0], localdate(at)) if page.object_list else ""
    context = {"form": form, "page_obj": page, "effect": effect}
    return render(request, "progress/carry_overs.html", context, status=422 if form.is_bound else 200)


def _decided(request, form, at) -> bool:
    chosen = [int(pk[:18]) for pk in request.POST.getlist("requests") if pk.isdecimal()]
    outcome = form.cleaned_data["outcome"]
    if not chosen or not outcome:
        form.add_error(None, _("Hãy chọn việc, rồi bấm đồng ý hoặc không đồng ý."))
        return False
    granted = outcome == ChangeRequest.Outcome.GRANTED
    count, refusals = decide_requests(chosen, grant=granted, by=request.user, at=at, answer=form.cleaned_data["answer"])
    if refusals and not count:
        form.take(refusals[0])
        return False
    messages.success(request, _("Đã quyết định %(count)d đề nghị và báo cho đơn vị.") % {"count": count})
    if left := len(chosen) - count:
        messages.warning(request, _("%(count)d đề nghị chưa quyết định được; hãy xem lại từng việc.") % {"count": left})
    return True
