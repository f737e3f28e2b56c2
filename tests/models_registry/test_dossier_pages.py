import datetime as dt
import unicodedata
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from models_registry import services
from models_registry.content import sections_of
from models_registry.lifecycle import State, Step
from models_registry.models import Comment, Dossier
from models_registry.queries.dossiers import awaiting
from models_registry.views.dossiers import held
from tests.factories import AT, person
from tests.models_registry import registry_factories as make
from tests.models_registry.test_uploads import PDF, named

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def opened(district):
    return make.opened_round(district)


@pytest.fixture
def model(district, opened):
    return make.full_model(district.cell, district.secretary, opened)


@pytest.fixture
def sheet(district, opened):
    return make.full_sheet(district.cell, district.secretary, opened)


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client


def url(name, *args):
    return reverse(f"models_registry:{name}", args=args)


def step(dossier, key):
    return url("step", dossier.pk, key)


def sent(dossier, by):
    return services.submit(dossier.pk, edition=dossier.edition, by=by, at=LATER)


def returned(dossier, district, remarks):
    sent(dossier, district.secretary)
    services.take_step(dossier.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(
        dossier.pk,
        Step.REQUEST_REVISION,
        by=district.appraiser,
        at=LATER,
        reason="Nội dung còn chung chung",
        remarks=remarks,
    )
    dossier.refresh_from_db()
    return dossier


def rows(*given, prefix="rows", total=None):
    data = {f"{prefix}-TOTAL_FORMS": str(total or len(given)), f"{prefix}-INITIAL_FORMS": "0"}
    for n, row in enumerate(given):
        data |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return data


WORK = {
    "title": "Trồng cây",
    "assignee": "Chi đoàn",
    "accountable": "Chi ủy",
    "starts_on": "01/02/2026",
    "due_on": "19/5/2026",
    "expected_result": "Trồng xong",
    "expected_value": "1.150,5",
}


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_secretary_starts_a_sheet_and_comes_to_its_first_screen(secretary, opened, district):
    answer = secretary.post(url("start"), {"kind": "registration_sheet", "round": opened.pk})
    made = Dossier.objects.get()
    assert (made.unit, made.state) == (district.cell, State.DRAFT)
    assert answer.url == step(made, "general")


def test_starting_without_a_choice_says_so(secretary, opened):
    answer = secretary.post(url("start"), {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "round"}


def test_a_round_that_does_not_receive_cannot_be_chosen(secretary, district):
    closed = make.opened_round(district, late_until=dt.date(2026, 1, 4), closes_on=dt.date(2026, 1, 3))
    answer = secretary.post(url("start"), {"kind": "practice_model", "round": closed.pk})
    assert answer.status_code == 422


def test_where_no_round_receives_the_page_says_so(secretary):
    assert "Hiện chưa có đợt nào nhận đăng ký" in secretary.get(url("start")).content.decode()


# --- screens ----------------------------------------------------------------------------------------------------------


MODEL_STEPS = "general reasons contents targets shortcomings exemplars solutions works outputs upkeep"


@pytest.mark.parametrize("key", MODEL_STEPS.split())
def test_every_screen_of_a_model_shows_what_is_saved_and_saves_it_unchanged(secretary, model, key):
    before = services.steps.content_of(model)
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
    assert services.steps.content_of(Dossier.objects.get(pk=model.pk)) == before


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
        assert "ddd" not in page
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


def test_a_sent_dossier_is_not_edited(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.get(step(model, "reasons")).url == url("dossier", model.pk)
    assert secretary.post(step(model, "reasons"), {"edition": 1, "goal": "Khác"}).url == url("dossier", model.pk)
    model.practice.refresh_from_db()
    assert model.practice.goal == "Nội dung goal"


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
    returned(model, district, {"goal": "Mục tiêu chưa đo được"})
    secretary.post(step(model, "reasons"), {"edition": model.edition, "situation": "Còn rác", "goal": "Hết rác"})
    model.refresh_from_db()
    page = secretary.get(url("check", model.pk))
    assert page.context["resend"] is None
    assert "Bạn chưa sửa gì" not in page.content.decode()
    assert secretary.post(url("check", model.pk), {"edition": model.edition}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version, Comment.objects.count()) == (State.SUBMITTED, 2, 0)


# --- individuals ------------------------------------------------------------------------------------------------------


PERSON = {"subject_name": "Lê Thị Mẫu", "subject_position": "Chi ủy viên"}
OWN_WORK = {name: value for name, value in WORK.items() if name not in ("assignee", "expected_value")}


def test_an_individual_is_added_with_works_and_edited(secretary, sheet):
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **PERSON, **rows(OWN_WORK)})
    assert answer.url == step(sheet, "individual")
    added = sheet.items.get(subject_name="Lê Thị Mẫu")
    assert (added.subject_number, added.assignee, added.kind) == (2, "Chi ủy viên", "IND")
    changed = PERSON | {"subject_name": "Lê Thị Mẫu Hai", "subject_is_head": "on"}
    data = {"edition": 1, **changed, **rows(OWN_WORK | {"id": added.pk}, OWN_WORK | {"title": "Việc hai"})}
    secretary.post(url("individual", sheet.pk, 2), data)
    assert [(one.title, one.subject_number, one.subject_name) for one in sheet.items.filter(subject_number=2)] == [
        ("Trồng cây", 2, "Lê Thị Mẫu Hai"),
        ("Việc hai", 2, "Lê Thị Mẫu Hai"),
    ]
    assert sheet.items.filter(subject_number=1).count() == 1


def test_an_individual_without_works_leaves_the_sheet(secretary, sheet):
    secretary.post(url("individual", sheet.pk, 1), {"edition": 0, **PERSON, **rows()})
    assert not sheet.items.filter(kind="IND").exists()


def test_an_individual_registers_no_third_work_and_not_twice(secretary, sheet):
    three = [OWN_WORK | {"title": f"Việc {n}"} for n in (1, 2, 3)]
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **PERSON, **rows(*three)})
    assert answer.status_code == 422
    again = {"subject_name": "nguyễn văn mẫu", "subject_position": "Đảng viên"}
    answer = secretary.post(url("individual_add", sheet.pk), {"edition": 0, **again, **rows(OWN_WORK)})
    assert "đã có trong bản đăng ký" in str(answer.context["form"].errors)


