"""What is worked out once for all who sit alike finds before each of them what `visible_to` finds."""

import datetime as dt

import pytest

from completion.queries import corrections
from journal.services import record, tell_about_new_events
from models_registry.queries import dossiers, members, plans
from organizations import queries as organizations
from organizations.models import Person
from portal import views
from progress.queries.awaiting import _own_counts, _untouched_below
from reviews.queries import awaited
from tests.factories import AT
from tests.models_registry import plans as make_plans
from tests.models_registry import registry_factories as make

DAY = dt.timedelta(days=1)
SIGHTS = {
    "owed": plans.owed_by,
    "members": members._registered,
    "held": dossiers._held,
    "works": _own_counts,
    "untouched": _untouched_below,
    "uncounted": organizations._to_count,
    "overrides": awaited._asked_below,
    "corrections": corrections._counted,
    "rounds": views._rounds,
    "notices": views._notices,
}
OF_A_DAY = SIGHTS.keys() - {"overrides", "corrections", "notices"}
SEATS = ("secretary", "other_secretary", "committee", "leader")


@pytest.fixture
def seated(district):
    """Return who acts for the units of a district in which each of them has something before them."""
    opened = make_plans.round_of(district.board)
    for cell, secretary in ((district.cell, district.secretary), (district.other_cell, district.other_secretary)):
        make_plans.obligation(opened, district, unit=cell)
        model = make.dossier(cell, secretary, opened)
        due = (AT + 9 * DAY).date()
        make.item(model, state="in_progress", approved_at=AT, due_on=due, due_in_force=due)
        record("x", subject="x", subject_id=1, by=None, at=AT, tell=[secretary], text=cell.name)
    make.dossier(district.cell, district.secretary, opened, title="Bản thứ hai")
    tell_about_new_events(at=AT)
    people = [Person.objects.at_the_door(getattr(district, name).pk, AT) for name in SEATS]
    return [person.acting_as(person.current_posts[0]) for person in people]


@pytest.mark.parametrize("name", SIGHTS)
def test_each_is_told_what_is_in_the_own_sight_and_nothing_of_who_asked_before(seated, name):
    sight, shape = SIGHTS[name], [AT.date()] if name in OF_A_DAY else []
    found = [sight(user, *shape) for user in seated]
    assert found == [sight.afresh(user, *shape) for user in seated]
    if name in ("owed", "notices"):
        assert found[0] != found[1] and found[0] and found[1]
    if name == "held":
        assert [one["drafts"] for (one,) in found[:2]] == [2, 1]
    if name == "untouched":
        assert found == [1, 1, 1, 2]
