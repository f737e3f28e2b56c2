"""Answering the board: its remarks, what leads to them, and sending again."""

import pytest

from models_registry.content import sections_of
from models_registry.lifecycle import State
from models_registry.models import Comment, Dossier
from models_registry.views.dossiers import held
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import returned, sent, step, url

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
    Dossier.objects.filter(pk=sheet.pk).update(title="Bản đăng ký của chi bộ")
    sent(sheet, district.secretary)
    assert not held.remarks_on(Dossier.objects.get(pk=sheet.pk)).sections


def test_the_page_of_the_check_leads_to_its_sections_and_to_the_sending(secretary, model):
    page = secretary.get(url("check", model.pk)).content.decode()
    for key in (*sections_of(is_model=True), "send"):
        place = key if key == "send" else f"section-{key}"
        assert page.count(f'href="#{place}"') == page.count(f'id="{place}"') == 1
    model.practice.outputs.all().delete()
    assert "#send" not in secretary.get(url("check", model.pk)).content.decode()


ANSWER = "Số hộ đã nêu ở phần Sản phẩm, kết quả."


def test_a_returned_dossier_sent_again_as_it_was_is_asked_for_an_answer(secretary, model, district):
    returned(model, district, {})
    page = url("check", model.pk)
    assert "Bạn chưa sửa gì so với bản đã gửi" in secretary.get(page).content.decode()
    for typed, missing in (
        ({}, {"confirmed", "answer"}),
        ({"answer": ANSWER}, {"confirmed"}),
        ({"confirmed": "on", "answer": "ngắn"}, {"answer"}),
        ({"confirmed": "on", "answer": "Kế hoạch kèm theo\nTỐI MẬT"}, {"answer"}),
    ):
        answer = secretary.post(page, {"edition": model.edition, **typed})
        assert (answer.status_code, set(answer.context["resend"].errors)) == (422, missing)
        assert typed.get("answer", "").split("\n")[0] in answer.content.decode()
    model.refresh_from_db()
    assert (model.state, model.version, Comment.objects.count()) == (State.REVISION_REQUESTED, 1, 0)
    sent_again = secretary.post(page, {"edition": model.edition, "confirmed": "on", "answer": ANSWER})
    assert sent_again.url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version) == (State.SUBMITTED, 2)
    assert [(one.text, one.audience) for one in Comment.objects.all()] == [(ANSWER, "both")]


def test_a_corrected_dossier_is_sent_again_without_more_ado(secretary, model, district):
    returned(model, district, {"reasons": "Mục tiêu chưa đo được"})
    secretary.post(step(model, "reasons"), {"edition": model.edition, "situation": "Còn rác", "goal": "Hết rác"})
    model.refresh_from_db()
    page = secretary.get(url("check", model.pk))
    assert page.context["resend"] is None
    assert "Bạn chưa sửa gì" not in page.content.decode()
    assert secretary.post(url("check", model.pk), {"edition": model.edition}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version, Comment.objects.count()) == (State.SUBMITTED, 2, 0)


def test_the_page_of_a_returned_dossier_shows_the_remarks_and_the_day(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert "Chưa đo được" in page
    assert "Hạn bổ sung" in page


def test_why_a_dossier_came_back_stands_above_its_content(secretary, model, district):
    returned(model, district, {})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert page.index("Nội dung còn chung chung") < page.index('id="section-general"')
