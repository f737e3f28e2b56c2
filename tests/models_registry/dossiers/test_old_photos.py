"""Photos kept before every photo was made anew on arrival."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from models_registry.models import Attachment
from tests.factories import AT
from tests.pictures import PLACE, photo

pytestmark = pytest.mark.django_db


def test_an_old_photo_loses_its_place_and_gets_a_thumbnail_and_one_that_is_none_stays(
    district, model, settings, tmp_path, capsys, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    contents = [photo(), b"\xff\xd8\xff no photo"]
    for n, content in enumerate(contents):
        old = Attachment(dossier=model, added_by=district.secretary, added_at=AT, name=f"{n}.jpg")
        old.content_type, old.size, old.digest = "image/jpeg", len(content), f"{n}" * 64
        old.file.save(f"{n}.jpg", ContentFile(content))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("make_photos_anew")
    photo_now, broken = model.attachments.order_by("id")
    with photo_now.file.open("rb") as file:
        kept = file.read()
    assert (PLACE in kept, PLACE in contents[0]) == (False, True)
    assert (photo_now.size, bool(photo_now.thumbnail), photo_now.digest) == (len(kept), True, "0" * 64)
    assert (bool(broken.thumbnail), broken.size) == (False, len(contents[1]))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3  # the former photo is gone
    assert capsys.readouterr().out.splitlines() == ["1 ảnh; 1 ảnh không đọc được.", "0 ảnh; 1 ảnh không đọc được."]
