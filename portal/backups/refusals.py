"""What can stand in the way, as one sentence whoever operates the portal can act upon."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _


class BackupRefused(Exception):
    """It cannot be done; the message says why and what to do. What is half done is gone."""


class BackupBusy(BackupRefused):
    """Another backup or trial is at it; what was asked for is as it was."""


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Say a failure of the disk below `place` as a BackupRefused."""
    try:
        yield
    except OSError as failed:
        raise BackupRefused(sentence_of(failed, place)) from failed


def sentence_of(failed: OSError, place: Path) -> str:
    named = {"place": failed.filename or place, "why": failed.strerror or failed}
    match failed.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _("Hết chỗ trên đĩa chứa %(place)s. Hãy dọn bớt hoặc thêm đĩa, rồi làm lại.") % named
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _("Không có quyền ghi hoặc đọc %(place)s. Hãy giao quyền cho người chạy cổng.") % named
        case errno.ENOENT:
            return _("Không có %(place)s.") % named
    return _("Không dùng được %(place)s: %(why)s.") % named
