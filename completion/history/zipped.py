"""An archive as one ZIP file: read where it is, never unpacked on disk, and refused before anything large is read."""

import zipfile
import zlib
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from completion.history.rows import COLUMNS, SUCCESSIONS
from vietnamese.display import number_text

MOST_UNPACKED = 100 * 1024 * 1024
MOST_FILES = 50
# What systems put into a ZIP by themselves.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
# Others unpack with as much memory as the file asks for.
UNPACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
# What a directory that was tampered with raises besides: places before the file's beginning, names that are no text.
UNREADABLE = (*BROKEN, ValueError, OSError)


def folder_in(archive: zipfile.ZipFile) -> zipfile.Path:
    """Return the folder within a ZIP that holds the files of an archive; ValidationError says what is wrong with it,
    BadZipFile that it is none.

    Looks at names and sizes only. zipfile reads no more of a file than the size it declares, so the sum binds.
    """
    if not all(PurePosixPath(one.filename).parts for one in archive.infolist()):
        raise zipfile.BadZipFile("a file without a name")
    files = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
    _refuse_traps(files)
    paths = [PurePosixPath(one.filename) for one in files]
    if strange := sorted({path.name for path in paths} - COLUMNS.keys()):
        raise ValidationError(_("Trong tệp ZIP có tệp lạ: %(names)s.") % {"names": ", ".join(strange)[:200]})
    folders = {path.parent for path in paths}
    if len(folders) > 1 or len(set(paths)) < len(paths):
        raise ValidationError(_("Các tệp CSV phải nằm cùng một chỗ trong tệp ZIP, mỗi tệp một lần."))
    if missing := [name for name in COLUMNS if name not in {SUCCESSIONS, *(path.name for path in paths)}]:
        raise ValidationError(_("Trong tệp ZIP thiếu: %(names)s.") % {"names": ", ".join(missing)})
    folder = str(folders.pop())
    return zipfile.Path(archive, at="" if folder == "." else f"{folder}/")


def refuse_bad_zip(file) -> None:
    """Raise ValidationError unless the file is a ZIP that holds an archive; leaves it at its beginning."""
    try:
        with zipfile.ZipFile(file) as archive:
            folder_in(archive)
    except UNREADABLE as broken:
        raise ValidationError(_("Đây không phải tệp ZIP, hoặc tệp bị hỏng hay tải lên chưa đủ.")) from broken
    file.seek(0)


def _refuse_traps(files: list[zipfile.ZipInfo]) -> None:
    if len(files) > MOST_FILES or sum(one.file_size for one in files) > MOST_UNPACKED:
        most = number_text(MOST_UNPACKED // 1024 // 1024)
        raise ValidationError(_("Tệp ZIP bung ra quá %(most)s MB nên không nhận.") % {"most": most})
    if any(one.flag_bits & 1 for one in files):
        raise ValidationError(_("Tệp ZIP có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."))
    if any(one.compress_type not in UNPACKED for one in files):
        raise zipfile.BadZipFile("packed in a way that is not taken")
    if any(_leads_outside(one.filename) for one in files):
        raise ValidationError(_("Tệp ZIP chứa đường dẫn lạ nên không nhận."))


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name in LITTER or path.parts[0] == "__MACOSX"
