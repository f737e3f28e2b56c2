"""Making a backup, and letting go of those that are old. One at a time, whoever asks."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Person
from portal.backups import archive, databases
from portal.backups.archive import Archive, Progress
from portal.backups.models import Backup
from portal.backups.opening import opened, to_read
from portal.backups.queries import last_good
from portal.backups.refusals import BackupBusy, BackupRefused, told
from portal.backups.telling import tell_of


def make_backup(
    *, at: datetime, by: Person | None = None, to: Path | None = None, progress: Progress = lambda done, total: None
) -> Backup:
    """Write one backup of the database and then of the files, keep its row, and let go of what is old.

    Raises BackupRefused, once the row says why and, of the first in a row, those who administer were told. Others go on
    working meanwhile. Reads the database once, and of the files only what is new.
    """
    place = to or settings.BACKUP_DIR
    try:
        _open(place).close()
    except BackupRefused as refused:
        _fail(Backup(begun_at=at, by=by), str(refused))
        raise
    with alone(place):
        cut = Backup.objects.filter(state=Backup.State.RUNNING)
        cut.update(state=Backup.State.FAILED, ended_at=at, reason=_("Bị ngắt giữa chừng."))
        backup = Backup.objects.create(begun_at=at, by=by)
        try:
            with told(place):
                made, added = _write(place, at, progress)
        except BaseException as failed:
            _fail(backup, str(failed) if isinstance(failed, BackupRefused) else f"{type(failed).__name__}: {failed}")
            raise
        _finish(backup, made, added)
        drop_old(place, at=at)
    return backup


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold the one lock of a place, which ends with the process; raises BackupBusy when somebody has it."""
    with _open(place) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BackupBusy(_("Đang có một lần sao lưu hoặc khôi phục thử khác. Hãy chờ nó xong.")) from taken
        yield


def _open(place: Path):
    """Return the opened file whose lock is the place's; raises BackupRefused where nothing can be written."""
    with told(place):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (place / ".lock").open("a")


def drop_old(place: Path, *, at: datetime) -> int:
    """Delete the backups of a place that BACKUP_KEEP no longer asks for; returns how many."""
    daily, weekly = settings.BACKUP_KEEP
    found = {one.made_at: one for one in archive.archives_in(place)}
    going = archive.outlived(found, daily=daily, weekly=weekly)
    for made_at in going:
        archive.drop(found[made_at])
        Backup.objects.filter(folder=str(found[made_at].folder)).update(dropped_at=at)
    return len(going)


def _write(place: Path, at: datetime, progress: Progress) -> tuple[Archive, int]:
    """Return the backup, which bears its name only when it is whole, and how many bytes it added."""
    began, earlier = time.monotonic(), next(iter(archive.archives_in(place)), None)
    with archive.made_in(place, at) as folder:
        with opened("backup", to_read()) as connection:
            vendor = connection.vendor
            facts = databases.dump(connection, folder / archive.DUMPS[vendor])
        copied = archive.keep_files(Path(settings.MEDIA_ROOT), folder, earlier=earlier, progress=progress)
        archive.write_manifest(folder, vendor=vendor, facts=facts, at=at, seconds=time.monotonic() - began)
    made = archive.read(folder.with_suffix(""))
    return made, copied + made.size - made.manifest["sizes"][archive.FILES]


def _finish(backup: Backup, made: Archive, added: int) -> None:
    facts = made.manifest["facts"]
    backup.state, backup.ended_at, backup.folder = Backup.State.DONE, timezone.now(), str(made.folder)
    backup.size, backup.added, backup.files = made.size, added, made.manifest["files"]
    backup.rows, backup.journal_head = sum(facts["counts"].values()), facts["head"] or ""
    before = last_good()
    backup.remark = _copied_elsewhere(made)
    backup.save()
    detail = {"folder": made.folder.name, "size": made.size, "head": backup.journal_head}
    record("backup.made", subject="backup", subject_id=backup.pk, by=backup.by, at=backup.ended_at, detail=detail)
    if backup.remark:
        first = before is None or not before.remark
        tell_of(backup, "backup.not_copied", lambda: backup.remark, first=first, detail={"reason": backup.remark})


def _copied_elsewhere(made: Archive) -> str:
    """Copy a backup to the second place, where there is one; returns what stood in the way.

    Its folder is never made here: one that is missing is a share that is not mounted.
    """
    if not (second := settings.BACKUP_SECOND_DIR):
        return ""
    try:
        with told(second):
            second.stat()
            archive.copy_archive(made, second)
        drop_old(second, at=made.made_at)
    except BackupRefused as refused:
        return _("Không chép được sang nơi thứ hai. %s") % refused
    return ""


def _fail(backup: Backup, reason: str) -> None:
    backup.state, backup.ended_at, backup.reason = Backup.State.FAILED, timezone.now(), reason
    backup.save()
    tell_of(backup, "backup.failed", _failed_words, first=not _failed_before(backup), detail={"reason": reason})


def _failed_before(backup: Backup) -> bool:
    earlier = Backup.objects.exclude(pk=backup.pk).exclude(state=Backup.State.RUNNING).first()
    return earlier is not None and earlier.state == Backup.State.FAILED


def _failed_words() -> str:
    return _("Lần sao lưu vừa rồi không thành công. Hãy xem vì sao và cần làm gì.")
