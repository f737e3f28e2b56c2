import datetime as dt
from collections import Counter
from itertools import product

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate

from completion.models import FrozenUnit, Revision
from journal.models import Event, Notice
from models_registry.describing import describe
from models_registry.lifecycle import ItemState, State
from models_registry.models import (
    Attachment,
    ConflictDeclaration,
    Consent,
    Dossier,
    Exemplar,
    MemberObligation,
    Publication,
    Remark,
    WorkItem,
)
from models_registry.queries.adoption import units_adopting
from models_registry.queries.members import members_of
from models_registry.queries.showcase import votes_text
from organizations.models import AppraisalLink, Person, Post, Unit
from portal import samples
from portal.sample_accounts import sample_password, worth_trying
from portal.samples.calendar import SampleYear
from progress.models import Evidence, QuarterlyCheck
from progress.queries.checks import checked_by
from reviews.models import AssignmentRule, Decision, IssuedPaper, Look
from reviews.queries.sheets import panels_of
from tests.roles import acting_as_application

# Marked, so that these run before the tests that empty the tables the migrations filled.
# On SQLite they are loaded by every journey.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = dt.datetime(2026, 11, 22, 10, tzinfo=get_current_timezone())


CHECKED_IN_2025 = [(1, 3, 28), (2, 6, 27), (3, 9, 27), (4, 12, 28)]


