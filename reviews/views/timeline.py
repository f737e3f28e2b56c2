"""The timeline of one dossier, for the board, its unit and those above it: paged, by kind, and whole for printing."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from models_registry.models import Dossier
from organizations.permissions import Action, may
from reviews.happenings import Kind, kinds_for
from reviews.queries.timeline import events_of, told

ON_A_PAGE = 50
# A printed story is one page of the browser; none in sight comes near this.
ON_PAPER = 1000


@require_safe
def show(request, pk):
    """The dossier's events, newest first; `kind` narrows them, `print` gives them all on one page."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user).select_related("unit"), pk=pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    whole, of_board = "print" in request.GET, may(request.user, Action.APPRAISE)
    pages = Paginator(events_of(dossier, request.user, kind), ON_PAPER if whole else ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = {
        "dossier": dossier,
        "page_obj": page,
        "events": told(dossier, request.user, page.object_list),
        "tabs": _tabs(dossier, kind, of_board),
        "kind": Kind(kind).label if kind else "",
        "whole": whole,
        "internal": of_board,
    }
    return render(request, "reviews/timeline.html", shown)


def _tabs(dossier: Dossier, kind: str, of_board: bool) -> list[dict]:
    here = reverse("reviews:timeline", args=[dossier.pk])
    every = [("", _("Tất cả")), *((one.value, one.label) for one in kinds_for(of_board=of_board))]
    return [
        {"label": label, "url": f"{here}?kind={key}" if key else here, "current": key == kind} for key, label in every
    ]
