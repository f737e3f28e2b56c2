"""Filling the screens of a dossier: what is kept, refused, and told to who comes late."""

import datetime as dt
import unicodedata
from urllib.parse import urlencode

import pytest
import time_machine
from django.test.client import MULTIPART_CONTENT

from models_registry import services
from models_registry.content import content_of
from models_registry.models import Comment, Dossier
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, WORK, rows, sent, step, url

pytestmark = pytest.mark.django_db


MODEL_STEPS = "general reasons contents targets shortcomings exemplars solutions works outputs upkeep"


@pytest.mark.parametrize("key", MODEL_STEPS.split())
def test_every_screen_of_a_model_shows_what_is_saved_and_saves_it_unchanged(secretary, model, key):
    before = content_of(model)
    page = secretary.get(step(model, key))
    assert page.status_code == 200
    data = {"edition": page.context["dossier"].edition}
    for part in filter(None, (page.context["form"], *(page.context["formset"] or ()))):
        for field in part:
            value = field.value()
            if value not in (None, "", False, []):
                data[field.html_name] = field.field.prepare_value(value) if not isinstance(value, list) else value
    if page.context["formset"] is not None:
        data |= {field.html_name: field.value() for field in page.context["formset"].management_form}
    answer = secretary.post(step(model, key), data)
    assert answer.status_code == 302, answer.context and (answer.context["form"].errors, answer.context["formset"])
    model.refresh_from_db()
    assert model.edition == 1
    assert content_of(Dossier.objects.get(pk=model.pk)) == before


@pytest.mark.parametrize("key", ["general", "collective", "issues", "individual", "files"])
def test_every_screen_of_a_sheet_opens(secretary, sheet, key):
    assert secretary.get(step(sheet, key)).status_code == 200


def test_a_screen_that_is_not_of_this_kind_is_not_found(secretary, sheet, model):
    assert secretary.get(step(sheet, "exemplars")).status_code == 404
    assert secretary.get(step(model, "collective")).status_code == 404
    assert secretary.get(step(model, "individual")).status_code == 404


def test_saving_goes_on_to_the_next_step_or_stays(secretary, model):
    typed = {"situation": "Rác nhiều", "goal": "Sạch"}
    answer = secretary.post(step(model, "reasons"), {"edition": 0, **typed})
    assert answer.url == step(model, "contents")
    answer = secretary.post(step(model, "reasons"), {"edition": 1, "stay": "1", **typed})
    assert answer.url == step(model, "reasons")
    model.practice.refresh_from_db()
    assert model.practice.situation == "Rác nhiều"


def test_the_last_screen_leads_to_the_check(secretary, model):
    page = secretary.get(step(model, "files"))
    assert page.context["after"] == url("check", model.pk)


def test_a_work_is_read_as_vietnamese_users_type_it(secretary, sheet):
    row = WORK | {"measure": make.measure("cây").pk}
    answer = secretary.post(step(sheet, "collective"), {"edition": 0, **rows(row)})
    assert answer.status_code == 302
    saved = sheet.items.get(kind="COL")
    assert (saved.due_on, str(saved.expected_value)) == (dt.date(2026, 5, 19), "1150.50")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("due_on", "31/02/2025", "Ngày không đúng"),
        ("due_on", "31/01/2026", "Ngày hoàn thành phải sau ngày bắt đầu."),
        ("due_on", "31/12/2027", "Hạn hoàn thành phải nằm trong năm kế hoạch 2026."),
        ("expected_value", "nhiều", "Số không đúng"),
        ("expected_value", "-3", "0"),
        ("measure", "999999", "lựa chọn hợp lệ"),
        ("title", "d" * 501, "500"),
        ("title", "xin\0chào", "Có ký tự không đọc được"),
        ("title", "TỐI MẬT", "không nhận nội dung mật"),
    ],
)
def test_a_wrong_value_is_answered_at_its_field_with_what_was_typed(secretary, sheet, field, value, says):
    row = WORK | {"measure": make.measure("cây").pk, field: value}
    answer = secretary.post(step(sheet, "collective"), {"edition": 0, **rows(row)})
    assert answer.status_code == 422
    errors = answer.context["formset"][0].errors
    assert list(errors) == [field]
    assert says in str(errors)
    assert 'value="Chi đoàn"' in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.edition == 0


