"""What every page reads of who signed in, in SQL written out: the same as the words of the models say."""

import datetime as dt

import pytest

from journal.models import Event, Notice
from organizations import services
from organizations.models import AppraisalLink, Person, Post, Unit
from tests import factories
from tests.factories import AT, FOUNDED

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=30)


@pytest.fixture
def told(db):
    """Return a function that writes one notice."""

    def write(person, *, told_at=AT, read_at=None):
        event = Event.objects.create(at=AT, verb="dossier.submit", subject="dossier", subject_id=1)
        Notice.objects.create(event=event, recipient=person, text="Mới", told_at=told_at, read_at=read_at)

    return write


def test_the_unread_are_those_told_to_this_person_and_not_read(district, told):
    for _ in range(2):
        told(district.head)
    told(district.head, read_at=LATER)
    told(district.head, told_at=None)
    told(district.appraiser)
    found = Person.objects.at_the_door(district.head.pk, LATER)
    assert found.unread_notices == Notice.objects.visible_to(found).unread().count() == 2


def test_each_post_brings_its_unit_and_what_its_body_serves_now(district, django_assert_num_queries):
    second = factories.unit("Huyện ủy Hai", Unit.Kind.DISTRICT_COMMITTEE)
    third = factories.unit("Huyện ủy Ba", Unit.Kind.DISTRICT_COMMITTEE)
    for unit in (third, second):
        services.let_appraise(district.board, unit, valid_from=FOUNDED, by=None, at=AT)
    AppraisalLink.objects.filter(serves=third).update(valid_to=dt.date(2021, 1, 1))
    services.give_post(district.head, unit=district.cell, role="clerk", starts_at=AT, by=None, at=AT)
    with django_assert_num_queries(1):
        found = Person.objects.at_the_door(district.head.pk, LATER)
        shown = [(post.role, post.unit.name, post.served_paths) for post in found.current_posts]
    assert shown == [
        ("head", district.board.name, [district.top.path, second.path]),
        ("clerk", district.cell.name, []),
    ]
    assert shown[0][2] == Post.objects.get(person=found, role="head").served_paths


def test_posts_to_come_and_ended_ones_are_not_brought(district):
    Post.objects.filter(person=district.leader).update(ends_at=LATER)
    assert len(Person.objects.at_the_door(district.leader.pk, LATER - dt.timedelta(seconds=1)).current_posts) == 1
    assert Person.objects.at_the_door(district.leader.pk, LATER).current_posts == []
    assert Person.objects.at_the_door(district.leader.pk, AT - dt.timedelta(seconds=1)).current_posts == []


def test_above_every_tree_and_without_a_post_one_still_comes_in(told, django_assert_num_queries):
    administrator, newcomer = factories.person(None, "administrator"), factories.person()
    told(newcomer)
    (post,) = Person.objects.at_the_door(administrator.pk, LATER).current_posts
    assert (post.unit, post.served_paths) == (None, [])
    with django_assert_num_queries(2):
        found = Person.objects.at_the_door(newcomer.pk, LATER)
    assert (found, found.current_posts, found.unread_notices) == (newcomer, [], 1)


def test_nobody_is_nobody():
    assert Person.objects.at_the_door(0, LATER) is None
