"""A returned dossier: what the board pinned reopens, and nothing else, however it is written."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry import services
from models_registry.content import content_of
from models_registry.models import Dossier
from models_registry.reopening import NotReopened
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, WORK, returned, rows, step, url
from tests.models_registry.dossiers.test_files import PDF

pytestmark = pytest.mark.django_db
ALL_OPEN = pytest.mark.parametrize("remarks", [{}, {"": "Viết lại toàn bộ"}, {"contents": "Còn chung chung"}])


def fresh(dossier):
    return Dossier.objects.select_related("unit", "round", "practice").get(pk=dossier.pk)


def save(dossier, by, **parts):
    return services.save_draft(dossier.pk, by=by, at=LATER, **parts)


def test_only_the_field_that_was_remarked_on_may_be_written(district, model):
    returned(model, district, {"goal": "Chưa đo được"})
    save(model, district.secretary, fields={"goal": "60 hộ phân loại rác"})
    before = content_of(fresh(model))
    for fields in ({"situation": "Khác"}, {"goal": "Khác", "title": "Khác"}, {"co_units": [district.other_cell]}):
        with pytest.raises(NotReopened):
            save(model, district.secretary, fields=fields)
    with pytest.raises(PermissionDenied):
        save(model, district.secretary, rows={"targets": []})
    assert content_of(fresh(model)) == before


@ALL_OPEN
def test_a_remark_on_the_whole_or_the_section_opens_all_of_it(district, model, remarks):
    returned(model, district, remarks)
    save(model, district.secretary, fields={"learning": "Tiết kiệm", "following": "Mỗi hộ một việc"})
    assert fresh(model).practice.learning == "Tiết kiệm"


def test_a_remarked_work_may_be_changed_or_taken_out_its_neighbours_may_not(district, model):
    first, second = model.items.get(), make.item(model, title="Trồng cây")
    returned(model, district, {f"item.{second.pk}": "Nêu rõ nơi trồng"})
    save(model, district.secretary, rows={"COL": [{"id": second.pk, "title": "Trồng 60 cây ở ấp 1"}]})
    assert list(model.items.values_list("title", "order")) == [("Thu gom rác tại nguồn", 0), ("Trồng 60 cây ở ấp 1", 1)]
    for wanted in ([{"id": first.pk, "title": "Khác"}], [{"id": second.pk}, {"title": "Việc thêm"}]):
        with pytest.raises(NotReopened):
            save(model, district.secretary, rows={"COL": wanted})
    save(model, district.secretary, rows={"COL": []})
    assert list(model.items.values_list("pk", flat=True)) == [first.pk]


def test_exemplars_and_outputs_are_reopened_one_by_one(district, model):
    kept = model.practice.exemplars.get()
    asked = model.practice.exemplars.create(position="Tổ phó", evidence="Vận động", consent=False)
    output = model.practice.outputs.get()
    returned(model, district, {f"exemplar.{asked.pk}": "Nêu việc làm", f"output.{output.pk}": "Bao nhiêu hộ"})
    row = {"id": asked.pk, "name": "", "position": "Tổ phó", "evidence": "Vận động 60 hộ", "consent": False}
    save(model, district.secretary, rows={"exemplars": [row]})
    found = list(model.practice.exemplars.values_list("name", "evidence"))
    assert found == [(kept.name, kept.evidence), ("", "Vận động 60 hộ")]
    save(
        model,
        district.secretary,
        rows={"outputs": [{"id": output.pk, "name": "Hộ", "value": 70, "measure": output.measure}]},
    )
    assert model.practice.outputs.get().value == 70


def test_an_output_nobody_remarked_on_keeps_its_name(district, model):
    returned(model, district, {"goal": "Chưa đo được"})
    output = model.practice.outputs.get()
    row = {"id": output.pk, "name": "Khác", "value": output.value, "measure": output.measure}
    with pytest.raises(NotReopened):
        save(model, district.secretary, rows={"outputs": [row]})


def test_files_and_works_of_last_year_wait_for_a_remark(district, sheet):
    returned(sheet, district, {"collective": "Thêm việc"})
    with pytest.raises(NotReopened):
        services.save_individual(
            sheet.pk, None, subject={"subject_name": "A", "subject_position": "", "subject_is_head": False},
            works=[{"title": "Đọc sách"}], by=district.secretary, at=LATER,
        )  # fmt: skip
    item = sheet.items.get(kind="IND")
    with pytest.raises(NotReopened):
        services.save_works(sheet.pk, [], removed=[item.pk], by=district.secretary, at=LATER)
    with pytest.raises(NotReopened):
        services.attach(sheet.pk, SimpleUploadedFile("a.pdf", PDF), by=district.secretary, at=LATER)


def test_a_work_whose_day_has_passed_since_may_get_a_new_day(district, model):
    returned(model, district, {"goal": "Chưa đo được"})
    item = model.items.get()
    late = dt.datetime(item.due_on.year, 8, 1, 9, tzinfo=LATER.tzinfo)
    row = {"id": item.pk, "due_on": dt.date(item.due_on.year, 12, 1)}
    with pytest.raises(NotReopened):
        save(model, district.secretary, rows={"COL": [row]})
    services.save_draft(model.pk, rows={"COL": [row]}, by=district.secretary, at=late)


def test_what_an_edited_list_of_targets_says_meanwhile_locks_nobody_out(district, model):
    returned(model, district, {"goal": "Chưa đo được"})
    model.practice.target_links.get().target.__class__.objects.update(text="95% hộ phân loại rác")
    save(model, district.secretary, fields={"goal": "60 hộ"})


def test_the_form_shows_what_is_open_as_fields_and_the_rest_as_text(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    page = secretary.get(step(model, "reasons"))
    assert list(page.context["form"].fields) == ["goal"]
    assert [row.key for row in page.context["kept"]] == ["situation"]
    closed = secretary.get(step(model, "contents"))
    text = closed.content.decode()
    assert (closed.context["screen"].writes, "Nội dung learning" in text, "data-autosave" in text) == (
        False,
        True,
        False,
    )


def test_a_posted_closed_field_is_refused_and_nothing_is_saved(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    given = {"edition": model.edition, "goal": "60 hộ"}
    for extra in ({"situation": "Khác"}, {"situation": "Nội dung situation"}):
        answer = secretary.post(step(model, "reasons"), given | extra)
        assert (answer.status_code, "Ban chỉ yêu cầu sửa" in answer.content.decode()) == (403, True)
    assert secretary.post(step(model, "contents"), {"edition": model.edition, "learning": "Khác"}).status_code == 403
    assert fresh(model).practice.goal == "Nội dung goal"
    assert secretary.post(step(model, "reasons"), given).status_code == 302
    assert fresh(model).practice.goal == "60 hộ"


def test_what_saves_by_itself_respects_it_too(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    how = {"headers": {"X-Autosave": "1"}}
    kept = secretary.post(step(model, "reasons"), {"edition": model.edition, "goal": "60 hộ"}, **how)
    assert (kept.status_code, kept.json()["whole"]) == (200, True)
    shut = secretary.post(step(model, "reasons"), {"edition": kept.json()["edition"], "situation": "Khác"}, **how)
    assert (shut.status_code, shut.json()["editable"]) == (403, False)


def test_one_remarked_work_stands_alone_on_its_page(secretary, sheet, district):
    other = make.item(sheet, title="Trồng cây")
    first = sheet.items.filter(kind="COL").exclude(pk=other.pk).get()
    returned(sheet, district, {f"item.{other.pk}": "Nêu rõ nơi trồng"})
    page = secretary.get(step(sheet, "collective"))
    assert [form.initial["id"] for form in page.context["formset"]] == [other.pk]
    assert [row.key for row in page.context["kept"]] == [f"item.{first.pk}"]
    assert 'name="add"' not in page.content.decode()
    work = {**WORK, "measure": str(make.measure().pk)}
    given = {"edition": sheet.edition, **rows({**work, "id": other.pk})}
    more = rows({**work, "id": other.pk}, work)
    assert secretary.post(step(sheet, "collective"), given | more).status_code == 403
    assert secretary.post(step(sheet, "collective"), given | {"add": "1"}).status_code == 403
    assert secretary.post(step(sheet, "collective"), given).status_code == 302
    assert set(sheet.items.filter(kind="COL").values_list("title", flat=True)) == {first.title, "Trồng cây"}


def test_one_work_of_an_individual_is_reopened_without_the_person(secretary, sheet, district):
    first, other = sheet.items.get(kind="IND"), make.individual(sheet, title="Trồng cây")
    returned(sheet, district, {f"item.{other.pk}": "Nêu rõ nơi trồng"})
    people = secretary.get(step(sheet, "individual"))
    assert (people.context["people"][0]["is_open"], people.context["receives_more"]) == (True, False)
    page = secretary.get(url("individual", sheet.pk, 1))
    assert list(page.context["form"].fields) == []
    assert [one.initial["id"] for one in page.context["formset"]] == [other.pk]
    assert secretary.get(url("individual_add", sheet.pk)).url == step(sheet, "individual")
    assert secretary.get(url("individuals_table", sheet.pk)).url == step(sheet, "individual")
    work = {**WORK, "measure": str(make.measure().pk)}
    given = {"edition": sheet.edition, **rows({**work, "id": other.pk})}
    assert secretary.post(url("individual", sheet.pk, 1), given | {"subject_name": "Khác"}).status_code == 403
    assert secretary.post(url("individual", sheet.pk, 1), given).status_code == 302
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.title, other.expected_result, other.subject_name) == (
        "Mỗi tháng đọc một bài học", "Trồng xong", "Nguyễn Văn Mẫu",
    )  # fmt: skip


def test_files_stay_as_they_were_sent_until_the_board_asks_for_them(secretary, model, district):
    returned(model, district, {"goal": "Chưa đo được"})
    page = secretary.get(step(model, "files"))
    assert (page.context["is_open"], 'type="file"' in page.content.decode()) == (False, False)
    answer = secretary.post(step(model, "files"), {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert answer.status_code == 403
