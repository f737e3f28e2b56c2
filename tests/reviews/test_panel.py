"""Several scorers on one dossier: each alone first, then all together."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Notice
from models_registry.models import Dossier
from organizations.services import give_post
from reviews import services
from reviews.models import Assignment, Judgement
from reviews.queries import criteria_of, holding_of
from reviews.queries.sheets import panels_of
from reviews.services import HeldByAnother, Judged
from tests.factories import AT
from tests.reviews.pages import NOW, REASON, typed, url

LATER = AT + dt.timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("the_day_after")


def seen(dossier, user):
    """Whose marks this person may read."""
    found = Judgement.objects.visible_to(user).filter(version__dossier=dossier)
    return set(found.values_list("appraiser__full_name", flat=True))


def names(*people):
    return {one.full_name for one in people}


def pages(client, dossier, user):
    client.force_login(user)
    return "".join(client.get(url(name, dossier)).content.decode() for name in ("appraise", "history"))


def test_nobody_reads_another_sheet_before_handing_the_own_one_in(client, district, scored, colleague, third):
    one, head = district.appraiser, district.head
    assert [seen(scored, who) for who in (one, colleague, head)] == [names(one), names(colleague), set()]
    services.hand_in(scored.pk, by=colleague, at=LATER)
    assert [seen(scored, who) for who in (one, colleague, head)] == [names(one), names(colleague), names(colleague)]
    services.hand_in(scored.pk, by=one, at=LATER)
    both = names(one, colleague)
    assert [seen(scored, who) for who in (one, colleague, third, head)] == [both, both, names(third), both]
    told = {who: "Ý kiến 1" in pages(client, scored, who) for who in (one, third, head)}
    assert told == {one: True, third: False, head: True}
    client.force_login(third)
    assert "Ý kiến 1" not in client.post(url("judge", scored), typed(scored, mark="bad")).content.decode()


def test_a_head_who_scores_hands_in_first_and_an_appraiser_without_a_seat_waits_for_the_word(
    district, scored, colleague, third, other_head
):
    stranger = district.appraiser
    services.leave(scored.pk, by=third, at=LATER)
    services.join(scored.pk, by=other_head, at=LATER)
    services.hand_in(scored.pk, by=colleague, at=LATER)
    assert (seen(scored, other_head), seen(scored, third)) == (set(), names(third))
    chosen = [criteria_of(scored)[0].pk]
    services.request_revision(scored.pk, criteria=chosen, reason=REASON, by=stranger, at=LATER)
    assert seen(scored, third) == names(stranger, colleague, third)


def test_a_head_who_could_have_read_a_sheet_scores_no_more(client, district, scored, colleague, third, other_head):
    services.leave(scored.pk, by=third, at=LATER)
    services.join(scored.pk, by=other_head, at=LATER)
    services.leave(scored.pk, by=other_head, at=LATER)
    services.hand_in(scored.pk, by=colleague, at=LATER)
    assert seen(scored, other_head) == names(colleague)
    with pytest.raises(ValidationError, match="không cùng chấm độc lập"):
        services.join(scored.pk, by=other_head, at=LATER)
    offered = {}
    for who in (other_head, third):
        client.force_login(who)
        offered[who] = client.get(url("appraise", scored)).context["can_join"]
    assert offered == {other_head: False, third: True}


def test_a_head_does_not_score_after_reading_in_another_of_the_own_posts_either(district, scored, colleague, third):
    services.leave(scored.pk, by=third, at=NOW)
    services.hand_in(scored.pk, by=colleague, at=NOW)
    give_post(third, unit=district.board, role="head", starts_at=AT, by=None, at=AT)
    assert third.post.role == "appraiser"
    with pytest.raises(ValidationError):
        services.join(scored.pk, by=third, at=NOW)
    with pytest.raises(ValidationError):
        services.add_scorer(scored.pk, third.pk, by=district.head, at=NOW)


def test_a_lead_who_joins_stays_the_lead(district, proposed):
    services.join(proposed.pk, by=district.appraiser, at=LATER)
    holding = holding_of(proposed.pk)
    assert (holding.appraiser, holding.proposed) == (district.appraiser, "approve")


def test_a_sheet_is_handed_in_whole_or_not_at_all(district, scored, colleague):
    first = criteria_of(scored)[0]
    services.save_judgements(scored.pk, {first.pk: Judged("", "Còn xem")}, by=colleague, at=LATER)
    with pytest.raises(ValidationError, match="Còn 1 tiêu chí"):
        services.hand_in(scored.pk, by=colleague, at=LATER)
    services.save_judgements(scored.pk, {first.pk: Judged("met")}, by=colleague, at=LATER)
    services.hand_in(scored.pk, by=colleague, at=LATER)
    assert Notice.objects.filter(recipient=district.appraiser, event__verb="appraisal.handed_in").count() == 1
    with pytest.raises(ValidationError, match="đã nộp"):
        services.save_judgements(scored.pk, {first.pk: Judged("not_met")}, by=colleague, at=LATER)


def test_a_half_filled_sheet_counts_nowhere(district, scored, colleague, third):
    for who in (district.appraiser, colleague):
        services.hand_in(scored.pk, by=who, at=LATER)
    panel = panels_of(scored, district.head)[1]
    assert [sheet.name for sheet in panel.counted] == [district.appraiser.full_name, colleague.full_name]
    assert panel.spread["mean"] == Decimal("91.7")
    services.request_revision(
        scored.pk, criteria=[criteria_of(scored)[0].pk], reason=REASON, by=district.appraiser, at=LATER
    )
    after = panels_of(Dossier.objects.get(pk=scored.pk), district.head)[1]
    assert [(sheet.name, sheet.total) for sheet in after.sheets] == [
        (district.appraiser.full_name, Decimal("100")),
        (colleague.full_name, Decimal("83.3")),
        (third.full_name, None),
    ]


def test_the_head_reads_how_far_they_stand_apart(client, district, scored, colleague, third):
    for who in (district.appraiser, colleague, third):
        services.hand_in(scored.pk, by=who, at=LATER)
    panel = panels_of(scored, district.head)[1]
    assert panel.spread == {
        "low": Decimal("50"), "high": Decimal("100"), "mean": Decimal("77.8"), "apart": Decimal("50"),
    }  # fmt: skip
    assert panel.outliers == [
        {"name": district.appraiser.full_name, "points": Decimal("33.3"), "above": True},
        {"name": third.full_name, "points": Decimal("41.7"), "above": False},
    ]
    assert [row["divided"] for row in panel.rows] == [True, True, True, False, False, False]
    page = pages(client, scored, district.head)
    assert "50 và 100, lệch 50 điểm" in page
    assert f"{third.full_name}: thấp hơn 41,7 điểm" in page


def test_a_proposal_waits_for_every_sheet(district, scored, colleague, third):
    lead = district.appraiser
    with pytest.raises(ValidationError, match="nộp phiếu chấm của bạn trước"):
        services.propose(scored.pk, "approve", by=lead, at=LATER)
    for who in (lead, colleague):
        services.hand_in(scored.pk, by=who, at=LATER)
    with pytest.raises(ValidationError, match="Mới có 2/3"):
        services.propose(scored.pk, "approve", by=lead, at=LATER)
    services.hand_in(scored.pk, by=third, at=LATER)
    with pytest.raises(HeldByAnother):
        services.propose(scored.pk, "approve", by=third, at=LATER)
    services.propose(scored.pk, "approve", by=lead, at=LATER)
    services.approve(scored.pk, by=district.head, at=LATER)
    assert not Assignment.objects.filter(released_at=None).exists()
    panel = panels_of(scored, district.head)[1]
    assert (panel.done, panel.wanted, panel.waited_for) == (3, 3, [])


def test_a_sheet_is_opened_again_only_while_no_other_was_handed_in(district, scored, colleague):
    services.hand_in(scored.pk, by=colleague, at=LATER)
    services.rework(scored.pk, by=colleague, at=LATER)
    assert panels_of(scored, district.head)[1].counted == []
    for who in (colleague, district.appraiser):
        services.hand_in(scored.pk, by=who, at=LATER)
    with pytest.raises(ValidationError, match="không sửa được nữa"):
        services.rework(scored.pk, by=colleague, at=LATER)


def test_who_read_the_others_never_marks_again_by_leaving_and_coming_back(district, scored, colleague, third):
    for who in (district.appraiser, colleague):
        services.hand_in(scored.pk, by=who, at=LATER)
    services.give_back(scored.pk, by=district.appraiser, at=LATER)
    services.take(scored.pk, by=district.appraiser, at=NOW)
    with pytest.raises(ValidationError, match="đã nộp"):
        services.save_judgements(
            scored.pk, {criteria_of(scored)[0].pk: Judged("not_met")}, by=district.appraiser, at=NOW
        )


def test_a_proposal_is_taken_back_with_the_sheet_it_rests_on(client, district, proposed):
    client.force_login(district.appraiser)
    page = client.get(url("appraise", proposed)).content.decode()
    assert ("Sửa lại phiếu chấm" in page, 'name="mark_' in page, "Gửi đề xuất" in page) == (True, False, True)
    proposed.refresh_from_db()
    assert client.post(url("rework", proposed), {"edition": proposed.edition}).status_code == 302
    assert holding_of(proposed.pk).proposed == ""
    assert 'name="mark_' in client.get(url("appraise", proposed)).content.decode()


def test_seats_are_for_as_many_as_the_round_asks(client, district, scored, colleague, other_head):
    with pytest.raises(ValidationError, match="đủ người"):
        services.join(scored.pk, by=other_head, at=LATER)
    with pytest.raises(PermissionDenied):
        services.join(scored.pk, by=district.secretary, at=LATER)
    client.force_login(colleague)
    services.leave(scored.pk, by=colleague, at=LATER)
    assert "Nhận cùng chấm" in client.get(url("appraise", scored)).content.decode()
    scored.refresh_from_db()
    assert client.post(url("join", scored), {"edition": scored.edition}).status_code == 302
    given = typed(scored, act="hand_in", seen=AT.isoformat())
    assert client.post(url("judge", scored), given).status_code == 302
    assert Assignment.objects.get(appraiser=colleague, released_at=None).finished_at == NOW
