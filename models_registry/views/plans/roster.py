"""A round's page: counts that add up, who is missing, exemptions, the list as a spreadsheet."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from models_registry.forms.roster import ExemptForm, MemberFilter, RosterFilter
from models_registry.models import Obligation, RegistrationRound
from models_registry.queries.members import counted_of, expected, member_roster, members_of, recounted
from models_registry.queries.plans import runs, start_unit
from models_registry.queries.roster import roster
from models_registry.queries.tree import branches_of
from models_registry.services import rounds as services
from models_registry.tables import roster_workbook
from models_registry.views.plans.kept import PER_PAGE
from models_registry.views.plans.rounds import seen_rounds
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.folding import slug

CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET"])
def round_page(request, pk: int):
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    asked = RosterFilter(request.GET, user=request.user)
    chosen, seen = asked.chosen(), found.member_obligations.visible_to(request.user)
    rows = roster(found, request.user, day, **chosen)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.status_label = Obligation.Status(row.status).label
    counts = found.obligations.visible_to(request.user).counts(day)
    keeps = runs(request.user, found)
    context = {
        "members": members_of(seen, day) if found.opened_at and found.members_required else None,
        "recounted": recounted(found, day) if keeps and found.opened_at else 0,
        "expected": expected(found, day) if keeps and not found.opened_at else None,
        "below": chosen.get("unit"),
        "top": start_unit(request.user),
        "round": found,
        "today": day,
        "counts": counts,
        "filter": asked,
        "page_obj": page,
        "runs": keeps,
        "start_url": _start_url(request.user, found, day),
        "kinds": [Unit.Kind(kind).label for kind in found.target_kinds if kind in Unit.Kind.values],
        "only_for": found.only_for.all(),
        "export_query": request.GET.urlencode(),
    }
    return render(request, "models_registry/plans/round.html", context)


def _start_url(user, found: RegistrationRound, day: date) -> str:
    """Return where this person begins a registration in the round; empty where one may not, or not now."""
    receives = found.opened_at is not None and found.opens_on <= day <= found.late_until
    return f"{reverse('models_registry:start')}?round={found.pk}" if receives and may(user, Action.REGISTER) else ""


@require_http_methods(["GET"])
def round_export(request, pk: int):
    """Hand out the list as filtered; on further sheets the members of the same cells, and the sums up the tree."""
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    chosen = RosterFilter(request.GET, user=request.user).chosen()
    rows = roster(found, request.user, day, **chosen)
    same = {name: value for name, value in chosen.items() if name in ("unit", "name")}
    cells = member_roster(found, request.user, day, **same)
    top = chosen.get("unit") or start_unit(request.user)
    branches = branches_of(found, top, day) if top else []
    name = f"{slug(found.name)}-{day:%Y%m%d}.xlsx"
    book = roster_workbook(
        found,
        rows.iterator(chunk_size=CHUNK),
        cells.iterator(chunk_size=CHUNK),
        branches,
        with_members=found.members_required,
    )
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET"])
def round_members(request, pk: int):
    """List the cells of a round with how many members owe works of their own, and how many registered."""
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    asked = MemberFilter(request.GET, user=request.user)
    chosen = asked.chosen()
    page = Paginator(member_roster(found, request.user, day, **chosen), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.counts = counted_of(row)
    seen, below = found.member_obligations.visible_to(request.user), chosen.get("unit")
    context = {
        "round": found,
        "members": members_of(seen.below(below) if below else seen, day),
        "filter": asked,
        "below": below,
        "here": f"?unit={below.pk}&" if below else "?",
        "page_obj": page,
        "runs": runs(request.user, found),
    }
    return render(request, "models_registry/plans/round_members.html", context)


@require_http_methods(["GET"])
def round_units(request, pk: int, unit: int):
    """Show a round's counts of one unit with all below it, and of each unit right below."""
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    top = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit)
    total, *parts = branches_of(found, top, day)
    above = Unit.objects.visible_to(request.user).filter(pk=top.ancestor_ids[-1]).first() if top.ancestor_ids else None
    context = {
        "round": found,
        "unit": top,
        "above": above,
        "total": total,
        "here": f"?unit={top.pk}&",
        "page_obj": Paginator(parts, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "models_registry/plans/round_units.html", context)


@require_http_methods(["GET", "POST"])
def round_exempt(request, pk: int):
    """GET shows the chosen rows and asks for the reason; POST exempts them."""
    found = get_object_or_404(seen_rounds(request), pk=pk)
    if not runs(request.user, found):
        raise PermissionDenied
    choices = found.obligations.owed().select_related("unit").order_by("unit__path")
    chosen = choices.filter(pk__in=_marked(request.GET))
    form = ExemptForm(request.POST or None, rows=choices, initial={"rows": [row.pk for row in chosen]})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        done = services.exempt(
            found, [row.pk for row in asked["rows"]], reason=asked["reason"], by=request.user, at=timezone.now()
        )
        sentence = ngettext("Đã miễn %(count)d nghĩa vụ.", "Đã miễn %(count)d nghĩa vụ.", done)
        messages.success(request, sentence % {"count": done})
        return redirect("models_registry:round", found.pk)
    if request.method == "POST":
        chosen = choices.filter(pk__in=_marked(request.POST))
    elif not chosen:
        messages.info(request, _("Hãy đánh dấu những đơn vị được miễn trước."))
        return redirect("models_registry:round", found.pk)
    context = {"round": found, "form": form, "chosen": chosen}
    status = 422 if request.method == "POST" else 200
    return render(request, "models_registry/plans/round_exempt.html", context, status=status)


def _marked(asked) -> list[int]:
    """Return the marked rows' ids, as many as one page holds; what is no id is left out."""
    return [int(pk) for pk in asked.getlist("rows") if pk.isdecimal() and len(pk) < 19][:PER_PAGE]


@require_POST
def exemption_lift(request, pk: int):
    found = get_object_or_404(Obligation.objects.visible_to(request.user).select_related("round"), pk=pk)
    services.lift_exemption(found, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ miễn; đơn vị lại phải gửi."))
    return redirect("models_registry:round", found.round_id)
