"""Returning and deciding, as the board meets it."""

import datetime as dt

import pytest

from reviews import services
from reviews.models import Decision, Judgement
from reviews.queries import criteria_of
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON, state_of, typed, url

pytestmark = pytest.mark.usefixtures("the_day_after")


def returned(dossier, **values):
    chosen = [criteria_of(dossier)[0].pk]
    return {"edition": dossier.edition, "criteria": chosen, "reason": REASON, "due_on": "20/01/2026"} | values


def test_save_then_return_leads_to_the_return_page_with_the_unmet_chosen(client, district, held):
    client.force_login(district.appraiser)
    response = client.post(url("judge", held), typed(held, "not_met", act="return"))
    assert response.url == url("return", held)
    page = client.get(response.url)
    assert set(page.context["form"]["criteria"].value()) == {one.pk for one in criteria_of(held)}
    assert page.context["form"]["due_on"].value() == factories.day(14)


def test_a_return_reaches_the_unit_with_its_remarks(client, district, held):
    client.force_login(district.appraiser)
    given = returned(held, **{"remark-learning": "Nêu rõ việc", "remark-contents": ""})
    assert client.post(url("return", held), given).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.due_on) == ("revision_requested", dt.date(2026, 1, 20))
    assert list(held.versions.get().remarks.values_list("place", "text")) == [("learning", "Nêu rõ việc")]


@pytest.mark.parametrize(
    "wrong",
    [{"criteria": []}, {"reason": "Chưa rõ"}, {"due_on": "06/01/2026"}, {"due_on": "31/02/2026"}, {"criteria": [0]}],
    ids=["no criterion", "short reason", "today", "no such day", "unknown criterion"],
)
def test_a_return_without_its_parts_is_shown_again_with_what_was_typed(client, district, held, wrong):
    client.force_login(district.appraiser)
    response = client.post(url("return", held), returned(held, **{"remark-learning": "Nêu rõ việc"}) | wrong)
    assert response.status_code == 422
    assert "Nêu rõ việc" in response.content.decode()
    assert (state_of(held), Decision.objects.count()) == ("under_appraisal", 0)


def test_returning_what_another_holds_is_told_before_anything_is_typed(client, district, held, colleague):
    client.force_login(colleague)
    assert client.get(url("return", held)).status_code == 409
    client.force_login(district.appraiser)
    assert client.get(url("return", held)).status_code == 200


def test_what_was_typed_for_a_lost_return_is_still_there(client, district, held):
    services.give_back(held.pk, by=district.head, at=AT)
    client.force_login(district.appraiser)
    response = client.post(url("return", held), returned(held))
    assert response.status_code == 409
    assert REASON in response.content.decode()
    assert f"{district.head.full_name} đã trả hồ sơ này lại hàng chờ" in response.content.decode()


def test_a_head_approves_and_an_appraiser_may_not(client, district, proposed):
    proposed.refresh_from_db()
    client.force_login(district.appraiser)
    assert client.post(url("approve", proposed), {"edition": proposed.edition}).status_code == 403
    client.force_login(district.head)
    further = f"/registry/dossiers/{proposed.pk}/#showcase"
    assert further not in client.get(url("appraise", proposed)).text
    assert client.post(url("approve", proposed), {"edition": proposed.edition}).status_code == 302
    assert state_of(proposed) == "approved"
    assert further in client.get(url("appraise", proposed)).text


def test_approving_without_a_proposal_is_told_in_words(client, district, judged):
    client.force_login(district.head)
    response = client.post(url("approve", judged), {"edition": judged.edition})
    assert response.status_code == 422
    assert "chưa gửi đề xuất" in response.content.decode()


def test_a_refusal_without_a_reason_is_shown_again(client, district, proposed):
    client.force_login(district.head)
    response = client.post(url("reject", proposed), {"edition": proposed.edition, "reason": "Kém"})
    assert response.status_code == 422
    assert "ít nhất 10 ký tự" in response.content.decode()
    response = client.post(url("reject", proposed), {"edition": proposed.edition, "reason": REASON})
    assert (response.status_code, state_of(proposed)) == (302, "rejected")


def test_a_second_head_is_told_who_decided_and_when(client, district, proposed, other_head):
    services.approve(proposed.pk, by=other_head, at=NOW)
    client.force_login(district.head)
    response = client.post(url("reject", proposed), {"edition": proposed.edition, "reason": REASON})
    assert response.status_code == 409
    page = response.content.decode()
    assert f"{other_head.full_name} đã duyệt hồ sơ này lúc 06/01/2026 09:00." in page
    assert REASON in page


def test_a_decision_on_an_older_version_is_refused(client, district, proposed):
    client.force_login(district.head)
    assert client.post(url("approve", proposed), {"edition": 0}).status_code == 409
    assert state_of(proposed) == "under_appraisal"


def test_a_head_who_read_an_older_proposal_is_told_of_the_new_one(client, district, proposed):
    client.force_login(district.head)
    page = client.get(url("appraise", proposed))
    read = {name: page.context["decision_form"][name].value() for name in ("edition", "proposed_at")}
    services.propose(proposed.pk, "reject", reason=REASON, by=district.appraiser, at=NOW)
    response = client.post(url("approve", proposed), read)
    assert response.status_code == 409
    assert "đã gửi đề xuất mới lúc 06/01/2026 09:00: Đề xuất không duyệt" in response.content.decode()
    assert state_of(proposed) == "under_appraisal"
    page = client.get(url("appraise", proposed))
    read["proposed_at"] = page.context["decision_form"]["proposed_at"].value()
    assert client.post(url("approve", proposed), read).status_code == 302


@pytest.mark.parametrize("hostile", ["2026-13-45T99:99", "x" * 5000, "<script>", "\0"])
def test_a_hidden_field_that_was_tampered_with_is_no_traceback(client, district, held, hostile):
    client.force_login(district.appraiser)
    given = typed(held) | {"seen": hostile}
    assert client.post(url("judge", held), given).status_code in (302, 422)


@pytest.mark.parametrize(
    ("remark", "status"), [("\u202eđảo chữ", 302), ("có \0 rỗng", 422), ("x" * 501, 422), ("x" * 500, 302)]
)
def test_hostile_text_gets_a_sentence(client, district, held, remark, status):
    client.force_login(district.appraiser)
    first = criteria_of(held)[0]
    response = client.post(url("judge", held), {"edition": held.edition, f"remark_{first.pk}": remark})
    assert response.status_code == status
    kept = Judgement.objects.values_list("remark", flat=True)
    assert not any("\u202e" in text or "\0" in text for text in kept)
