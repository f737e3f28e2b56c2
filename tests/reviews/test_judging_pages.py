"""Judging and proposing on the page."""

import pytest

from journal.models import Event
from reviews import services
from reviews.models import Judgement
from reviews.queries import criteria_of, holding_of
from reviews.services import Judged
from tests.factories import AT
from tests.reviews.pages import NOW, typed, url

pytestmark = pytest.mark.usefixtures("the_day_after")


def test_judgements_are_saved_and_shown_again(client, district, held):
    client.force_login(district.appraiser)
    first = criteria_of(held)[0]
    given = {"edition": held.edition, f"mark_{first.pk}": "partly", f"remark_{first.pk}": "Cần rõ hơn"}
    assert client.post(url("judge", held), given).status_code == 302
    form = client.get(url("appraise", held)).context["form"]
    assert (form[f"mark_{first.pk}"].value(), form[f"remark_{first.pk}"].value()) == ("partly", "Cần rõ hơn")


def test_a_mark_that_is_none_is_shown_again_with_what_was_typed(client, district, held):
    client.force_login(district.appraiser)
    first = criteria_of(held)[0]
    given = {"edition": held.edition, f"mark_{first.pk}": "brilliant", f"remark_{first.pk}": "Rất tốt"}
    response = client.post(url("judge", held), given)
    assert response.status_code == 422
    assert "Rất tốt" in response.content.decode()
    assert not Judgement.objects.exists()


def test_saving_from_an_older_page_shows_both_and_then_saves(client, district, held):
    client.force_login(district.appraiser)
    first = criteria_of(held)[0]
    before = AT.isoformat()
    services.save_judgements(held.pk, {first.pk: Judged("met", "Trang một")}, by=district.appraiser, at=NOW)
    given = {"edition": held.edition, "seen": before, f"mark_{first.pk}": "partly", f"remark_{first.pk}": "Trang hai"}
    response = client.post(url("judge", held), given)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Trang hai" in page
    assert "Đang được lưu: Đạt. Nhận xét: Trang một" in page
    seen = response.context["form"]["seen"].value()
    assert client.post(url("judge", held), given | {"seen": seen}).status_code == 302
    assert Judgement.objects.get().remark == "Trang hai"


def test_save_and_propose_do_both(client, district, held):
    client.force_login(district.appraiser)
    given = typed(held, act="propose", proposed="approve")
    assert client.post(url("judge", held), given).status_code == 302
    assert holding_of(held.pk).proposed == "approve"
    assert Judgement.objects.count() == 6


def test_a_judgement_too_large_to_be_read_leads_back_and_keeps_what_was_saved(client, district, judged):
    client.force_login(district.appraiser)
    page = f"http://testserver{url('appraise', judged)}"
    given = typed(judged, "not_met", proposed_reason="d" * 10_000_000)
    response = client.post(url("judge", judged), given, headers={"Referer": page})
    assert response.status_code == 422
    assert f'href="{page}"' in response.content.decode()
    assert set(Judgement.objects.values_list("mark", flat=True)) == {"met"}


def test_a_half_judged_proposal_saves_nothing_and_says_what_is_missing(client, district, held):
    client.force_login(district.appraiser)
    first = criteria_of(held)[0]
    given = {"edition": held.edition, "act": "propose", "proposed": "approve", f"mark_{first.pk}": "met"}
    response = client.post(url("judge", held), given)
    assert response.status_code == 422
    assert "Còn 5 tiêu chí chưa đánh giá" in response.content.decode()
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("given", [{}, {"proposed": "reject", "proposed_reason": "Kém"}])
def test_a_proposal_without_its_parts_is_shown_again(client, district, held, given):
    client.force_login(district.appraiser)
    response = client.post(url("judge", held), typed(held, act="propose", **given))
    assert response.status_code == 422
    assert holding_of(held.pk).proposed == ""


def test_the_page_saves_by_itself_what_is_right_and_tells_what_it_saw(client, district, held):
    client.force_login(district.appraiser)
    first, second, *_ = criteria_of(held)
    given = {"edition": held.edition, "seen": "", "window": "một", f"mark_{first.pk}": "met", f"mark_{second.pk}": "?"}
    asked = {"headers": {"X-Autosave": "1"}}
    answer = client.post(url("judge", held), given, **asked)
    told = answer.json()
    assert (answer.status_code, told["whole"], told["saved_at"]) == (200, False, "09:00")
    assert list(Judgement.objects.values_list("criterion", "mark")) == [(first.pk, "met")]
    # Its answer was lost on the way: the same window goes on, another page is told.
    again = given | {f"mark_{second.pk}": "partly"}
    assert client.post(url("judge", held), again, **asked).status_code == 200
    other = client.post(url("judge", held), given | {"window": "hai", f"mark_{first.pk}": ""}, **asked)
    assert (other.status_code, other.json()["editable"]) == (409, True)
    assert client.post(url("judge", held), given | {"window": "hai", f"mark_{second.pk}": ""}).status_code == 409
    assert dict(Judgement.objects.values_list("criterion", "mark")) == {first.pk: "met", second.pk: "partly"}
    assert Event.objects.filter(verb="appraisal.judged").count() == 1


def test_a_page_of_a_sheet_handed_in_saves_nothing_by_itself(client, district, proposed):
    client.force_login(district.appraiser)
    answer = client.post(url("judge", proposed), typed(proposed, "not_met"), headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json()["editable"]) == (409, False)
    assert set(Judgement.objects.values_list("mark", flat=True)) == {"met"}
