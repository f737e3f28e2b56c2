"""A figure's passport: one rate of one unit, what it counts, where it comes from, and its every revision."""

from collections.abc import Iterator
from functools import partial

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from completion.bridges import BRIDGED
from completion.models import FrozenUnit
from completion.queries.figures import passport_of, revisions_of, rows_of
from completion.services import note_taking
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, RATES, SILENT
from dashboards.definitions import DEFINITIONS, state_text, told
from dashboards.links import UNITS_BEHIND, Links
from dashboards.opening import opened
from journal.jobs import start_job
from journal.lists import Listing, listed
from journal.sending import once
from models_registry.documents import pdf
from vietnamese.display import instant_text, number_text


def passport_file(request, pk) -> Listing:
    """Return all a figure's page says of it as a file: what is counted, where it comes from, every revision."""
    page = shown_passport(request, pk)
    passport, choice = page["passport"], page["choice"]
    sealed = partial(note_taking, passport.revision_id, page["unit"], "xlsx") if passport.sealed else None
    return Listing(
        title=f"{page['unit'].name}: {RATES[choice.rate]}",
        heads=[_("Điều cần biết"), _("Giá trị")],
        rows=list(lines_of(page)),
        line=list,
        note=sealed,
        above=[str(page["definition"]), choice.kind_label],
    )


@listed(passport_file)
@require_safe
def passport(request, pk):
    """Show one rate with its numbers, each leading to what makes it, and all that is known of its making."""
    page = shown_passport(request, pk)
    choice, rate = page["choice"], page["rate"]
    page |= {
        "is_bridged": choice.rate in BRIDGED,
        "told": list(told(page["passport"])),
        "counts": Links.of(choice).counts(pk, rate),
        "parts": _parts(choice, pk, rate),
        "can_draw": pdf.can_draw(),
    }
    return render(request, "dashboards/passport.html", page, status=200 if page["form"].is_valid() else 422)


@require_POST
def passport_paper(request, pk):
    """Start drawing a figure's passport as a PDF; out of sight like the page itself."""
    return begin_paper(request, shown_passport(request, pk), _("Lý lịch của %(rate)s: %(unit)s"))


def begin_paper(request, page: dict, title: str, **more):
    """Start drawing the passport that a page shows, once for a form sent twice, and lead to its progress."""
    if not pdf.can_draw():
        raise Http404
    arguments = {
        "unit": page["unit"].pk,
        "address": page["address"],
        "post": request.user.post.pk,
        "language": request.LANGUAGE_CODE,
    }
    with once(request) as sending:
        job = start_job(
            "dashboards.tasks.draw_passport",
            title=title % {"rate": RATES[page["choice"].rate], "unit": page["unit"].name},
            arguments=arguments | more,
            owner=request.user,
            at=timezone.now(),
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


def shown_passport(request, pk) -> dict:
    """Return the page of one rate: its figure, its making and its revisions; of a request `user` and `GET` alone."""
    page = opened(request, pk)
    choice = page["choice"]
    editions = _editions(page["unit"], choice)
    shown = next((one for one in editions if choice.revision in (None, one[0].revision)), None)
    if shown is None:
        raise Http404
    passport, rate = shown
    return page | {
        "passport": passport,
        "rate": rate,
        "editions": editions,
        "definition": DEFINITIONS[choice.rate],
    }


def lines_of(page: dict) -> Iterator[tuple]:
    """Yield (what, value) of a figure and all that is known of its making, its numbers as numbers."""
    rate = page["rate"]
    yield from (("n", rate.n), ("N", rate.base), ("X", rate.x))
    yield str(RATES[rate.code]), rate.text
    yield from told(page["passport"])
    for one, of_it in page["editions"][1:] if len(page["editions"]) > 1 else ():
        counts = f"{of_it.text} ({number_text(of_it.n)}/{number_text(of_it.base)})"
        yield f"{state_text(one)}, {instant_text(one.as_of)}", counts


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