@pytest.fixture
def cheap(settings, tmp_path):
    """Files thrown away afterwards, and passwords cheap to make."""
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The samples as of NOW, loaded once for the tests that only read them."""
    folder = tmp_path_factory.mktemp("samples")
    cheap_hasher = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        kept = override_settings(VAR_DIR=folder, MEDIA_ROOT=folder, PASSWORD_HASHERS=cheap_hasher)
        # A year of every service, under the grants an application's role has.
        with kept, acting_as_application():
            samples.load(NOW)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", [(2026, 1, 3), (2028, 2, 29)])
def test_the_samples_load_on_any_day_of_a_year_and_show_every_state(cheap, day):
    samples.load(dt.datetime(*day, 10, tzinfo=get_current_timezone()))
    assert {dossier.state for dossier in Dossier.objects.all()} == set(State.values)
    assert {item.state for item in WorkItem.objects.all()} == set(ItemState.values)


def test_nothing_in_the_samples_lies_in_the_future(loaded):
    assert not Dossier.objects.filter(changed_at__gt=NOW).exists()
    assert not WorkItem.objects.filter(completed_on__gt=localdate(NOW)).exists()


def test_the_current_quarter_has_works_due_and_an_overdue_one(loaded):
    assert WorkItem.objects.due_between(dt.date(2026, 10, 1), dt.date(2026, 12, 31)).open().count() > 10
    assert WorkItem.objects.overdue(localdate(NOW)).exists()


def test_a_unit_that_ends_in_the_source_still_stands_and_every_district_has_a_board(loaded):
    assert Unit.objects.get(code="HU-GCT").valid_to == dt.date(2027, 7, 1)
    districts = Unit.objects.filter(kind=Unit.Kind.DISTRICT_COMMITTEE)
    assert AppraisalLink.objects.filter(serves__in=districts).count() == districts.count()


def test_the_records_of_the_reports_are_all_there_and_the_third_work_stays_a_draft(loaded):
    told_of = Dossier.objects.exclude(unit__code__startswith="CB-THO").exclude(unit__code__startswith="DU-THO")
    kinds = Counter(told_of.values_list("kind", flat=True))
    assert kinds == {"practice_model": 13, "registration_sheet": 5}
    draft = Dossier.objects.get(state=State.DRAFT)
    assert (draft.unit.code, draft.items.count(), list(draft.lacking)) == ("CB-THO-01", 3, ["individual"])


def test_members_owe_in_the_rounds_of_the_year_some_missing_some_never_counted(loaded):
    found = members_of(MemberObligation.objects.filter(round__year=2026), localdate(NOW))
    assert found.sent and found.missing and found.exempt and found.uncounted
    assert found.sent + found.late + found.missing + found.exempt == found.owed


def test_there_is_a_short_account_for_every_role(loaded):
    first = {post.role: post.person.username for post in Post.objects.select_related("person").order_by("-id")}
    assert first == {
        "secretary": "bithu",
        "deputy": "phobithu",
        "clerk": "nhaplieu",
        "committee": "capuy",
        "appraiser": "chuyenvien",
        "head": "truongban",
        "leader": "lanhdao",
        "administrator": "quantri",
    }


def test_ongoing_works_were_checked_with_every_outcome_and_some_wait(loaded):
    checks = QuarterlyCheck.objects.filter(item__year=2026)
    assert set(checks.values_list("quarter", "verdict")) >= set(product([1, 2], ["passed", "failed"]))
    assert not checks.filter(recorded_at__gt=NOW).exists()
    for name in ("capuy", "bithu"):
        person = Person.objects.get(username=name)
        by = person.acting_as(person.posts.order_by("id").first())
        assert checked_by(by, NOW, 2026, 4).filter(verdict="").exists(), name


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (dt.date(2026, 4, 1), [(1, dt.date(2026, 3, 28))]),
        (dt.date(2026, 4, 2), [(1, dt.date(2026, 3, 28)), (2, dt.date(2026, 4, 1))]),
        (dt.date(2026, 1, 3), [(n, dt.date(2025, month, day)) for n, month, day in CHECKED_IN_2025]),
    ],
)
def test_a_quarter_is_checked_once_it_has_begun(today, days):
    assert SampleYear(today).check_days(present=True) == days


def test_past_quarters_are_sealed_and_the_present_one_is_provisional(loaded):
    samples.compute_figures(NOW)
    revisions = Revision.objects.filter(period__root__code="HU-THO", period__year=2026).order_by("period__quarter")
    assert [revision.sealed for revision in revisions] == [True, True, True, False]
    top = FrozenUnit.objects.get(revision=revisions[2], code="HU-THO")
    assert 0 < top.in_time < top.reported < top.owed


def test_an_appraisal_that_was_challenged_can_be_looked_at(loaded):
    user, first = _acting("truongban"), _acting("chuyenvien")
    apart, signed, begun = Dossier.objects.filter(round__appraisers=2).order_by("title")
    panel = panels_of(apart, user)[1]
    assert (len(panel.counted), len(panel.outliers), panel.spread["apart"] > 15) == (2, 2, True)
    assert [sheet.seat.appraiser for sheet in panels_of(begun, first)[1].sheets] == [first]
    assert Decision.objects.visible_to(user).waiting().get().version.dossier == signed
    assert (ConflictDeclaration.objects.count(), AssignmentRule.objects.count()) == (1, 1)


def test_a_second_round_shows_what_changed_since_the_own_last_look(loaded):
    again = Dossier.objects.get(title__startswith="Ấp thân thiện")
    sent = [describe(version.content, mask_names=False) for version in again.versions.order_by("number")]
    changed = {section.key for before, section in zip(*sent, strict=True) if before.rows != section.rows}
    assert (again.version, again.state, changed) == (2, State.UNDER_APPRAISAL, {"solutions", "works", "files"})
    assert all(remark.answer for remark in Remark.objects.filter(version__dossier=again))
    looked = Look.objects.get(version__dossier=again)
    assert (looked.version.number, looked.person) == (1, _acting("chuyenvien"))


def test_issued_papers_can_be_verified(loaded, cheap, client):
    samples.issue_papers(NOW)
    papers = IssuedPaper.objects.order_by("kind")
    assert [(paper.kind, paper.number, paper.is_replaced) for paper in papers] == [
        ("appraisal", 1, False),
        ("decision", 1, False),
    ]
    assert papers[1].decisions.count() == 7
    answer = client.get(reverse("verify"), {"code": papers[1].shown_code}, follow=True)
    assert papers[1].symbol in answer.text


def _acting(username: str) -> Person:
    post = Post.objects.get(person__username=username)
    return post.person.acting_as(post)


def test_what_the_journal_keeps_for_ever_names_nobody(loaded):
    """People and files stand in it by number; a reason is what somebody wrote, and the register says so."""
    held = Person.objects.values_list("full_name", "username", "phone", "email")
    named = {text for row in held for text in row if text}
    named |= set(Exemplar.objects.values_list("name", flat=True))
    named |= set(WorkItem.objects.values_list("subject_name", flat=True))
    for kept in (Attachment, Consent, Evidence):
        named |= set(kept.objects.values_list("name", flat=True))
    details = Event.objects.exclude(detail={}).values_list("detail", flat=True)
    said = {leaf for detail in details for leaf in leaves(detail | {"reason": ""})}
    assert len(named) > 60
    assert {(name, leaf) for leaf in said for name in named if len(name) > 3 and name in leaf} == set()


def leaves(value) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(leaf for one in value.values() for leaf in leaves(one))]
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [str(value)]


def test_no_two_people_have_the_same_number(loaded):
    numbers = [name.rpartition(" ")[2] for name in Person.objects.values_list("full_name", flat=True)]
    assert len(set(numbers)) == len(numbers) > 50


def test_a_visitor_is_told_of_one_account_per_role_and_of_the_second_scorer(loaded, cheap):
    sample_password()
    names = [post.person.username for post in worth_trying(NOW)]
    assert names[names.index("chuyenvien") :][:3] == ["chuyenvien", "chuyenvien2", "truongban"]
    assert len(names) == len(Post.Role.values) + 1


def test_the_latest_notices_stand_first(loaded):
    told = [notice.event.at for notice in Notice.objects.select_related("event")]
    assert len(set(told)) > 10
    assert told == sorted(told, reverse=True)


def test_the_showcase_shows_ranked_and_unranked_models_and_one_carried_on_over_two_levels(loaded):
    leader = Post.objects.get(person__username="lanhdao")
    found = Publication.objects.visible_to(leader.person.acting_as(leader)).with_votes().best_first()
    assert [votes_text(one.votes, one.stars) for one in found] == [
        "4,3 (7 lượt)",
        "4,0 (5 lượt)",
        "Chưa có lượt đánh giá",
        "Chưa đủ 5 lượt (có 2)",
    ]
    assert sorted(units_adopting([one.dossier_id for one in found]).values()) == [1, 1, 3]
