"""Answering the board: its remarks, what leads to them, and sending again."""

import pytest
from django.urls import reverse

from models_registry import services
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import State
from models_registry.models import Dossier
from models_registry.sections import sections_of
from models_registry.views.dossiers import held
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, step, url

pytestmark = pytest.mark.django_db


def test_the_boards_remarks_stand_beside_the_fields_they_were_written_at(secretary, sheet, model, district):
    item = sheet.items.get(kind="COL")
    remarks = {f"item.{item.pk}": "Nêu số hộ cụ thể <b>", "collective": "Còn chung chung"}
    returned(sheet, district, remarks)
    page = secretary.get(step(sheet, "collective")).content.decode()
    assert "Nêu số hộ cụ thể &lt;b&gt;" in page
    assert "Còn chung chung" in page
    returned(model, district, {"goal": "Mục tiêu chưa đo được <i>"})
    assert "Mục tiêu chưa đo được &lt;i&gt;" in secretary.get(step(model, "reasons")).content.decode()


def test_the_steps_the_board_wrote_about_say_so_while_that_is_being_answered(secretary, sheet, district):
    issue = make.item(sheet, "ISS", "Rác tồn đọng")
    returned(sheet, district, {f"item.{issue.pk}": "Nêu số hộ cụ thể", "title": "Đặt tên rõ hơn"})
    for page in (step(sheet, "collective"), step(sheet, "individual"), url("check", sheet.pk), step(sheet, "files")):
        steps = secretary.get(page).context["steps"]
        assert [one["label"] for one in steps if one.get("remark")] == ["Thông tin chung", "Vấn đề bức xúc, nổi cộm"]
    assert "Ban có ý kiến" in secretary.get(step(sheet, "collective")).content.decode()
    sent(answered(sheet, district.secretary), district.secretary)
    assert not held.remarks_on(Dossier.objects.get(pk=sheet.pk)).sections


def test_the_page_of_the_check_leads_to_its_sections_and_to_the_sending(secretary, model):
    page = secretary.get(url("check", model.pk)).content.decode()
    for key in (*sections_of(is_model=True), "send"):
        place = key if key == "send" else f"section-{key}"
        assert page.count(f'href="#{place}"') == page.count(f'id="{place}"') == 1
    model.practice.outputs.all().delete()
    assert "#send" not in secretary.get(url("check", model.pk)).content.decode()


ANSWER = "Số hộ đã nêu ở phần Sản phẩm, kết quả."


def test_a_returned_dossier_waits_for_an_answer_to_every_remark(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được", "title": "Đặt tên rõ hơn"})
    check, page = url("check", model.pk), url("answers", model.pk)
    asked = secretary.get(check)
    assert (asked.context["unanswered"], 'id="send"' in asked.content.decode()) == (2, False)
    assert "Bạn chưa sửa gì so với bản đã gửi" in asked.content.decode()
    title, goal = (field.html_name for _remark, field in secretary.get(page).context["form"].asked())
    short = secretary.post(page, {"edition": model.edition, title: "ngắn", goal: ANSWER})
    assert (short.status_code, set(short.context["form"].errors), ANSWER in short.content.decode()) == (
        422,
        {title},
        True,
    )
    secret = secretary.post(page, {"edition": model.edition, goal: "Kế hoạch kèm theo\nTỐI MẬT"})
    assert set(secret.context["form"].errors) == {goal}
    assert secretary.post(page, {"edition": model.edition, goal: ANSWER}).url == page
    refused = secretary.post(check, {"edition": model.edition + 1})
    assert (refused.status_code, "Còn 1 ý kiến" in refused.content.decode()) == (422, True)
    left = secretary.get(step(model, "general")).context["steps"][-2]
    assert (left["key"], left["note"]) == ("answers", "còn 1 ý kiến")
    secretary.post(page, {"edition": model.edition + 1, goal: ANSWER, title: ANSWER, "check": "1"})
    assert secretary.post(check, {"edition": model.edition + 2}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version) == (State.SUBMITTED, 2)
    kept = model.versions.get(number=1).remarks.values_list("place", "answer", "answered_by")
    assert list(kept) == [(place, ANSWER, district.secretary.pk) for place in ("goal", "title")]


def test_answers_are_the_units_own_until_they_are_sent(secretary, client, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    pk = model.versions.get().remarks.get().pk
    services.answer_remarks(model.pk, {pk: ANSWER}, by=district.clerk, at=LATER)
    assert ANSWER in secretary.get(url("dossier", model.pk)).content.decode()
    client.force_login(district.appraiser)
    pages = [url("dossier", model.pk), reverse("reviews:appraise", args=[model.pk])]
    assert not any(ANSWER in client.get(page).content.decode() for page in pages)
    model.refresh_from_db()
    sent(model, district.secretary)
    assert ANSWER in client.get(pages[1]).content.decode()
    with pytest.raises(StepNotOpen):
        services.answer_remarks(model.pk, {pk: ""}, by=district.secretary, at=LATER)


def test_a_stale_page_of_answers_keeps_what_was_typed(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    form = secretary.get(url("answers", model.pk)).context["form"]
    [(remark, field)] = form.asked()
    given = {"edition": model.edition, "seen": form.mark, field.html_name: ANSWER}
    services.save_draft(model.pk, fields={"goal": "60 hộ"}, by=district.clerk, at=LATER)
    assert secretary.post(url("answers", model.pk), given).status_code == 302
    given[field.html_name] = "Một câu trả lời khác hẳn."
    late = secretary.post(url("answers", model.pk), given)
    assert (late.status_code, "Một câu trả lời khác hẳn." in late.content.decode()) == (409, True)
    remark.refresh_from_db()
    assert remark.answer == ANSWER


def test_a_corrected_dossier_is_sent_again_without_more_ado(secretary, model, district):
    returned(model, district, {"goal": "Mục tiêu chưa đo được"})
    secretary.post(step(model, "reasons"), {"edition": model.edition, "goal": "Hết rác"})
    answered(model, district.secretary)
    page = secretary.get(url("check", model.pk))
    assert "Bạn chưa sửa gì" not in page.content.decode()
    assert secretary.post(url("check", model.pk), {"edition": model.edition}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version) == (State.SUBMITTED, 2)


def test_the_page_of_a_returned_dossier_shows_the_remarks_and_the_day(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert "Chưa đo được" in page
    assert "Hạn bổ sung" in page


def test_why_a_dossier_came_back_stands_above_its_content(secretary, model, district):
    returned(model, district, {})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert page.index("Nội dung còn chung chung") < page.index('id="section-general"')


def test_who_mends_is_led_from_one_open_step_to_the_next_and_then_to_the_answers(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được", "upkeep": "Ai duy trì?"})
    assert list(secretary.get(url("check", model.pk)).context["edit_urls"]) == ["reasons", "upkeep"]
    around = [
        secretary.get(step(model, key)).context[side] for key in ("reasons", "upkeep") for side in ("before", "after")
    ]
    there = url("dossier", model.pk), step(model, "upkeep"), step(model, "reasons"), url("answers", model.pk)
    assert around == list(there)
    data = {"edition": model.edition, "goal": "Giảm 12 tấn rác trong năm"}
    assert secretary.post(step(model, "reasons"), data).url == step(model, "upkeep")
