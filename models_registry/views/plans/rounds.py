"""Rounds: list, add, change, open, extend, drop."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.lists import Listing, listed
from models_registry.editions import StalePage, edition_of
from models_registry.forms.plans import ExtendForm, OpenedRoundForm, RoundForm
from models_registry.models import CriterionSet, RegistrationRound
from models_registry.queries.plans import runs
from models_registry.services import rounds as services
from models_registry.views.plans.kept import PER_PAGE, stale_form, year_asked
from organizations.permissions import Action, may

FORM = "models_registry/plans/round_form.html"
EXTEND = "models_registry/plans/round_extend.html"


def seen_rounds(request):
    rounds = RegistrationRound.objects.visible_to(request.user)
    return rounds.select_related("body", "theme", "model_criteria", "sheet_criteria")


def _rounds_asked(request):
    """Return the rounds the address asks for, the year and the state it names."""
    found, year = seen_rounds(request), year_asked(request)
    if year:
        found = found.filter(year=year)
    state = request.GET.get("state", "")
    if state == "unopened":
        found = found.filter(opened_at__isnull=True)
    elif state == "open":
        found = found.receiving(timezone.localdate())
    return found, year, state


def _rounds_file(request) -> Listing:
    return Listing(
        title=_("Đợt đăng ký"),
        heads=[
            _("Đợt đăng ký"),
            _("Chuyên đề"),
            _("Cơ quan thẩm định"),
            _("Năm"),
            _("Mở ngày"),
            _("Hạn đăng ký"),
            _("Nhận muộn đến"),
            _("Đã mở lúc"),
        ],
        rows=_rounds_asked(request)[0],
        line=lambda one: [
            one.name,
            one.theme.title,
            one.body.name,
            one.year,
            one.opens_on,
            one.closes_on,
            one.late_until,
            one.opened_at,
        ],
    )


@listed(_rounds_file)
@require_http_methods(["GET"])
def rounds(request):
    found, year, state = _rounds_asked(request)
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "year": year,
        "state": state,
        "today": timezone.localdate(),
        "may_keep": may(request.user, Action.RUN_ROUNDS),
    }
    return render(request, "models_registry/plans/rounds.html", context)


@require_http_methods(["GET", "POST"])
def round_add(request):
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    form = RoundForm(request.POST or None, user=request.user, initial=_first_values(request))
    return _round_form(request, form)


def _first_values(request) -> dict:
    """Return what a new round starts from: last year's round where asked for, else this year and its newest sets."""
    year = timezone.localdate().year
    source = request.GET.get("from", "")
    if source.isdecimal() and (before := seen_rounds(request).filter(pk=int(source[:9])).first()):
        return _next_year_of(before, request.user)
    return {"year": year, "target_kinds": ["grassroots_cell", "cell"]} | _newest_sets(request.user, year)


def _next_year_of(before: RegistrationRound, user) -> dict:
    kept = [
        "target_kinds",
        "model_required",
        "members_required",
        "min_works",
        "max_works",
        "mask_names",
        "appraisal_days",
        "appraisers",
        "apart_points",
        "theme",
    ]
    days = ["opens_on", "closes_on", "late_until"]
    year = before.year + 1
    return (
        {name: getattr(before, name) for name in kept}
        | {name: services.next_year(getattr(before, name)) for name in days}
        | {"year": year, "name": before.name.replace(str(before.year), str(year))}
        | _newest_sets(user, year)
    )


def _newest_sets(user, year: int) -> dict:
    """Return the newest set of each dossier kind of a year, by form field; one query."""
    sets = CriterionSet.objects.visible_to(user).standing().of_year(year).order_by("version")
    fields = {"practice_model": "model_criteria", "registration_sheet": "sheet_criteria"}
    return {fields[row.dossier_kind]: row for row in sets}


@require_http_methods(["GET", "POST"])
def round_change(request, pk: int):
    found = get_object_or_404(seen_rounds(request), pk=pk)
    if not runs(request.user, found):
        raise PermissionDenied
    form_class = OpenedRoundForm if found.opened_at else RoundForm
    return _round_form(request, form_class(request.POST or None, instance=found, user=request.user))


def _round_form(request, form):
    context = {"form": form, "round": form.instance}
    if request.method == "GET":
        return render(request, FORM, context)
    if form.is_valid():
        row, edition = form.save(commit=False), form.cleaned_data["edition"]
        try:
            services.keep_round(row, edition=edition, by=request.user, at=timezone.now())
        except StalePage as stale:
            return stale_form(request, form, stale, FORM, context)
        messages.success(request, _("Đã lưu đợt đăng ký."))
        return redirect("models_registry:round", row.pk)
    return render(request, FORM, context, status=422)


@require_POST
def round_open(request, pk: int):
    found = get_object_or_404(seen_rounds(request), pk=pk)
    try:
        services.open_round(found.pk, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        again = _("Đã cập nhật: đơn vị mới thành lập, đơn vị đã kết thúc và số đảng viên của ngày hôm nay.")
        messages.success(request, again if found.opened_at else _("Đã mở đợt và báo cho bí thư các đơn vị."))
    return redirect("models_registry:round", found.pk)


@require_http_methods(["GET", "POST"])
def round_extend(request, pk: int):
    found = get_object_or_404(seen_rounds(request), pk=pk)
    if not runs(request.user, found):
        raise PermissionDenied
    form = ExtendForm(request.POST or None, initial={"edition": found.edition})
    context = {"form": form, "round": found}
    if request.method == "GET":
        return render(request, EXTEND, context)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            services.extend_round(
                found,
                asked["late_until"],
                reason=asked["reason"],
                edition=asked["edition"],
                by=request.user,
                at=timezone.now(),
            )
        except StalePage as stale:
            form.data = form.data.copy()
            form.data["edition"] = stale.row.edition
            return render(request, EXTEND, context | {"stale_text": stale.sentence(), "round": stale.row}, status=409)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã gia hạn."))
            return redirect("models_registry:round", found.pk)
    return render(request, EXTEND, context, status=422)


@require_POST
def round_drop(request, pk: int):
    found = get_object_or_404(seen_rounds(request), pk=pk)
    try:
        services.drop_round(found, edition=edition_of(request.POST), by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("models_registry:round", found.pk)
    except StalePage as stale:
        messages.error(request, stale.sentence())
        return redirect("models_registry:round", found.pk)
    messages.success(request, _("Đã xóa đợt chưa mở."))
    return redirect("models_registry:rounds")
