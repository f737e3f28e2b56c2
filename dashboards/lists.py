"""The lists behind a figure as files: the works a number counts, units by rank, units that owe."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from django.http import Http404
from django.utils.translation import gettext as _

from completion.models import FrozenUnit
from completion.queries import ranking_below
from completion.queries.behind import behind, reading_of, with_reasons
from completion.services import note_taking
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, RATES, SILENT
from dashboards.opening import opened
from dashboards.queries import MISSING, silent_units
from models_registry.masking import shown_item
from organizations.lists import CHUNK, Listing
from organizations.models import Unit


class _Explained:
    """The works behind a number, each with why it counts, read by the thousand; what a Listing goes through."""

    def __init__(self, found, reading, rate: str):
        self.found, self.reading, self.rate = found, reading, rate

    def __len__(self) -> int:
        return self.found.count()

    def __iter__(self) -> Iterator:
        keys = list(self.found.values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            found = self.found.model.objects.select_related("unit", "measure", "dossier__round")
            works = found.in_bulk(keys[start : start + CHUNK])
            yield from with_reasons([works[pk] for pk in keys[start : start + CHUNK]], self.reading, rate=self.rate)


def items_file(request, pk) -> Listing:
    page = opened(request, pk)
    choice = page["choice"]
    reading = reading_of(page["unit"], choice.quarter, choice.revision)
    if choice.rate not in ITEM_RATES or reading is None:
        raise Http404
    parts = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
    found = behind(reading, choice.rate, choice.part, kind=choice.kind)
    return Listing(
        title=f"{page['unit'].name}: {parts[choice.part]}",
        heads=[_("Số việc"), _("Việc"), _("Cá nhân"), _("Đơn vị"), _("Vì sao")],
        rows=_Explained(found, reading, choice.rate),
        line=lambda one: _work_cells(one, shown_item(one.item, request.user)),
        note=_noting(page["unit"], reading.revision.pk, reading.revision.sealed),
    )


def _work_cells(row, shown: dict) -> list:
    return [row.item.pk, shown["title"], shown["subject"], row.item.unit.name, row.reason]


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
    )


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
    )
