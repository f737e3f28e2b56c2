"""Giving dossiers out: by hand, by rule and evenly; a rehearsal first; conflicts, absences and ended posts kept to."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.awaiting import Awaited
from journal.models import Notice
from models_registry.models import ConflictDeclaration, ConflictOverride, Dossier
from organizations.models import Post
from reviews import services
from reviews.models import Assignment
from reviews.queries import awaiting
from reviews.queries.assigning import in_hands, seats_of, unfit_seats, waiting
from reviews.queries.planning import EVENLY, RULE, plan
from reviews.services import HeldByAnother
from tests.factories import AT, person
from tests.reviews import factories
from tests.reviews.pages import REASON, state_of

pytestmark = pytest.mark.usefixtures("the_day_after")
DAY = dt.timedelta(days=1)
PAGE = "/reviews/assigning/"


def holders():
    held = Assignment.objects.held().leading().select_related("appraiser")
    return {one.dossier_id: one.appraiser for one in held}


def told(verb):
    return set(Notice.objects.filter(event__verb=verb).values_list("recipient", flat=True))


def test_a_head_gives_a_waiting_dossier_to_an_appraiser_who_is_told(district, dossier):
    made = services.assign(dossier.pk, district.appraiser.pk, by=district.head, at=AT)
    assert (state_of(dossier), made.appraiser, made.assigned_by) == (
        "under_appraisal", district.appraiser, district.head,
    )  # fmt: skip
    assert told("appraisal.assigned") == {district.appraiser.pk}


def test_a_dossier_goes_from_hand_to_hand_and_both_are_told(district, proposed, colleague):
    services.assign(proposed.pk, colleague.pk, by=district.head, at=AT)
    [held] = Assignment.objects.held().filter(dossier=proposed)
    assert (held.appraiser, held.proposed) == (colleague, "")
    assert (told("appraisal.assigned"), told("appraisal.taken_away")) == ({colleague.pk}, {district.appraiser.pk})
    with pytest.raises(HeldByAnother):
        services.propose(proposed.pk, "approve", by=district.appraiser, at=AT)


def test_who_may_not_judge_it_is_away_or_left_is_given_nothing(district, dossier, colleague, round_):
    own = factories.sent(district, round_, by=colleague)
    services.set_absence(district.appraiser.pk, first_day=AT.date(), last_day=AT.date(), by=district.head, at=AT)
    for pk, who in ((own.pk, colleague), (dossier.pk, district.appraiser), (dossier.pk, district.secretary)):
        with pytest.raises(ValidationError):
            services.assign(pk, who.pk, by=district.head, at=AT)
    assert holders() == {}
    with pytest.raises(PermissionDenied):
        services.assign(dossier.pk, colleague.pk, by=colleague, at=AT)


@pytest.fixture
def thirty(district, round_):
    return [
        factories.sent(district, round_, f"Mô hình {n:02d}", at=AT + n * dt.timedelta(minutes=1)) for n in range(30)
    ]


def test_thirty_are_rehearsed_then_given_out_evenly_around_conflicts(client, district, thirty, run_jobs):
    five = [district.appraiser, *(person(district.board, "appraiser") for _ in range(4))]
    barred = five[0]
    Dossier.objects.filter(pk__in=[one.pk for one in thirty[:3]]).update(author=barred.pk)
    for one in five:
        ConflictDeclaration.objects.create(
            body=district.board, person=one, dossier=thirty[29], reason=REASON, declared_by=one, declared_at=AT
        )
    client.force_login(district.head)
    address = f"{PAGE}?source=waiting&method=evenly&cap=8"
    shown = client.get(address)
    rehearsed = shown.context["plan"]
    assert (len(rehearsed.given), [dossier for dossier, _why in rehearsed.left]) == (29, [thirty[29]])
    assert "đã khai báo xung đột lợi ích" in rehearsed.left[0][1]
    assert sorted(after for _who, _before, after in rehearsed.loads) == [5, 6, 6, 6, 6]
    assert holders() == {}
    client.post(address, {"pair": [f"{dossier.pk}:{who.pk}" for dossier, who in rehearsed.given]})
    [job] = run_jobs()
    assert job.message == "Đã giao 29 hồ sơ; không giao được 0."
    assert holders() == {dossier.pk: who for dossier, who in rehearsed.given}
    assert barred not in {holders()[one.pk] for one in thirty[:3]}


def test_what_moved_between_rehearsal_and_run_is_told_with_its_reason(client, district, thirty, colleague, run_jobs):
    client.force_login(district.head)
    taken, left, other = thirty[:3]
    services.take(taken.pk, by=colleague, at=AT)
    Dossier.objects.filter(pk=left.pk).update(state="withdrawn")
    Dossier.objects.filter(pk=other.pk).update(author=district.appraiser.pk)
    pairs = [f"{one.pk}:{district.appraiser.pk}" for one in thirty[1:4]]
    client.post(f"{PAGE}?source=waiting&method=evenly", {"pair": pairs})
    [job] = run_jobs()
    first, *why = job.message.splitlines()
    assert first == "Đã giao 1 hồ sơ; không giao được 2."
    assert why[0].startswith(f"{left.pk}: ") and "xung đột lợi ích" in why[1]


def test_the_first_rule_that_fits_decides(district, round_, colleague):
    near, far = factories.sent(district, round_), factories.sent(district, round_, unit=district.other_cell)
    sheet = factories.sent(district, round_, kind="registration_sheet", unit=district.other_commune)
    rules = {"order": 1, "by": district.head, "at": AT}
    services.add_rule(**rules | {"appraiser": district.appraiser, "unit": district.commune})
    services.add_rule(**rules | {"appraiser": colleague, "kind": "registration_sheet", "order": 2})
    made = plan(list(waiting(district.head)), seats_of(district.board.pk, AT), method=RULE)
    assert dict(made.given) == {near: district.appraiser, sheet: colleague}
    assert made.left == [(far, "Không có quy tắc nào ứng với hồ sơ này.")]


def test_what_the_absent_the_gone_and_the_barred_hold_is_given_to_others(district, round_, colleague, other_head):
    gone, away = person(district.board, "appraiser"), person(district.board, "appraiser")
    dossiers = [factories.sent(district, round_, f"Mô hình {n}") for n in range(4)]
    for dossier, who in zip(dossiers, (gone, away, colleague, district.appraiser), strict=True):
        services.take(dossier.pk, by=who, at=AT)
    Post.objects.filter(person=gone).update(ends_at=AT + DAY)
    services.set_absence(away.pk, first_day=AT.date(), last_day=(AT + 3 * DAY).date(), by=away, at=AT)
    Dossier.objects.filter(pk=dossiers[2].pk).update(author=colleague.pk)
    later = AT + DAY
    leaving = unfit_seats(district.head, seats_of(district.board.pk, later))
    unfit = list(in_hands(district.head, leaving))
    assert unfit == dossiers[:3]
    made = plan(unfit, seats_of(district.board.pk, later), method=EVENLY, leaving=leaving)
    for dossier, who in made.given:
        services.assign(dossier.pk, who.pk, by=district.head, at=later)
    assert unfit_seats(district.head, seats_of(district.board.pk, later)) == {}
    assert set(holders().values()) == {colleague, district.appraiser}


def test_a_declared_conflict_takes_the_dossier_out_of_the_hands(district, held):
    services.declare(district.appraiser.pk, dossier_id=held.pk, reason=REASON, by=district.head, at=AT)
    assert (state_of(held), holders()) == ("submitted", {})
    appraiser = type(district.appraiser).objects.get(pk=district.appraiser.pk).acting_as(district.appraiser.post)
    assert not Dossier.objects.visible_to(appraiser).filter(pk=held.pk).exists()
    assert district.appraiser.pk not in told("conflict.declared") | told("dossier.give_back")
    declared = ConflictDeclaration.objects.get()
    assert list(ConflictDeclaration.objects.visible_to(appraiser)) == []
    services.lift(declared, reason=REASON, by=district.head, at=AT)
    again = Post.objects.select_related("person").get(person=appraiser)
    services.take(held.pk, by=again.person.acting_as(again), at=AT)


@pytest.mark.parametrize("of", ["colleague", "self"])
def test_an_appraiser_declares_the_own_alone(district, dossier, colleague, of):
    who = colleague if of == "self" else district.appraiser
    if of == "self":
        assert services.declare(who.pk, unit=district.cell, reason=REASON, by=colleague, at=AT).unit == district.cell
        with pytest.raises(PermissionDenied):
            services.lift(ConflictDeclaration.objects.get(), reason=REASON, by=colleague, at=AT)
    else:
        with pytest.raises(PermissionDenied):
            services.declare(who.pk, dossier_id=dossier.pk, reason=REASON, by=colleague, at=AT)


@pytest.mark.parametrize("second", ["other_head", "leader", "administrator"])
def test_an_override_takes_a_reason_and_a_second_person(district, round_, other_head, second):
    dossier = factories.sent(district, round_, by=district.appraiser)
    person_id = district.appraiser.pk
    with pytest.raises(ValidationError):
        services.ask_override(dossier.pk, person_id, reason="ngắn", by=district.head, at=AT)
    asked = services.ask_override(dossier.pk, person_id, reason=REASON, by=district.head, at=AT)
    for one in (district.head, district.appraiser, district.secretary):
        with pytest.raises(PermissionDenied):
            services.answer_override(asked.pk, granted=True, by=one, at=AT)
    by = other_head if second == "other_head" else getattr(district, second)
    services.answer_override(asked.pk, granted=True, by=by, at=AT)
    assert services.assign(dossier.pk, person_id, by=district.head, at=AT).appraiser == district.appraiser
    assert told("conflict.override_granted") == {district.head.pk, person_id}


def test_a_refused_override_changes_nothing(district, round_, other_head):
    dossier = factories.sent(district, round_, by=district.appraiser)
    asked = services.ask_override(dossier.pk, district.appraiser.pk, reason=REASON, by=district.head, at=AT)
    services.answer_override(asked.pk, granted=False, answer=REASON, by=other_head, at=AT)
    with pytest.raises(ValidationError):
        services.assign(dossier.pk, district.appraiser.pk, by=district.head, at=AT)
    assert told("conflict.override_refused") == {district.head.pk}
    assert ConflictOverride.objects.get().granted is False


@pytest.mark.parametrize("second", ["other_head", "leader"])
def test_who_may_be_the_second_person_is_told_and_finds_it_on_the_home_page(district, round_, second, request):
    by = request.getfixturevalue("other_head") if second == "other_head" else district.leader
    dossier = factories.sent(district, round_, by=district.appraiser)
    services.ask_override(dossier.pk, district.appraiser.pk, reason=REASON, by=district.head, at=AT)
    assert told("conflict.override_asked") == {by.pk}
    line = Awaited("Hồ sơ có đề nghị cho thẩm định dù có xung đột", 1, "/reviews/conflicts/", "warning")
    assert [line in awaiting(one, AT) for one in (by, district.head, district.appraiser)] == [True, False, False]


def test_a_dossier_without_conflicts_says_that_nobody_needs_an_override(client, district, dossier):
    client.force_login(district.head)
    page = client.get(reverse("reviews:ask_override", args=[dossier.pk])).text
    assert ("Không ai cần đề nghị" in page, 'name="reason"' in page) == (True, False)


def test_the_address_of_a_rehearsal_carries_no_secret_of_the_session(client, district):
    client.force_login(district.head)
    asked = client.get(reverse("reviews:assigning")).text.partition('<form method="get"')[2].partition("</form>")[0]
    assert ('name="method"' in asked, "csrf" in asked) == (True, False)


def test_the_pages_lead_from_the_dossier_to_the_second_persons_word(client, district, round_, other_head):
    dossier = factories.sent(district, round_, by=district.appraiser)
    client.force_login(district.head)
    page = client.get(reverse("reviews:who", args=[dossier.pk])).content.decode()
    assert "đã soạn hoặc gửi hồ sơ" in page
    given = {"person": district.appraiser.pk, "reason": REASON}
    assert client.post(reverse("reviews:ask_override", args=[dossier.pk]), given).status_code == 302
    client.force_login(other_head)
    asked = ConflictOverride.objects.get()
    assert f"/reviews/conflicts/asked/{asked.pk}/" in client.get("/reviews/conflicts/").content.decode()
    answered = client.post(reverse("reviews:answer_override", args=[asked.pk]), {"granted": "1"})
    assert (answered.status_code, ConflictOverride.objects.get().granted) == (302, True)


@pytest.mark.parametrize("count", [1, 30])
def test_the_rehearsal_costs_the_same_however_long(client, district, round_, count, django_assert_max_num_queries):
    for n in range(count):
        factories.sent(district, round_, f"Mô hình {n}")
    client.force_login(district.head)
    with django_assert_max_num_queries(12):
        assert len(client.get(f"{PAGE}?source=waiting&method=evenly").context["plan"].given) == count
