import io

import pytest
from PIL import ImageFile

from models_registry import photos
from tests.pictures import GPS, PLACE, declared_png, opened, photo


def made(content: bytes):
    kept, thumbnail = photos.made_anew(io.BytesIO(content))
    return kept, thumbnail, opened(kept)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_kept_photo_is_upright_and_says_nothing_but_the_picture(kind):
    sent = photo(kind=kind)
    assert GPS in opened(sent).getexif()
    assert PLACE in sent
    kept, thumbnail, picture = made(sent)
    assert (picture.format, picture.size) == (kind, (480, 640))
    assert picture.convert("RGB").getpixel((240, 10))[0] > 200, "the red half is above"
    assert picture.convert("RGB").getpixel((240, 630))[2] > 200
    for content in (kept, thumbnail):
        assert PLACE not in content
        assert b"Exif" not in content and b"eXIf" not in content and b"xmpmeta" not in content
        assert dict(opened(content).getexif()) == {}
    assert "icc_profile" in picture.info
    assert opened(thumbnail).size == (180, 240)


def test_a_large_photo_is_kept_no_larger_than_a_scanned_page():
    _kept, _thumbnail, picture = made(photo(4800, 3600))
    assert picture.size == (2700, 3600)


def test_a_thumbnail_is_light_however_lively_the_picture():
    _kept, thumbnail, picture = made(photo(noise=True))
    assert picture.size == (480, 640)
    assert opened(thumbnail).size == (180, 240)
    assert len(thumbnail) <= photos.MOST_THUMBNAIL_BYTES


@pytest.mark.parametrize(
    ("kind", "mode", "kept_as"),
    [
        ("JPEG", "L", "L"),
        ("JPEG", "CMYK", "RGB"),
        ("PNG", "P", "P"),
        ("PNG", "1", "1"),
        ("PNG", "LA", "LA"),
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "I;16", "I;16"),
    ],
)
def test_every_way_of_colouring_is_kept(kind, mode, kept_as):
    _kept, thumbnail, picture = made(photo(kind=kind, mode=mode, icc_profile=None))
    assert (picture.mode, picture.size) == (kept_as, (480, 640))
    assert opened(thumbnail).format == "JPEG"


def test_a_printers_large_profile_is_left_out():
    _kept, _thumbnail, picture = made(photo(icc_profile=b"\0" * (photos.LARGEST_PROFILE + 1)))
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff\xe0",
        b"GIF89a" + bytes(100),
        photo()[: len(photo()) // 2],
        photo(kind="PNG")[:400],
        photo(kind="PNG").replace(b"IDAT", b"IDAZ"),
    ],
    ids=["empty", "head", "gif", "cut jpeg", "cut png", "damaged png"],
)
def test_what_is_no_whole_photo_is_refused(content, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as drawing a PDF leaves it
    with pytest.raises(photos.BrokenPhoto):
        photos.made_anew(io.BytesIO(content))


@pytest.mark.parametrize("size", [(12_001, 10), (10_000, 5_300), (60_000, 60_000)])
def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(size):
    for look in (photos.measure, photos.made_anew):
        with pytest.raises(photos.HugePhoto):
            look(io.BytesIO(declared_png(*size)))
