"""The plain lists a board keeps: themes, resolution targets, named shortcomings. One set of views for the three."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from journal.lists import Listing, listed
from models_registry.editions import StalePage, edition_of
from models_registry.forms.plans import CopyForm, ResolutionTargetForm, ShortcomingForm, ThemeForm
from models_registry.models import ResolutionTarget, Shortcoming, Theme
from models_registry.queries.plans import keeps, owners_for
from models_registry.services import keeping
from organizations.permissions import Action, may
from vietnamese.display import day_text

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class KeptKind:
    """One plain list: its rows, its form, the stem of its URL names, and its words."""

    model: type
    form: type
    stem: str
    plural: str
    title: str
    lead: str
    one: str
    reference: str

    def rows_for(self, user):
        return self.model.objects.visible_to(user).select_related("owner")

    def url(self, name: str, *args) -> str:
        return reverse(f"models_registry:{name}", args=args)

    def urls(self) -> SimpleNamespace:
        return SimpleNamespace(
            list=self.url(self.plural), add=self.url(f"{self.stem}_add"), copy=self.url(f"{self.plural}_copy")
        )


THEMES = KeptKind(
    Theme,
    ThemeForm,
    "theme",
    "themes",
    gettext_lazy("Chuyên đề"),
    gettext_lazy("Chuyên đề học tập và làm theo Bác của từng năm hoặc nhiều năm."),
    gettext_lazy("chuyên đề"),
    "document_symbol",
)
TARGETS = KeptKind(
    ResolutionTarget,
    ResolutionTargetForm,
    "target",
    "targets",
    gettext_lazy("Chỉ tiêu nghị quyết"),
    gettext_lazy("Các chỉ tiêu mà mô hình phải gắn với, của cấp mình hoặc cấp trên."),
    gettext_lazy("chỉ tiêu"),
    "document_symbol",
)
SHORTCOMINGS = KeptKind(
    Shortcoming,
    ShortcomingForm,
    "shortcoming",
    "shortcomings",
    gettext_lazy("Tồn tại, hạn chế"),
    gettext_lazy("Những tồn tại, hạn chế đã được chỉ ra, để mô hình và việc đăng ký hướng tới khắc phục."),
    gettext_lazy("tồn tại, hạn chế"),
    "source",
)


def year_asked(request, *, default: int | None = None) -> int | None:
    """Return the year in the address, or the default where it is missing or nonsense."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 else default


def _kept_asked(request, kind: KeptKind):
    """Return the rows the address asks for, its year, and whether it asks for those that have ended."""
    year = year_asked(request)
    rows = kind.rows_for(request.user)
    if year:
        rows = rows.of_year(year)
    ended = request.GET.get("state") == "ended"
    return rows.filter(ended=ended), year, ended


def _kept_file(request, kind: KeptKind) -> Listing:
    return Listing(
        title=str(kind.title),
        heads=[str(kind.title), _("Cơ quan"), _("Từ năm"), _("Đến năm"), _("Văn bản, nguồn")],
        rows=_kept_asked(request, kind)[0],
        line=lambda one: [str(one), one.owner.name, *_years_of(one), getattr(one, kind.reference)],
    )


@listed(_kept_file)
@require_http_methods(["GET"])
def kept_list(request, kind: KeptKind):
    rows, year, ended = _kept_asked(request, kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "urls": kind.urls(),
        "page_obj": page,
        "year": year,
        "ended": ended,
        "may_keep": may(request.user, Action.RUN_ROUNDS),
        "rows": [_line(kind, row) for row in page.object_list],
    }
    return render(request, "models_registry/plans/kept_list.html", context)


def _years_of(row) -> tuple[int, int]:
    return (row.year, row.year) if hasattr(row, "year") else (row.year_from, row.year_to)


def _line(kind: KeptKind, row) -> dict:
    years = str(row.year) if hasattr(row, "year") else f"{row.year_from}–{row.year_to}"
    if hasattr(row, "year_from") and row.year_from == row.year_to:
        years = str(row.year_from)
    return {"row": row, "years": years, "reference": getattr(row, kind.reference), "url": kind.url(kind.stem, row.pk)}


def _one(kind: KeptKind, row) -> dict:
    toggle = kind.url(f"{kind.stem}_{'resume' if row.ended else 'end'}", row.pk)
    return {"kind": kind, "list_url": kind.url(kind.plural), "toggle_url": toggle, **_line(kind, row)}


