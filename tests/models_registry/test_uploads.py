import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry import uploads
from tests.clamd import EICAR, small_clamd
from tests.pictures import declared_png, opened, photo

PNG, JPG = photo(kind="PNG"), photo()
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WORD, SHEET = "word/document.xml", "xl/workbook.xml"


def office(part=WORD, text="<w:p>Xin chào</w:p>", types="<Types/>", extra=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, text)
        for name, body in (extra or {}).items():
            archive.writestr(name, body)
    return out.getvalue()


def named(name, body):
    file = SimpleUploadedFile("x", body)
    file._name = name  # as a hostile client would send it, past Django's own tidying
    return file


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("bao-cao.pdf", PDF, uploads.PDF),
        ("Báo cáo số 12.BC.PDF", PDF, uploads.PDF),
        ("a.docx", office(), uploads.DOCX),
        ("a.xlsx", office(SHEET), uploads.XLSX),
        ("ảnh.jpeg", JPG, uploads.JPG),
        ("ảnh.png", PNG, uploads.PNG),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_known_by_its_content(name, body, kind):
    file = named(name, body)
    assert uploads.check_upload(file) == kind
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("trong.pdf", b"", "không có nội dung"),
        ("to.pdf", PDF + b"0" * (11 * 1024 * 1024), "quá lớn"),
        ("a.exe", b"MZ", "Chỉ nhận"),
        ("a.svg", b"<svg/>", "Chỉ nhận"),
        ("a.html", b"<html>", "Chỉ nhận"),
        ("khong-duoi", PDF, "Chỉ nhận"),
        ("a.pdf.exe", PDF, "Chỉ nhận"),
        ("a.exe.pdf", PDF, "hai phần mở rộng"),
        ("a.html.png", PNG, "hai phần mở rộng"),
        ("a.png", b"<svg onload=alert(1)>", "không đúng với phần mở rộng"),
        ("a.pdf", b"<html>%PDF-1.7", "không đúng với phần mở rộng"),
        ("a.jpg", PNG, "không đúng với phần mở rộng"),
        ("a.docx", office(SHEET), "không đúng với phần mở rộng"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "mật khẩu"),
        ("a.docx", b"PK\x03\x04 hong", "bị hỏng"),
        ("a.docx", office(extra={"word/vbaProject.bin": b"x"}), "macro"),
        ("a.docx", office(types="<Override ContentType='x.macroEnabled.main+xml'/>"), "macro"),
        ("a.docx", office(extra={"../../etc/passwd": b"x"}), "đường dẫn lạ"),
        ("a.docx", office(extra={"bomb.xml": b"0" * 30_000_000}), "bung ra quá lớn"),
        ("a.docx", office(text='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "khai báo lạ"),
        ("a.docx", office(text="<w:p><w:t>TỐI </w:t><w:t>MẬT</w:t></w:p><w:p>Nội dung</w:p>"), "mật"),
        ("a.docx", office(extra={"word/header1.xml": "<w:p>Mật</w:p>"}), "mật"),
        ("a.pdf", PDF.replace(b"trailer<<>>", b"trailer<</Encrypt 5 0 R>>"), "mật khẩu"),
        ("a.pdf", PDF.replace(b"<<>>endobj", b"<</JavaScript 3>>endobj"), "mã lệnh"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "bị hỏng"),
        ("a.png", declared_png(10_000, 6_000), "quá lớn"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "bị hỏng"),
        ("a.jpg", JPG[: len(JPG) // 2], "bị hỏng"),
        ("a.jpg", b"GIF89a" + bytes(99), "không đúng với phần mở rộng"),
        ("IMG_1.heic", b"\x00\x00\x00\x18ftypheic", "JPG"),
        ("IMG_1.jpg", b"\x00\x00\x00\x18ftypheic", "JPG"),
        ("../../a.pdf", PDF, "không hợp lệ"),
        ("a\0.pdf", PDF, "không hợp lệ"),
        ("d" * 300 + ".pdf", PDF, "quá dài"),
        ("a.pdf", b"%PDF-" + uploads._EICAR, "độc hại"),
    ],
    ids=lambda value: value[:40].replace("\0", "") if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_with_a_sentence(name, body, says):
    with pytest.raises(ValidationError) as refused:
        uploads.take_in(named(name, body))
    assert says in refused.value.messages[0]


def test_a_photo_is_taken_in_without_its_place_and_with_a_thumbnail_and_a_document_as_it_is():
    taken = uploads.take_in(named("Ảnh họp.jpg", JPG))
    kept = taken.content.read()
    assert (taken.name, taken.said_of_it["size"], dict(opened(kept).getexif())) == ("Ảnh họp.jpg", len(kept), {})
    assert opened(taken.thumbnail).size == (180, 240)
    paper = uploads.take_in(named("a.pdf", PDF))
    assert (paper.content.read(), paper.thumbnail) == (PDF, b"")
    assert paper.digest == uploads.take_in(named("b.pdf", PDF)).digest != taken.digest


def test_a_file_the_antivirus_finds_something_in_is_refused_and_without_its_answer_waits(settings):
    infected = PDF.replace(b"trailer", b" " * 5_000 + EICAR + b"\ntrailer")
    with TemporaryDirectory(prefix="av-") as folder, small_clamd(Path(folder)) as settings.ANTIVIRUS_SOCKET:
        assert uploads.take_in(named("a.pdf", PDF)).said_of_it["held"] == ""
        with pytest.raises(ValidationError, match="độc hại"):
            uploads.take_in(named("a.pdf", infected))
    assert uploads.take_in(named("a.pdf", infected)).said_of_it["held"] == "waiting"


def test_a_stored_name_tells_nothing_and_never_repeats():
    first, second = uploads.stored_name(uploads.PDF), uploads.stored_name(uploads.PDF)
    assert first != second
    assert first.endswith(".pdf")
    assert len(first) == 36
