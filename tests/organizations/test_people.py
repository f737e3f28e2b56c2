import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.models import Event, Notice
from organizations import services
from organizations.models import Person, Post
from organizations.services.people import AlreadyKnown
from tests import factories
from tests.factories import AT

SECOND = dt.timedelta(seconds=1)


def test_a_person_is_kept_with_one_form_of_name_and_telephone(district):
    person = services.add_person(
        username=" Bi.Thu.Ap3 ", full_name="  Nguyễn   Văn Mẫu ", phone="+84 912 345 678",
        by=district.administrator, at=AT,
    )  # fmt: skip
    assert (person.username, person.full_name, person.phone) == ("bi.thu.ap3", "Nguyễn Văn Mẫu", "0912345678")
    assert not person.has_usable_password()


@pytest.mark.parametrize(("username", "phone", "field"), [("A.B", "", "username"), ("khac", "0084912345678", "phone")])
def test_names_and_telephones_belong_to_one_person(district, username, phone, field):
    services.add_person(username="a.b", full_name="A", phone="0912345678", by=district.administrator, at=AT)
    with pytest.raises(AlreadyKnown) as refused:
        services.add_person(username=username, full_name="B", phone=phone, by=district.administrator, at=AT)
    assert list(refused.value.message_dict) == [field]


def test_editing_records_which_fields_changed_and_not_what_they_held(district):
    services.edit_person(
        district.clerk, username=district.clerk.username, full_name="Tên Mới", phone="0911111111", email="",
        by=district.administrator, at=AT,
    )  # fmt: skip
    event = Event.objects.about("person", district.clerk.pk).last()
    assert (event.verb, event.detail) == ("person.edited", {"changed": ["full_name", "phone"]})


def test_who_is_shut_out_loses_the_running_session_and_may_come_back(client, district):
    client.force_login(district.clerk)
    services.shut_out(district.clerk, by=district.administrator, at=AT)
    assert client.get(reverse("home")).status_code == 302
    services.let_in(district.clerk, by=district.administrator, at=AT)
    client.force_login(district.clerk)
    assert client.get(reverse("home")).status_code == 200


def test_nobody_administers_people_who_also_stand_out_of_reach_nor_oneself(district):
    foreign = factories.unit("Huyện ủy Khác", "district_committee")
    services.give_post(district.clerk, unit=foreign, role="leader", starts_at=AT, by=None, at=AT)
    for by, person in [
        (district.administrator, district.clerk),
        (district.administrator, district.administrator),
        (district.head, district.appraiser),
    ]:
        with pytest.raises(PermissionDenied):
            services.shut_out(person, by=by, at=AT)
        with pytest.raises(PermissionDenied):
            services.edit_person(person, username="x", full_name="x", phone="", email="", by=by, at=AT)


def test_a_post_is_given_recorded_and_told(district):
    post = services.give_post(
        district.clerk, unit=district.other_cell, role="deputy", starts_at=AT, by=district.administrator, at=AT,
        title="Phó Bí thư",
    )  # fmt: skip
    assert Notice.objects.get(recipient=district.clerk).text == "Bạn được giao vai trò Phó Bí thư – Chi bộ ấp 2."
    assert Event.objects.about("person", district.clerk.pk).last().detail == {
        "role": "deputy",
        "post": post.pk,
        "unit": post.unit.name,
    }


def test_a_role_is_held_once_at_a_unit_at_a_time(district):
    with pytest.raises(ValidationError):
        services.give_post(
            district.clerk, unit=district.cell, role="clerk", starts_at=AT, by=district.administrator, at=AT
        )
    services.end_post(district.clerk.post, ends_at=AT + SECOND, by=district.administrator, at=AT)
    services.give_post(
        district.clerk, unit=district.cell, role="clerk", starts_at=AT + SECOND, by=district.administrator, at=AT
    )


def test_posts_are_given_and_ended_only_within_reach(district):
    foreign = factories.unit("Huyện ủy Khác", "district_committee")
    stranger = factories.person(foreign, "leader")
    for by, unit in [(district.administrator, foreign), (district.administrator, None), (district.head, district.cell)]:
        with pytest.raises(PermissionDenied):
            services.give_post(district.clerk, unit=unit, role="administrator", starts_at=AT, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        services.end_post(stranger.post, ends_at=AT + SECOND, by=district.administrator, at=AT)


def test_nobody_ends_the_post_one_acts_in(district):
    with pytest.raises(PermissionDenied):
        services.end_post(district.administrator.post, ends_at=AT + SECOND, by=district.administrator, at=AT)


def test_access_ends_with_the_post_to_the_second(district):
    ends_at = AT + dt.timedelta(hours=1)
    services.end_post(district.secretary.post, ends_at=ends_at, by=district.administrator, at=AT)
    posts = district.secretary.posts
    assert posts.current(ends_at - SECOND).count() == 1
    assert posts.current(ends_at).count() == 0
    with pytest.raises(ValidationError):
        services.end_post(district.secretary.post, ends_at=ends_at, by=district.administrator, at=AT)


def test_an_ended_post_opens_no_page_any_more(client, district, now):
    client.force_login(district.administrator)
    assert client.get(reverse("organizations:units")).status_code == 200
    Post.objects.filter(person=district.administrator).update(ends_at=now)
    assert client.get(reverse("organizations:units")).status_code == 403


def test_a_post_that_has_not_begun_is_taken_back(district):
    post = services.give_post(
        district.clerk, unit=district.cell, role="deputy", starts_at=AT + SECOND, by=district.administrator, at=AT
    )
    assert services.end_post(post, ends_at=AT, by=district.administrator, at=AT) is None
    assert not Post.objects.filter(pk=post.pk).exists()


def test_no_post_is_given_at_a_unit_that_ended(district):
    services.end_unit(district.cell, on=dt.date(2026, 1, 2), by=district.administrator, at=AT)
    with pytest.raises(ValidationError):
        services.give_post(
            district.clerk, unit=district.cell, role="deputy", starts_at=AT, by=district.administrator, at=AT
        )


@pytest.mark.parametrize("typed", ["nguyen van mau", "Mẫu Nguyễn", "bithu.mau", "0912345", "+84912345", "NGUYỄN"])
def test_people_are_found_by_name_user_name_or_telephone(db, typed):
    person = services.add_person(username="bithu.mau", full_name="Nguyễn Văn Mẫu", phone="0912345678", by=None, at=AT)
    services.add_person(username="khac", full_name="Trần Thị Khác", phone="0987654321", by=None, at=AT)
    assert list(Person.objects.named_like(typed)) == [person]
