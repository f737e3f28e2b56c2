"""Two at once on a real database."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from organizations import services
from organizations.models import ResetCode, Unit
from organizations.queries import tree_on
from organizations.services.attempts import FREE, begin_attempt
from organizations.services.passwords import CodeRefused
from tests import factories
from tests.factories import AT
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DAY = dt.date(2026, 1, 5)


@pytest.fixture
def world(transactional_db):
    return factories.district()


def test_guesses_at_once_are_all_counted(transactional_db):
    outcomes = at_once(*[lambda: begin_attempt("ai.do", "10.0.0.1", at=AT)] * 12)
    assert outcomes.count(None) == FREE
    assert all(outcome is None or outcome == dt.timedelta(seconds=30) for outcome in outcomes)


def test_a_code_used_twice_at_once_opens_once(world):
    code = services.make_reset_code(world.secretary, by=world.administrator, at=AT)
    password = "ba cây chụm lại nên hòn núi cao"
    outcomes = at_once(*[lambda: services.use_reset_code(world.secretary.username, code, password, at=AT)] * 4)
    assert outcomes.count(world.secretary) == 1
    assert sum(isinstance(outcome, CodeRefused) for outcome in outcomes) == 3
    assert ResetCode.objects.get().used_at == AT


def test_a_recovery_code_used_twice_at_once_opens_once(world):
    code = services.make_recovery_codes(world.head, at=AT)[0]
    outcomes = at_once(*[lambda: services.use_recovery_code(world.head, code, at=AT)] * 4)
    assert outcomes.count(9) == 1
    assert sum(isinstance(outcome, CodeRefused) for outcome in outcomes) == 3


def test_two_moves_at_once_close_no_circle(world):
    a, b = world.commune, world.other_commune
    outcomes = at_once(
        lambda: services.move_unit(a, b, on=DAY, by=None, at=AT),
        lambda: services.move_unit(b, a, on=DAY, by=None, at=AT),
    )
    assert sorted(type(outcome) for outcome in outcomes if not isinstance(outcome, Unit)) == [ValidationError]
    parents = tree_on(DAY)
    assert {parents[a.pk], parents[b.pk]} in ({world.top.pk, a.pk}, {world.top.pk, b.pk})


def test_a_role_given_twice_at_once_is_held_once(world):
    give = {"unit": world.cell, "role": "deputy", "starts_at": AT, "by": None, "at": AT}
    outcomes = at_once(*[lambda: services.give_post(world.clerk, **give)] * 4)
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 3
    assert world.clerk.posts.filter(role="deputy").count() == 1


def test_a_user_name_and_a_code_taken_at_once_are_taken_once(world):
    people = at_once(*[lambda: services.add_person(username="a.b", full_name="A B", by=None, at=AT)] * 4)
    assert sum(isinstance(outcome, ValidationError) for outcome in people) == 3
    unit = {"code": "X", "name": "X", "kind": "cell", "valid_from": DAY, "parent": world.top, "by": None, "at": AT}
    units = at_once(*[lambda: services.add_unit(**unit)] * 4)
    assert sum(isinstance(outcome, ValidationError) for outcome in units) == 3
