"""The lists behind a figure as files: the works a number counts, units by rank, units that owe."""

from django.http import Http404
from django.utils.translation import gettext as _

from completion.models import FrozenUnit
from completion.queries.behind import reading_of
from completion.queries.explained import Behind
from completion.queries.figures import passport_of
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, SILENT
from dashboards.definitions import above_of, told
from dashboards.opening import opened
from dashboards.queries import MISSING, silent_units
from dashboards.taking import noting
from journal.lists import Listing
from models_registry.masking import shown_item
from models_registry.querysets.conflicts import barred_at_work
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
        rows=Behind(
            reading, choice.rate, choice.part, kind=choice.kind, terms=terms, unseen=barred_at_work(request.user)
        ),
        line=lambda one: _work_cells(one, shown_item(one.item, request.user)),
        note=noting(page["unit"], [(reading.revision.pk, reading.revision.sealed)]),
        above=above_of(passport_of(reading.revision), choice),
    )


def _work_cells(row, shown: dict) -> list:
    return [row.item.pk, shown["title"], shown["subject"], row.unit_name, row.reason]


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
        note=noting(page["unit"], [(revision.pk, revision.sealed)]),
        above=[f"{what}: {value}" for what, value in told(passport_of(revision))],
    )
