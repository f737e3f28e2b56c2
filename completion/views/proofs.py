"""What the nightly proofs found: the figures folded change by change beside those computed anew."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from completion.quarters import Quarter
from completion.queries.proofs import cells_of, outcome_of, proofs_in_sight
from journal.lists import Listing, listed
from organizations.permissions import Action, may

PER_PAGE = 50


def _proofs(request):
    if not may(request.user, Action.CLOSE_QUARTERS):
        raise PermissionDenied
    return proofs_in_sight(request.user)


@require_safe
def proofs(request):
    """List the proofs of the trees within reach, newest first."""
    page = Paginator(_proofs(request), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(event, Quarter.parse(event.detail["quarter"]), outcome_of(event)) for event in page.object_list]
    return render(request, "completion/proofs.html", {"page_obj": page, "rows": rows})


def _proof_file(request, pk) -> Listing:
    event = get_object_or_404(_proofs(request), pk=pk)
    return Listing(
        title=_("Đối chiếu số liệu %(quarter)s") % {"quarter": event.detail["quarter"]},
        heads=[_("Đơn vị"), _("Ô số liệu"), _("Đã cộng dồn"), _("Tính lại")],
        rows=cells_of(event),
        line=lambda one: [one["unit"], one["cell"], one["folded"], one["computed"]],
    )


@listed(_proof_file)
@require_safe
def proof(request, pk):
    """Show each cell in which one proof differed, with both values."""
    event = get_object_or_404(_proofs(request), pk=pk)
    page = Paginator(cells_of(event), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": event,
        "quarter": Quarter.parse(event.detail["quarter"]),
        "cells": event.detail["cells"],
        "outcome": outcome_of(event),
        "kept": len(event.detail["first"]),
        "page_obj": page,
    }
    return render(request, "completion/proof.html", context)