def test_an_unknown_number_is_not_found(secretary, sheet):
    assert secretary.get(url("individual", sheet.pk, 99)).status_code == 404


def test_a_stale_page_of_an_individual_is_told_so(secretary, sheet, district):
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, fields={"tags": ["x"]})
    answer = secretary.post(url("individual", sheet.pk, 1), {"edition": 0, **PERSON, **rows(OWN_WORK)})
    assert answer.status_code == 409


# --- checking, sending, withdrawing -----------------------------------------------------------------------------------


def test_the_check_shows_what_will_be_sent_and_sending_twice_is_one_submission(secretary, model):
    page = secretary.get(url("check", model.pk))
    assert page.context["problems"] == {}
    assert "Gửi thẩm định" in page.content.decode()
    for _tap in range(2):
        assert secretary.post(url("check", model.pk), {"edition": 0}).url == url("dossier", model.pk)
    model.refresh_from_db()
    assert (model.state, model.version) == (State.SUBMITTED, 1)


def test_the_check_says_what_is_missing_and_sends_nothing(secretary, district, opened):
    empty = make.dossier(district.cell, district.secretary, opened)
    page = secretary.get(url("check", empty.pk)).content.decode()
    assert "Còn thiếu trước khi gửi" in page
    assert "Gửi thẩm định" not in page
    assert secretary.post(url("check", empty.pk), {"edition": 0}).status_code == 422


