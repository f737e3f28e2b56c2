"""Which files are taken in, judged by content; how they are named on disk and handed out again.

A dossier's attachments and the evidence of a result go the same way. Nothing here touches the database.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.utils.translation import gettext as _

from models_registry.pdf_text import BrokenPdf, text_of_first_pages
from organizations.office_files import refuse_bad_office_file
from vietnamese.display import number_text
from vietnamese.folding import clean
from vietnamese.secrecy import carries_secret_mark


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken: its usual ending, other endings, and the type it is served as."""

    suffix: str
    content_type: str
    other_suffixes: tuple[str, ...] = ()


PDF = Kind(".pdf", "application/pdf")
DOCX = Kind(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = Kind(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
JPG = Kind(".jpg", "image/jpeg", (".jpeg",))
PNG = Kind(".png", "image/png")
BY_SUFFIX = {suffix: kind for kind in (PDF, DOCX, XLSX, JPG, PNG) for suffix in (kind.suffix, *kind.other_suffixes)}
ACCEPT = ",".join(BY_SUFFIX)

LONGEST_NAME = 150
WIDEST_IMAGE = 12_000
# Endings that make "baocao.exe.pdf" a trick and not a name.
RUNNABLE = frozenset(
    {"exe", "bat", "cmd", "com", "scr", "msi", "js", "mjs", "vbs", "ps1", "sh", "jar", "hta"}
    | {"php", "asp", "aspx", "jsp", "html", "htm", "svg", "docm", "xlsm"}
)
_EICAR = b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"
# Segments of a JPEG that carry its width and height.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_upload(file) -> Kind:
    """Return what kind of file an upload is, by its content; ValidationError says in one sentence why it is refused.

    Reads the file and leaves it at its beginning.
    """
    name = clean(file.name or "")
    _refuse_bad_name(name)
    _refuse_bad_size(name, file.size)
    kind = BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    file.seek(0)
    head = file.read(4096)
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"):
        raise _refusal(_("“%(name)s” là ảnh HEIC. Hãy chuyển ảnh sang JPG rồi tải lại."), name)
    if kind is None:
        raise _refusal(_("Không nhận tệp “%(name)s”. Chỉ nhận PDF, DOCX, XLSX, JPG, PNG."), name)
    _refuse_other_content(kind, name, head)
    CHECKS[kind](name, file, head)
    file.seek(0)
    return kind


def shown_name(file) -> str:
    """Return the name a file is shown and handed out under: cleaned, without a folder."""
    return PurePosixPath(clean(file.name).replace("\\", "/")).name[:LONGEST_NAME]


def stored_name(kind: Kind) -> str:
    """Return a name nobody can guess, under which the file lies on disk."""
    return secrets.token_hex(16) + kind.suffix


def handed_out(file, *, name: str, content_type: str) -> FileResponse:
    """Return the stored file as a download that no browser runs or shows in our own origin."""
    answer = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refusal(sentence: str, name: str, **values) -> ValidationError:
    return ValidationError(sentence % {"name": name[:80], **values})


def _refuse_bad_name(name: str) -> None:
    if not name or "\0" in name or "/" in name or "\\" in name or ".." in name:
        raise _refusal(_("Tên tệp “%(name)s” không hợp lệ. Hãy đổi tên tệp rồi tải lại."), name.replace("\0", ""))
    if len(name) > LONGEST_NAME:
        raise _refusal(_("Tên tệp “%(name)s…” quá dài. Hãy đặt tên ngắn hơn %(most)d ký tự."), name, most=LONGEST_NAME)
    if RUNNABLE.intersection(part.strip() for part in name.lower().split(".")[1:-1]):
        raise _refusal(_("Tệp “%(name)s” có hai phần mở rộng. Hãy đổi tên tệp rồi tải lại."), name)


def _refuse_bad_size(name: str, size: int) -> None:
    if not size:
        raise _refusal(_("Tệp “%(name)s” không có nội dung."), name)
    if size > settings.UPLOAD_MAX_BYTES:
        most = number_text(settings.UPLOAD_MAX_BYTES // 1024 // 1024)
        raise _refusal(_("Tệp “%(name)s” quá lớn. Mỗi tệp không quá %(most)s MB."), name, most=most)


def _refuse_other_content(kind: Kind, name: str, head: bytes) -> None:
    if head.startswith(SIGNATURES[kind]):
        if _EICAR in head:
            raise _refusal(_("Tệp “%(name)s” bị nhận diện là tệp độc hại."), name)
        return
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refusal(
            _("Tệp “%(name)s” có mật khẩu hoặc thuộc định dạng cũ. Hãy lưu lại thành DOCX, XLSX không mật khẩu."), name
        )
    raise _refusal(
        _("Nội dung tệp “%(name)s” không đúng với phần mở rộng (thực chất là %(found)s)."), name, found=_guess(head)
    )


def _guess(head: bytes) -> str:
    try:
        return puremagic.from_string(head) or _("loại khác")
    except (puremagic.PureError, ValueError):
        return _("loại khác")


def _check_pdf(name: str, file, head: bytes) -> None:
    file.seek(0)
    whole = file.read()
    if re.search(rb"/Encrypt\b", whole):
        raise _refusal(_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."), name)
    if re.search(rb"/(JavaScript|Launch|EmbeddedFiles)\b", whole):
        raise _refusal(_("Tệp “%(name)s” chứa mã lệnh hoặc tệp nhúng nên không nhận."), name)
    if b"%%EOF" not in whole[-2048:]:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name)
    try:
        text = text_of_first_pages(whole)
    except BrokenPdf as broken:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name) from broken
    if carries_secret_mark(text):
        raise _refusal(_("Tệp “%(name)s” mang dấu chỉ mức độ mật. Cổng này không nhận tài liệu mật."), name)


def _check_png(name: str, file, head: bytes) -> None:
    if head[12:16] != b"IHDR":
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name)
    _refuse_huge_image(name, int.from_bytes(head[16:20]), int.from_bytes(head[20:24]))


def _check_jpg(name: str, file, head: bytes) -> None:
    size = _jpg_size(file)
    if size is None:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name)
    _refuse_huge_image(name, *size)


def _jpg_size(file) -> tuple[int, int] | None:
    """Return width and height from the frame header, walking the segments before it; None when there is none."""
    file.seek(2)
    while len(marker := file.read(4)) == 4 and marker[0] == 0xFF:
        length = int.from_bytes(marker[2:4])
        if marker[1] in _FRAMES:
            frame = file.read(5)
            return int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
        if length < 2:
            return None
        file.seek(length - 2, 1)
    return None


def _refuse_huge_image(name: str, width: int, height: int) -> None:
    if not 0 < width <= WIDEST_IMAGE or not 0 < height <= WIDEST_IMAGE:
        raise _refusal(
            _("Ảnh “%(name)s” quá lớn. Mỗi chiều không quá %(most)s điểm ảnh."), name, most=number_text(WIDEST_IMAGE)
        )


def _check_office(part: str):
    def check(name: str, file, head: bytes) -> None:
        refuse_bad_office_file(file, part=part, name=name[:80])

    return check


SIGNATURES = {
    PDF: b"%PDF-",
    DOCX: b"PK\x03\x04",
    XLSX: b"PK\x03\x04",
    JPG: b"\xff\xd8\xff",
    PNG: b"\x89PNG\r\n\x1a\n",
}
CHECKS = {
    PDF: _check_pdf,
    DOCX: _check_office("word/document.xml"),
    XLSX: _check_office("xl/workbook.xml"),
    JPG: _check_jpg,
    PNG: _check_png,
}