@require_http_methods(["GET", "POST"])
def kept_add(request, kind: KeptKind):
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    year = timezone.localdate().year
    span = {"year_from": year, "year_to": year} if hasattr(kind.model(), "year_from") else {"year": year}
    form = kind.form(request.POST or None, user=request.user, initial=span)
    return _kept_form(request, kind, form)


@require_http_methods(["GET", "POST"])
def kept_one(request, kind: KeptKind, pk: int):
    row = get_object_or_404(kind.rows_for(request.user), pk=pk)
    mine = keeps(request.user, row.owner, timezone.localdate())
    if request.method == "POST" and not mine:
        raise PermissionDenied
    if not mine or (row.ended and request.method == "GET"):
        return render(request, "models_registry/plans/kept.html", _one(kind, row) | {"mine": mine})
    form = kind.form(request.POST or None, instance=row, user=request.user)
    return _kept_form(request, kind, form)


def _kept_form(request, kind: KeptKind, form):
    row = form.instance
    context = {"kind": kind, "urls": kind.urls(), "form": form, "row": row, "heading": _("Thêm mới")}
    if row.pk:
        context |= {"heading": _("Sửa"), "end_url": kind.url(f"{kind.stem}_end", row.pk)}
    if request.method == "GET":
        return render(request, "models_registry/plans/kept_form.html", context)
    if form.is_valid():
        row, edition = form.save(commit=False), form.cleaned_data["edition"]
        try:
            keeping.keep(row, edition=edition, by=request.user, at=timezone.now())
        except StalePage as stale:
            return stale_form(request, form, stale, "models_registry/plans/kept_form.html", context)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(kind.url(kind.plural))
    return render(request, "models_registry/plans/kept_form.html", context, status=422)


def stale_form(request, form, stale: StalePage, template: str, context: dict):
    """Show the form again as typed, beside what stands now; saving again then writes over it knowingly."""
    form.data = form.data.copy()
    form.data["edition"] = stale.row.edition
    shown = [(field.label, _shown(form.instance, name), _shown(stale.row, name)) for name, field in form.fields.items()]
    pairs = [{"label": label, "mine": mine, "theirs": theirs} for label, mine, theirs in shown if mine != theirs]
    return render(request, template, context | {"stale_text": stale.sentence(), "pairs": pairs}, status=409)


def _shown(row, name: str) -> str:
    if name == "edition":
        return ""
    display, value = getattr(row, f"get_{name}_display", None), getattr(row, name, "")
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(display() if display else value)


@require_POST
def kept_end(request, kind: KeptKind, pk: int):
    return _set_ended(request, kind, pk, keeping.end, _("Đã kết thúc."))


@require_POST
def kept_resume(request, kind: KeptKind, pk: int):
    return _set_ended(request, kind, pk, keeping.resume, _("Đã dùng lại."))


def _set_ended(request, kind: KeptKind, pk: int, service, done: str):
    row = get_object_or_404(kind.rows_for(request.user), pk=pk)
    try:
        service(row, edition=edition_of(request.POST), by=request.user, at=timezone.now())
    except StalePage as stale:
        context = _one(kind, stale.row) | {"mine": True, "stale_text": stale.sentence()}
        return render(request, "models_registry/plans/kept.html", context, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(kind.url(kind.plural))


@require_http_methods(["GET", "POST"])
def kept_copy(request, kind: KeptKind):
    if not may(request.user, Action.RUN_ROUNDS):
        raise PermissionDenied
    year = year_asked(request, default=timezone.localdate().year)
    owners = owners_for(request.user, timezone.localdate())
    form = CopyForm(request.POST or None, rows=kind.model.objects.ending_in(year - 1).filter(owner__in=owners))
    context = {"kind": kind, "urls": kind.urls(), "form": form, "year": year, "before": year - 1}
    if request.method == "POST" and form.is_valid():
        made = keeping.copy_to_year(form.cleaned_data["rows"], year, by=request.user, at=timezone.now())
        messages.success(request, _("Đã chép %(count)d mục sang năm %(year)d.") % {"count": len(made), "year": year})
        return redirect(f"{kind.url(kind.plural)}?year={year}")
    status = 422 if request.method == "POST" else 200
    return render(request, "models_registry/plans/kept_copy.html", context, status=status)
