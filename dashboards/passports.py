"""A figure's passport: one rate of one unit, what it counts, where it comes from, and its every revision."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from completion.bridges import BRIDGED
from completion.models import FrozenUnit
from completion.queries.figures import passport_of, revisions_of, rows_of
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, SILENT
from dashboards.definitions import DEFINITIONS, told
from dashboards.links import UNITS_BEHIND, Links
from dashboards.opening import opened


@require_safe
def passport(request, pk):
    """Show one rate with its numbers, each leading to what makes it, and all that is known of its making."""
    page = opened(request, pk)
    choice = page["choice"]
    editions = _editions(page["unit"], choice)
    shown = next((one for one in editions if choice.revision in (None, one[0].revision)), None)
    if shown is None:
        raise Http404
    page |= {
        "passport": shown[0],
        "rate": shown[1],
        "editions": editions,
        "definition": DEFINITIONS[choice.rate],
        "is_bridged": choice.rate in BRIDGED,
        "told": list(told(shown[0])),
        "counts": Links.of(choice).counts(pk, shown[1]),
        "parts": _parts(choice, pk, shown[1]),
    }
    return render(request, "dashboards/passport.html", page, status=200 if page["form"].is_valid() else 422)


def _parts(choice, unit: int, rate) -> list[tuple]:
    """Return (what it is called, how many, the list it opens) of n, N, what is missing, and X."""
    links, numbers = Links.of(choice), {"n": rate.n, "N": rate.base, "rest": rate.base - rate.n, "X": rate.x}
    if choice.rate in ITEM_RATES:
        names = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
        return [(names[part], number, links.part(unit, rate.code, part)) for part, number in numbers.items()]
    units = dict(zip(("n", "N", "X"), UNITS_BEHIND[choice.rate], strict=True))
    return [(SILENT[what], numbers[part], links.part(unit, rate.code, part)) for part, what in units.items()]


def _editions(unit, choice) -> list[tuple]:
    """Return (passport, rate) of every revision of the quarter that holds the unit, newest first; three queries."""
    revisions = list(revisions_of(unit, choice.quarter).newest_first())
    if any(revision.sealed for revision in revisions):
        revisions = [revision for revision in revisions if revision.sealed]
    places = FrozenUnit.objects.filter(unit=unit, revision__in=revisions)
    rows = {row.revision: row for row in rows_of(places, kind=choice.kind)}
    found = []
    for revision in revisions:
        rows[revision.pk].thresholds = revision.period.thresholds
        found.append((passport_of(revision), rows[revision.pk].rate(choice.rate)))
    return found