def test_a_third_work_is_refused_and_what_was_typed_stays(secretary, sheet):
    typed = [WORK | {"expected_value": "", "title": f"Việc {n}"} for n in (1, 2, 3)]
    answer = secretary.post(step(sheet, "collective"), {"edition": 0, **rows(*typed)})
    assert answer.status_code == 422
    assert "Nhiều nhất 2" in str(answer.context["formset"].non_form_errors())
    assert "Việc 3" in answer.content.decode()
    answer = secretary.post(step(sheet, "collective"), {"edition": 0, **rows(*typed[:2])})
    assert answer.status_code == 302


def test_add_gives_one_more_row_and_saves_nothing(secretary, sheet):
    answer = secretary.post(step(sheet, "issues"), {"edition": 0, "add": "1", **rows(WORK)})
    assert answer.status_code == 200
    assert answer.context["formset"].total_form_count() == 2
    assert 'value="Trồng cây"' in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.edition == 0


def test_a_ticked_row_and_an_empty_row_are_left_out(secretary, sheet):
    typed = [WORK | {"expected_value": ""}, WORK | {"title": "Bỏ đi", "expected_value": "", "DELETE": "on"}, {}]
    secretary.post(step(sheet, "issues"), {"edition": 0, **rows(*typed)})
    assert [item.title for item in sheet.items.filter(kind="ISS")] == ["Trồng cây"]


def test_text_is_normalised_and_rid_of_what_hides_or_reorders(secretary, model):
    typed = unicodedata.normalize("NFD", "Tổ tự quản") + "\u202e\u200b"
    secretary.post(step(model, "general"), {"edition": 0, "title": typed, **rows()})
    model.refresh_from_db()
    assert model.title == "Tổ tự quản"


def test_a_page_without_its_row_counts_is_answered_with_a_sentence(secretary, sheet):
    answer = secretary.post(step(sheet, "issues"), {"edition": 0})
    assert answer.status_code == 422
    assert "Trang gửi lên không đủ dữ liệu" in answer.content.decode()


def test_a_title_of_ten_megabytes_gets_the_saved_form_again_with_a_sentence(secretary, model):
    typed = {"edition": 0, "title": "d" * 10_000_000, **rows()}
    for data, form in ((typed, MULTIPART_CONTENT), (urlencode(typed), "application/x-www-form-urlencoded")):
        answer = secretary.post(step(model, "general"), data, content_type=form)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Nội dung gửi lên quá lớn" in page
        assert model.title in page
        assert "d" * 50 not in page  # three might stand in a token
    model.refresh_from_db()
    assert model.edition == 0


def test_a_title_longer_than_its_field_is_shown_again_with_what_was_typed(secretary, model):
    long = "d" * 1_000_000
    answer = secretary.post(step(model, "general"), {"edition": 0, "title": long, **rows()})
    assert answer.status_code == 422
    assert "400" in str(answer.context["form"].errors["title"])
    assert long in answer.content.decode()
    assert "Nội dung gửi lên quá lớn" not in answer.content.decode()


