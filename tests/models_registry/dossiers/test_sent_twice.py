"""Each form of a dossier pressed twice, the answer lost on the way: done once, and the second is led on kindly."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.models import Event
from models_registry.models import Comment, Dossier
from tests.models_registry.dossiers.pages import WORK, rows, sent, step, url
from tests.models_registry.test_uploads import PDF

pytestmark = pytest.mark.django_db


def twice(client, address, data):
    """Send the same form twice; returns both answers."""
    first, second = (client.post(address, {"once": "t1"} | data) for _ in range(2))
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    page = client.get(second.url, follow=True)
    assert "đã nhận nội dung này ở lần gửi trước" in page.content.decode()
    return first.url


def events() -> int:
    return Event.objects.count()


def test_a_started_draft_is_one(secretary, opened):
    twice(secretary, url("start"), {"round": opened.pk, "kind": "practice_model"})
    assert Dossier.objects.count() == 1


def test_a_screen_saved_twice_is_saved_once(secretary, model):
    before = events()
    twice(secretary, step(model, "reasons"), {"edition": 0, "goal": "Sạch"})
    model.refresh_from_db()
    assert (model.edition, events() - before) == (1, 1)


def test_an_individual_added_twice_stands_once(secretary, sheet):
    person = {"edition": 0, "subject_name": "Lê Thị Mẫu", "subject_position": "Đảng viên"}
    twice(secretary, url("individual_add", sheet.pk), person | rows(WORK | {"expected_value": ""}))
    assert sheet.items.filter(subject_name="Lê Thị Mẫu").count() == 1


def test_a_dossier_sent_twice_has_one_version_and_one_event(secretary, model, district):
    twice(secretary, url("check", model.pk), {"edition": 0})
    model.refresh_from_db()
    assert (model.version, Event.objects.filter(verb="dossier.submit").count()) == (1, 1)


def test_a_dossier_the_board_took_meanwhile_is_still_told_as_sent(secretary, model, district):
    secretary.post(url("check", model.pk), {"edition": 0, "once": "t1"})
    Dossier.objects.filter(pk=model.pk).update(state="under_appraisal", edition=9)
    answer = secretary.post(url("check", model.pk), {"edition": 0, "once": "t1"})
    assert (answer.status_code, answer.url) == (302, url("dossier", model.pk))


def test_a_comment_stands_once_and_the_same_words_may_be_said_again(secretary, model, district):
    sent(model, district.secretary)
    data = {"text": "Đã bổ sung", "audience": "both"}
    twice(secretary, url("comment", model.pk), data)
    assert Comment.objects.count() == 1
    secretary.post(url("comment", model.pk), data | {"once": "t2"})
    assert Comment.objects.count() == 2


def test_an_uploaded_file_is_kept_once(secretary, model):
    for _ in range(2):
        file = SimpleUploadedFile("a.pdf", PDF)
        assert secretary.post(url("files", model.pk), {"once": "t1", "file": file}).url == step(model, "files")
    assert model.attachments.count() == 1


def test_a_deleted_draft_and_a_withdrawn_dossier_are_told_as_done(secretary, model, sheet, district):
    twice(secretary, url("delete", model.pk), {})
    sent(sheet, district.secretary)
    twice(secretary, url("withdraw", sheet.pk), {"edition": 1})
    assert Event.objects.filter(verb="dossier.withdraw").count() == 1


def test_a_copy_is_one(secretary, model, opened):
    before = Dossier.objects.count()
    twice(secretary, url("copy", model.pk), {"round": opened.pk})
    assert Dossier.objects.count() == before + 1


def test_every_form_that_writes_carries_a_token(secretary, model, opened):
    for address in (url("start"), step(model, "reasons"), url("check", model.pk), url("files", model.pk)):
        assert 'name="once"' in secretary.get(address).content.decode(), address
