"""An administrator's wizard of decisions on the organisation: ask, show what it would do, do it or keep it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.sending import once
from organizations.models import PlannedReorganisation, Post, Reorganisation, Succession, Unit
from organizations.permissions import Action, may
from progress.forms.reorganising import FORMS, chosen_posts, chosen_shares, initial_of
from progress.queries.splitting import parts_of, suggested
from progress.services import planning
from progress.services import reorganising as services
from progress.services.leaving_behind import first_open_year, left_behind
from progress.services.plans import plan_of
from progress.views.answers import told_when_late
from vietnamese.display import day_text

PER_PAGE = 50
FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def require_administrator(request) -> None:
    if not may(request.user, Action.MANAGE_UNITS):
        raise PermissionDenied


@require_safe
def reorganisations(request):
    """The plans that wait, the decisions that changed units within reach, and the way to a new one; eight queries."""
    require_administrator(request)
    found = Reorganisation.objects.visible_to(request.user).prefetch_related(
        "successions__predecessor", "successions__successor"
    )
    plans = PlannedReorganisation.objects.visible_to(request.user).open()
    query = request.GET.urlencode()
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(kind, Succession.Kind(kind).label) for kind in FORMS],
        "left": left_behind(request.user, timezone.localdate()).count(),
        "plans": plans.select_related("made_by")[:PER_PAGE],
        "query": f"?{query}" if query else "",
    }
    return render(request, "progress/reorganisations.html", context)


@FORM_METHODS
@told_when_late
def reorganise(request, kind: str):
    """Ask what a decision says, show what it will do, and do it, or keep it for its day, once that is confirmed."""
    require_administrator(request)
    if kind not in FORMS:
        raise Http404
    replaced = _replaced(request, kind)
    initial = initial_of(plan_of(replaced)) if replaced else _initial(request)
    form = FORMS[kind](request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    outcome, status, settle_at = None, 422 if form.is_bound else 200, []
    dealt = chosen_shares(request.POST)
    if form.is_bound and form.is_valid() and not request.POST.get("mend"):
        plan = form.plan(chosen_posts(request.POST), dealt, request.POST.get("rest", ""))
        if request.POST.get("suggest"):
            plan.shares.update(suggested(_parts(plan), plan.shares))
        try:
            outcome, status = _rehearsed(request, plan, replaced)
        except ValidationError as refused:
            form.refuse(refused)
            settle_at = getattr(refused, "settle_at", [])
        else:
            if outcome is None:
                return redirect("progress:reorganisations")
    elif request.POST.get("mend"):
        status = 200
    context = {"form": form, "outcome": outcome, "title": Succession.Kind(kind).label, "moved": status == 409}
    context |= {"replaced": replaced, "kind": kind, "kept": _kept(request, replaced), "settle_at": settle_at}
    if outcome is not None:
        context |= _shown(form, plan, outcome)
    return render(request, "progress/reorganise.html", context, status=status)


def _rehearsed(request, plan, replaced):
    """Return what the plan would do and the status; no outcome where it was confirmed and done or kept."""
    at, by = timezone.now(), request.user
    instead_of = replaced.pk if replaced else None
    if not request.POST.get("confirmed"):
        return planning.rehearsed_beside(plan, by=by, at=at, instead_of=instead_of), 200
    act = planning.keep_plan if services.is_ahead(plan, at) else planning.reorganise_instead
    try:
        with once(request, reverse("progress:reorganisations")):
            act(plan, by=by, at=at, seen=request.POST.get("seen", ""), instead_of=instead_of)
    except services.Moved as moved:
        return moved.outcome, 409
    done = _("Đã thực hiện quyết định.")
    if services.is_ahead(plan, at):
        done = _("Đã ghi kế hoạch. Hệ thống tự thực hiện vào ngày %(day)s.")
    messages.success(request, done % {"day": day_text(plan.decision.effective_on)})
    return None, 302


def _shown(form, plan, outcome) -> dict:
    """Return what the page of a rehearsal needs beside the outcome: what was typed, and what a split deals out."""
    units = [("", _("Chưa bàn giao")), *((one.code, one.name) for one in plan.founds)]
    shares = {head: [(one, plan.shares.get(one.key, "")) for one in found] for head, found in _parts(plan)}
    return {
        "hidden": [(name, form.data.get(name, "")) for name in form.fields],
        "roles": [("", _("Thôi giữ vai trò")), *Post.Role.choices],
        "ahead": services.is_ahead(plan, timezone.now()),
        "day": plan.decision.effective_on,
        "parts": shares,
        "units": units,
        "rest": plan.rest,
        "seats": [] if outcome.posts else outcome.ended,
    }


def _parts(plan):
    if plan.decision.kind != Succession.Kind.SPLIT:
        return []
    day = max(plan.decision.effective_on, localdate(timezone.now()))
    return parts_of(plan.units[0], plan.decision.effective_on, first_open_year(day))


def _kept(request, replaced) -> list[tuple[str, str]]:
    """Return what was chosen on the page of the rehearsal, so that mending what was typed does not lose it."""
    if request.method != "POST" and replaced:
        asked = replaced.asked
        chosen = [*((f"post_{pk}", role) for pk, role in asked["posts"].items()), ("rest", asked["rest"])]
        return [*chosen, *((f"to_{key}", code) for key, code in asked["shares"].items())]
    names = ("post_", "to_", "rest")
    return [(name, value) for name, value in request.POST.items() if name.startswith(names)]


def _replaced(request, kind: str) -> PlannedReorganisation | None:
    """Return the plan this decision is entered instead of, or 404 where it is out of sight or over."""
    number = request.POST.get("instead_of") or request.GET.get("plan") or ""
    if not number.isdecimal() or len(number) > 17:
        return None
    return get_object_or_404(PlannedReorganisation.objects.visible_to(request.user).open(), pk=number, kind=kind)


def _initial(request) -> dict:
    code = request.GET.get("unit", "")[:40]
    unit = Unit.objects.visible_to(request.user).filter(code=code).first() if code else None
    if unit is None:
        return {}
    parent = Unit.objects.visible_to(request.user).filter(pk__in=unit.ancestor_ids[-1:]).first()
    return {"units": unit.code, "unit_kind": unit.kind, "parent": parent}
