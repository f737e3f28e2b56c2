"""The trial: a backup is brought back into an empty throw-away database and compared with what it noted of itself.

SQLite: a file of its own. PostgreSQL: the database TRIAL_DATABASE_URL names, or a new one where the role may make one.
"""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from journal import chain
from journal.services import known_heads
from portal.backups import archive, databases
from portal.backups.archive import Archive
from portal.backups.facts import differences, facts_of, files_named
from portal.backups.making import alone
from portal.backups.models import Backup
from portal.backups.opening import opened, told_by
from portal.backups.refusals import BackupBusy, BackupRefused, told
from portal.backups.telling import tell_of

PREFIX = "portal_trial_"
# What a trial leaves in a database it was given, so that one killed half-way is known from somebody's data.
MARK = "portal_trial"
MOST_NAMED = 100  # of the files that are missing


def try_backup(backup: Backup) -> Backup:
    """Bring a backup back as a trial and keep what was found; those who administer are told of what differs.

    While another backup or trial is at it nothing is tried, and nothing kept.
    """
    began, place = time.monotonic(), Path(backup.folder)
    backup.trial_reason, backup.differences = "", []
    try:
        with alone(place.parent), told(place):
            backup.differences = found_wrong(archive.read(place))
        backup.trial = Backup.Trial.DIFFERED if backup.differences else Backup.Trial.GOOD
    except BackupBusy:
        backup.refresh_from_db()
        return backup
    except (BackupRefused, Error) as refused:
        backup.trial, backup.trial_reason = Backup.Trial.FAILED, str(refused).strip()
    backup.tried_at, backup.trial_seconds = timezone.now(), round(time.monotonic() - began, 1)
    backup.save()
    first = backup.trial != Backup.Trial.GOOD and not _bad_before(backup)
    tell_of(
        backup, f"backup.trial_{backup.trial}", _words, first=first, detail={"differences": len(backup.differences)}
    )
    return backup


def found_wrong(kept: Archive) -> list[dict]:
    """Return what differs between a backup and what it noted: parts, rows, seals, the journal's chain; none is good.

    Raises BackupRefused where there is no database to try it in. Reads the whole backup.
    """
    if damaged := list(archive.damaged_parts(kept)):
        return [{"what": "part", "name": name, "noted": None, "found": None} for name in damaged]
    with empty_database(kept.manifest["vendor"], kept.folder.parent) as connection:
        databases.load(connection, kept.dump)
        return compared(kept, connection) + _files_missing(kept, connection)


def compared(kept: Archive, connection) -> list[dict]:
    """Return how a database just filled from a backup differs from what the backup noted."""
    noted = kept.manifest["facts"]
    wrong = differences(noted, facts_of(connection))
    return wrong + _broken_chain(kept, connection)


def _files_missing(kept: Archive, connection) -> list[dict]:
    """Return which files rows name and the backup has not; what went with its row while it was made is none of them."""
    missing = files_named(connection) - {file.name for file in kept.files()}
    if missing:
        missing &= files_named(connections[DEFAULT_DB_ALIAS])
    return [{"what": "file", "name": name, "noted": 1, "found": 0} for name in sorted(missing)[:MOST_NAMED]]


def _broken_chain(kept: Archive, connection) -> list[dict]:
    """Walk the chain; besides its own head it must hold every head noted elsewhere before it was made."""
    if not (head := kept.manifest["facts"]["head"]):
        return []
    heads = {position: hash_ for position, hash_ in known_heads().items() if position <= int(head.split(":")[0])}
    heads |= dict([_parts(head)])
    _walk, broken = chain.verify(at=kept.made_at, heads=heads, using=connection.alias)
    if not broken:
        return []
    return [{"what": "chain", "name": broken.harm, "noted": broken.position, "found": broken.event}]


def _parts(head: str) -> tuple[int, str]:
    position, _colon, hash_ = head.partition(":")
    return int(position), hash_


@contextmanager
def empty_database(vendor: str, beside: Path) -> Iterator:
    """Yield a connection to an empty database that is gone afterwards."""
    default = connections["default"]
    if vendor != default.vendor:
        said = _("Bản sao lưu của %(kept)s, còn cổng đang dùng %(used)s.")
        raise BackupRefused(said % {"kept": vendor, "used": default.vendor})
    if vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=beside) as folder:
            told_of = {"ENGINE": default.settings_dict["ENGINE"], "NAME": str(Path(folder) / "trial.sqlite3")}
            with opened("trial", told_of) as connection:
                yield connection
    elif settings.TRIAL_DATABASE_URL:
        with opened("trial", told_by(settings.TRIAL_DATABASE_URL)) as connection, _cleared(connection, default):
            yield connection
    else:
        with _made_beside(default) as name, opened("trial", default.settings_dict | {"NAME": name}) as connection:
            yield connection


@contextmanager
def _made_beside(default) -> Iterator[str]:
    """Make a database on the portal's own server and drop it, and those a killed trial left."""
    name = PREFIX + secrets.token_hex(4)
    with opened("server", default.settings_dict) as server, server.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise BackupRefused(
                _(
                    "Vai trò của cổng trên PostgreSQL không được tạo cơ sở dữ liệu, nên chưa khôi phục thử được. "
                    "Hãy đặt TRIAL_DATABASE_URL, hoặc cho vai trò ấy quyền CREATEDB."
                )
            )
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        for (left,) in cursor.fetchall():
            # Somebody else's trial, on the same server, is connected to its own.
            with suppress(Error):
                cursor.execute(f'DROP DATABASE "{left}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield name
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def _cleared(connection, default) -> Iterator[None]:
    """Empty the database a trial is given before and after; refuse one that holds what no trial put there."""
    with connection.cursor() as cursor:
        if _identity(connection) == _identity(default):
            raise BackupRefused(
                _("TRIAL_DATABASE_URL là chính cơ sở dữ liệu của cổng. Hãy tạo một cơ sở dữ liệu riêng.")
            )
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = %s)", [MARK])
        (ours,) = cursor.fetchone()
        if not ours and connection.introspection.table_names(cursor):
            raise BackupRefused(_("Cơ sở dữ liệu trong TRIAL_DATABASE_URL đang có dữ liệu. Hãy tạo một cái trống."))
        databases.wipe(connection)
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {MARK}")
    try:
        yield
    finally:
        databases.wipe(connection)


def _identity(connection) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), (SELECT oid FROM pg_database WHERE datname = current_database())")
        named = cursor.fetchone()
        cursor.execute("SELECT pg_postmaster_start_time()")
        return *named, *cursor.fetchone()


def _bad_before(backup: Backup) -> bool:
    earlier = Backup.objects.exclude(pk=backup.pk).exclude(trial=Backup.Trial.NONE).first()
    return earlier is not None and earlier.trial != Backup.Trial.GOOD


def _words() -> str:
    return _("Khôi phục thử bản sao lưu không ra đúng như đã ghi, hoặc chưa làm được. Hãy xem vì sao và cần làm gì.")
