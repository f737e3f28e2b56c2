"""Into the showcase and out of it, and what people think of a model there."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from journal.models import Event
from models_registry import services
from models_registry.lifecycle import State
from models_registry.models import Dossier, Publication, Vote
from tests import factories
from tests.models_registry import registry_factories as make
from tests.models_registry.showcase.making import LATER, approve, publish

pytestmark = pytest.mark.django_db
REASON = "Đơn vị đề nghị gỡ để bổ sung"


def gone(dossier, district, reason=REASON):
    services.unpublish(dossier.pk, reason=reason, by=district.head, at=LATER)


def test_the_head_publishes_an_approved_model_and_its_unit_is_told(district, approved):
    made = publish(approved, district)
    assert (made.dossier, made.summary, made.published_by) == (approved, "Nhà nào cũng phân loại rác", district.head)
    assert publish(approved, district) == made
    told = district.secretary.notices.values_list("text", flat=True)
    assert list(told) == ["Mô hình “Tổ bảo vệ môi trường” được đưa vào Kho mô hình hay"]


def test_the_unit_reads_it_in_its_own_language_whoever_publishes(district, approved):
    with override("en"):
        publish(approved, district)
        gone(approved, district)
    assert [(told.text, told.translated["en"]) for told in district.secretary.notices.order_by("id")] == [
        (
            "Mô hình “Tổ bảo vệ môi trường” được đưa vào Kho mô hình hay",
            "The model “Tổ bảo vệ môi trường” was put into the showcase",
        ),
        (
            f"Mô hình “Tổ bảo vệ môi trường” được gỡ khỏi Kho mô hình hay: {REASON}",
            f"The model “Tổ bảo vệ môi trường” was taken out of the showcase: {REASON}",
        ),
    ]


@pytest.mark.parametrize("role", ["secretary", "appraiser", "leader", "committee", "clerk"])
def test_nobody_else_publishes_or_takes_out(district, approved, role):
    with pytest.raises(PermissionDenied):
        services.publish(approved.pk, summary="", agreed=True, by=getattr(district, role), at=LATER)
    publish(approved, district)
    with pytest.raises(PermissionDenied):
        services.unpublish(approved.pk, reason=REASON, by=getattr(district, role), at=LATER)
    assert Publication.objects.get().withdrawn_at is None


@pytest.mark.parametrize("state", [State.SUBMITTED, State.UNDER_APPRAISAL, State.REVISION_REQUESTED, State.REJECTED])
def test_only_an_approved_model_is_published(district, approved, state):
    Dossier.objects.filter(pk=approved.pk).update(state=state)
    with pytest.raises(PermissionDenied):
        publish(approved, district)


def test_no_sheet_and_no_model_without_the_units_consent_is_published(district, approved, sheet):
    with pytest.raises(PermissionDenied):
        publish(approve(sheet, district), district)
    with pytest.raises(ValidationError):
        services.publish(approved.pk, summary="", agreed=False, by=district.head, at=LATER)
    assert not Publication.objects.exists()


def test_everyone_of_the_tree_sees_it_and_nobody_of_another(district, other_district, shown):
    everyone = [district.other_secretary, district.clerk, district.leader, district.administrator, district.appraiser]
    assert [list(Dossier.objects.shown_to(one)) for one in everyone] == [[shown]] * len(everyone)
    strangers = [other_district.secretary, other_district.head, factories.person()]
    assert [list(Dossier.objects.shown_to(one)) for one in strangers] == [[]] * 3
    above = factories.person(None, "administrator")
    assert list(Dossier.objects.shown_to(above)) == [shown]


def test_taken_out_with_a_reason_it_is_gone_and_may_come_back(district, shown):
    with pytest.raises(ValidationError):
        gone(shown, district, reason="  ngắn   ")
    gone(shown, district)
    gone(shown, district)
    assert not Dossier.objects.shown_to(district.other_secretary).exists()
    publish(shown, district)
    assert list(Dossier.objects.shown_to(district.other_secretary)) == [shown]
    verbs = Event.objects.about("dossier", shown.pk).values_list("verb", flat=True)
    assert list(verbs) == ["dossier.publish", "dossier.unpublish", "dossier.publish"]


def test_the_database_refuses_a_model_published_twice_and_a_withdrawal_without_a_reason(district, shown):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(dossier=shown, published_at=LATER, published_by=district.head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.update(withdrawn_at=LATER, withdrawn_by=district.head)


def test_a_person_votes_once_and_changes_the_mind(district, shown):
    for stars in (2, 4):
        services.vote(shown.pk, stars=stars, by=district.leader, at=LATER)
    services.vote(shown.pk, stars=5, by=district.other_secretary, at=LATER)
    found = Publication.objects.with_votes().get()
    assert (found.votes, found.stars) == (2, 9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(dossier=shown, person=district.leader, stars=3, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(dossier=shown, person=district.head, stars=6, at=LATER)


def test_nobody_votes_for_the_own_model_whatever_the_post_one_acts_in(district, shown):
    with pytest.raises(PermissionDenied):
        services.vote(shown.pk, stars=5, by=district.clerk, at=LATER)
    both = factories.person(district.other_cell, "secretary")
    other_post = both.post
    factories.services.give_post(
        both, unit=district.cell, role="clerk", starts_at=factories.AT, by=None, at=factories.AT
    )
    with pytest.raises(PermissionDenied):
        services.vote(shown.pk, stars=5, by=both.acting_as(other_post), at=LATER)
    gone(shown, district)
    with pytest.raises(Dossier.DoesNotExist):
        services.vote(shown.pk, stars=5, by=district.leader, at=LATER)


def test_models_of_fewer_than_five_votes_are_never_ranked_by_them(district, opened):
    people = [factories.person(district.top, "leader") for _ in range(6)]
    given = {"bốn lượt": [5] * 4, "năm lượt": [3, 3, 3, 3, 4], "sáu lượt": [5, 4, 4, 4, 4, 4], "chưa ai": []}
    for n, (title, stars) in enumerate(given.items()):
        made = approve(make.full_model(district.cell, district.secretary, opened, title=title), district)
        publish(made, district, at=LATER + dt.timedelta(minutes=n))
        for person, one in zip(people, stars, strict=False):
            services.vote(made.pk, stars=one, by=person, at=LATER)
    listed = Publication.objects.visible_to(district.leader).with_votes()
    assert [one.dossier.title for one in listed.best_first()] == ["sáu lượt", "năm lượt", "chưa ai", "bốn lượt"]
    assert next(iter(listed.newest_first())).dossier.title == "chưa ai"
