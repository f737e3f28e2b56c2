"""Looks into DOCX and XLSX, which are ZIP archives, without unpacking more than a little of them."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vietnamese.display import number_text
from vietnamese.secrecy import carries_secret_mark

MOST_PARTS = 3_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
# What tells of the other parts is read whole, and as a tree.
MOST_TELLING = 2 * 1024 * 1024
# The texts cells share are read whole, however few cells there are.
MOST_SHARED = 20 * 1024 * 1024
# What ends a program; what of other programs may be part of a document, as the workbook of a chart is.
RUNS = ("vbaproject.bin", ".exe", ".dll", ".vbs", ".js", ".bat", ".cmd", ".scr", ".com", ".ps1", ".hta", ".msi", ".jar")
EMBEDDED = (".xlsx", ".docx", ".pptx")
XML = (".xml", ".rels", ".vml")
# What Office fetches by itself when the file is opened; a template on one's own disk is nothing from elsewhere.
FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument"})
_ELSEWHERE = re.compile(r"(?i)(?:(?!file:)[a-z][a-z0-9+.-]+:|file:/*(?!/*[a-z]:)|[/\\]{2})")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    EOFError,
    UnicodeDecodeError,
    RuntimeError,
    ValueError,
)
# How much of a part is read at a time, and for its first lines.
READ = 256 * 1024
# How the files of Office before 2007 begin, and those a password has closed since.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CLOSED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?(?:v|is|si)[\s>]")
_IS_TEXT = re.compile(r"(?i)sharedStrings[^/]*\.xml$")
_PARAGRAPH_END = re.compile(r"</w:p>|<w:br/>")
_TAG = re.compile(r"<[^>]*>")


def refuse_bad_office_file(file, *, part: str, name: str) -> None:
    """Raise ValidationError unless the archive holds `part` and nothing that runs, unfolds, hides or is secret."""
    _refuse_old(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            for look in (_refuse_traps, _refuse_other_kind, _refuse_what_runs, _refuse_entities, _refuse_secrets):
                look(archive, part, name)
    except BROKEN as broken:
        raise ValidationError(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ.") % {"name": name}) from broken


def refuse_long_workbook(file, *, rows: int, columns: int, name: str) -> None:
    """Raise ValidationError where a workbook holds more than so many rows: it is read whole, with all its texts."""
    # Twice: a text that several cells share is counted once more.
    if _holds_more_cells(file, 2 * rows * columns):
        said = _("Tệp “%(name)s” quá dài: nhiều nhất %(most)s dòng. Hãy chia thành nhiều tệp.")
        raise ValidationError(said % {"name": name, "most": number_text(rows)})
    file.seek(0)


def _holds_more_cells(file, most: int) -> bool:
    """Whether the sheets of a workbook hold more filled cells than this, or more text than any; nothing is kept."""
    found = 0
    with zipfile.ZipFile(file) as archive:
        for one in archive.namelist():
            if _IS_TEXT.search(one) and archive.getinfo(one).file_size > MOST_SHARED:
                return True
            if one.startswith("xl/worksheets/") or _IS_TEXT.search(one):
                for block in _blocks(archive, one):
                    found += len(_CELL.findall(block))
                    if found > most:
                        return True
    return False


def _refuse_old(file, name: str) -> None:
    """Refuse what only carries the name of a newer file: an .xls renamed .xlsx, or one closed by a password."""
    file.seek(0)
    if not file.read(len(_OLE)).startswith(_OLE):
        return
    if _CLOSED in file.read():
        raise ValidationError(_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.") % {"name": name})
    raise ValidationError(
        _("Tệp “%(name)s” là tệp Office đời cũ đã đổi đuôi. Hãy mở tệp ấy rồi lưu lại thành .xlsx hoặc .docx.")
        % {"name": name}
    )


def _refuse_traps(archive: zipfile.ZipFile, part: str, name: str) -> None:
    parts = archive.infolist()
    unpacked = sum(one.file_size for one in parts)
    packed = sum(one.compress_size for one in parts) or 1
    telling = sum(one.file_size for one in parts if one.filename.lower().endswith((".rels", "[content_types].xml")))
    is_bomb = unpacked > MOST_UNPACKED or (unpacked > 2**20 and unpacked / packed > MOST_RATIO)
    if is_bomb or len(parts) > MOST_PARTS or telling > MOST_TELLING:
        raise ValidationError(_("Tệp “%(name)s” bung ra quá lớn nên không nhận.") % {"name": name})
    if any(one.flag_bits & 1 for one in parts):
        raise ValidationError(_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.") % {"name": name})
    if any(one.filename.startswith(("/", "\\")) or ".." in one.filename for one in parts):
        raise ValidationError(_("Tệp “%(name)s” chứa đường dẫn lạ nên không nhận.") % {"name": name})


def _refuse_other_kind(archive: zipfile.ZipFile, part: str, name: str) -> None:
    names = {one.lower() for one in archive.namelist()}
    if part not in names or "[content_types].xml" not in names:
        raise ValidationError(_("Nội dung tệp “%(name)s” không đúng với phần mở rộng.") % {"name": name})
    declared = b"".join(_blocks(archive, "[Content_Types].xml")).lower()
    if b"macroenabled" in declared or any(one.endswith(RUNS) for one in names):
        raise ValidationError(
            _("Tệp “%(name)s” chứa macro nên không nhận. Hãy lưu lại không kèm macro.") % {"name": name}
        )


def _refuse_what_runs(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """Refuse controls, objects of other programs, and what is fetched from elsewhere when the file is opened."""
    for one in archive.namelist():
        within = one.lower()
        if "/activex/" in within or ("/embeddings/" in within and not within.endswith(EMBEDDED)):
            said = _("Tệp “%(name)s” chứa đối tượng nhúng nên không nhận. Hãy dán đối tượng ấy thành ảnh rồi lưu lại.")
            raise ValidationError(said % {"name": name})
        if within.endswith(".rels") and _is_fetching(b"".join(_blocks(archive, one))):
            said = _("Tệp “%(name)s” tự lấy nội dung từ liên kết ra ngoài nên không nhận. Hãy bỏ liên kết rồi lưu lại.")
            raise ValidationError(said % {"name": name})


def _is_fetching(relations: bytes) -> bool:
    try:
        found = fromstring(relations)
    except (ParseError, DefusedXmlException, ValueError) as broken:
        raise zipfile.BadZipFile("relations that cannot be read") from broken
    return any(
        one.get("Type", "").rsplit("/", 1)[-1] in FETCHED and _ELSEWHERE.match(one.get("Target", "").strip())
        for one in found
        if one.get("TargetMode") == "External"
    )


def _refuse_entities(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """Refuse declarations in any part, whatever it is encoded in; reads every part whole, so that its sums are seen."""
    for one in archive.namelist():
        before = b""
        for block in _blocks(archive, one):
            seen = before + block.replace(b"\0", b"")
            if one.lower().endswith(XML) and (b"<!DOCTYPE" in seen or b"<!ENTITY" in seen):
                raise ValidationError(_("Tệp “%(name)s” chứa khai báo lạ nên không nhận.") % {"name": name})
            before = seen[-len(b"<!DOCTYPE") :]


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in pieces; raises BadZipFile where it is not what the archive declares of it."""
    with archive.open(part) as stream:
        while block := stream.read(READ):
            yield block


def _refuse_secrets(archive: zipfile.ZipFile, part: str, name: str) -> None:
    heads = [one for one in archive.namelist() if one == part or re.fullmatch(r"word/header\d*\.xml", one)]
    for one in heads:
        with archive.open(one) as stream:
            text = stream.read(READ).decode("utf-8", errors="ignore")
        if carries_secret_mark(_TAG.sub("", _PARAGRAPH_END.sub("\n", text))):
            raise ValidationError(
                _("Tệp “%(name)s” mang dấu chỉ mức độ mật. Cổng này không nhận tài liệu mật.") % {"name": name}
            )
