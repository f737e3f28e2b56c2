"""Two levels of decision: proposed, signed or sent back, prepared, announced together, taken back until then."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event, Notice
from models_registry.gate import StepNotOpen
from models_registry.models import Dossier, WorkItem
from models_registry.services import take_step
from organizations.models import Person, Post
from reviews import services
from reviews.models import Announcement, Assignment, Decision
from reviews.queries import criteria_of
from reviews.services import DecisionPrepared, Judged, ProposalChanged
from tests.factories import AT
from tests.reviews import factories

pytestmark = pytest.mark.django_db
LATER, DUE = AT + dt.timedelta(hours=1), AT + dt.timedelta(days=2)
REASON = "Nội dung còn chung chung, chưa có số liệu."


def work_of(dossier, due_on=dt.date(2026, 6, 1)):
    """A work of the dossier that waits for its approval."""
    own = {"dossier": dossier, "unit": dossier.unit, "year": dossier.year}
    return WorkItem.objects.create(kind="COL", title="Việc", due_on=due_on, **own)


def proposals(district, round_, count):
    made = []
    for n in range(count):
        dossier = factories.sent(district, round_, f"Mô hình {n}")
        services.take(dossier.pk, by=district.appraiser, at=AT)
        entries = {one.pk: Judged("met") for one in criteria_of(dossier)}
        services.save_judgements(dossier.pk, entries, by=district.appraiser, at=AT)
        services.propose(dossier.pk, "approve", by=district.appraiser, at=AT)
        made.append(dossier)
    return made


def prepared(dossier, by):
    return services.approve(dossier.pk, by=by, at=LATER, announce=False)


def told_to(person):
    return list(Notice.objects.filter(recipient=person).order_by("id").values_list("event__verb", flat=True))


def test_a_prepared_decision_moves_nothing_and_tells_the_unit_nothing(district, proposed):
    work, before = work_of(proposed), told_to(district.secretary)
    edition = Dossier.objects.get().edition
    decision = prepared(proposed, district.head)
    proposed.refresh_from_db()
    work.refresh_from_db()
    assert (proposed.state, proposed.edition, proposed.decided_at) == ("under_appraisal", edition, None)
    assert (work.state, work.approved_at) == ("planned", None)
    assert told_to(district.secretary) == before
    assert (decision.announced_at, decision.prepared_at) == (None, LATER)


def test_nothing_else_moves_while_a_decision_is_prepared_and_all_does_once_it_is_taken_back(district, proposed):
    prepared(proposed, district.head)
    first = criteria_of(proposed)[0].pk
    acts = [
        lambda: services.give_back(proposed.pk, by=district.appraiser, at=DUE),
        lambda: services.propose(proposed.pk, "approve", by=district.appraiser, at=DUE),
        lambda: services.save_judgements(proposed.pk, {first: Judged("partly")}, by=district.appraiser, at=DUE),
        lambda: services.approve(proposed.pk, by=district.head, at=DUE),
        lambda: services.send_back(proposed.pk, reason=REASON, by=district.head, at=DUE),
        lambda: services.request_revision(proposed.pk, criteria=[first], reason=REASON, by=district.head, at=DUE),
    ]
    for act in acts:
        with pytest.raises(DecisionPrepared):
            act()
    services.undo(proposed.pk, by=district.head, at=DUE)
    assert not Decision.objects.exists()
    assert Assignment.objects.get().proposed == "approve"
    acts[-1]()
    assert Decision.objects.get().outcome == "returned"


def test_who_may_take_back_and_when(district, proposed, other_head):
    with pytest.raises(StepNotOpen):
        services.undo(proposed.pk, by=district.head, at=DUE)
    prepared(proposed, district.head)
    with pytest.raises(PermissionDenied):
        services.undo(proposed.pk, by=district.appraiser, at=DUE)
    services.undo(proposed.pk, by=other_head, at=DUE)
    assert told_to(district.head)[-1] == "appraisal.unprepared"
    services.approve(proposed.pk, by=district.head, at=DUE)
    with pytest.raises(StepNotOpen):
        services.undo(proposed.pk, by=district.head, at=DUE)


def test_a_proposal_sent_back_waits_for_a_new_one(district, proposed):
    with pytest.raises(ValidationError):
        services.send_back(proposed.pk, reason="Ngắn", by=district.head, at=LATER)
    with pytest.raises(PermissionDenied):
        services.send_back(proposed.pk, reason=REASON, by=district.appraiser, at=LATER)
    with pytest.raises(ProposalChanged):
        services.send_back(proposed.pk, reason=REASON, by=district.head, at=LATER, proposed_at=LATER)
    services.send_back(proposed.pk, reason=REASON, by=district.head, at=LATER, proposed_at=AT)
    holding = Assignment.objects.get()
    assert (holding.proposed, holding.sent_back_reason, holding.sent_back_by) == ("", REASON, district.head)
    assert told_to(district.appraiser)[-1] == "appraisal.sent_back"
    for act in (services.approve, services.undo):
        with pytest.raises((ValidationError, StepNotOpen)):
            act(proposed.pk, by=district.head, at=LATER)
    services.propose(proposed.pk, "approve", by=district.appraiser, at=DUE)
    assert Assignment.objects.get().sent_back_at is None


def test_decisions_are_announced_together_at_their_instant_and_not_before(district, round_):
    dossiers = proposals(district, round_, 3)
    decisions = [prepared(dossier, district.head) for dossier in dossiers]
    chosen = [one.pk for one in decisions[:2]]
    planned = services.plan_announcement(chosen, due_at=DUE, by=district.head, at=LATER)
    assert services.announce(planned.pk, at=DUE - dt.timedelta(seconds=1)) == (0, 0)
    assert services.announce(planned.pk, at=DUE) == (2, 0)
    assert services.announce(planned.pk, at=DUE + dt.timedelta(hours=1)) == (0, 0)
    instants = dict(Decision.objects.values_list("pk", "announced_at"))
    assert instants == {decisions[0].pk: DUE, decisions[1].pk: DUE, decisions[2].pk: None}
    states = Dossier.objects.order_by("pk").values_list("state", "decided_at")
    assert list(states) == [("approved", DUE), ("approved", DUE), ("under_appraisal", None)]
    assert told_to(district.secretary) == ["dossier.approve"] * 2
    assert Assignment.objects.held().count() == 1


def test_an_announcement_cut_short_goes_on_with_the_same_instant(district, round_):
    decisions = [prepared(dossier, district.head) for dossier in proposals(district, round_, 2)]
    planned = services.plan_announcement([one.pk for one in decisions], due_at=DUE, by=district.head, at=LATER)

    def killed(done, _total):
        raise SystemExit

    with pytest.raises(SystemExit):
        services.announce(planned.pk, at=DUE, on_step=killed)
    assert Decision.objects.announced().count() == 1
    assert services.announce(planned.pk, at=DUE + dt.timedelta(minutes=5)) == (1, 0)
    assert set(Decision.objects.values_list("announced_at", flat=True)) == {DUE}
    assert Event.objects.filter(verb="dossier.approve").count() == 2


def test_what_cannot_be_told_is_held_up_with_its_reason(district, round_):
    withdrawn, late, fine = dossiers = proposals(district, round_, 3)
    decisions = [prepared(dossier, district.head) for dossier in dossiers]
    planned = services.plan_announcement([one.pk for one in decisions], due_at=DUE, by=district.head, at=LATER)
    take_step(withdrawn.pk, "withdraw", by=district.secretary, at=LATER)
    work_of(late, due_on=AT.date() - dt.timedelta(days=1))
    assert services.announce(planned.pk, at=DUE) == (1, 2)
    kept = dict(Decision.objects.values_list("version__dossier", "announced_at"))
    assert kept == {late.pk: None, fine.pk: DUE}
    reasons = dict(Event.objects.filter(verb="appraisal.held_up").values_list("subject_id", "detail__reason"))
    assert "Đã rút" in reasons[withdrawn.pk]
    assert "đã qua" in reasons[late.pk]
    assert told_to(district.head).count("appraisal.held_up") == 2


def test_a_withdrawn_dossier_loses_its_prepared_decision_without_an_announcement(district, proposed):
    prepared(proposed, district.head)
    assert services.drop_lapsed(at=DUE) == 0
    take_step(proposed.pk, "withdraw", by=district.secretary, at=LATER)
    assert services.drop_lapsed(at=DUE) == 1
    assert not Decision.objects.exists()


@pytest.mark.parametrize("ended", ["post", "account"])
def test_whose_post_or_account_has_ended_announces_nothing_more(district, proposed, ended):
    decision = prepared(proposed, district.head)
    planned = services.plan_announcement([decision.pk], due_at=DUE, by=district.head, at=LATER)
    if ended == "post":
        Post.objects.filter(pk=district.head.post.pk).update(ends_at=LATER)
    else:
        Person.objects.filter(pk=district.head.pk).update(is_active=False)
    assert services.announce(planned.pk, at=DUE) == (0, 1)
    assert Decision.objects.get().announced_at is None


def test_an_announcement_is_called_off_until_it_begins(district, proposed, other_head):
    decision = prepared(proposed, district.head)
    planned = services.plan_announcement([decision.pk], due_at=DUE, by=district.head, at=LATER)
    with pytest.raises(PermissionDenied):
        services.call_off(planned.pk, by=district.appraiser, at=LATER)
    services.call_off(planned.pk, by=other_head, at=LATER)
    assert (Announcement.objects.count(), Decision.objects.get().announcement) == (0, None)
    again = services.plan_announcement([decision.pk], due_at=DUE, by=district.head, at=LATER)
    Announcement.objects.filter(pk=again.pk).update(began_at=DUE)
    with pytest.raises(ValidationError):
        services.call_off(again.pk, by=district.head, at=DUE)
    with pytest.raises(ValidationError):
        services.plan_announcement([decision.pk], due_at=DUE, by=district.head, at=DUE)
