"""Files of a dossier."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry import services
from tests.factories import AT
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, step, url
from tests.models_registry.test_uploads import JPG, PDF, named
from tests.pictures import PLACE, photo

pytestmark = pytest.mark.django_db


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


def test_what_is_added_after_sending_is_seen_by_others_once_it_is_sent(client, model, district, media):
    at, by = LATER + dt.timedelta(hours=1), district.secretary
    first = services.attach(model.pk, named("first.pdf", PDF), by=by, at=AT)
    model.refresh_from_db()
    returned(model, district, {})
    later = services.attach(model.pk, named("later.jpg", photo(320, 240)), by=by, at=at)
    scan = services.attach_signed(model.pk, named("scan.jpg", JPG), signed_by=by, by=by, at=at)

    def seen_by(person):
        client.force_login(person)
        small = client.get(url("thumbnail", later.pk)).status_code
        return [client.get(url("attachment", one.pk)).status_code for one in (first, later, scan)] + [small]

    assert seen_by(by) == [200, 200, 200, 200]
    assert seen_by(district.appraiser) == seen_by(district.committee) == [200, 404, 404, 404]
    services.submit(model.pk, edition=answered(model, by).edition, by=by, at=at)
    assert seen_by(district.appraiser) == [200, 200, 200, 200]


def test_a_photo_is_kept_without_its_place_and_shown_small(secretary, model, media):
    secretary.post(url("files", model.pk), {"file": named("họp.jpg", photo())})
    kept = model.attachments.get()
    assert len(files_under(media)) == 2
    assert all(PLACE not in path.read_bytes() for path in files_under(media))
    shown = secretary.get(step(model, "files")).content.decode()
    assert f'src="{url("thumbnail", kept.pk)}"' in shown
    assert f'src="{url("thumbnail", kept.pk)}"' in secretary.get(url("dossier", model.pk)).content.decode()
    assert secretary.get(url("attachment", kept.pk))["Content-Disposition"].startswith("inline")
    assert secretary.get(url("thumbnail", kept.pk))["Content-Type"] == "image/jpeg"


def test_a_file_sent_again_after_a_broken_connection_is_there_once(secretary, model, district):
    for _ in range(2):
        answer = secretary.post(url("files", model.pk), {"file": named("họp.jpg", JPG)}, headers={"X-Upload": "1"})
        assert (answer.status_code, answer["X-Upload"]) == (200, "kept")
    assert "họp.jpg" in answer.content.decode()
    assert model.attachments.count() == 1
    refused = secretary.post(url("files", model.pk), {"file": named("a.jpg", b"<svg/>")}, headers={"X-Upload": "1"})
    assert (refused.status_code, "<" in refused.content.decode()) == (422, False)
    assert secretary.post(url("files", model.pk), {}, headers={"X-Upload": "1"}).status_code == 422
    model.refresh_from_db()
    sent(model, district.secretary)
    late = secretary.post(url("files", model.pk), {"file": named("b.jpg", JPG)}, headers={"X-Upload": "1"})
    assert late.status_code == 409


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
