"""An administrator's pages of decisions on the organisation: the list, the wizard, and what nobody took over yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.sending import once
from models_registry.masking import public_title
from organizations.models import Post, Reorganisation, Succession, Unit
from organizations.permissions import Action, may
from progress.forms.reorganising import FORMS, HandOverForm, chosen_posts
from progress.services import reorganising as services
from progress.views.answers import told_when_late

PER_PAGE = 50
FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def _require(request) -> None:
    if not may(request.user, Action.MANAGE_UNITS):
        raise PermissionDenied


@require_safe
def reorganisations(request):
    """The decisions that changed units within reach, and the way to a new one; five queries."""
    _require(request)
    found = Reorganisation.objects.visible_to(request.user).prefetch_related(
        "successions__predecessor", "successions__successor"
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kinds = [(kind, Succession.Kind(kind).label) for kind in FORMS]
    left = services.left_behind(request.user, timezone.localdate()).count()
    query = request.GET.urlencode()
    return render(
        request,
        "progress/reorganisations.html",
        {"page_obj": page, "kinds": kinds, "left": left, "query": f"?{query}" if query else ""},
    )


@FORM_METHODS
@told_when_late
def reorganise(request, kind: str):
    """Ask what a decision says, show what it will do, and do it once that is confirmed."""
    _require(request)
    if kind not in FORMS:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = FORMS[kind](bound, user=request.user, initial=_initial(request))
    outcome, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            outcome, status = _rehearsed(request, form)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            if outcome is None:
                messages.success(request, _("Đã thực hiện quyết định."))
                return redirect("progress:reorganisations")
    if form.is_bound and request.POST.get("mend"):
        outcome, status = None, 200
    context = {"form": form, "outcome": outcome, "title": Succession.Kind(kind).label, "moved": status == 409}
    if outcome is not None:
        context["hidden"] = [(name, form.data.get(name, "")) for name in form.fields]
        context["roles"] = [("", _("Thôi giữ vai trò")), *Post.Role.choices]
    return render(request, "progress/reorganise.html", context, status=status)


def _rehearsed(request, form):
    """Return what the plan would do and the status; no outcome where it was confirmed and done."""
    plan, at = form.plan(chosen_posts(request.POST)), timezone.now()
    if not request.POST.get("confirmed"):
        return services.rehearse(plan, by=request.user, at=at), 200
    try:
        with once(request, reverse("progress:reorganisations")):
            services.reorganise(plan, by=request.user, at=at, seen=request.POST.get("seen", ""))
    except services.Moved as moved:
        return moved.outcome, 409
    return None, 302


def _initial(request) -> dict:
    code = request.GET.get("unit", "")[:40]
    unit = Unit.objects.visible_to(request.user).filter(code=code).first() if code else None
    if unit is None:
        return {}
    parent = Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids[-1:]).first()
    return {"units": unit.code, "unit_kind": unit.kind, "parent": parent}


@FORM_METHODS
@told_when_late
def left_behind(request):
    """The works ended units still hold, and whom to give those ticked to; fewer than ten queries, whatever the rows."""
    _require(request)
    at = timezone.now()
    form = HandOverForm(request.POST if request.method == "POST" else None, user=request.user)
    ticked = [int(pk) for pk in request.POST.getlist("items") if pk.isdecimal() and len(pk) < 18]
    if form.is_bound and not ticked:
        form.add_error(None, _("Hãy chọn ít nhất một việc."))
    if form.is_bound and form.is_valid():
        try:
            with once(request, reverse("progress:left_behind")):
                count = services.hand_over_items(ticked, form.cleaned_data["to"], by=request.user, at=at)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã bàn giao %(count)d việc.") % {"count": count})
            return redirect("progress:left_behind")
    found = services.left_behind(request.user, localdate(at)).select_related("unit").order_by("unit__path", "id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(item, public_title(item), item.pk in ticked) for item in page.object_list]
    context = {"form": form, "rows": rows, "page_obj": page}
    return render(request, "progress/left_behind.html", context, status=422 if form.is_bound else 200)
