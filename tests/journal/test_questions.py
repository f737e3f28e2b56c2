"""What is worked out once answers as a queryset built anew does, whatever it is asked with."""

import datetime as dt

import pytest
from django.db.models import CharField, DateTimeField, F
from django.db.models.functions import Greatest

from journal.models import Event, Lease
from journal.questions import Among, Beyond, Blank, Change, Gathered, Part, Question
from tests.factories import AT, person, unit

DAY = dt.timedelta(days=1)


@Question
def since(told: bool):
    found = Event.objects.filter(subject=Blank("subject", CharField()), at__gte=Blank("at", DateTimeField()))
    found = found.select_related("actor").order_by("id")
    return found if told else found.select_related(None).only("verb")


@pytest.fixture
def events(db):
    who = person(unit("P1"), "leader")
    told = [("dossier", 0), ("item", 1), ("dossier", 2), ("dossier", 3)]
    return [
        Event.objects.create(at=AT + n * DAY, verb=f"done.{n}", actor=who, subject=subject, detail={"n": n})
        for subject, n in told
    ]


@pytest.mark.parametrize(("subject", "days", "expected"), [("dossier", 2, [2, 3]), ("item", 0, [1]), ("item", 2, [])])
def test_each_time_it_is_asked_with_its_own_values(events, subject, days, expected):
    at = AT + days * DAY
    assert since(True, subject=subject, at=at) == [events[n] for n in expected]


def test_it_costs_one_query_and_brings_what_the_queryset_names(events, django_assert_num_queries):
    with django_assert_num_queries(1):
        first, *_ = since(True, subject="dossier", at=AT)
        assert (first.actor.full_name, first.detail, first.at) == (events[0].actor.full_name, {"n": 0}, AT)


def test_another_shape_is_another_question(events, django_assert_num_queries):
    with django_assert_num_queries(2):
        first, *_ = since(False, subject="dossier", at=AT)
        assert first.get_deferred_fields() and first.detail == {"n": 0}


def test_what_can_find_nothing_is_not_asked(db, django_assert_num_queries):
    nothing = Question(lambda: Event.objects.filter(pk=Blank("pk")).none())
    with django_assert_num_queries(0):
        assert nothing(pk=1) == []


@Part
def some_of():
    return Event.objects.filter(Among("pk", "keys")).order_by("-id").values_list("verb", flat=True)


@Question
def others():
    found = Event.objects.filter(Beyond("pk", "keys"), verb__startswith="done").order_by("id")
    return found.values_list("verb", flat=True)


def test_a_list_of_keys_is_one_value_and_a_part_of_the_rows_is_read(events, django_assert_num_queries):
    keys = [event.pk for event in events[:3]]
    with django_assert_num_queries(4):
        assert some_of(keys=keys, size=2, first=1) == ["done.1", "done.0"]
        assert some_of(keys=[], size=2, first=0) == []
        assert (others(keys=keys), others(keys=[])) == (["done.3"], [f"done.{n}" for n in range(4)])


@Change
def taken():
    taken_at = Greatest(Blank("at", DateTimeField()), F("taken_at"))
    return Lease.objects.filter(name=Blank("name", CharField())), {"taken_at": taken_at}


def test_a_change_changes_the_rows_it_names_and_says_how_many(db):
    Lease.objects.bulk_create(Lease(name=name, taken_at=AT + n * DAY) for n, name in enumerate(("first", "second")))
    assert [taken(name=name, at=AT + DAY) for name in ("first", "second", "third")] == [1, 1, 0]
    assert taken(name="second", at=AT) == 1
    assert set(Lease.objects.values_list("taken_at", flat=True)) == {AT + DAY}


def test_a_value_left_out_is_an_error(db):
    with pytest.raises(KeyError):
        since(True, subject="dossier")


@Question
def told_with():
    subjects = Event.objects.order_by().filter(verb=Blank("verb", CharField())).values("subject")
    return Event.objects.filter(Gathered("subject", subjects)).order_by("id")


@pytest.mark.parametrize(("verb", "expected"), [("done.2", [0, 2, 3]), ("done.1", [1]), ("never", [])])
def test_keys_that_other_rows_hold_are_gathered_and_asked_for(events, verb, expected):
    assert told_with(verb=verb) == [events[n] for n in expected]
