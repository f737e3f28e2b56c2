"""Photos as they are kept: upright, no larger than a scanned page, nothing in them but the picture; and thumbnails.

A photo is made anew from its pixels, so that the place it was taken at, the telephone, remarks, embedded previews and
whatever is hung on behind are gone.
"""

import io
import struct
import threading
import warnings

from PIL import Image, ImageFile, ImageOps

# A sheet of A4 scanned at 300 dpi stays as it is.
LONGEST_SIDE = 3_600
# The largest most telephones make; a progressive JPEG of this size takes some 300 MB to decode.
MOST_PIXELS = 52_000_000
WIDEST = 12_000
QUALITY = 85
# What a telephone or a screen says of its colours fits in this; larger profiles are for printers.
LARGEST_PROFILE = 4_096
THUMBNAIL_SIDE = 240
MOST_THUMBNAIL_BYTES = 6_000
THUMBNAIL_QUALITIES = (72, 55, 40, 25, 10)
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, struct.error)
# Two large photos at once would take twice the memory.
_one_at_a_time = threading.Lock()


class BrokenPhoto(Exception):
    """Not a photo, damaged, or cut off."""


class HugePhoto(Exception):
    """More pixels than are decoded for anybody."""


def measure(file) -> tuple[int, int]:
    """Return width and height as the file declares them, without decoding; raises BrokenPhoto or HugePhoto."""
    return _opened(file).size


def made_anew(file) -> tuple[bytes, bytes]:
    """Return a photo as it is kept, in the format it came in, and its thumbnail, a small JPEG.

    Raises BrokenPhoto or HugePhoto, and then has decoded nothing of a huge one.
    """
    with _one_at_a_time:
        # What draws PDF in the same process lets half a picture pass, for everybody.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        picture = _opened(file)
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        try:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is then decoded small at once
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(_bare(picture, kind), kind), _thumbnail(picture)
        except _UNREADABLE as broken:
            raise BrokenPhoto from broken


def _opened(file) -> Image.Image:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # The limits below are ours, and narrower where it matters.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as bomb:
        raise HugePhoto from bomb
    except _UNREADABLE as broken:
        raise BrokenPhoto from broken
    width, height = picture.size
    if max(width, height) > WIDEST or width * height > MOST_PIXELS:
        raise HugePhoto
    return picture


def _bare(picture: Image.Image, kind: str) -> Image.Image:
    """Return the picture with nothing said of it but its colours."""
    said = picture.info
    if kind == "JPEG" and picture.mode not in ("L", "RGB"):
        picture, said = picture.convert("RGB"), {}  # a printer's colours go with their profile
    bare = picture.copy()
    bare.info = {name: said[name] for name in ("icc_profile", "transparency") if said.get(name) is not None}
    if len(bare.info.get("icc_profile") or b"") > LARGEST_PROFILE:
        del bare.info["icc_profile"]
    return bare


def _written(picture: Image.Image, kind: str, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    if kind == "PNG":
        picture.save(out, "PNG", optimize=False)
    else:
        picture.save(out, "JPEG", quality=quality, optimize=True, icc_profile=picture.info.get("icc_profile"))
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    """Return a JPEG light enough for a weak network: as good as fits into MOST_THUMBNAIL_BYTES."""
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    shown = Image.new("RGB", picture.size, "white")
    shown.paste(picture.convert("RGB"), mask=picture.convert("RGBA").getchannel("A"))
    for quality in THUMBNAIL_QUALITIES:
        thumbnail = _written(shown, "JPEG", quality)
        if len(thumbnail) <= MOST_THUMBNAIL_BYTES:
            break
    return thumbnail
