"""Bringing a backup back: checked before anything is touched, then compared with what it noted of itself."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from journal.services import put_heads_aside, record
from portal.backups import archive, databases
from portal.backups.archive import Archive
from portal.backups.models import Backup
from portal.backups.refusals import BackupRefused, told
from portal.backups.trying import compared
from portal.grants import apply_grants
from portal.processes import is_running
from portal.scheduler import sync_schedule

Say = Callable[[str], None]


def restore(place: Path, *, at: datetime, overwrite: bool, say: Say) -> list[dict]:
    """Fill the portal's database and files from a backup, bring them up to this release, and return what differs.

    Raises BackupRefused, before anything is touched, for a damaged or newer backup, another kind of database, one that
    holds something (unless `overwrite`), others at work, too little room, or without a program that reads the dump.
    The journal notes it.
    """
    kept = archive.read(place)
    say(_("Kiểm tra bản sao lưu %(name)s") % {"name": kept.folder.name})
    _refuse_misfit(kept)
    media = Path(settings.MEDIA_ROOT)
    _refuse_loss(media, overwrite)
    if damaged := list(archive.damaged_parts(kept)):
        said = _("Bản sao lưu bị hỏng, không khôi phục gì cả: %(parts)s")
        raise BackupRefused(said % {"parts": ", ".join(damaged[:5]) + (" …" if damaged[5:] else "")})
    databases.refuse_unreadable(connection, kept.dump)
    with told(media):
        _refuse_no_room(kept, media)
        say(_("Khôi phục cơ sở dữ liệu"))
        databases.load(connection, kept.dump)
        wrong = compared(kept, connection)
        say(_("Khôi phục %(count)s tệp") % {"count": kept.manifest["files"]})
        _put_files_back(kept, media, at, say)
    say(_("Đưa cơ sở dữ liệu lên phiên bản này"))
    call_command("migrate", interactive=False, verbosity=0)
    sync_schedule()
    if connection.vendor == "postgresql" and connection.settings_dict["USER"] != settings.APPLICATION_ROLE:
        apply_grants(connection, settings.APPLICATION_ROLE)
    cache.clear()
    _note(kept, wrong, at=at, say=say)
    return wrong


def _refuse_misfit(kept: Archive) -> None:
    if kept.manifest["vendor"] != connection.vendor:
        said = _("Bản sao lưu của %(kept)s, còn cổng đang dùng %(used)s.")
        raise BackupRefused(said % {"kept": kept.manifest["vendor"], "used": connection.vendor})
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations) | {old for one in loader.disk_migrations.values() for old in one.replaces}
    newer = sorted(".".join(one) for one in kept.manifest["facts"]["migrations"].items() if one not in known)
    if newer:
        said = _("Bản sao lưu mới hơn mã đang cài (%(steps)s). Hãy nâng cấp mã trước.")
        raise BackupRefused(said % {"steps": ", ".join(newer[:3])})


def _refuse_loss(media: Path, overwrite: bool) -> None:
    if others := databases.others_connected(connection):
        said = _("Còn %(count)s kết nối khác tới cơ sở dữ liệu. Hãy dừng cả bốn tiến trình của cổng rồi làm lại.")
        raise BackupRefused(said % {"count": others})
    if is_running():
        raise BackupRefused(_("Cổng đang chạy trên máy này. Hãy dừng cổng (Ctrl-C) rồi làm lại."))
    if media.is_mount():
        said = _(
            "%(media)s là một ổ gắn riêng nên không cất sang bên được. Hãy gắn ổ ấy vào thư mục trên nó rồi làm lại."
        )
        raise BackupRefused(said % {"media": media})
    if overwrite:
        return
    if not databases.is_empty(connection):
        raise BackupRefused(
            _("Cơ sở dữ liệu đang có dữ liệu, khôi phục sẽ xóa hết. Nếu đúng là muốn vậy, chạy lại với --overwrite.")
        )
    if media.is_dir() and any(path.is_file() for path in media.rglob("*")):
        said = _("%(media)s đang có tệp. Hãy cất đi nơi khác, hoặc chạy lại với --overwrite.")
        raise BackupRefused(said % {"media": media})


def _refuse_no_room(kept: Archive, media: Path) -> None:
    media.parent.mkdir(parents=True, exist_ok=True)
    needed, free = kept.manifest["sizes"][archive.FILES], shutil.disk_usage(media.parent).free
    if needed > free:
        said = _("Không đủ chỗ cho các tệp: cần %(needed)s MB, còn %(free)s MB ở %(media)s.")
        raise BackupRefused(said % {"needed": needed >> 20, "free": free >> 20, "media": media.parent})


def _put_files_back(kept: Archive, media: Path, at: datetime, say: Say) -> None:
    """Put the files of the backup in place; those that stood there are kept beside it."""
    if media.is_dir() and any(media.iterdir()):
        aside = media.with_name(f"{media.name}.{localtime(at):{archive.STAMP}}")
        media.rename(aside)
        say(_("Các tệp trước đó được cất ở %(aside)s") % {"aside": aside})
    archive.put_back(kept, media, progress=lambda done, total: None)


def _note(kept: Archive, wrong: list[dict], *, at: datetime, say: Say) -> None:
    """Leave what must be known later: an event, the end of the backup's own row, the heads this journal never had."""
    head = kept.manifest["facts"]["head"]
    if aside := put_heads_aside(beyond=int(head.split(":")[0]) if head else 0, at=at):
        say(_("Đầu nhật ký ghi sau bản sao lưu này được cất ở %(aside)s") % {"aside": aside})
    Backup.objects.filter(state=Backup.State.RUNNING).update(
        state=Backup.State.DONE,
        ended_at=at,
        folder=str(kept.folder),
        size=kept.size,
        files=kept.manifest["files"],
        rows=sum(kept.manifest["facts"]["counts"].values()),
        journal_head=head or "",
    )
    detail = {"folder": kept.folder.name, "made_at": kept.manifest["made_at"], "head": head, "differences": len(wrong)}
    record("backup.restored", subject="backup", subject_id=None, by=None, at=at, detail=detail)
