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

from models_registry.forms.roster import ExemptForm, RosterFilter
from models_registry.models import Obligation, RegistrationRound
from models_registry.queries.plans import runs
from models_registry.queries.roster import roster
from models_registry.services import rounds as services
from models_registry.tables import roster_workbook
from models_registry.views.plans.kept import PER_PAGE
from models_registry.views.plans.rounds import seen_rounds
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.folding import slug

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET"])
def round_page(request, pk: int):
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    asked = RosterFilter(request.GET)
    rows = roster(found, request.user, day, **asked.chosen())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.status_label = Obligation.Status(row.status).label
    counts = found.obligations.visible_to(request.user).counts(day)
    context = {
        "round": found,
        "today": day,
        "counts": counts,
        "tiles": [(value, label, counts[value]) for value, label in Obligation.Status.choices],
        "filter": asked,
        "page_obj": page,
        "runs": runs(request.user, found),
        "start_url": _start_url(request.user, found, day),
        "kinds": [Unit.Kind(kind).label for kind in found.target_kinds if kind in Unit.Kind.values],
        "export_query": request.GET.urlencode(),
    }
    return render(request, "models_registry/plans/round.html", context)


def _start_url(user, found: RegistrationRound, day: date) -> str:
    """Return where this person begins a registration in the round; empty where one may not, or not now."""
    receives = found.opened_at is not None and found.opens_on <= day <= found.late_until
    return f"{reverse('models_registry:start')}?round={found.pk}" if receives and may(user, Action.REGISTER) else ""


@require_http_methods(["GET"])
def round_export(request, pk: int):
    found, day = get_object_or_404(seen_rounds(request), pk=pk), timezone.localdate()
    rows = roster(found, request.user, day, **RosterFilter(request.GET).chosen())
    name = f"{slug(found.name)}-{day:%Y%m%d}.xlsx"
    return FileResponse(
        roster_workbook(found, rows.iterator(chunk_size=2000)), as_attachment=True, filename=name, content_type=XLSX
    )


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
