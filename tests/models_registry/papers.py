"""Builds PDFs by hand, as small as a reader takes them."""

import zlib

FIRST_PAGE = 5  # the objects before it: catalogue, list of pages, font, letters of the font


def pdf(*pages: list[tuple[int, int, str]]) -> bytes:
    """A PDF whose pages show texts at (x, y), deflated as printers do."""
    kids = " ".join(f"{FIRST_PAGE + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/ToUnicode 4 0 R/DescendantFonts[]>>",
        _stream(_letters(pages)),
    ]
    for n, page in enumerate(pages):
        place = "/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page{place}/Contents {FIRST_PAGE + 2 * n + 1} 0 R>>".encode())
        objects.append(
            _stream("\n".join(f"BT /F1 14 Tf 1 0 0 1 {x} {y} Tm <{_codes(text)}> Tj ET" for x, y, text in page))
        )
    return _file(objects)


def _letters(pages) -> str:
    used = sorted({letter for page in pages for *_, text in page for letter in text})
    pairs = "\n".join(f"<{_codes(letter)}> <{_codes(letter)}>" for letter in used)
    codes = "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    return f"begincmap\n{codes}{len(used)} beginbfchar\n{pairs}\nendbfchar\nendcmap"


def _codes(text: str) -> str:
    return "".join(f"{ord(letter):04x}" for letter in text)


def _stream(body: str) -> bytes:
    packed = zlib.compress(body.encode())
    return b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    out, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    size = len(objects) + 1
    ends = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n" % size + table + ends
