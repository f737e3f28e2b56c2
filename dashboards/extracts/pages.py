"""The pages of year-end extracts: the year of a unit at a glance, what was made of it, and its files."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from completion.extracting import note_extract_taken
from completion.models import Extract
from completion.quarters import Quarter
from completion.queries.extracts import extracts_of
from completion.queries.figures import trend_of
from dashboards.beginning import begin
from dashboards.choices import MOST_YEARS, RATES, Choice
from dashboards.links import Links
from dashboards.opening import refuse_unread
from dashboards.packs.pages import CONTENT_TYPES
from dashboards.queries import start_unit
from models_registry.documents import pdf
from models_registry.kept_files import SEALED
from organizations.models import Unit
from reviews.check_codes import shown
from vietnamese.display import DASH, quarter_text
from vietnamese.folding import slug


@require_safe
def start(request):
    """Lead to the extracts of the unit a person answers for."""
    refuse_unread(request)
    pk = start_unit(request.user)
    if pk is None:
        raise PermissionDenied
    return redirect("extracts:unit", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request, pk):
    """Show a unit's year by its quarters and the extracts made of it; begin another."""
    found, year = _unit(request, pk), _year(request)
    if request.method == "POST":
        said = {"year": year, "unit": found.name}
        title = _("Bản trích năm %(year)d: %(unit)s") % said
        return begin(request, found, "dashboards.tasks.make_extract_shown", title, year=year)
    quarters = trend_of(found, [Quarter(year, number) for number in (1, 2, 3, 4)])
    context = {
        "unit": found,
        "year": year,
        "years": range(localdate().year, max(found.valid_from.year, localdate().year - MOST_YEARS) - 1, -1),
        "heads": [quarter_text(number) for number in (1, 2, 3, 4)],
        "rows": _rates(found, quarters),
        "states": [(quarter_text(n), one and one[1]) for n, one in enumerate(quarters, start=1)],
        "is_final": all(one and one[1].sealed for one in quarters),
        "made": [(one, shown(one.code)) for one in extracts_of(request.user, found, year)[:20]],
        "has_below": Unit.objects.below(found, include_self=False).exists(),
        "names_people": request.user.post.unit_id == found.pk,
        "can_draw": pdf.can_draw(),
    }
    return render(request, "dashboards/extracts/unit.html", context)


def _rates(found: Unit, quarters) -> list[tuple]:
    """Return (what a rate is called, its text and counts in each quarter), each leading to what makes it."""
    rows = []
    for code, label in RATES.items():
        cells = []
        for one in quarters:
            if one is None:
                cells.append((DASH, ""))
                continue
            quarter, _passport, row = one
            links, rate = Links.of(Choice(quarter, rate=code)), row.rate(code)
            cells.append((links.text(found.pk, rate), links.counts(found.pk, rate) if rate.base or rate.x else ""))
        rows.append((label, cells))
    return rows


@require_POST
def below(request, pk):
    """Begin the workbook of the year of every unit below one."""
    found, year = _unit(request, pk), _year(request)
    said = {"year": year, "unit": found.name}
    title = _("Trích năm %(year)d, các đơn vị bên dưới: %(unit)s") % said
    return begin(request, found, "dashboards.tasks.write_extracts_below", title, year=year)


@require_safe
def extract(request, pk):
    """Show one extract: whose year, its files, its check code."""
    found = _found(request, pk)
    context = {"extract": found, "unit": found.unit, "code": shown(found.code), "year": str(found.year)}
    context["files"] = list(found.files.all())
    return render(request, "dashboards/extracts/extract.html", context)


@require_safe
def file(request, pk, form):
    """Hand out a file of an extract as it was made, and note who took it away."""
    found = _found(request, pk)
    kept = next((one for one in found.files.all() if one.form == form), None)
    if kept is None:
        raise Http404
    note_extract_taken(found, form, by=request.user, at=timezone.now())
    name = f"{slug(found.title)[:80].strip('-')}.{form}"
    answer = FileResponse(kept.file.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
    for header, value in SEALED.items():
        answer[header] = value
    answer["Cache-Control"] = "private, no-store"
    return answer


def _unit(request, pk) -> Unit:
    refuse_unread(request)
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _year(request) -> int:
    """Return the year asked for, this one where nothing sensible was."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else localdate().year
    return year if localdate().year - MOST_YEARS <= year <= localdate().year else localdate().year


def _found(request, pk) -> Extract:
    refuse_unread(request)
    seen = Extract.objects.visible_to(request.user).select_related("unit", "made_by")
    return get_object_or_404(seen.prefetch_related("files"), pk=pk)
