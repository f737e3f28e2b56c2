"""What each role sees of this room's own rows; every model has its word."""

import pytest
from django.apps import apps

from organizations import services
from organizations.models import AppraisalLink, Person, Placement, Post, ResetCode, SignInAttempts, Unit
from tests import access, factories
from tests.factories import AT

ALL = ("top", "board", "commune", "cell", "subcell")
SEEN_UNITS = {
    "secretary": ("cell",),
    "deputy": ("cell",),
    "clerk": ("cell",),
    "committee": ("commune", "cell", "subcell"),
    "appraiser": ALL,
    "head": ALL,
    "leader": ALL,
    "administrator": ALL,
    "no_post": (),
}


@pytest.fixture
def world(db):
    return access.build_world()


def test_every_model_of_the_room_says_who_sees_it():
    for model in apps.get_app_config("organizations").get_models():
        assert hasattr(model.objects.all(), "visible_to"), model


@pytest.mark.parametrize("role", SEEN_UNITS)
def test_units_and_placements_are_seen_as_far_as_the_role_reaches(world, role):
    seen = {getattr(world.a, name) for name in SEEN_UNITS[role]}
    assert set(Unit.objects.visible_to(world.people[role])) == seen
    assert {p.unit for p in Placement.objects.visible_to(world.people[role])} == seen - {world.a.top}


@pytest.mark.parametrize("role", SEEN_UNITS)
def test_only_an_administrator_sees_other_people_and_posts(world, role):
    user = world.people[role]
    if role == "administrator":
        people = {person for name, person in world.people.items() if name != "no_post"}
    else:
        people = {user}
    assert set(Person.objects.visible_to(user)) == people
    assert set(Post.objects.visible_to(user)) == {p.post for p in people if p.post}


@pytest.mark.parametrize(("role", "count"), [("administrator", 1), ("leader", 1), ("head", 1), ("secretary", 0)])
def test_appraisal_links_are_seen_of_served_units_within_reach_and_of_the_own_body(world, role, count):
    assert AppraisalLink.objects.visible_to(world.people[role]).count() == count


def test_an_administrator_above_every_tree_sees_everything(world):
    user = factories.person(None, "administrator")
    assert Unit.objects.visible_to(user).count() == 10
    assert Person.objects.visible_to(user).count() == Person.objects.count()
    assert Post.objects.visible_to(user).count() == Post.objects.count()


def test_reset_codes_are_seen_by_who_made_them_and_attempts_by_nobody(world):
    services.make_reset_code(world.people["clerk"], by=world.people["administrator"], at=AT)
    services.attempts.begin_attempt("a", "10.0.0.1", at=AT)
    assert ResetCode.objects.visible_to(world.people["administrator"]).count() == 1
    assert ResetCode.objects.visible_to(world.people["clerk"]).count() == 0
    assert ResetCode.objects.visible_to(world.b_people["administrator"]).count() == 0
    assert SignInAttempts.objects.visible_to(world.people["administrator"]).count() == 0


def test_what_one_sees_costs_no_query_but_the_one_for_served_units(world, django_assert_num_queries):
    for role, queries in [("secretary", 1), ("leader", 1), ("administrator", 1), ("head", 2)]:
        user = Person.objects.get(pk=world.people[role].pk)
        user.acting_as(user.posts.select_related("unit").get())
        with django_assert_num_queries(queries):
            list(Unit.objects.visible_to(user))
