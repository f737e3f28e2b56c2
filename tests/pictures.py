"""Makes photos as telephones do: with the place they were taken at, turned, in colours of their own; and bad ones."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
LATITUDE = {1: "N", 2: (10.0, 21.0, 30.0), 3: "E", 4: (106.0, 21.0, 30.0)}
PLACE = b"Go Cong"  # said in a remark of the file, beside the place itself
# Made once: a profile holds the second it was made in, and the same photo is to be the same bytes.
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TURNED = 6  # the telephone was held upright: what is wide in the file is tall to the eye


def photo(width=640, height=480, *, kind="JPEG", mode="RGB", noise=False, **saved) -> bytes:
    """Return a photo with a place in its EXIF, its XMP and its remarks, turned by a quarter; left red, right blue."""
    picture = Image.effect_noise((width, height), 90).convert(mode) if noise else _halves(width, height).convert(mode)
    exif = picture.getexif()
    exif[ORIENTATION], exif[MAKER], exif[GPS] = TURNED, "Điện thoại mẫu", LATITUDE
    out = io.BytesIO()
    remarks = {"comment": PLACE, "xmp": b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"} if kind == "JPEG" else {}
    if kind == "PNG":
        remarks["pnginfo"] = PngImagePlugin.PngInfo()
        remarks["pnginfo"].add_text("Location", PLACE.decode())
    picture.save(out, kind, exif=exif, icc_profile=saved.pop("icc_profile", PROFILE), **remarks, **saved)
    return out.getvalue() + PLACE  # some telephones hang a second file on behind


def _halves(width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    return picture


def declared_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that declares to be so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((width // 8 + 1) * 8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture
