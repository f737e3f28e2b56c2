"""A page that saves by itself what is being typed: what is kept, what waits, and what it is told."""

import datetime as dt

import pytest
import time_machine

from journal.models import Event
from models_registry import services
from models_registry.models import ResolutionTarget, Shortcoming
from tests.models_registry.dossiers.pages import LATER, WORK, rows, sent, step, url

pytestmark = pytest.mark.django_db
HERE = dt.timezone(dt.timedelta(hours=7))
ASKED = {"X-Autosave": "1"}
UNCOUNTED = WORK | {"expected_value": ""}


def autosave(client, address, **data):
    return client.post(address, {"edition": 0, "window": "w1"} | data, headers=ASKED)


def saved_events(dossier):
    return Event.objects.about("dossier", dossier.pk).filter(verb="dossier.save").count()


def works(dossier, kind="ISS"):
    return list(dossier.items.filter(kind=kind).values_list("title", "accountable", "due_on"))


def individuals(sheet):
    return list(sheet.items.filter(kind="IND").values_list("pk", "title", "due_on", "subject_name", "subject_number"))


def test_what_is_typed_is_saved_and_the_page_is_told_its_new_edition(secretary, model):
    answer = autosave(secretary, step(model, "reasons"), situation="Rác nhi", goal="Sạch")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "edition": 1,
            "saved_at": f"{LATER.astimezone(HERE):%H:%M}",
            "whole": True,
            "ids": {},
            "seen": answer.json()["seen"],
        },
    )
    model.practice.refresh_from_db()
    assert (model.practice.situation, model.practice.goal) == ("Rác nhi", "Sạch")
    assert secretary.post(step(model, "reasons"), {"edition": 1, "situation": "Rác nhiều"}).status_code == 302


def test_a_wrong_field_is_no_error_and_the_right_ones_are_saved(secretary, model):
    services.save_draft(model.pk, by=model.author, at=LATER, fields={"tags": ["môi trường"]})
    typed = {"title": "Tổ tự qu", "tags": "d" * 41, "place": "Ấp 1"}
    answer = autosave(secretary, step(model, "general"), edition=1, **typed, **rows())
    assert (answer.status_code, answer.json()["whole"]) == (200, False)
    model.refresh_from_db()
    assert (model.title, model.practice.place, model.tags) == ("Tổ tự qu", "Ấp 1", ["môi trường"])


def test_a_co_unit_half_typed_waits_and_those_saved_stay(secretary, model, district):
    services.save_draft(model.pk, by=district.secretary, at=LATER, fields={"co_units": [district.other_commune]})
    autosave(secretary, step(model, "general"), edition=1, title="Tên mới", **rows({"unit": "dang uy xa"}))
    model.refresh_from_db()
    assert (model.title, list(model.co_units.all())) == ("Tên mới", [district.other_commune])


def test_a_new_work_is_made_once_however_often_it_is_saved(secretary, sheet):
    first = autosave(secretary, step(sheet, "issues"), **rows(UNCOUNTED, UNCOUNTED | {"title": "Hai"})).json()
    made = list(sheet.items.filter(kind="ISS").values_list("pk", flat=True))
    assert first["ids"] == {"rows-0-id": made[0], "rows-1-id": made[1]}
    typed = [UNCOUNTED | {"id": pk, "title": f"Việc {pk}"} for pk in made]
    second = autosave(secretary, step(sheet, "issues"), edition=1, **rows(*typed)).json()
    assert second["ids"] == first["ids"]
    assert list(sheet.items.filter(kind="ISS").values_list("pk", flat=True)) == made


def test_of_a_wrong_work_the_texts_are_saved_and_its_days_stay_as_they_were(secretary, sheet):
    autosave(secretary, step(sheet, "issues"), **rows(UNCOUNTED))
    pk = sheet.items.get(kind="ISS").pk
    typed = UNCOUNTED | {"id": pk, "title": "Trồng cây ven đường", "due_on": "31/02/2026"}
    answer = autosave(secretary, step(sheet, "issues"), edition=1, **rows(typed, {"title": "Mới", "due_on": "x"}))
    assert (answer.status_code, answer.json()["whole"]) == (200, False)
    assert works(sheet) == [("Trồng cây ven đường", "Chi ủy", dt.date(2026, 5, 19)), ("Mới", "", None)]


