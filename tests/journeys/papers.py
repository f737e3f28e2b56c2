"""Small real files to attach: a document of one page and a picture."""

import struct
import zlib


def picture() -> dict:
    """Return a white PNG as a browser's file field takes it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\xff" * 32) * 32)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
    return {"name": "anh-truoc-sau.png", "mimeType": "image/png", "buffer": content}