def test_a_part_of_a_page_that_is_too_large_replaces_nothing(secretary, model):
    typed = {"edition": 0, "title": "d" * 10_000_000, "add": "1", **rows()}
    answer = secretary.post(step(model, "general"), typed, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (413, b"")


def test_a_comment_of_ten_megabytes_leads_back_to_the_dossier(secretary, model):
    back = f"http://testserver{url('dossier', model.pk)}"
    for page, way in ((back, back), ("https://elsewhere.example/", "/")):
        answer = secretary.post(url("comment", model.pk), {"text": "d" * 10_000_000}, headers={"Referer": page})
        assert answer.status_code == 422
        assert f'class="btn btn-primary" href="{way}"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_co_unit_is_found_by_name_however_it_is_typed(secretary, model, district):
    answer = secretary.post(step(model, "general"), {"edition": 0, "title": "T", **rows({"unit": "dang uy xa binh"})})
    assert answer.status_code == 302
    assert list(model.co_units.all()) == [district.other_commune]
    answer = secretary.post(step(model, "general"), {"edition": 1, "title": "T", **rows({"unit": "Xã nào đó"})})
    assert answer.status_code == 422
    assert "Không tìm thấy đơn vị" in str(answer.context["formset"].errors)


def test_a_name_without_consent_is_refused(secretary, model):
    row = {"name": "Lê Thị Mẫu", "position": "Hội viên", "evidence": "Giúp 5 hộ"}
    answer = secretary.post(step(model, "exemplars"), {"edition": 0, **rows(row)})
    assert answer.status_code == 422
    assert "consent" in answer.context["formset"][0].errors
    answer = secretary.post(step(model, "exemplars"), {"edition": 0, **rows(row | {"consent": "on"})})
    assert answer.status_code == 302


def test_a_tick_beside_a_changed_name_is_asked_for_anew(secretary, model):
    row = {"name": "Lê Thị Mẫu", "position": "Hội viên", "evidence": "Giúp 5 hộ", "consent": "on"}
    secretary.post(step(model, "exemplars"), {"edition": 0, **rows(row)})
    one = model.practice.exemplars.get()
    first, page = one.consents.get(), step(model, "exemplars")
    renamed = {"id": one.pk, **row, "name": "Trần Văn Thử"}
    answer = secretary.post(page, {"edition": 1, **rows(renamed)})
    assert (answer.status_code, first.withdrawn_at) == (422, None)
    again = answer.context["formset"][0]
    assert "Nếu Trần Văn Thử đã đồng ý, hãy đánh dấu lại." in again.errors["consent"][0]
    assert (again["consent"].value(), again["name"].value()) == (False, "Trần Văn Thử")
    one.refresh_from_db()
    assert (one.name, one.consents.count()) == ("Lê Thị Mẫu", 1)
    agreed = renamed | {"asked": again["asked"].value()}
    third = secretary.post(page, {"edition": 1, **rows(agreed | {"name": "Phạm Thị Khác"})})
    assert third.status_code == 422  # asked of somebody else
    with time_machine.travel(LATER + dt.timedelta(hours=1)):
        assert secretary.post(page, {"edition": 1, **rows(agreed)}).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.consents.standing().count(), one.consents.count()) == ("Trần Văn Thử", 1, 2)
    respelt = renamed | {"name": "đồng chí Trần Văn THỬ"}
    assert secretary.post(page, {"edition": 2, **rows(respelt)}).status_code == 302
    assert one.consents.count() == 2


def test_an_emptied_exemplar_that_was_asked_for_anew_is_no_row(secretary, model):
    empty = {"name": "", "position": "", "evidence": "", "asked": "tran van thu"}
    assert secretary.post(step(model, "exemplars"), {"edition": 0, **rows(empty)}).status_code == 302
    assert not model.practice.exemplars.exists()


def test_a_unit_names_a_target_and_a_shortcoming_of_its_own(secretary, model):
    secretary.post(step(model, "targets"), {"edition": 0, "own_targets": "Giảm 2 hộ nghèo\n\nThêm 1 đường hoa"})
    assert [link.target.text for link in model.practice.target_links.order_by("id")] == [
        "Giảm 2 hộ nghèo",
        "Thêm 1 đường hoa",
    ]
    row = {"text": "Sinh hoạt chuyên đề còn hình thức", "remedy": "not_yet"}
    secretary.post(step(model, "shortcomings"), {"edition": 1, **rows(row)})
    assert model.practice.shortcoming_links.get().shortcoming.text == row["text"]


def test_a_stale_page_shows_both_versions_and_keeps_what_was_typed(secretary, model, district):
    services.save_draft(model.pk, by=district.clerk, at=LATER, edition=0, fields={"goal": "Của người nhập liệu"})
    typed = {"edition": 0, "situation": "Nội dung situation", "goal": "Của bí thư"}
    answer = secretary.post(step(model, "reasons"), typed)
    assert answer.status_code == 409
    assert answer.context["conflict"]["pairs"] == [
        {"label": "Mục tiêu", "mine": "Của bí thư", "theirs": "Của người nhập liệu"}
    ]
    assert str(district.clerk) in answer.content.decode()
    assert secretary.post(step(model, "reasons"), typed | {"edition": 1}).status_code == 302


def test_a_stale_list_shows_both_versions(secretary, sheet, district):
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, edition=0, rows={"ISS": []})
    answer = secretary.post(step(sheet, "issues"), {"edition": 0, **rows(WORK | {"expected_value": ""})})
    assert answer.status_code == 409
    assert "Trồng cây" in answer.context["conflict"]["pairs"][0]["mine"]


def test_a_sent_dossier_is_not_edited_and_what_was_typed_is_shown_again(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.get(step(model, "reasons")).url == url("dossier", model.pk)
    late = secretary.post(step(model, "reasons"), {"edition": 1, "situation": "Nội dung situation", "goal": "Gõ muộn"})
    assert late.status_code == 409
    assert late.context["conflict"]["pairs"] == [{"label": "Mục tiêu", "mine": "Gõ muộn", "theirs": "Nội dung goal"}]
    assert "Đã gửi" in late.content.decode()
    model.practice.refresh_from_db()
    assert model.practice.goal == "Nội dung goal"
