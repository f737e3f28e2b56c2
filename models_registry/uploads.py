"""Which files are taken in, judged by content, and as what; how they are named on disk.

A dossier's attachments and the evidence of a result go the same way. Nothing here touches the database.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from journal.antivirus import refuse_infected
from models_registry import photos
from models_registry.pdf_text import RUNS, BrokenPdf, RunningPdf, text_of_first_pages, unescaped
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

PHOTOS = frozenset({JPG, PNG})

LONGEST_NAME = 150
# Endings that make "baocao.exe.pdf" a trick and not a name.
RUNNABLE = frozenset(
    {"exe", "bat", "cmd", "com", "scr", "msi", "js", "mjs", "vbs", "ps1", "sh", "jar", "hta"}
    | {"php", "asp", "aspx", "jsp", "html", "htm", "svg", "docm", "xlsm"}
)
# Windows keeps these for its devices, whatever their ending.
RESERVED = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
_EICAR = b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"


@dataclass(frozen=True, slots=True)
class Taken:
    """An upload that was looked at: what is kept of it, and of a photo its thumbnail (else b"")."""

    kind: Kind
    name: str
    content: File
    thumbnail: bytes
    digest: str  # of what was sent: sent twice by a broken connection, it is the same
    waits: bool = False  # for the antivirus, which gave no answer

    @property
    def said_of_it(self) -> dict:
        """The columns of `models.StoredFile` that need no file on disk."""
        said = {"name": self.name, "content_type": self.kind.content_type, "held": "waiting" if self.waits else ""}
        return said | {"size": self.content.size, "digest": self.digest}


def take_in(file) -> Taken:
    """Return an upload as it is to be kept; ValidationError says in one sentence why it is refused.

    May take seconds, so forms do it, before a transaction begins; what was taken in is returned as it is.
    """
    if isinstance(file, Taken):
        return file
    kind = check_upload(file)
    waits = refuse_infected(file, name=shown_name(file)[:80], may_wait=True)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    content, thumbnail = file, b""
    if kind in PHOTOS:
        photo, thumbnail = _photo(shown_name(file), file, photos.made_anew)
        content = ContentFile(photo)
    return Taken(kind, shown_name(file), content, thumbnail, digest, waits)


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
        raise _refusal(
            _(
                "“%(name)s” là ảnh HEIC của iPhone, cổng chưa đọc được. Hãy chụp màn hình ảnh ấy rồi tải ảnh "
                "chụp màn hình; hoặc vào Cài đặt › Camera › Định dạng, chọn “Tương thích nhất” để các ảnh sau là JPG."
            ),
            name,
        )
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


def _refusal(sentence: str, name: str, **values) -> ValidationError:
    return ValidationError(sentence % {"name": name[:80], **values})


def _refuse_bad_name(name: str) -> None:
    reserved = name.split(".")[0].strip().upper() in RESERVED
    if not name or reserved or ".." in name or any(one in name for one in "\0\n\t/\\"):
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
    names = unescaped(whole)
    if re.search(rb"/Encrypt\b", names):
        raise _refusal(_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."), name)
    if RUNS.search(names):
        raise _refusal(_("Tệp “%(name)s” chứa mã lệnh hoặc tệp nhúng nên không nhận."), name)
    if b"%%EOF" not in whole[-2048:]:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name)
    try:
        text = text_of_first_pages(whole)
    except BrokenPdf as broken:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name) from broken
    except RunningPdf as runs:
        raise _refusal(_("Tệp “%(name)s” chứa mã lệnh hoặc tệp nhúng nên không nhận."), name) from runs
    if carries_secret_mark(text):
        raise _refusal(_("Tệp “%(name)s” mang dấu chỉ mức độ mật. Cổng này không nhận tài liệu mật."), name)


def _check_photo(name: str, file, head: bytes) -> None:
    _photo(name, file, photos.measure)


def _photo(name: str, file, look):
    """Return what looking at the photo returns, or tell why it cannot be taken."""
    try:
        return look(file)
    except photos.BrokenPhoto as broken:
        raise _refusal(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ."), name) from broken
    except photos.HugePhoto as huge:
        raise _refusal(
            _("Ảnh “%(name)s” quá lớn. Mỗi chiều không quá %(side)s, cả ảnh không quá %(most)s triệu điểm ảnh."),
            name,
            side=number_text(photos.WIDEST),
            most=number_text(photos.MOST_PIXELS // 10**6),
        ) from huge


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
    JPG: _check_photo,
    PNG: _check_photo,
}
