"""A unit's year month by month: when works fall due, how many of them are done, when confirmations come."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from completion.drawings import Lane, heat_strip
from completion.queries import overview_of
from completion.queries.changes import changes_of
from completion.queries.figures import Passport
from completion.queries.rhythm import Rhythm, rhythm_of
from dashboards.choices import Choice
from dashboards.opening import opened
from dashboards.pictures import Chart, children_chart, quarters_chart, trend_title, two_years
from dashboards.taking import noting
from vietnamese.display import number_text

MONTHS = [str(month) for month in range(1, 13)]


@require_safe
def rhythm(request, pk):
    """Show the year of the quarter asked for as a strip of months, with its table."""
    page = opened(request, pk)
    choice = page["choice"]
    page |= {
        "chart": rhythm_chart(rhythm_of(page["unit"], choice.quarter.year, kind=choice.kind), choice.quarter.year),
        "now": timezone.now(),
    }
    return render(request, "dashboards/rhythm.html", page, status=200 if page["form"].is_valid() else 422)


def rhythm_chart(found: Rhythm, year: int, *, paper: bool = False) -> Chart:
    """Return the strip of a year: three lanes over twelve months."""
    lanes = [
        _lane(_("Việc đến hạn trong tháng"), found.due),
        _lane(_("Trong số đến hạn, đã hoàn thành"), found.done),
        _lane(_("Việc được xác nhận trong tháng"), found.confirmed),
    ]
    title = _("Nhịp công việc năm %(year)s, theo tháng") % {"year": year}
    busiest = max(range(12), key=lambda at: found.due[at])
    said = {"month": busiest + 1, "count": number_text(found.due[busiest])}
    desc = _("Nhiều việc đến hạn nhất: tháng %(month)s, %(count)s việc. Số liệu ở bảng bên dưới.") % said
    none = _("không có việc nào")
    drawing = heat_strip(lanes, columns=MONTHS, ident="rhythm", title=title, desc=desc, none=none, paper=paper)
    rows = [(month, [(lane.label, lane.counts[at]) for lane in lanes]) for at, month in enumerate(MONTHS)]
    rows.append((_("Cả năm"), [(lane.label, sum(lane.counts)) for lane in lanes]))
    return Chart(title, drawing, rows, _("Tháng"))


def _lane(label: str, counts: Sequence[int]) -> Lane:
    said = _("Tháng %(month)s: %(count)s việc")
    titles = [said % {"month": month, "count": number_text(count)} for month, count in zip(MONTHS, counts, strict=True)]
    return Lane(label, counts, titles)


@require_safe
def picture(request, pk, name):
    """Send a chart of a unit as a drawing that stands alone, in black and white, to be put into a report."""
    if name not in ("children", "trend", "rhythm"):
        raise Http404
    page = opened(request, pk)
    chart, shown = _drawn(page, name)
    if chart is None:
        raise Http404
    if note := noting(page["unit"], [(one.revision_id, one.sealed) for one in shown], "print"):
        note(by=request.user, at=timezone.now())
    file = f'attachment; filename="{name}-{str(page["choice"].quarter).lower()}.svg"'
    return HttpResponse(chart.drawing.svg, content_type="image/svg+xml", headers={"Content-Disposition": file})


def _drawn(page: dict, name: str) -> tuple[Chart | None, list[Passport]]:
    """Return a chart, None where there is nothing to draw, and whose figures it shows."""
    choice: Choice = page["choice"]
    if name == "rhythm":
        year = choice.quarter.year
        return rhythm_chart(rhythm_of(page["unit"], year, kind=choice.kind), year, paper=True), []
    quarters = two_years(choice.quarter)
    overview = overview_of(page["unit"], choice.quarter, trend=quarters, kind=choice.kind, number=choice.revision)
    if overview.table is None:
        return None, []
    if name == "children":
        return children_chart(overview.table, choice, paper=True), [overview.table.passport]
    broken = changes_of(page["unit"], quarters).broken
    chart = quarters_chart(page["unit"], choice, overview.trend, title=trend_title(choice), broken=broken, paper=True)
    return chart, [passport for _quarter, passport, _row in filter(None, overview.trend)]
