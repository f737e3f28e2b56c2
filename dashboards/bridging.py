"""Why a rate moved: the bridge between two revisions of one unit, its chart, and the works of each step."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from completion.bridges import BRIDGED, Step
from completion.keeping import bridge_of
from completion.models import Revision
from completion.queries.behind import Reading
from completion.queries.bridge import (
    Bridge,
    Moved,
    Works,
    reading_from,
    revisions_to_compare,
    told_steps,
    usual_start,
)
from completion.queries.corrected import corrected_in
from completion.queries.explained import reasons_on
from completion.queries.figures import Rate, passport_of
from completion.queries.sealed import items_of
from completion.shares import difference_text
from dashboards.choices import RATES, Choice
from dashboards.definitions import DEFINITIONS, state_text, told
from dashboards.opening import opened
from dashboards.taking import noting
from dashboards.waterfall import signed, waterfall
from journal.lists import CHUNK, Listing, listed
from models_registry.masking import shown_item
from vietnamese.display import quarter_text

PER_PAGE = 50
STEPS = {
    Step.NEWLY: gettext_lazy("Mới đến hạn"),
    Step.COMPLETED: gettext_lazy("Hoàn thành"),
    Step.RECOVERED: gettext_lazy("Khắc phục việc quá hạn"),
    Step.REVOKED: gettext_lazy("Hủy xác nhận, tái phát"),
    Step.EXCLUDED: gettext_lazy("Được loại trừ"),
    Step.MOVED_IN: gettext_lazy("Chuyển đến"),
    Step.MOVED_OUT: gettext_lazy("Chuyển đi"),
    Step.LEFT: gettext_lazy("Hết kỳ"),
    Step.CORRECTED: gettext_lazy("Đính chính"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What a page of a bridge is about: both readings, the bridge between them, and how its address names it."""

    before: Reading
    after: Reading
    bridge: Bridge
    choice: Choice
    address: str

    def label(self, step: Step) -> str:
        return str(_("Mới được duyệt") if step is Step.NEWLY and self.choice.rate == "r3" else STEPS[step])

    def rate(self, reading: Reading, counts: tuple[int, int]) -> Rate:
        return Rate.of(self.choice.rate, *counts, 0, reading.revision.period.thresholds)


def bridge_file(request, pk) -> Listing:
    page, compared = _compared(request, pk)
    if compared is None:
        raise Http404
    lines = [(label, n, base) for label, n, base, _works, _url in _rows(compared, pk)]
    ends = [(edition_text(r.revision), *c) for r, c in _ends(compared)]
    passports = (told(passport_of(reading.revision)) for reading in (compared.before, compared.after))
    rate = compared.choice.rate
    return Listing(
        title=_("%(unit)s: vì sao tỷ lệ thay đổi") % {"unit": page["unit"].name},
        heads=[_("Bước"), "n", "N"],
        rows=[ends[0], *lines, ends[1]],
        line=lambda one: list(one),
        note=_noting(page, compared),
        above=[
            f"{RATES[rate]}. {DEFINITIONS[rate]}",
            compared.choice.kind_label,
            *(" · ".join(f"{what}: {value}" for what, value in lines) for lines in passports),
        ],
    )


def _noting(page: dict, compared: Compared):
    ends = (compared.before.revision, compared.after.revision)
    return noting(page["unit"], [(one.pk, one.sealed) for one in ends])


@listed(bridge_file)
@require_safe
def bridge(request, pk):
    """Show why n and N of a rate moved between two revisions, in steps that add up exactly, each with its works."""
    page, compared = _compared(request, pk)
    if compared:
        (before, was), (after, now) = _ends(compared)
        first, last = edition_text(before.revision), edition_text(after.revision)
        steps = _rows(compared, pk)
        page |= {
            "first": (first, compared.rate(before, was)),
            "last": (last, compared.rate(after, now)),
            "passports": [passport_of(before.revision), passport_of(after.revision)],
            "steps": [(label, signed(n), signed(base), works, url) for label, n, base, works, url in steps],
            "chart": waterfall((first, *was), [step[:3] for step in steps], (last, *now)),
            "difference": difference_text(*now, *was),
        }
    return render(request, "dashboards/bridge.html", page, status=200 if page["form"].is_valid() else 422)


def step_file(request, pk) -> Listing:
    page, compared, step, moved = _step(request, pk)
    ends = [edition_text(reading.revision) for reading in (compared.before, compared.after)]
    return Listing(
        title=f"{page['unit'].name}: {compared.label(step)}",
        heads=[_("Việc"), _("Cá nhân"), *ends],
        rows=_Rows(compared, moved, request.user),
        line=list,
        note=_noting(page, compared),
    )


