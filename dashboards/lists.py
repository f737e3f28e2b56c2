"""The lists behind a figure as files: the works a number counts, units by rank, units that owe."""

from fractions import Fraction
from functools import partial

from django.http import Http404
from django.utils.translation import gettext as _

from completion.models import FrozenUnit
from completion.queries import ranking_below
from completion.queries.behind import reading_of
from completion.queries.explained import Behind
from completion.queries.figures import Passport, passport_of
from completion.services import note_taking
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, RATES, SILENT, Choice
from dashboards.definitions import DEFINITIONS, told
from dashboards.opening import opened
from dashboards.queries import MISSING, silent_units
from models_registry.masking import shown_item
from organizations.lists import Listing
from organizations.models import Unit
from vietnamese.searching import asked


def items_file(request, pk) -> Listing:
    page = opened(request, pk)
    choice = page["choice"]
    reading = reading_of(page["unit"], choice.quarter, choice.revision)
    if choice.rate not in ITEM_RATES or reading is None:
        raise Http404
    parts = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
    terms = asked(request.GET.get("q", "")).terms
    return Listing(
        title=f"{page['unit'].name}: {parts[choice.part]}",
        heads=[_("Số việc"), _("Việc"), _("Cá nhân"), _("Đơn vị"), _("Vì sao")],
        rows=Behind(reading, choice.rate, choice.part, kind=choice.kind, terms=terms),
        line=lambda one: _work_cells(one, shown_item(one.item, request.user)),
        note=_noting(page["unit"], reading.revision.pk, reading.revision.sealed),
        above=_above(passport_of(reading.revision), choice),
    )


def _work_cells(row, shown: dict) -> list:
    return [row.item.pk, shown["title"], shown["subject"], row.unit_name, row.reason]


def ranking_file(request, pk) -> Listing:
    page, unit_kind = opened(request, pk), request.GET.get("unit_kind", "")
    choice = page["choice"]
    if unit_kind and unit_kind not in Unit.Kind.values:
        raise Http404
    found = ranking_below(
        page["unit"],
        choice.quarter,
        rate=choice.rate,
        kind=choice.kind,
        unit_kind=unit_kind or None,
        number=choice.revision,
    )
    if found is None:
        raise Http404
    ranked, rows, passport = found
    return Listing(
        title=f"{page['unit'].name}: {RATES[choice.rate]}",
        heads=[_("Hạng"), _("Mã đơn vị"), _("Đơn vị"), "n", "N", "X", _("Tỷ lệ")],
        rows=[(place, rows[unit], rows[unit].rate(choice.rate)) for place, unit in ranked.ranked],
        line=lambda one: [one[0], one[1].code, one[1].name, one[2].n, one[2].base, one[2].x, _share(one[2])],
        note=_noting(page["unit"], passport.revision_id, passport.sealed),
        above=_above(passport, choice),
    )


def _above(passport: Passport, choice: Choice) -> list[str]:
    """Return the lines that say what a list counts and where its figures come from."""
    lines = [f"{RATES[choice.rate]}. {DEFINITIONS[choice.rate]}", choice.kind_label]
    return lines + [f"{what}: {value}" for what, value in told(passport)]


def _noting(unit: Unit, revision_id: int, sealed: bool):
    """Return what notes that a list of a sealed revision was taken; None of one that changes anyway."""
    return partial(note_taking, revision_id, unit, "xlsx") if sealed else None


def _share(rate) -> Fraction | None:
    return Fraction(rate.n, rate.base) if rate.base else None


def missing_file(request, pk) -> Listing:
    page, what = opened(request, pk), request.GET.get("what", "registered")
    choice = page["choice"]
    found = silent_units(page["unit"], choice.quarter, what, number=choice.revision) if what in MISSING else None
    if found is None:
        raise Http404
    silent, revision = found
    names = dict(FrozenUnit.objects.filter(revision=revision).values_list("unit_id", "name"))
    return Listing(
        title=str(SILENT[what]),
        heads=[_("Mã đơn vị"), _("Đơn vị"), _("Trực thuộc")],
        rows=silent,
        line=lambda one: [one.code, one.name, names.get(one.parent_id, "")],
        note=_noting(page["unit"], revision.pk, revision.sealed),
        above=[f"{what}: {value}" for what, value in told(passport_of(revision))],
    )
