"""Two administrators at once on a real database: one decision stands, whole."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from models_registry.models import WorkItem
from organizations.models import Reorganisation, Unit
from progress.models import Fact
from progress.services.leaving_behind import hand_over_items
from progress.services.planning import carry_out_planned, keep_plan
from progress.services.reorganising import reorganise
from tests import factories
from tests.factories import person
from tests.progress import decisions, making
from tests.progress.decisions import NOW, merge, plan
from tests.threads import at_once

DAY_AHEAD, ON_IT = dt.date(2026, 4, 1), making.instant("2026-04-01", 1)
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    found = decisions.two_cells(factories.district())
    found.other = person(found.top, "administrator")
    return found


def test_two_merges_of_the_same_cells_are_one(world):
    outcomes = at_once(
        lambda: reorganise(merge(world), by=world.administrator, at=NOW),
        lambda: reorganise(merge(world, code="CB-N"), by=world.other, at=NOW),
    )
    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [ValidationError]
    assert Reorganisation.objects.count() == Unit.objects.filter(code__in=["CB-M", "CB-N"]).count() == 1
    assert Fact.objects.count() == 3


def test_a_work_handed_over_twice_at_once_goes_to_one(world):
    reorganise(plan("dissolve", [world.cell]), by=world.administrator, at=NOW)
    item = WorkItem.objects.filter(unit=world.cell).first()
    outcomes = at_once(
        lambda: hand_over_items([item.pk], world.second, by=world.administrator, at=NOW),
        lambda: hand_over_items([item.pk], world.commune, by=world.other, at=NOW),
    )
    assert sorted(one for one in outcomes if one == 1) == [1]
    assert item.facts.count() == 1


class Killed(Exception):
    pass


def test_two_workers_carry_a_plan_out_once_and_a_kill_before_its_end_leaves_it_waiting(world):
    kept = keep_plan(merge(world, on=DAY_AHEAD), by=world.administrator, at=NOW)
    with pytest.raises(Killed), transaction.atomic():
        assert carry_out_planned(kept.pk, at=ON_IT)
        raise Killed
    kept.refresh_from_db()
    assert (kept.state, Reorganisation.objects.exists(), Fact.objects.exists()) == ("waiting", False, False)
    outcomes = at_once(*[lambda: carry_out_planned(kept.pk, at=ON_IT)] * 2)
    assert sorted(outcomes) == [False, True]
    assert Reorganisation.objects.count() == Unit.objects.filter(code="CB-M").count() == 1
    assert Fact.objects.count() == 3