def test_where_nobody_appraises_sending_says_whom_to_ask(secretary, model, district):
    district.board.appraises.all().delete()
    answer = secretary.post(url("check", model.pk), {"edition": 0})
    assert answer.status_code == 422
    assert "Chưa có cơ quan thẩm định" in answer.content.decode()


def test_sending_a_stale_page_is_told_so(secretary, model, district):
    services.save_draft(model.pk, by=district.clerk, at=LATER, fields={"goal": "Khác"})
    answer = secretary.post(url("check", model.pk), {"edition": 0})
    assert answer.status_code == 409
    assert str(district.clerk) in answer.content.decode()


def test_a_clerk_checks_but_cannot_send(client, district, model):
    client.force_login(district.clerk)
    assert "Gửi thẩm định" not in client.get(url("check", model.pk)).content.decode()
    assert client.post(url("check", model.pk), {"edition": 0}).status_code == 403


def test_a_sent_dossier_is_withdrawn_and_a_decided_one_is_not(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.post(url("withdraw", model.pk), {"edition": 1}).status_code == 302
    model.refresh_from_db()
    assert model.state == State.WITHDRAWN
    assert secretary.post(url("withdraw", model.pk), {"edition": 2}).status_code == 409


def test_a_draft_is_deleted_and_a_sent_dossier_is_not(secretary, model, sheet, district):
    sent(sheet, district.secretary)
    assert secretary.post(url("delete", model.pk)).url == url("dossiers")
    assert secretary.post(url("delete", sheet.pk)).status_code == 409
    assert list(Dossier.objects.all()) == [sheet]


def test_a_withdrawn_dossier_is_copied(secretary, model, opened, district):
    answer = secretary.post(url("copy", model.pk), {"round": opened.pk})
    made = Dossier.objects.exclude(pk=model.pk).get()
    assert answer.url == url("check", made.pk)
    assert secretary.post(url("copy", model.pk), {}).status_code == 422


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_page_of_a_returned_dossier_shows_the_remarks_and_the_day(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert "Chưa đo được" in page
    assert "Hạn bổ sung" in page


def test_why_a_dossier_came_back_stands_above_its_content(secretary, model, district):
    returned(model, district, {})
    page = secretary.get(url("dossier", model.pk)).content.decode()
    assert page.index("Nội dung còn chung chung") < page.index('id="section-general"')


def test_the_first_version_stays_readable_after_the_second(secretary, model, district):
    returned(model, district, {})
    services.save_draft(model.pk, by=district.secretary, at=LATER, fields={"goal": "Mục tiêu mới"})
    model.refresh_from_db()
    sent(model, district.secretary)
    assert "Mục tiêu mới" in secretary.get(url("dossier", model.pk)).content.decode()
    first = secretary.get(url("dossier", model.pk) + "?version=1").content.decode()
    assert "Nội dung goal" in first
    assert "Mục tiêu mới" not in first
    assert secretary.get(url("dossier", model.pk) + "?version=3").status_code == 404


def test_names_are_seen_in_the_cell_and_masked_above_on_page_and_print(client, sheet, district):
    sent(sheet, district.secretary)
    for name in ("dossier", "print"):
        client.force_login(district.secretary)
        assert "Nguyễn Văn Mẫu" in client.get(url(name, sheet.pk)).content.decode()
        for reader in (district.appraiser, district.committee, district.leader):
            client.force_login(reader)
            page = client.get(url(name, sheet.pk)).content.decode()
            assert "Nguyễn Văn Mẫu" not in page
            assert "Đảng viên (số 1)" in page


def test_a_print_says_draft_until_it_is_approved(secretary, model, district):
    assert "DỰ THẢO" in secretary.get(url("print", model.pk)).content.decode()
    sent(model, district.secretary)
    services.take_step(model.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(model.pk, Step.APPROVE, by=district.head, at=LATER)
    assert "DỰ THẢO" not in secretary.get(url("print", model.pk)).content.decode()


def test_the_list_is_narrowed_by_year_state_kind_and_folded_words(secretary, model, sheet):
    def listed(query):
        return {one.pk for one in secretary.get(url("dossiers") + query).context["page_obj"]}

    services.save_draft(model.pk, by=model.author.acting_as(model.author.posts.first()), at=LATER, fields={})
    assert listed("") == {model.pk, sheet.pk}
    assert listed("?kind=registration_sheet&state=draft&year=2026") == {sheet.pk}
    assert listed("?year=2025") == set()
    assert listed("?q=to bao ve moi truong") == {model.pk}
    assert listed("?year=x&state=y") == {model.pk, sheet.pk}


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_under(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_random_name_and_handed_out_as_a_download(secretary, model, media):
    answer = secretary.post(url("files", model.pk), {"file": SimpleUploadedFile("Báo cáo.pdf", PDF)})
    assert answer.url == step(model, "files")
    kept = model.attachments.get()
    assert kept.name == "Báo cáo.pdf"
    assert "Báo" not in files_under(media)[0].name
    handed = secretary.get(url("attachment", kept.pk))
    assert b"".join(handed.streaming_content) == PDF
    assert handed["Content-Disposition"].startswith("attachment;")
    assert (handed["X-Content-Type-Options"], handed["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


def test_a_refused_file_is_told_why_and_leaves_nothing_on_disk(secretary, model, media):
    answer = secretary.post(url("files", model.pk), {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert answer.status_code == 422
    assert "không đúng với phần mở rộng" in str(answer.context["form"].errors)
    empty = secretary.post(url("files", model.pk), {"file": SimpleUploadedFile("a.pdf", b"")})
    assert "không có nội dung" in str(empty.context["form"].errors)
    assert files_under(media) == []


def test_a_file_is_seen_by_those_who_see_the_dossier_and_no_others(client, model, district):
    kept = services.attach(model.pk, named("a.pdf", PDF), by=district.secretary, at=LATER)
    for reader, status in ((district.clerk, 200), (district.other_secretary, 404), (district.appraiser, 404)):
        client.force_login(reader)
        assert client.get(url("attachment", kept.pk)).status_code == status
    model.refresh_from_db()
    sent(model, district.secretary)
    client.force_login(district.appraiser)
    assert client.get(url("attachment", kept.pk)).status_code == 200


def test_a_file_of_a_draft_is_deleted_and_one_of_a_sent_version_only_taken_off(
    secretary, model, district, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        one = services.attach(model.pk, named("a.pdf", PDF), by=district.secretary, at=AT)
        secretary.post(url("files", model.pk), {"remove": one.pk})
    assert files_under(media) == []
    two = services.attach(model.pk, named("b.pdf", PDF), by=district.secretary, at=AT)
    model.refresh_from_db()
    returned(model, district, {})
    with django_capture_on_commit_callbacks(execute=True):
        secretary.post(url("files", model.pk), {"remove": two.pk})
    assert len(files_under(media)) == 1
    assert not model.attachments.kept().exists()
    assert secretary.get(url("attachment", two.pk)).status_code == 200


def test_taking_off_a_file_of_another_dossier_is_not_found(secretary, model, sheet, district):
    other = services.attach(sheet.pk, named("a.pdf", PDF), by=district.secretary, at=AT)
    assert secretary.post(url("files", model.pk), {"remove": other.pk}).status_code == 404
    assert secretary.post(url("files", model.pk), {"remove": "x"}).status_code == 404


# --- comments ---------------------------------------------------------------------------------------------------------


def test_unit_and_board_talk_and_the_boards_internal_notes_stay_inside(client, model, district):
    sent(model, district.secretary)
    client.force_login(district.appraiser)
    client.post(url("comment", model.pk), {"text": "Xin nêu rõ số hộ", "audience": "both"})
    client.post(url("comment", model.pk), {"text": "Đề nghị xem kỹ", "audience": "board"})
    client.force_login(district.secretary)
    client.post(url("comment", model.pk), {"text": "Là 60 hộ", "audience": "both"})
    page = client.get(url("dossier", model.pk)).content.decode()
    assert "Xin nêu rõ số hộ" in page
    assert "Đề nghị xem kỹ" not in page
    client.force_login(district.head)
    page = client.get(url("dossier", model.pk)).content.decode()
    assert "Đề nghị xem kỹ" in page
    assert "Là 60 hộ" in page
    assert list(district.secretary.notices.values_list("text", flat=True)) == ["Ý kiến mới về “Tổ bảo vệ môi trường”"]


def test_a_comment_counts_characters_and_no_longer_one_is_taken(secretary, model, district):
    sent(model, district.secretary)
    assert secretary.post(url("comment", model.pk), {"text": "ễ" * 500, "audience": "both"}).status_code == 302
    answer = secretary.post(url("comment", model.pk), {"text": "ễ" * 501, "audience": "both"})
    assert answer.status_code == 422
    assert "ễ" * 501 in answer.content.decode()
    assert Comment.objects.count() == 1


def test_a_unit_writes_no_internal_note_and_a_leader_none_at_all(client, model, district):
    sent(model, district.secretary)
    client.force_login(district.secretary)
    assert client.post(url("comment", model.pk), {"text": "Thử", "audience": "board"}).status_code == 422
    client.force_login(district.leader)
    assert client.post(url("comment", model.pk), {"text": "Thử", "audience": "both"}).status_code == 403


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_however_long(secretary, district, opened, count, django_assert_max_num_queries):
    for n in range(count):
        make.dossier(district.cell, district.secretary, opened, title=f"Mô hình {n}")
    with django_assert_max_num_queries(8):
        assert secretary.get(url("dossiers")).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_no_page_of_a_dossier_costs_more_than_twelve_queries(
    client, district, opened, count, django_assert_max_num_queries
):
    draft = make.full_model(district.cell, district.secretary, opened)
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    for n in range(count):
        make.item(draft, title=f"Việc {n}")
        make.individual(sheet, name=f"Người Mẫu {n}", number=n + 2)
    client.force_login(district.secretary)
    pages = [url(name, one.pk) for name in ("dossier", "check", "print") for one in (draft, sheet)]
    pages += [step(draft, key) for key in (*MODEL_STEPS.split(), "files")]
    pages += [step(sheet, key) for key in ("general", "collective", "issues", "individual")]
    pages += [url("individual", sheet.pk, 1), url("start"), url("copy", draft.pk)]
    for page in pages:
        with django_assert_max_num_queries(12) as asked:
            assert client.get(page).status_code == 200, page
        print(page, len(asked))
    returned(draft, district, {"goal": "x"})
    for page in (url("dossier", draft.pk), step(draft, "works")):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200, page
    client.force_login(district.appraiser)
    with django_assert_max_num_queries(12):
        assert client.get(url("dossier", draft.pk)).status_code == 200


def test_people_of_other_units_find_nothing(client, model, district):
    sent(model, district.secretary)
    stranger = person(district.other_cell, "secretary")
    client.force_login(stranger)
    for name in ("dossier", "print", "check", "copy", "files"):
        assert client.get(url(name, model.pk)).status_code == 404, name


# --- what awaits ------------------------------------------------------------------------------------------------------


def test_the_home_page_counts_drafts_and_what_was_returned(district, model, sheet, django_assert_max_num_queries):
    returned(sheet, district, {})
    with django_assert_max_num_queries(1):
        lines = awaiting(district.clerk, LATER)
    assert [(line.text, line.count, line.level) for line in lines] == [
        ("Hồ sơ phải bổ sung theo yêu cầu của Ban", 1, "warning"),
        ("Bản nháp đang soạn", 1, "info"),
    ]
    late = awaiting(district.secretary, LATER + dt.timedelta(days=60))
    assert late[0].level == "danger"
    assert awaiting(district.leader, LATER) == []
