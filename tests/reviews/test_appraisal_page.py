"""The appraisal page, as an appraiser meets it."""

import pytest
from django.urls import reverse

from models_registry.queries.calendar import shown_calendar
from reviews import services
from reviews.queries import criteria_of, holding_of
from reviews.services import Judged
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON, state_of, url

pytestmark = pytest.mark.usefixtures("the_day_after")


def test_a_waiting_dossier_offers_to_be_taken(client, district, dossier):
    client.force_login(district.appraiser)
    response = client.get(url("appraise", dossier))
    assert response.context["can_take"]
    assert response.context["form"] is None
    assert "Học Bác tiết kiệm" in response.content.decode()


def test_the_page_leads_to_its_sections_and_the_one_who_decides_to_the_decision(client, district, proposed):
    for person, decides in ((district.appraiser, 0), (district.head, 1)):
        client.force_login(person)
        page = client.get(url("appraise", proposed)).content.decode()
        assert page.count('href="#section-contents"') == page.count('id="section-contents"') == 1
        assert page.count('href="#decision"') == page.count('id="decision"') == decides


def test_who_holds_it_gets_the_form_and_a_colleague_does_not(client, district, held, colleague):
    client.force_login(district.appraiser)
    assert client.get(url("appraise", held)).context["form"] is not None
    client.force_login(colleague)
    response = client.get(url("appraise", held))
    assert response.context["form"] is None
    assert district.appraiser.full_name in response.content.decode()


def test_out_of_sight_is_404_and_a_secretary_in_sight_is_403(client, district, dossier):
    client.force_login(district.other_secretary)
    assert client.get(url("appraise", dossier)).status_code == 404
    client.force_login(district.secretary)
    assert client.get(url("appraise", dossier)).status_code == 403


def test_the_second_version_opens_on_what_changed_and_what_was_asked(client, district, held):
    services.request_revision(held.pk, criteria=[criteria_of(held)[0].pk], reason=REASON, by=district.appraiser, at=AT)
    factories.resent(held, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))
    services.take(held.pk, by=district.appraiser, at=NOW)
    client.force_login(district.appraiser)
    response = client.get(url("appraise", held))
    assert [row.key for section in response.context["shown"].changes for row in section.rows] == ["learning"]
    page = response.content.decode()
    assert "<del>tiết kiệm</del><ins>nêu gương</ins>" in page
    assert REASON in page


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_page_costs_the_same_whatever_came_before(client, district, held, rounds, django_assert_max_num_queries):
    for _ in range(rounds):
        entries = {one.pk: Judged("partly", "Chưa rõ") for one in criteria_of(held) if one.group != "fault"}
        services.save_judgements(held.pk, entries, by=district.appraiser, at=AT)
        chosen = [criteria_of(held)[0].pk]
        services.request_revision(held.pk, criteria=chosen, reason=REASON, by=district.appraiser, at=AT)
        factories.resent(held, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))
        services.take(held.pk, by=district.appraiser, at=AT)
    client.force_login(district.appraiser)
    shown_calendar()  # kept for a minute
    client.get(url("appraise", held))  # the first look is kept
    with django_assert_max_num_queries(12):
        client.get(url("appraise", held))
    with django_assert_max_num_queries(14):
        client.get(url("history", held))


def test_a_note_of_the_board_leads_back_to_the_appraisal_and_stays_within_the_board(client, district, held):
    client.force_login(district.appraiser)
    back = url("appraise", held) + "#comments"
    comment = reverse("models_registry:comment", args=[held.pk])
    given = {"text": "Cần hỏi thêm văn phòng", "audience": "board", "next": back}
    assert client.post(comment, given).url == back
    assert "Cần hỏi thêm văn phòng" in client.get(url("appraise", held)).content.decode()
    client.force_login(district.secretary)
    page = client.get(reverse("models_registry:dossier", args=[held.pk])).content.decode()
    assert "Cần hỏi thêm văn phòng" not in page


def test_a_comment_never_leads_to_another_site(client, district, held):
    client.force_login(district.appraiser)
    given = {"text": "Đã rõ", "audience": "both", "next": "https://elsewhere.example/"}
    response = client.post(reverse("models_registry:comment", args=[held.pk]), given)
    assert response.url.startswith("/registry/")


def test_taking_leads_to_the_form(client, district, dossier):
    client.force_login(district.appraiser)
    response = client.post(url("take", dossier), {"edition": dossier.edition})
    assert (response.status_code, response.url) == (302, url("appraise", dossier))
    assert holding_of(dossier.pk).appraiser == district.appraiser


def test_who_comes_second_reads_who_took_it_and_when(client, district, dossier, colleague):
    services.take(dossier.pk, by=colleague, at=AT)
    client.force_login(district.appraiser)
    response = client.post(url("take", dossier), {"edition": dossier.edition})
    assert response.status_code == 409
    sentence = f"{colleague.full_name} đã nhận thẩm định hồ sơ này lúc 05/01/2026 09:00."
    assert sentence in response.content.decode()


def test_giving_back_leads_to_the_queue(client, district, held):
    client.force_login(district.appraiser)
    response = client.post(url("give_back", held), {"edition": held.edition})
    assert (response.url, state_of(held)) == (reverse("reviews:queue"), "submitted")


def test_a_colleague_gives_nothing_back_and_reads_who_holds_it(client, district, held, colleague):
    client.force_login(colleague)
    response = client.post(url("give_back", held), {"edition": held.edition})
    assert response.status_code == 409
    assert f"{district.appraiser.full_name} đang thẩm định" in response.content.decode()
