"""Makes two cells that merge, and decisions on them."""

import datetime as dt

from models_registry.models import Dossier, Obligation
from organizations.models import HeadCount
from organizations.services import end_unit
from organizations.services.reorganising import Decision, Founded
from progress.services.plans import Plan
from tests import factories
from tests.factories import AT, FOUNDED, person
from tests.progress import making

NOW = making.instant("2026-03-01", 12)
DAY = dt.date(2026, 2, 15)


def two_cells(district):
    """The district's cell with a done and an open work, a second cell with one, and a sheet each in one round."""
    district.second = factories.unit("Chi bộ ấp 2", parent=district.commune)
    district.other_secretary = person(district.second, "secretary", "Trần Thị Hai")
    first, second = (making.sheet(unit, district.board) for unit in (district.cell, district.second))
    Dossier.objects.filter(pk=second.pk).update(round=first.round)
    making.item(first, state="completed", completed_on=dt.date(2026, 2, 1), confirmed_at=AT)
    making.item(first)
    making.item(second)
    for unit, members in ((district.cell, 20), (district.second, 15)):
        Obligation.objects.create(round=first.round, unit=unit, owes="registration_sheet")
        HeadCount.objects.create(unit=unit, valid_from=FOUNDED, members=members, recorded_at=AT)
    return district


def plan(kind, units, *, on=DAY, decided_on=dt.date(2026, 2, 10), **asks):
    return Plan(Decision(kind, "12-QĐ/HU", decided_on, on), units, **asks)


def merge(world, *, code="CB-M", **asks):
    founded = Founded(code, "Chi bộ ấp Mới", "cell", world.commune)
    return plan("merge", [world.cell, world.second], founds=[founded], **asks)


def end(*units, on):
    for unit in units:
        end_unit(unit, on=on, by=None, at=NOW)