@listed(step_file)
@require_safe
def step(request, pk):
    """List the works of one step of a bridge, each with why it counted before and why it does now."""
    page, compared, chosen, moved = _step(request, pk)
    listed_here = Paginator(moved, PER_PAGE).get_page(request.GET.get("page"))
    n, base = compared.bridge.sums[chosen]
    page |= {
        "heading": compared.label(chosen),
        "counts": _("n: %(n)s · N: %(base)s") % {"n": signed(n), "base": signed(base)},
        "back": f"{reverse('dashboards:bridge', args=[pk])}?{compared.address}",
        "ends": [edition_text(reading.revision) for reading in (compared.before, compared.after)],
        "page_obj": listed_here,
        "rows": [
            (item, shown_item(item, request.user), was, now)
            for item, was, now in explained(listed_here.object_list, compared)
        ],
    }
    return render(request, "dashboards/bridge_step.html", page, status=200 if page["form"].is_valid() else 422)


def explained(moved: list[Moved], compared: Compared) -> list[tuple]:
    """Return (item, why it counted or not before, and after; "" where the unit had no part in it).

    Three queries, and one for each side that was corrected.
    """
    found, sides = items_of(one.line.code for one in moved), []
    for reading, name in ((compared.before, "before"), (compared.after, "after")):
        lines = [line for one in moved if (line := getattr(one, name))]
        if reading.revision.number > 1:
            reading = replace(reading, corrected=corrected_in(reading.revision))
        sides.append((reading, [(found[line.code], line) for line in lines if line.code in found]))
    told_of = [
        {row.item.pk: f"{row.unit_name}: {row.reason}" for row in rows}
        for rows in reasons_on(sides, rate=compared.choice.rate)
    ]
    items = [found[one.line.code] for one in moved]
    return [(item, *(side.get(item.pk, "") for side in told_of)) for item in items]


class _Rows:
    """The cells of a file's rows, with why each counted read by the thousand."""

    def __init__(self, compared: Compared, moved: Works, user):
        self.compared, self.moved, self.user = compared, moved, user

    def __len__(self) -> int:
        return len(self.moved)

    def __iter__(self) -> Iterator[list]:
        for start in range(0, len(self.moved), CHUNK):
            for item, was, now in explained(self.moved[start : start + CHUNK], self.compared):
                shown = shown_item(item, self.user)
                yield [shown["title"], shown["subject"], was, now]


def edition_text(revision: Revision) -> str:
    """Return "Quý I/2026, đã chốt, bản 1"."""
    period = revision.period
    return f"{quarter_text(period.quarter, period.year)}, {state_text(passport_of(revision)).lower()}"


def _compared(request, pk) -> tuple[dict, Compared | None]:
    """Return the page and what it compares; None where there are not two revisions. Some eight queries."""
    page = opened(request, pk)
    choice = page["choice"] if page["choice"].rate in BRIDGED else replace(page["choice"], rate="r2")
    revisions = revisions_to_compare(page["unit"])
    end = _chosen(revisions, request.GET.get("to")) or _of_quarter(revisions, choice)
    start = _chosen(revisions, request.GET.get("since")) or (usual_start(revisions, end) if end else None)
    page |= {"choice": choice, "rate_label": RATES[choice.rate], "address": choice.address, "compared": None}
    page |= {
        "rates": [(code, RATES[code], code == choice.rate) for code in BRIDGED],
        "editions": [(_key(one), edition_text(one), one == start, one == end) for one in revisions],
    }
    if not (start and end) or revisions.index(start) <= revisions.index(end):
        return page, None
    before, after = (reading_from(one, page["unit"]) for one in (start, end))
    address = f"{choice.address}&since={_key(start)}&to={_key(end)}"
    built = bridge_of(before, after, choice.rate, kind=choice.kind)
    compared = Compared(before, after, built, choice, address)
    return page | {"compared": compared}, compared


def _step(request, pk):
    page, compared = _compared(request, pk)
    chosen = request.GET.get("step")
    if compared is None or chosen not in compared.bridge.items:
        raise Http404
    return page, compared, Step(chosen), compared.bridge.items[Step(chosen)]


def _rows(compared: Compared, pk: int) -> list[tuple]:
    """Return (label, difference of n, of N, how many works, the list of them) of each step."""
    address = f"{reverse('dashboards:bridge_step', args=[pk])}?{compared.address}"
    steps = told_steps(compared.bridge)
    return [(compared.label(one), n, base, works, f"{address}&step={one}") for one, n, base, works in steps]


def _ends(compared: Compared) -> list[tuple[Reading, tuple[int, int]]]:
    return [(compared.before, compared.bridge.start), (compared.after, compared.bridge.end)]


def _key(revision: Revision) -> str:
    return f"{revision.period.as_quarter}.{revision.number}"


def _chosen(revisions: list[Revision], key: str | None) -> Revision | None:
    return next((one for one in revisions if _key(one) == key), None)


def _of_quarter(revisions: list[Revision], choice: Choice) -> Revision | None:
    here = (one for one in revisions if one.period.as_quarter == choice.quarter)
    return next((one for one in here if choice.revision in (None, one.number)), None)
