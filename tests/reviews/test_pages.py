"""The board's pages about one dossier, as a person meets them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from models_registry.models import Dossier
from reviews import services
from reviews.models import Decision, Judgement
from reviews.queries import criteria_of, holding_of
from reviews.services import Judged
from tests.factories import AT
from tests.reviews import factories

NOW = AT + dt.timedelta(days=1)
REASON = "Nội dung còn chung chung, chưa có số liệu."


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, dossier):
    return reverse(f"reviews:{name}", args=[dossier.pk])


def state_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).state


def typed(dossier, mark="met", **values):
    """What the appraisal form posts when every criterion is marked."""
    dossier.refresh_from_db()
    marks = {f"mark_{one.pk}": mark for one in criteria_of(dossier)}
    return {"edition": dossier.edition, "seen": "", "act": "save", **marks, **values}


# --- the appraisal page


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
    with django_assert_max_num_queries(12):
        client.get(url("appraise", held))
    with django_assert_max_num_queries(12):
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


# --- taking


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


# --- judging and proposing


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


# --- returning


def returned(dossier, **values):
    chosen = [criteria_of(dossier)[0].pk]
    return {"edition": dossier.edition, "criteria": chosen, "reason": REASON, "due_on": "20/01/2026"} | values


def test_save_then_return_leads_to_the_return_page_with_the_unmet_chosen(client, district, held):
    client.force_login(district.appraiser)
    response = client.post(url("judge", held), typed(held, "not_met", act="return"))
    assert response.url == url("return", held)
    page = client.get(response.url)
    assert set(page.context["form"]["criteria"].value()) == {one.pk for one in criteria_of(held)}
    assert page.context["form"]["due_on"].value() == factories.day(15)


def test_a_return_reaches_the_unit_with_its_remarks(client, district, held):
    client.force_login(district.appraiser)
    given = returned(held, **{"remark-learning": "Nêu rõ việc", "remark-contents": ""})
    assert client.post(url("return", held), given).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.revision_due_on) == ("revision_requested", dt.date(2026, 1, 20))
    assert held.versions.get().remarks == {"learning": "Nêu rõ việc"}


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


# --- deciding


def test_a_head_approves_and_an_appraiser_may_not(client, district, proposed):
    proposed.refresh_from_db()
    client.force_login(district.appraiser)
    assert client.post(url("approve", proposed), {"edition": proposed.edition}).status_code == 403
    client.force_login(district.head)
    assert client.post(url("approve", proposed), {"edition": proposed.edition}).status_code == 302
    assert state_of(proposed) == "approved"


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


# --- looking back


@pytest.fixture
def twice(district, judged):
    """A dossier that was returned once and sent again."""
    vague = next(one for one in criteria_of(judged) if one.code == "vague")
    remarks = {"learning": "Nêu rõ việc"}
    services.request_revision(
        judged.pk, criteria=[vague.pk], reason=REASON, remarks=remarks, by=district.appraiser, at=AT
    )
    return factories.resent(judged, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))


def test_any_two_versions_are_compared_the_first_always(client, district, twice):
    client.force_login(district.appraiser)
    response = client.get(url("compare", twice))
    assert (response.context["before"].number, response.context["after"].number) == (1, 2)
    same = client.get(url("compare", twice) + "?from=2&to=2")
    assert same.context["changes"] == []
    assert client.get(url("compare", twice) + "?from=1&to=9").status_code == 404


def test_the_board_reads_every_round_and_the_unit_reads_all_but_the_marks(client, district, twice):
    client.force_login(district.head)
    board = client.get(url("history", twice))
    assert [round_.version.number for round_ in board.context["rounds"]] == [2, 1]
    assert len(board.context["rounds"][1].judged[0][1]) == 6
    client.force_login(district.secretary)
    unit = client.get(url("history", twice))
    page = unit.content.decode()
    assert unit.context["rounds"][1].judged == []
    assert (REASON in page, "Nêu rõ việc" in page, "Chung chung" in page) == (True, True, True)
    verbs = [event["title"] for event in unit.context["events"]]
    assert not any("đánh giá" in title for title in verbs)


def test_the_history_names_who_did_what(client, district, proposed):
    services.approve(proposed.pk, by=district.head, at=NOW)
    client.force_login(district.head)
    shown = client.get(url("history", proposed)).context["events"]
    assert [(event["title"], event["actor"]) for event in shown] == [
        ("Nhận thẩm định (bản 1)", district.appraiser),
        ("Lưu đánh giá theo tiêu chí (bản 1)", district.appraiser),
        ("Đề xuất với lãnh đạo Ban (bản 1)", district.appraiser),
        ("Duyệt (bản 1)", district.head),
    ]
