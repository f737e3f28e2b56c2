"""Many dossiers at once: chosen in the queue, rehearsed, confirmed, and what came of each."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.jobs import with_progress
from journal.sending import once
from models_registry.models import Dossier
from organizations.permissions import Action, may
from reviews.forms.bulk import BulkForm
from reviews.forms.queue import QueueForm
from reviews.models import Bulk, BulkLine
from reviews.queries.queue import queue
from reviews.services import bulk as bulks
from reviews.tables import bulk_workbook

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def choose(request):
    """Choose the act for what was ticked in the queue, or for all its filters found; POST rehearses it."""
    _board_only(request.user)
    asked = request.GET if request.method == "GET" else request.POST
    chosen = _chosen(request.user, asked)
    form = BulkForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            with once(request, reverse("reviews:queue")) as sending:
                given, now = form.given(), timezone.now()
                made = bulks.rehearse(chosen, form.cleaned_data["act"], given, by=request.user, at=now)
                sending.leads_to = reverse("reviews:bulk", args=[made.pk])
            return redirect(sending.leads_to)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
    shown = {"form": form, "count": len(chosen), "most": bulks.MOST, "kept": _kept(asked)}
    return render(request, "reviews/bulk_choose.html", shown, status=422 if form.is_bound else 200)


def _chosen(user, asked) -> list[int]:
    """Return the dossiers that were ticked, or (`every`) all that pass the queue's filters, up to one too many."""
    if not asked.get("every"):
        ticked = [int(pk) for pk in asked.getlist("chosen") if pk.isdecimal() and len(pk) < 19]
        return list(
            Dossier.objects.visible_to(user).filter(pk__in=ticked[: bulks.MOST + 1]).values_list("pk", flat=True)
        )
    form = QueueForm(asked, user=user)
    form.is_valid()
    found = queue(user, form.filters(), at=timezone.now())
    return list(found.order_by("submitted_at", "pk").values_list("pk", flat=True)[: bulks.MOST + 1])


def _kept(asked) -> list[tuple[str, str]]:
    """Return what the queue asked, for the hidden fields that carry it on to the rehearsal."""
    names = ("chosen", "every", *QueueForm.base_fields)
    return [(name, value) for name in names for value in asked.getlist(name) if value]


@require_safe
def show(request, pk):
    """What the rehearsal promised, or what came of it; line by line with its reason."""
    bulk = get_object_or_404(Bulk.objects.visible_to(request.user).select_related("by", "job"), pk=pk)
    return _page(request, bulk)


def _page(request, bulk: Bulk, problem="", status=200):
    outcome, lines = request.GET.get("outcome", ""), _lines(request.user, bulk)
    counts = dict(lines.order_by().values_list("outcome").annotate(Count("pk")))
    lines = lines.filter(outcome=outcome) if outcome in BulkLine.Outcome.values else lines
    # What is refused comes first: that is what one reads a rehearsal for.
    lines = lines.select_related("dossier__unit").defer("dossier__folded").order_by("-outcome", "pk")
    shown = {
        "bulk": bulk,
        "label": bulks.ACTS[bulk.act].label,
        "job": with_progress(bulk.job) if bulk.job else None,
        "counts": counts,
        "ready": counts.get(BulkLine.Outcome.READY, 0),
        "page_obj": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "tabs": _tabs(outcome, counts),
        "may_confirm": bulk.by_id == request.user.pk and not bulk.confirmed_at and counts.get("ready"),
        "problem": problem,
    }
    return render(request, "reviews/bulk.html", shown, status=status)


def _lines(user, bulk: Bulk):
    """Return the lines about dossiers in sight: a colleague's bulk may name what one may not judge."""
    return bulk.lines.filter(dossier__in=Dossier.objects.visible_to(user).values("pk"))


def _tabs(outcome: str, counts: dict[str, int]) -> list[dict]:
    every = [("", _("Tất cả"), sum(counts.values()))]
    every += [(one.value, one.label, counts[one]) for one in BulkLine.Outcome if counts.get(one)]
    return [
        {"label": label, "count": count, "url": f"?outcome={value}", "current": value == outcome}
        for value, label, count in every
    ]


@require_POST
def confirm(request, pk):
    """Do what was rehearsed: one job, whatever is pressed again."""
    bulk = get_object_or_404(Bulk.objects.visible_to(request.user).select_related("by", "job"), pk=pk)
    try:
        bulk = bulks.confirm(pk, by=request.user, at=timezone.now())
    except ValidationError as refused:
        return _page(request, bulk, problem=" ".join(refused.messages), status=409)
    return redirect("journal:job", bulk.job_id)


@require_safe
def outcome(request, pk):
    """The lines with what came of each, as XLSX."""
    bulk = get_object_or_404(Bulk.objects.visible_to(request.user), pk=pk)
    lines = _lines(request.user, bulk).select_related("dossier__unit").order_by("pk")
    return FileResponse(
        bulk_workbook(lines), as_attachment=True, filename=f"xu-ly-hang-loat-{bulk.pk}.xlsx", content_type=XLSX
    )


def _board_only(user) -> None:
    if not may(user, Action.APPRAISE):
        raise PermissionDenied
