"""Somebody stands in for a secretary until an instant; a unit is handed over to its next secretary in one step."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from journal.models import Event, Notice
from journal.services import tell_about_new_events
from organizations import services
from organizations.models import Person, Post
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
ENDS = AT + 10 * DAY
START = reverse("models_registry:start")


def delegated(district, *, starts_at=AT, ends_at=ENDS, by=None, person=None):
    return services.delegate(
        district.secretary.post, person or district.clerk, starts_at=starts_at, ends_at=ends_at,
        by=by or district.secretary, at=AT,
    )  # fmt: skip


def acting(person, at):
    found = Person.objects.at_the_door(person.pk, at)
    return [(post.role, post.unit.name) for post in found.current_posts]


def test_a_deputy_acts_from_the_first_second_until_before_the_last(district):
    delegated(district, starts_at=AT + DAY)
    alone, both = [("clerk", "Chi bộ ấp 1")], [("clerk", "Chi bộ ấp 1"), ("deputy", "Chi bộ ấp 1")]
    instants = (AT + DAY - SECOND, AT + DAY, ENDS - SECOND, ENDS)
    assert [acting(district.clerk, at) for at in instants] == [alone, both, both, alone]


def test_both_are_told_and_the_journal_says_who_delegated(district):
    delegated(district, by=district.administrator)
    told = {notice.recipient: notice.text for notice in Notice.objects.all()}
    assert set(told) == {district.secretary, district.clerk}
    assert "từ 05/01/2026 09:00 đến 15/01/2026 09:00" in told[district.clerk]
    event = Event.objects.about("person", district.clerk.pk).last()
    assert (event.verb, event.actor, event.detail["from"]) == (
        "post.delegated",
        district.administrator,
        district.secretary.pk,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": AT}, "ends_on"),
        ({"starts_at": AT - DAY}, "ends_on"),
        ({"ends_at": dt.datetime(2027, 1, 1, 0, 0, 1, tzinfo=AT.tzinfo)}, "ends_on"),
        ({"person": "secretary"}, "person"),
        ({"person": "other_secretary"}, "person"),
    ],
)
def test_what_is_not_delegated(district, change, field):
    change = {name: getattr(district, value) if name == "person" else value for name, value in change.items()}
    with pytest.raises(ValidationError) as refused:
        delegated(district, **change)
    assert list(refused.value.message_dict) == [field]
    assert not Post.objects.exclude(delegated_from=None).exists()


def test_nobody_delegates_what_is_another_s_nor_passes_it_on(district):
    for stranger in (district.other_secretary, district.clerk, district.head, district.committee):
        with pytest.raises(PermissionDenied):
            delegated(district, by=stranger)
    post = delegated(district)
    third = factories.person(district.cell, "clerk")
    for source in (post, district.secretary.post):
        with pytest.raises(PermissionDenied):
            services.delegate(source, third, starts_at=AT, ends_at=ENDS, by=district.clerk.acting_as(post), at=AT)
    with pytest.raises(ValidationError, match="đang được ủy quyền"):
        delegated(district)


def test_the_database_keeps_no_delegation_without_an_end(district):
    post = delegated(district)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(ends_at=None)


def test_revoked_it_ends_with_the_second_and_one_to_come_is_taken_back(district):
    running, later = AT + DAY, AT + 2 * DAY
    post = delegated(district)
    with pytest.raises(PermissionDenied):
        services.revoke(post, by=district.clerk.acting_as(post), at=running)
    services.revoke(post, by=district.secretary, at=running)
    assert len(acting(district.clerk, running - SECOND)) == 2
    assert len(acting(district.clerk, running)) == 1
    coming = delegated(district, starts_at=later)
    services.revoke(coming, by=district.administrator, at=running)
    assert not Post.objects.filter(pk=coming.pk).exists()


def test_a_post_ends_with_all_that_was_delegated_from_it(district):
    post, coming = delegated(district), factories.person(district.cell, "clerk")
    delegated(district, person=coming, starts_at=AT + 5 * DAY)
    services.end_post(district.secretary.post, ends_at=AT + 2 * DAY, by=district.administrator, at=AT + DAY)
    post.refresh_from_db()
    assert post.ends_at == AT + 2 * DAY
    assert not coming.posts.filter(role="deputy").exists()


def test_it_ends_with_the_last_post_of_their_own_of_who_stands_in_and_both_are_told(district):
    post = delegated(district)
    own = services.give_post(district.clerk, unit=district.cell, role="leader", starts_at=AT, by=None, at=AT)
    by, then = district.administrator, AT + 2 * DAY
    services.end_post(district.clerk.post, ends_at=then, by=by, at=AT + DAY)
    post.refresh_from_db()
    assert post.ends_at == ENDS
    services.end_post(own, ends_at=then, by=by, at=AT + DAY)
    post.refresh_from_db()
    assert (post.ends_at, acting(district.clerk, then)) == (then, [])
    told = Notice.objects.filter(event__verb="post.delegation_ended")
    assert {notice.recipient for notice in told} == {district.secretary, district.clerk}
    assert "nên ủy quyền của Bí thư" in told[0].text


def test_it_is_given_no_longer_than_who_stands_in_is_there(district):
    Post.objects.filter(pk=district.clerk.post.pk).update(ends_at=AT + 5 * DAY)
    with pytest.raises(ValidationError, match="Chỉ ủy quyền được đến trước ngày 10/01/2026"):
        delegated(district)
    assert delegated(district, ends_at=AT + 5 * DAY).ends_at == AT + 5 * DAY


def test_access_ends_on_the_second_for_a_request_and_for_a_page_left_open(client, district):
    district.clerk.posts.all().delete()
    waits = factories.person(district.cell, "clerk")
    delegated(district, person=waits)
    waits.posts.filter(role="clerk").delete()
    client.force_login(waits)
    with time_machine.travel(ENDS - SECOND, tick=False):
        assert client.get(START).status_code == 200
        assert client.post(START).status_code == 422
    with time_machine.travel(ENDS, tick=False):
        assert client.get(START).status_code == 403
        assert client.post(START).status_code == 403


def test_a_secretary_delegates_in_a_form_and_takes_it_back(client, district):
    client.force_login(district.secretary)
    page = reverse("organizations:delegate", args=[district.secretary.post.pk])
    with time_machine.travel(AT + DAY, tick=False):
        shown = client.get(page).content.decode()
        assert district.clerk.full_name in shown and district.other_secretary.full_name not in shown
        typed = {"person": district.clerk.pk, "starts_on": "06/01/2026", "ends_on": "31/12/2026"}
        assert client.post(page, typed | {"ends_on": "01/01/2027"}).status_code == 422
        assert client.post(page, typed).url == reverse("organizations:delegations")
        (post,) = Post.objects.exclude(delegated_from=None)
        assert (post.starts_at, post.ends_at) == (AT + DAY, dt.datetime(2027, 1, 1, tzinfo=AT.tzinfo))
        listed = client.get(reverse("organizations:delegations")).content.decode()
        assert "Đang có hiệu lực" in listed
    with time_machine.travel(AT + DAY + SECOND, tick=False):
        assert client.post(reverse("organizations:revoke", args=[post.pk])).status_code == 302
        assert "Đã hết" in client.get(reverse("organizations:delegations")).content.decode()
    client.force_login(district.administrator)
    assert client.get(reverse("organizations:unit", args=[district.cell.pk])).status_code == 200


def test_a_unit_is_handed_over_to_somebody_new_who_gets_a_code_at_once(client, district):
    delegated(district)
    client.force_login(district.administrator)
    page = reverse("organizations:hand_over", args=[district.cell.pk])
    typed = {"full_name": "Bí thư Mới", "username": "bi.thu.moi", "starts_on": "06/01/2026"}
    with time_machine.travel(AT + DAY, tick=False):
        assert client.post(page, typed | {"username": ""}).status_code == 422
        answer = client.post(page, typed)
    assert (answer.status_code, "one-time-code" in answer.content.decode()) == (200, True)
    new = Person.objects.get(username="bi.thu.moi")
    for at, holders in ((AT + DAY - SECOND, {district.secretary}), (AT + DAY, {new})):
        held = Post.objects.current(at).filter(unit=district.cell, role="secretary")
        assert {post.person for post in held} == holders
    assert acting(district.clerk, AT + DAY) == [("clerk", "Chi bộ ấp 1")], "the delegation ended with it"
    assert "Chi bộ ấp 1 được bàn giao cho Bí thư Mới" in district.secretary.notices.get().text


def test_a_unit_is_handed_over_to_somebody_known_and_only_by_an_administrator(client, district):
    client.force_login(district.administrator)
    page = reverse("organizations:hand_over", args=[district.cell.pk])
    with time_machine.travel(AT + DAY, tick=False):
        both = {"person": district.clerk.username, "full_name": "X", "starts_on": "06/01/2026"}
        assert client.post(page, both).status_code == 422
        same = client.post(page, {"person": district.secretary.username, "starts_on": "06/01/2026"})
        assert "đang là bí thư" in same.content.decode()
        known = {"person": district.clerk.username, "starts_on": "07/01/2026"}
        assert client.post(page, known).status_code == 302
    assert acting(district.clerk, AT + 2 * DAY - 10 * dt.timedelta(hours=1)) == [("clerk", "Chi bộ ấp 1")]
    assert ("secretary", "Chi bộ ấp 1") in acting(district.clerk, AT + 2 * DAY)
    for stranger in (district.secretary, district.committee):
        with pytest.raises(PermissionDenied):
            services.hand_over(district.cell, district.clerk, takes_over_at=AT, by=stranger, at=AT)


def test_the_journal_keeps_the_names_of_then(client, district):
    old = district.secretary.full_name
    delegated(district)
    fields = {"username": district.secretary.username, "phone": "", "email": "", "by": district.administrator}
    for n, name in enumerate(("Tên Thứ Hai", "Tên Thứ Ba"), 1):
        services.edit_person(district.secretary, full_name=name, at=AT + n * DAY, **fields)
        services.revoke(
            Post.objects.exclude(delegated_from=None).last(), by=district.secretary, at=AT + n * DAY + SECOND
        )
        services.delegate(
            district.secretary.post, district.clerk, starts_at=AT + n * DAY + SECOND, ends_at=ENDS,
            by=district.secretary, at=AT + n * DAY + SECOND,
        )  # fmt: skip
    services.correct_unit(
        district.cell, name="Chi bộ mới", code=district.cell.code, kind=district.cell.kind,
        on=(AT + 3 * DAY).date(), by=district.administrator, at=AT + 3 * DAY,
    )  # fmt: skip
    events = Event.objects.about("person", district.clerk.pk).filter(verb="post.delegated")
    assert [event.who for event in events] == [old, "Tên Thứ Hai", "Tên Thứ Ba"]
    client.force_login(district.administrator)
    shown = client.get(reverse("organizations:person", args=[district.clerk.pk])).content.decode()
    assert f"· {old}" in shown and "Người được ủy quyền – Chi bộ ấp 1" in shown
    tell_about_new_events(at=AT)
    client.force_login(district.clerk)
    assert f"· {old}" in client.get(reverse("journal:notices")).content.decode()
