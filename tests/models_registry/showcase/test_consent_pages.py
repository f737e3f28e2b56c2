"""Consents as they are recorded, and what is gone the moment one is taken back."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate
from PIL import Image

from journal.models import Event, Job
from models_registry import services
from models_registry.models import Comment, Consent, Exemplar
from models_registry.services.consent import record_consent
from models_registry.services.drafts import save_draft
from models_registry.services.recognition import recognise_unit, unname_recognition
from models_registry.uploads import take_in
from tests.factories import AT
from tests.models_registry.showcase.making import LATER, approve, publish

pytestmark = pytest.mark.django_db
NAME = "Trần Thị Mẫu"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo(model, district, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = SimpleUploadedFile("ra-quan.jpg", picture(), content_type="image/jpeg")
    return services.attach(model.pk, sent, by=district.secretary, at=AT)


@pytest.fixture
def shown(model, photo, district):
    model.refresh_from_db()
    model.title = f"Tổ của bà {NAME}"
    publish(approve(model, district), district)
    return model


def job(district, task, **arguments):
    made = Job.objects.create(
        task=task, title="Tệp", arguments=arguments, owner=district.head, created_at=AT, state="done"
    )
    made.file.save("made.pdf", ContentFile(NAME.encode()))
    return made


def test_saving_a_name_records_who_said_that_it_was_agreed_to(model, district):
    one = model.practice.exemplars.get()
    row = {"id": one.pk, "name": NAME, "position": "Tổ trưởng", "evidence": "Vận động 30 hộ", "consent": True}
    for _twice in range(2):
        save_draft(model.pk, rows={"exemplars": [row]}, by=district.secretary, at=AT)
    kept = Consent.objects.get()
    assert (kept.exemplar_id, kept.how, kept.words, kept.recorded_by, kept.withdrawn_at) == (
        one.pk, "told", 1, district.secretary, None,
    )  # fmt: skip
    save_draft(model.pk, rows={"exemplars": [row | {"consent": False, "name": ""}]}, by=district.secretary, at=LATER)
    kept.refresh_from_db()
    assert (kept.withdrawn_by, kept.withdrawn_at) == (district.secretary, LATER)


def test_a_photo_stands_in_the_showcase_while_its_consent_does(
    client, district, shown, photo, django_capture_on_commit_callbacks
):
    client.force_login(district.leader)
    page = reverse("models_registry:shown_model", args=[shown.pk])
    addresses = [
        reverse(f"models_registry:{name}", args=[shown.pk, photo.pk]) for name in ("shown_photo", "shown_thumbnail")
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert addresses[1] not in client.get(page).content.decode()
    client.force_login(district.secretary)
    form = reverse("models_registry:consent_of_photo", args=[shown.pk, photo.pk])
    assert client.get(form).status_code == 200
    sent = {"how": "paper", "given_on": "01/02/2026", "scan": SimpleUploadedFile("phieu.jpg", picture(), "image/jpeg")}
    assert "Hãy ghi ai trong ảnh đã đồng ý" in client.post(form, sent).content.decode()
    sent |= {"who": "Bà Mẫu, ông Mẫn", "scan": SimpleUploadedFile("phieu.jpg", picture(), "image/jpeg")}
    assert client.post(form, sent).status_code == 302
    kept = Consent.objects.get(photo=photo)
    assert client.get(reverse("models_registry:consent_scan", args=[kept.pk])).status_code == 200
    client.force_login(district.leader)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    assert addresses[1] in client.get(page).content.decode()
    assert client.get(reverse("models_registry:consent_scan", args=[kept.pk])).status_code == 403

    client.force_login(district.secretary)
    scan = kept.file.path
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("models_registry:consent", args=[shown.pk]), {"photo": photo.pk})
    client.force_login(district.leader)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert addresses[1] not in client.get(page).content.decode()
    kept.refresh_from_db()
    assert (kept.who, kept.file.name, kept.withdrawn_by) == ("", "", district.secretary)
    assert Event.objects.filter(verb="dossier.unshow", detail={"photo": photo.pk}).exists()
    assert not Path(scan).exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"how": "nobody", "who": "Bà Mẫu", "given_on": "01/02/2026"}, "để trống mục này"),
        ({"how": "told", "who": "Bà Mẫu", "given_on": "01/02/2099"}, "không thể ở sau hôm nay"),
        ({"who": "Bà Mẫu", "given_on": "01/02/2026"}, "Hãy chọn mục này"),
    ],
)
def test_what_cannot_be_a_consent_is_refused(client, district, shown, photo, given, said):
    client.force_login(district.secretary)
    answer = client.post(reverse("models_registry:consent_of_photo", args=[shown.pk, photo.pk]), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Consent.objects.filter(photo=photo).exists()


def test_after_the_withdrawal_no_page_and_no_file_made_before_shows_the_name(
    client, district, shown, django_capture_on_commit_callbacks
):
    Comment.objects.create(dossier=shown, author=district.head, unit=district.board, text=f"Hỏi thêm bà {NAME}", at=AT)
    drawn = job(district, "models_registry.tasks.draw_pdf", dossier=shown.pk)
    other = job(district, "models_registry.tasks.draw_pdf", dossier=shown.pk + 1)
    running = job(district, "models_registry.tasks.draw_pdf", dossier=shown.pk)
    Job.objects.filter(pk=running.pk).update(state="running", file="")
    addresses = [
        reverse("models_registry:showcase"),
        reverse("models_registry:search") + "?q=Tran+Thi+Mau",
        *(
            reverse(f"models_registry:{name}", args=[shown.pk])
            for name in ("shown_model", "dossier", "print", "consent", "adoptions")
        ),
        reverse("models_registry:word", args=[shown.pk, "dossier"]),
    ]
    for person in (district.secretary, district.head):
        client.force_login(person)
        assert NAME in client.get(addresses[2]).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw_consent(Exemplar.objects.get().pk, by=district.secretary, at=LATER)
    for person in (district.secretary, district.head, district.leader):
        client.force_login(person)
        for address in addresses:
            answer = client.get(address)
            told = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert NAME not in told.decode(errors="replace"), address
    drawn.refresh_from_db()
    assert (drawn.file.name, Job.objects.get(pk=other.pk).file.name != "") == ("", True)
    assert Job.objects.get(pk=running.pk).attempts == running.attempts + 1
    assert NAME not in Comment.objects.get().text


def test_a_recognition_that_names_somebody_keeps_and_ends_a_consent(district):
    given = {"stage": "selected", "on": AT.date(), "position": "Tổ trưởng", "name": NAME, "consent": True}
    made = recognise_unit(district.cell, recipient="individual", by=district.head, at=AT, **given)
    assert Consent.objects.standing().get().recognition == made
    unname_recognition(made.pk, by=district.head, at=LATER)
    assert not Consent.objects.standing().exists()


def test_what_one_person_agreed_to_does_not_stand_for_another_of_the_same_row(
    model, district, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    one = model.practice.exemplars.get()
    row = {"id": one.pk, "name": NAME, "position": "Tổ trưởng", "evidence": "Vận động 30 hộ", "consent": True}
    save_draft(model.pk, rows={"exemplars": [row]}, by=district.secretary, at=AT)
    one.refresh_from_db()
    scan = take_in(SimpleUploadedFile("phieu.jpg", picture(), "image/jpeg"))
    paper = record_consent(one, how="paper", given_on=AT.date(), by=district.secretary, at=AT, scan=scan)
    kept = Path(paper.file.path)
    save_draft(model.pk, rows={"exemplars": [row | {"name": f"Bà {NAME}"}]}, by=district.secretary, at=LATER)
    assert Consent.objects.standing().get(exemplar=one) == paper
    with django_capture_on_commit_callbacks(execute=True):
        save_draft(model.pk, rows={"exemplars": [row | {"name": "Lê Văn Khác"}]}, by=district.secretary, at=LATER)
    paper.refresh_from_db()
    assert (paper.withdrawn_by, paper.withdrawn_at, paper.file.name, kept.exists()) == (
        district.secretary, LATER, "", False,
    )  # fmt: skip
    now = Consent.objects.standing().get(exemplar=one)
    assert (now.how, now.given_on, now.recorded_by) == ("told", localdate(LATER), district.secretary)