def test_nothing_is_taken_out_before_the_person_saves(secretary, sheet):
    autosave(secretary, step(sheet, "issues"), **rows(UNCOUNTED, UNCOUNTED | {"title": "Hai"}))
    one, two = sheet.items.filter(kind="ISS").values_list("pk", flat=True)
    typed = rows(UNCOUNTED | {"id": one, "DELETE": "on"}, {"id": two})
    answer = autosave(secretary, step(sheet, "issues"), edition=1, **typed)
    assert (answer.json()["whole"], [title for title, *_rest in works(sheet)]) == (False, ["Trồng cây", "Hai"])
    secretary.post(step(sheet, "issues"), {"edition": 2, **typed})
    assert works(sheet) == []


def test_too_many_works_replace_nothing(secretary, sheet):
    before = works(sheet, "COL")
    answer = autosave(secretary, step(sheet, "collective"), **rows(*[UNCOUNTED] * 3))
    assert (answer.json(), works(sheet, "COL")) == (
        {"edition": 0, "saved_at": "", "ids": {}, "whole": False, "seen": ""},
        before,
    )


def test_a_name_without_consent_is_not_saved(secretary, model):
    before = list(model.practice.exemplars.values())
    answer = autosave(secretary, step(model, "exemplars"), **rows({"name": "Lê Thị Mẫu", "position": "Hội viên"}))
    assert (answer.json()["saved_at"], list(model.practice.exemplars.values())) == ("", before)


def test_a_target_and_a_shortcoming_half_named_are_not_left_behind(secretary, model):
    before = ResolutionTarget.objects.count(), Shortcoming.objects.count()
    autosave(secretary, step(model, "targets"), own_targets="Giảm 2 hộ ng")
    autosave(secretary, step(model, "shortcomings"), **rows({"text": "Sinh hoạt ch", "remedy": "not_yet"}))
    assert (ResolutionTarget.objects.count(), Shortcoming.objects.count()) == before


def test_a_state_secret_is_not_saved(secretary, model):
    answer = autosave(secretary, step(model, "reasons"), situation="TỐI MẬT", goal="Sạch")
    model.practice.refresh_from_db()
    assert answer.json()["whole"] is False
    assert (model.practice.situation, model.practice.goal) == ("Nội dung situation", "Sạch")


def test_a_page_without_its_row_counts_replaces_nothing(secretary, sheet):
    before = works(sheet, "COL")
    assert autosave(secretary, step(sheet, "collective")).status_code == 200
    assert works(sheet, "COL") == before


def test_a_draft_changed_elsewhere_is_told_with_who_and_when_and_stays_as_it_is(secretary, model, district):
    services.save_draft(model.pk, by=district.clerk, at=LATER, edition=0, fields={"goal": "Của người nhập liệu"})
    answer = autosave(secretary, step(model, "reasons"), goal="Của bí thư")
    assert (answer.status_code, answer.json()["editable"]) == (409, True)
    assert str(district.clerk) in answer.json()["text"]
    assert f"{LATER.astimezone(HERE):%d/%m/%Y %H:%M}" in answer.json()["text"]
    model.practice.refresh_from_db()
    assert model.practice.goal == "Của người nhập liệu"


def test_two_who_write_in_different_screens_do_not_stop_each_other(secretary, model, sheet, district):
    seen = secretary.get(step(model, "reasons")).context["seen"]
    services.save_draft(model.pk, by=district.clerk, at=LATER, edition=0, fields={"title": "Của người nhập liệu"})
    answer = autosave(secretary, step(model, "reasons"), goal="Của bí thư", seen=seen)
    assert (answer.status_code, answer.json()["edition"]) == (200, 2)
    services.save_draft(model.pk, by=district.clerk, at=LATER, edition=2, fields={"goal": "Lại của người nhập liệu"})
    assert autosave(secretary, step(model, "reasons"), goal="Hai", seen=answer.json()["seen"]).status_code == 409
    model.refresh_from_db()
    assert (model.title, model.practice.goal) == ("Của người nhập liệu", "Lại của người nhập liệu")


def test_a_list_changed_elsewhere_stops_and_another_one_does_not(secretary, sheet, district):
    seen = secretary.get(step(sheet, "issues")).context["seen"]
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, edition=0, rows={"COL": []})
    data = rows(UNCOUNTED) | {"edition": 0, "seen": seen}
    assert secretary.post(step(sheet, "issues"), data).status_code == 302
    again = secretary.post(step(sheet, "issues"), rows(UNCOUNTED | {"title": "Khác"}) | {"edition": 0, "seen": seen})
    assert again.status_code == 409


