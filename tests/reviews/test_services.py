"""What an appraiser and a head do with a dossier, each refusal beside its success."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from models_registry.models import CriterionSet, Dossier
from organizations.services import give_post
from reviews import services
from reviews.models import Assignment, Decision, Judgement
from reviews.queries import criteria_of, holding_of
from reviews.services import HeldByAnother, Judged, JudgedElsewhere
from tests.factories import AT
from tests.reviews import factories

LATER = AT + dt.timedelta(hours=1)
REASON = "Nội dung còn chung chung, chưa có số liệu."


def state_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).state


# --- taking and giving back


def test_an_appraiser_takes_a_waiting_dossier(district, dossier):
    services.take(dossier.pk, by=district.appraiser, at=AT)
    assert state_of(dossier) == "under_appraisal"
    assert holding_of(dossier.pk).appraiser == district.appraiser


def test_a_second_appraiser_is_told_who_took_it_and_when(district, dossier, colleague):
    services.take(dossier.pk, by=district.appraiser, at=AT)
    with pytest.raises(StepNotOpen) as refused:
        services.take(dossier.pk, by=colleague, at=LATER)
    assert (refused.value.last.actor, refused.value.last.at) == (district.appraiser, AT)
    assert Assignment.objects.count() == 1


def test_a_secretary_takes_nothing(district, dossier):
    with pytest.raises(PermissionDenied):
        services.take(dossier.pk, by=district.secretary, at=AT)
    assert state_of(dossier) == "submitted"


def test_who_wrote_the_dossier_never_appraises_it(district, round_):
    own = factories.sent(district, round_, by=district.appraiser)
    with pytest.raises(Dossier.DoesNotExist):
        services.take(own.pk, by=district.appraiser, at=AT)
    assert state_of(own) == "submitted"


def test_the_holder_gives_back(district, held):
    services.give_back(held.pk, by=district.appraiser, at=LATER)
    assert (state_of(held), holding_of(held.pk)) == ("submitted", None)


def test_a_lead_who_gives_back_leaves_the_other_scorers_their_seats(district, held, colleague):
    """Whoever scored before leads by the same row, so that a scoresheet handed in stays handed in."""
    seat = Assignment.objects.create(
        dossier=held, version=1, appraiser=colleague, is_lead=False, taken_at=AT, finished_at=AT
    )
    services.give_back(held.pk, by=district.appraiser, at=LATER)
    assert list(Assignment.objects.filter(released_at=None)) == [seat]
    taken = services.take(held.pk, by=colleague, at=LATER)
    assert (taken.pk, taken.is_lead, taken.finished_at) == (seat.pk, True, AT)
    services.request_revision(held.pk, by=colleague, at=LATER, reason=REASON, criteria=[criteria_of(held)[0].pk])
    assert not Assignment.objects.filter(released_at=None).exists()


def test_a_colleague_does_not_give_back_what_another_holds(district, held, colleague):
    with pytest.raises(HeldByAnother) as refused:
        services.give_back(held.pk, by=colleague, at=LATER)
    assert refused.value.holding.appraiser == district.appraiser
    assert state_of(held) == "under_appraisal"


def test_a_head_gives_back_for_an_absent_appraiser_who_is_told(district, held):
    services.give_back(held.pk, by=district.head, at=LATER)
    assert state_of(held) == "submitted"
    assert Notice.objects.filter(recipient=district.appraiser).count() == 1


# --- judging


def test_judgements_are_kept_as_drafts_on_the_version_they_judge(district, held):
    first, second, *_ = criteria_of(held)
    entries = {first.pk: Judged("met", "Rõ ràng"), second.pk: Judged("", "Cần xem lại")}
    assert services.save_judgements(held.pk, entries, by=district.appraiser, at=AT) == 2
    assert list(Judgement.objects.values_list("version__number", "criterion", "mark", "remark")) == [
        (1, first.pk, "met", "Rõ ràng"),
        (1, second.pk, "", "Cần xem lại"),
    ]


def test_a_word_taken_back_leaves_no_judgement(district, held):
    first, *_ = criteria_of(held)
    services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=AT)
    services.save_judgements(held.pk, {first.pk: Judged("")}, by=district.appraiser, at=LATER)
    assert not Judgement.objects.exists()


def test_saving_the_same_again_changes_and_records_nothing(district, held):
    first, *_ = criteria_of(held)
    services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=AT)
    assert services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=LATER) == 0
    assert Event.objects.filter(verb="appraisal.judged").count() == 1


def test_the_first_judgement_freezes_the_criterion_set(district, held):
    first, *_ = criteria_of(held)
    services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=LATER)
    frozen = CriterionSet.objects.get(pk=first.criterion_set_id)
    assert frozen.frozen_at == LATER
    assert CriterionSet.objects.get(dossier_kind="registration_sheet").frozen_at is None


def test_only_the_holder_judges(district, held, colleague):
    first, *_ = criteria_of(held)
    with pytest.raises(HeldByAnother):
        services.save_judgements(held.pk, {first.pk: Judged("met")}, by=colleague, at=AT)
    assert not Judgement.objects.exists()


def test_nothing_is_judged_before_it_is_taken(district, dossier):
    first, *_ = criteria_of(dossier)
    with pytest.raises(StepNotOpen):
        services.save_judgements(dossier.pk, {first.pk: Judged("met")}, by=district.appraiser, at=AT)


@pytest.mark.parametrize("mark", ["partly", "excellent"])
def test_a_fault_is_shown_or_not(district, held, mark):
    fault = next(one for one in criteria_of(held) if one.group == "fault")
    with pytest.raises(ValidationError):
        services.save_judgements(held.pk, {fault.pk: Judged(mark)}, by=district.appraiser, at=AT)
    assert services.save_judgements(held.pk, {fault.pk: Judged("not_met")}, by=district.appraiser, at=AT) == 1


def test_a_criterion_of_another_set_is_refused(district, held):
    foreign = CriterionSet.objects.get(dossier_kind="registration_sheet").criteria.first()
    with pytest.raises(ValidationError):
        services.save_judgements(held.pk, {foreign.pk: Judged("met")}, by=district.appraiser, at=AT)


def test_a_page_older_than_what_is_saved_overwrites_nothing(district, held):
    first, *_ = criteria_of(held)
    services.save_judgements(held.pk, {first.pk: Judged("met", "Trang một")}, by=district.appraiser, at=LATER)
    with pytest.raises(JudgedElsewhere) as refused:
        services.save_judgements(held.pk, {first.pk: Judged("partly")}, by=district.appraiser, at=LATER, seen=AT)
    assert refused.value.stored[first.pk].remark == "Trang một"


# --- proposing


def test_a_proposal_reaches_the_heads(district, judged, other_head):
    services.propose(judged.pk, "approve", by=district.appraiser, at=LATER)
    assert holding_of(judged.pk).proposed == "approve"
    told = Notice.objects.filter(event__verb="appraisal.proposed").values_list("recipient", flat=True)
    assert set(told) == {district.head.pk, other_head.pk}


def test_a_half_judged_dossier_is_not_proposed(district, held):
    first, *_ = criteria_of(held)
    services.save_judgements(held.pk, {first.pk: Judged("met")}, by=district.appraiser, at=AT)
    with pytest.raises(ValidationError, match="Còn 5 tiêu chí"):
        services.propose(held.pk, "approve", by=district.appraiser, at=LATER)
    assert holding_of(held.pk).proposed == ""


def test_proposing_a_refusal_needs_its_reason(district, judged):
    with pytest.raises(ValidationError):
        services.propose(judged.pk, "reject", reason="Kém", by=district.appraiser, at=LATER)
    services.propose(judged.pk, "reject", reason=REASON, by=district.appraiser, at=LATER)
    assert (holding_of(judged.pk).proposed, holding_of(judged.pk).proposed_reason) == ("reject", REASON)


# --- returning


def test_a_return_carries_criteria_reason_remarks_and_a_day(district, held):
    vague = next(one for one in criteria_of(held) if one.code == "vague")
    remarks = {"learning": "Nêu rõ học Bác điều gì.", "goal": "  "}
    services.request_revision(
        held.pk, criteria=[vague.pk], reason=REASON, remarks=remarks, by=district.appraiser, at=AT
    )
    held.refresh_from_db()
    decision = Decision.objects.get(version__dossier=held)
    assert (held.state, held.due_on) == ("revision_requested", factories.day(11))
    assert (decision.outcome, decision.reason, list(decision.criteria.all())) == ("returned", REASON, [vague])
    pinned = held.versions.get().remarks.values_list("place", "text", "asked_by", "asked_at")
    assert list(pinned) == [("learning", "Nêu rõ học Bác điều gì.", district.appraiser.pk, AT)]
    assert holding_of(held.pk) is None
    assert Notice.objects.filter(event__verb="dossier.request_revision").get().recipient == district.secretary


def test_the_appraiser_may_name_another_day(district, held):
    chosen = [criteria_of(held)[0].pk]
    due = factories.day(5)
    services.request_revision(held.pk, criteria=chosen, reason=REASON, due_on=due, by=district.appraiser, at=AT)
    held.refresh_from_db()
    assert held.due_on == due


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "Chưa rõ"}, {"criteria": []}, {"criteria": [0]}, {"due_on": factories.day(0)}],
    ids=["short reason", "no criterion", "unknown criterion", "a day that is not later"],
)
def test_a_return_without_its_parts_is_refused(district, held, wrong):
    given = {"criteria": [criteria_of(held)[0].pk], "reason": REASON} | wrong
    with pytest.raises(ValidationError):
        services.request_revision(held.pk, **given, by=district.appraiser, at=AT)
    assert (state_of(held), Decision.objects.count()) == ("under_appraisal", 0)
    assert holding_of(held.pk) is not None


def test_a_colleague_does_not_return_what_another_holds_and_a_head_does(district, held, colleague):
    chosen = [criteria_of(held)[0].pk]
    with pytest.raises(HeldByAnother):
        services.request_revision(held.pk, criteria=chosen, reason=REASON, by=colleague, at=AT)
    services.request_revision(held.pk, criteria=chosen, reason=REASON, by=district.head, at=AT)
    assert state_of(held) == "revision_requested"


def test_earlier_judgements_stay_with_their_version(district, judged):
    services.request_revision(
        judged.pk, criteria=[criteria_of(judged)[0].pk], reason=REASON, by=district.appraiser, at=AT
    )
    again = factories.resent(judged, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))
    services.take(again.pk, by=district.appraiser, at=LATER)
    assert set(Judgement.objects.values_list("version__number", flat=True)) == {1}
    with pytest.raises(ValidationError, match="Còn 6 tiêu chí"):
        services.propose(again.pk, "approve", by=district.appraiser, at=LATER)


# --- deciding


def test_a_head_approves_what_was_proposed(district, proposed):
    services.approve(proposed.pk, by=district.head, at=LATER)
    decision = Decision.objects.get(version__dossier=proposed)
    assert (state_of(proposed), decision.outcome, decision.by) == ("approved", "approved", district.head)
    told = Notice.objects.filter(event__verb="dossier.approve").values_list("recipient", flat=True)
    assert set(told) == {district.secretary.pk, district.appraiser.pk}


def test_an_appraiser_does_not_decide(district, proposed):
    with pytest.raises(PermissionDenied):
        services.approve(proposed.pk, by=district.appraiser, at=LATER)
    assert state_of(proposed) == "under_appraisal"


def test_nothing_is_decided_before_it_is_proposed(district, judged):
    with pytest.raises(ValidationError, match="chưa gửi đề xuất"):
        services.approve(judged.pk, by=district.head, at=LATER)
    assert (state_of(judged), Decision.objects.count()) == ("under_appraisal", 0)


def test_a_head_who_judged_alone_decides_once_every_criterion_is_marked(district, dossier):
    services.take(dossier.pk, by=district.head, at=AT)
    with pytest.raises(ValidationError, match="Còn 6 tiêu chí"):
        services.approve(dossier.pk, by=district.head, at=LATER)
    entries = {one.pk: Judged("met") for one in criteria_of(dossier)}
    services.save_judgements(dossier.pk, entries, by=district.head, at=AT)
    services.approve(dossier.pk, by=district.head, at=LATER)
    assert state_of(dossier) == "approved"


def test_who_judged_signs_nothing_while_another_head_can(district, dossier, other_head):
    services.take(dossier.pk, by=district.head, at=AT)
    entries = {one.pk: Judged("met") for one in criteria_of(dossier)}
    services.save_judgements(dossier.pk, entries, by=district.head, at=AT)
    with pytest.raises(ValidationError, match="không tự ký"):
        services.approve(dossier.pk, by=district.head, at=LATER)
    services.propose(dossier.pk, "approve", by=district.head, at=AT)
    with pytest.raises(ValidationError, match="không tự ký"):
        services.reject(dossier.pk, reason=REASON, by=district.head, at=LATER)
    services.approve(dossier.pk, by=other_head, at=LATER)
    assert state_of(dossier) == "approved"


def test_an_appraiser_who_is_a_head_too_does_not_sign_the_own_proposal(district, proposed, other_head):
    give_post(district.appraiser, unit=district.board, role="head", starts_at=AT, by=None, at=AT)
    as_head = district.appraiser.acting_as(district.appraiser.posts.get(role="head"))
    with pytest.raises(ValidationError, match="không tự ký"):
        services.approve(proposed.pk, by=as_head, at=LATER)


def test_a_head_does_not_approve_with_a_reason(district, proposed):
    with pytest.raises(ValidationError):
        services.reject(proposed.pk, reason="Không", by=district.head, at=LATER)
    services.reject(proposed.pk, reason=REASON, by=district.head, at=LATER)
    assert (state_of(proposed), Decision.objects.get().reason) == ("rejected", REASON)


def test_a_page_that_shows_an_older_version_decides_nothing(district, proposed):
    with pytest.raises(StepNotOpen):
        services.approve(proposed.pk, by=district.head, at=LATER, edition=proposed.edition - 1)
    services.approve(proposed.pk, by=district.head, at=LATER, edition=proposed.edition)
    assert state_of(proposed) == "approved"


def test_out_of_sight_is_not_found(district, proposed):
    from tests.factories import district as another_district

    stranger = another_district().head
    with pytest.raises(Dossier.DoesNotExist):
        services.approve(proposed.pk, by=stranger, at=LATER)
