"""Criterion sets: list, read, add, change (a new version where frozen), copy, the default ones."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.lists import Listing, listed
from models_registry.editions import StalePage, edition_of
from models_registry.forms.criteria import CriterionSetForm, MovedRoundsForm, criterion_lines
from models_registry.models import Criterion, CriterionSet
from models_registry.queries.plans import keeps
from models_registry.scales import described
from models_registry.services import criteria as services
from models_registry.services import keeping
from models_registry.views.plans.kept import PER_PAGE, year_asked
from organizations.permissions import Action, may

ONE = "models_registry/plans/criteria.html"
FORM = "models_registry/plans/criteria_form.html"


def _sets_asked(request):
    year = year_asked(request)
    rows = CriterionSet.objects.visible_to(request.user).with_size().select_related("owner")
    if year:
        rows = rows.of_year(year)
    return rows, year


def _sets_file(request) -> Listing:
    return Listing(
        title=_("Bộ tiêu chí"),
        heads=[_("Bộ tiêu chí"), _("Cơ quan"), _("Dùng cho"), _("Năm"), _("Phiên bản"), _("Đã dùng từ")],
        rows=_sets_asked(request)[0],
        line=lambda one: [
            one.name,
            one.owner.name,
            one.get_dossier_kind_display(),
            one.year,
            one.version,
            one.frozen_at,
        ],
    )


@listed(_sets_file)
@require_http_methods(["GET"])
def criterion_sets(request):
    rows, year = _sets_asked(request)
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "year": year,
        "this_year": timezone.localdate().year,
        "may_keep": may(request.user, Action.RUN_ROUNDS),
    }
    return render(request, "models_registry/plans/criteria_list.html", context)


@require_http_methods(["GET"])
def criterion_set(request, pk: int):
    return render(request, ONE, _shown(request, get_object_or_404(_seen(request), pk=pk)))


def _shown(request, found: CriterionSet) -> dict:
    return {
        "set": found,
        "rows": described(found.criteria.all()),
        "rounds": list(found.rounds().order_by("-year", "name")),
        "versions": _versions(found),
        "mine": keeps(request.user, found.owner, timezone.localdate()),
        "next_year": timezone.localdate().year + 1,
    }


@require_http_methods(["GET", "POST"])
def criteria_add(request):
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    form = CriterionSetForm(request.POST or None, initial={"year": timezone.localdate().year})
    lines = criterion_lines(request.POST or None, extra=8)
    context = {"form": form, "lines": lines}
    if request.method == "GET":
        return render(request, FORM, context)
    if "preview" in request.POST and lines.is_valid():
        return render(request, FORM, context | {"preview": described(lines.rows())})
    if form.is_valid() and lines.is_valid():
        asked = form.cleaned_data
        try:
            made = services.add_criteria(
                request.user.post.unit,
                dossier_kind=asked["dossier_kind"],
                year=asked["year"],
                name=asked["name"],
                rows=lines.rows(),
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã lưu bộ tiêu chí."))
            return redirect("models_registry:criterion_set", made.pk)
    return render(request, FORM, context, status=422)


@require_http_methods(["GET", "POST"])
def criteria_change(request, pk: int):
    found = get_object_or_404(_seen(request), pk=pk)
    if not keeps(request.user, found.owner, timezone.localdate()):
        raise PermissionDenied
    last = found.versions().order_by("version").last()
    initial = {"name": found.name, "edition": found.edition, "newest": last.version}
    form = CriterionSetForm(request.POST or None, standing=found, initial=initial)
    lines = criterion_lines(request.POST or None, rows=list(found.criteria.all()))
    moved = MovedRoundsForm(request.POST or None, standing=found)
    context = {"form": form, "lines": lines, "set": found, "moved": moved if moved.fields["rounds"].queryset else None}
    if request.method == "GET":
        return render(request, FORM, context)
    if "preview" in request.POST and lines.is_valid():
        return render(request, FORM, context | {"preview": described(lines.rows())})
    if form.is_valid() and lines.is_valid() and moved.is_valid():
        try:
            kept = services.change_criteria(
                found,
                name=form.cleaned_data["name"],
                rows=lines.rows(),
                rounds=[round_.pk for round_ in moved.cleaned_data["rounds"]],
                edition=form.cleaned_data["edition"],
                newest=form.cleaned_data["newest"],
                by=request.user,
                at=timezone.now(),
            )
        except StalePage as stale:
            return _stale(request, form, stale, context)
        if kept.pk == found.pk:
            messages.success(request, _("Đã lưu bộ tiêu chí."))
        else:
            sentence = _("Đã lưu thành bản %(version)d. Các phiếu đã chấm vẫn theo bản cũ.")
            messages.success(request, sentence % {"version": kept.version})
        return redirect("models_registry:criterion_set", kept.pk)
    return render(request, FORM, context, status=422)


def _stale(request, form, stale: StalePage, context: dict):
    """Show what was typed beside what stands now; where a newer version stands, saving again changes that one."""
    form.data = form.data.copy()
    form.data["edition"], form.data["newest"] = stale.row.edition, stale.row.version
    standing = "\n".join(f"{row.get_group_display()}: {row.text}" for row in stale.row.criteria.all())
    mine = "\n".join(f"{Criterion.Group(row.group).label}: {row.text}" for row in context["lines"].rows())
    pairs = [{"label": _("Các tiêu chí"), "mine": mine, "theirs": standing}]
    more = {"stale_text": stale.sentence(), "pairs": pairs, "set": stale.row}
    return render(request, FORM, context | more, status=409)


@require_POST
def criteria_copy(request, pk: int):
    found = get_object_or_404(_seen(request), pk=pk)
    year = request.POST.get("year", "")
    target = int(year) if year.isdecimal() and len(year) == 4 else timezone.localdate().year
    try:
        made = services.copy_criteria(found, target, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("models_registry:criterion_set", found.pk)
    messages.success(request, _("Đã chép sang năm %(year)d.") % {"year": target})
    return redirect("models_registry:criterion_set", made.pk)


@require_POST
def criteria_end(request, pk: int):
    return _set_ended(request, pk, keeping.end, _("Đã kết thúc."))


@require_POST
def criteria_resume(request, pk: int):
    return _set_ended(request, pk, keeping.resume, _("Đã dùng lại."))


def _set_ended(request, pk: int, service, done: str):
    found = get_object_or_404(_seen(request), pk=pk)
    try:
        service(found, edition=edition_of(request.POST), by=request.user, at=timezone.now())
    except StalePage as stale:
        context = _shown(request, stale.row) | {"stale_text": stale.sentence()}
        return render(request, ONE, context, status=409)
    messages.success(request, done)
    return redirect("models_registry:criterion_set", found.pk)


@require_POST
def criteria_defaults(request):
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    year = timezone.localdate().year
    made = services.seed_default_criteria(request.user.post.unit, year, by=request.user, at=timezone.now())
    if made:
        messages.success(request, _("Đã thêm %(count)d bộ tiêu chí mẫu.") % {"count": len(made)})
    else:
        messages.info(request, _("Năm nay đã có đủ các bộ tiêu chí."))
    return redirect("models_registry:criterion_sets")


def _seen(request):
    return (
        CriterionSet.objects.visible_to(request.user).select_related("owner", "based_on").prefetch_related("criteria")
    )


def _versions(found: CriterionSet) -> list[CriterionSet]:
    return list(found.versions().annotate(scored=Count("judged_versions")).order_by("-version"))
