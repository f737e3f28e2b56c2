"""Looks into DOCX and XLSX, which are ZIP archives, without unpacking more than a little of them."""

import re
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vietnamese.secrecy import carries_secret_mark

MOST_PARTS = 3_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
# How much of a part is read for its declarations and its first lines.
READ = 256 * 1024
# How the files of Office before 2007 begin, and those a password has closed since.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CLOSED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?(?:v|is|si)[\s>]")
_PARAGRAPH_END = re.compile(r"</w:p>|<w:br/>")
_TAG = re.compile(r"<[^>]*>")


def refuse_bad_office_file(file, *, part: str, name: str) -> None:
    """Raise ValidationError unless the archive holds `part` and nothing that runs, unfolds, hides or is secret."""
    _refuse_old(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            for look in (_refuse_traps, _refuse_other_kind, _refuse_entities, _refuse_secrets):
                look(archive, part, name)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, UnicodeDecodeError, RuntimeError) as broken:
        raise ValidationError(_("Tệp “%(name)s” bị hỏng hoặc tải lên chưa đủ.") % {"name": name}) from broken


def holds_more_cells(file, most: int) -> bool:
    """Whether the sheets of a workbook hold more filled cells than this; unpacked in pieces, nothing is kept.

    A text that is shared counts once more.
    """
    found = 0
    with zipfile.ZipFile(file) as archive:
        for one in archive.namelist():
            if one.startswith("xl/worksheets/") or one == "xl/sharedStrings.xml":
                with archive.open(one) as stream:
                    while block := stream.read(READ):
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
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > 2**20 and unpacked / packed > MOST_RATIO):
        raise ValidationError(_("Tệp “%(name)s” bung ra quá lớn nên không nhận.") % {"name": name})
    if any(one.flag_bits & 1 for one in parts):
        raise ValidationError(_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.") % {"name": name})
    if any(one.filename.startswith(("/", "\\")) or ".." in one.filename for one in parts):
        raise ValidationError(_("Tệp “%(name)s” chứa đường dẫn lạ nên không nhận.") % {"name": name})


def _refuse_other_kind(archive: zipfile.ZipFile, part: str, name: str) -> None:
    names = {one.lower() for one in archive.namelist()}
    if part not in names or "[content_types].xml" not in names:
        raise ValidationError(_("Nội dung tệp “%(name)s” không đúng với phần mở rộng.") % {"name": name})
    with archive.open("[Content_Types].xml") as stream:
        declared = stream.read(READ).lower()
    if b"macroenabled" in declared or any(one.endswith(("vbaproject.bin", ".exe", ".dll", ".vbs")) for one in names):
        raise ValidationError(
            _("Tệp “%(name)s” chứa macro nên không nhận. Hãy lưu lại không kèm macro.") % {"name": name}
        )


def _refuse_entities(archive: zipfile.ZipFile, part: str, name: str) -> None:
    for one in ("[Content_Types].xml", part):
        with archive.open(one) as stream:
            start = stream.read(READ)
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise ValidationError(_("Tệp “%(name)s” chứa khai báo lạ nên không nhận.") % {"name": name})


def _refuse_secrets(archive: zipfile.ZipFile, part: str, name: str) -> None:
    heads = [one for one in archive.namelist() if one == part or re.fullmatch(r"word/header\d*\.xml", one)]
    for one in heads:
        with archive.open(one) as stream:
            text = stream.read(READ).decode("utf-8", errors="ignore")
        if carries_secret_mark(_TAG.sub("", _PARAGRAPH_END.sub("\n", text))):
            raise ValidationError(
                _("Tệp “%(name)s” mang dấu chỉ mức độ mật. Cổng này không nhận tài liệu mật.") % {"name": name}
            )