def test_a_refused_page_still_carries_what_it_was_typed_against(secretary, model, district):
    services.save_draft(model.pk, by=district.clerk, at=LATER, edition=0, fields={"goal": "Của người nhập liệu"})
    refused = secretary.post(step(model, "reasons"), {"edition": 0, "seen": "x", "situation": "TỐI MẬT"})
    assert (refused.status_code, refused.context["edition"], refused.context["seen"]) == (422, 0, "x")


def test_a_sent_dossier_is_told_so_and_changes_nothing(secretary, model, district):
    sent(model, district.secretary)
    answer = autosave(secretary, step(model, "reasons"), goal="Khác")
    assert (answer.status_code, answer.json()["editable"]) == (409, False)
    assert "Đã gửi" in answer.json()["text"]
    model.practice.refresh_from_db()
    assert model.practice.goal == "Nội dung goal"


@pytest.mark.parametrize(("role", "status"), [("other_secretary", 404), ("administrator", 404), ("appraiser", 403)])
def test_a_stranger_saves_nothing(client, model, district, role, status):
    sent(model, district.secretary)
    client.force_login(getattr(district, role))
    assert autosave(client, step(model, "reasons"), goal="Khác").status_code == status


def test_an_answer_that_got_lost_makes_nobody_stale_but_another_window(secretary, model):
    for window, status in (("w1", 200), ("w1", 200), ("w2", 409)):
        assert autosave(secretary, step(model, "reasons"), goal="Sạch", window=window).status_code == status
    typed = {"edition": 0, "goal": "Sạch đẹp"}
    assert secretary.post(step(model, "reasons"), typed | {"window": "w2"}).status_code == 409
    assert secretary.post(step(model, "reasons"), typed | {"window": "w1"}).status_code == 302


def test_the_journal_tells_of_typing_once_in_ten_minutes(secretary, model, district):
    for n, minutes in enumerate((0, 1, 9, 11)):
        with time_machine.travel(LATER + dt.timedelta(minutes=minutes), tick=False):
            autosave(secretary, step(model, "reasons"), edition=n, goal=f"Sạch {n}")
    assert saved_events(model) == 2
    at = LATER + dt.timedelta(minutes=12)
    services.save_draft(model.pk, by=district.clerk, at=at, fields={"goal": "Khác"}, unasked=True)
    services.save_draft(model.pk, by=district.secretary, at=at, fields={"goal": "Lại khác"}, unasked=True)
    services.save_draft(model.pk, by=district.secretary, at=at, fields={"goal": "Bấm Lưu"})
    assert saved_events(model) == 5


def test_an_individual_who_stands_on_the_sheet_is_saved(secretary, sheet):
    work = {"id": sheet.items.get(kind="IND").pk, "title": "Kể chuy", "due_on": "sai"}
    person = {"subject_name": "Nguyễn Văn Mẫu Hai", "subject_position": "Đảng viên"}
    answer = autosave(secretary, url("individual", sheet.pk, 1), **person, **rows(work))
    assert (answer.status_code, answer.json()["edition"], answer.json()["ids"]) == (200, 1, {"rows-0-id": work["id"]})
    kept = sheet.items.get(kind="IND")
    assert (kept.subject_name, kept.title, kept.subject_number) == ("Nguyễn Văn Mẫu Hai", "Kể chuy", 1)


def test_half_a_name_makes_no_individual_and_an_emptied_one_stays(secretary, sheet):
    before = individuals(sheet)
    answer = autosave(secretary, url("individual_add", sheet.pk), subject_name="Lê T", **rows({"title": "Kể"}))
    assert (answer.status_code, answer.json()["saved_at"]) == (200, "")
    typed = {"subject_name": "Nguyễn Văn Mẫu", "subject_position": "Đảng viên"}
    autosave(secretary, url("individual", sheet.pk, 1), **typed, **rows())
    autosave(secretary, url("individual", sheet.pk, 1), **typed, **rows({"id": before[0][0]}))
    assert individuals(sheet) == before


def test_saving_by_itself_costs_few_queries(secretary, sheet, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        autosave(secretary, step(sheet, "issues"), **rows(UNCOUNTED, UNCOUNTED | {"title": "Hai"}))
