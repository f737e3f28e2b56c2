"""The folder one backup is: manifest.json, the database, files.txt and files/. Whole in itself, read with plain tools.

A file the portal keeps never changes, so one that stood in an earlier backup is a second name of the same bytes (a
hard link): a night costs what is new. Plain paths in and out.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.backups.refusals import BackupRefused

FORMAT = 1
MANIFEST, FILES, LISTED = "manifest.json", "files", "files.txt"
DUMPS = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
UNFINISHED = ".part"
STAMP = "%Y-%m-%d_%H-%M-%S"
PIECE = 1 << 20
ALWAYS_KEPT = 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: where it stands below files/, its length in bytes, its SHA-256 and when it was written."""

    name: str
    size: int
    hash: str
    written: int

    def line(self) -> str:
        return f"{self.hash} {self.size} {self.written} {self.name}\n"


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is whole, as its manifest tells of it."""

    folder: Path
    manifest: dict

    @property
    def dump(self) -> Path:
        return self.folder / DUMPS[self.manifest["vendor"]]

    @property
    def size(self) -> int:
        return sum(self.manifest["sizes"].values())

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])

    def files(self) -> list[Kept]:
        lines = (self.folder / LISTED).read_text(encoding="utf-8").splitlines()
        parts = (line.split(" ", 3) for line in lines)
        return [Kept(name, int(size), hash_, int(written)) for hash_, size, written, name in parts]


def read(place: Path) -> Archive:
    """Return the backup at a folder, or at its manifest; raises BackupRefused where there is none that can be read."""
    folder = place.parent if place.name == MANIFEST else place
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        later = manifest["format"] > FORMAT
        found = Archive(folder, manifest)
        _named = found.dump, found.made_at, manifest["facts"], manifest["hashes"], found.size
    except (OSError, ValueError, KeyError, TypeError) as broken:
        said = _("%(place)s không phải một bản sao lưu: không đọc được manifest.json.") % {"place": folder}
        raise BackupRefused(said) from broken
    if later:
        raise BackupRefused(_("Bản sao lưu do phiên bản mới hơn của cổng tạo ra. Hãy nâng cấp mã trước."))
    return found


def archives_in(place: Path) -> list[Archive]:
    """Return the whole backups in a folder, the newest first; what is none, or unreadable, is passed over."""
    found = []
    for folder in place.glob("*/" + MANIFEST) if place.is_dir() else ():
        try:
            found.append(read(folder))
        except BackupRefused:
            continue
    return sorted(found, key=lambda archive: archive.made_at, reverse=True)


@contextmanager
def made_in(place: Path, at: datetime) -> Iterator[Path]:
    """Yield a new folder to fill, which bears its name only when the block has ended well; else it is gone."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob("*" + UNFINISHED):
        shutil.rmtree(left, ignore_errors=True)
    folder = place / (f"{localtime(at):{STAMP}}" + UNFINISHED)
    folder.mkdir(mode=0o700)
    try:
        yield folder
        os.sync()
        folder.rename(folder.with_suffix(""))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_manifest(folder: Path, *, vendor: str, facts: dict, at: datetime, seconds: float) -> None:
    """Write what stands in the folder, with the hash and length of each part; files.txt stands for the files."""
    parts = [folder / DUMPS[vendor], folder / LISTED]
    files = Archive(folder, {}).files()
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "seconds": round(seconds, 1),
        "vendor": vendor,
        "facts": facts,
        "files": len(files),
        "hashes": {part.name: hash_of(part) for part in parts},
        "sizes": {part.name: part.stat().st_size for part in parts} | {FILES: sum(file.size for file in files)},
    }
    with _new(folder / MANIFEST) as out:
        out.write(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())


def keep_files(media: Path, folder: Path, *, earlier: Archive | None, progress: Progress) -> int:
    """Put every file below `media` into the folder and write files.txt; returns how many bytes had to be copied.

    One that goes meanwhile is left out; whether a row that stays names it is asked by the trial.
    """
    target, known = folder / FILES, {file.name: file for file in earlier.files()} if earlier else {}
    target.mkdir(mode=0o700)
    found, copied = list(_below(media)), 0
    with _new(folder / LISTED) as listed:
        for number, (name, seen) in enumerate(found, 1):
            kept, was = None, known.get(name)
            if was and (was.size, was.written) == (seen.st_size, seen.st_mtime_ns):
                kept = was if _linked(earlier.folder / FILES / name, target / name) else None
            if kept is None and (kept := _copied(media / name, target / name, name)):
                copied += kept.size
            if kept:
                listed.write(kept.line().encode())
            progress(number, len(found))
    return copied


def put_back(archive: Archive, media: Path, *, progress: Progress) -> None:
    """Copy the files of a backup to where the portal keeps them."""
    files = archive.files()
    media.mkdir(mode=0o750, parents=True, exist_ok=True)
    for number, file in enumerate(files, 1):
        target = media / file.name
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        shutil.copyfile(archive.folder / FILES / file.name, target)
        os.utime(target, ns=(file.written, file.written))
        target.chmod(0o640)
        progress(number, len(files))


def damaged_parts(archive: Archive) -> Iterator[str]:
    """Yield the name of every part that is gone or not what was written; reads the whole backup once."""
    for name, hash_ in archive.manifest["hashes"].items():
        if _hash_or_none(archive.folder / name) != hash_:
            yield name
            if name == LISTED:
                return
    for file in archive.files():
        if _hash_or_none(archive.folder / FILES / file.name) != file.hash:
            yield f"{FILES}/{file.name}"


def copy_archive(archive: Archive, place: Path) -> None:
    """Put a backup into a second place too, sharing with what stands there as the first place does."""
    earlier, at = next(iter(archives_in(place)), None), archive.made_at
    with made_in(place, at) as folder:
        for name in (*archive.manifest["hashes"], MANIFEST):
            _copied(archive.folder / name, folder / name, name)
        known = {file.name: file.hash for file in earlier.files()} if earlier else {}
        for file in archive.files():
            target = folder / FILES / file.name
            shared = known.get(file.name) == file.hash and _linked(earlier.folder / FILES / file.name, target)
            if not shared:
                _copied(archive.folder / FILES / file.name, target, file.name)


def outlived(days: Iterable[datetime], *, daily: int, weekly: int) -> set[datetime]:
    """Return which of these backups may go: not the newest three, nor the last of each of the last `daily` days and
    `weekly` weeks that have one."""
    newest_first = sorted(days, reverse=True)
    kept = set(newest_first[:ALWAYS_KEPT])
    for most, span in ((daily, lambda at: at.date()), (weekly, lambda at: at.isocalendar()[:2])):
        last_of = {}
        for at in newest_first:
            last_of.setdefault(span(localtime(at)), at)
        kept |= set(list(last_of.values())[:most])
    return set(newest_first) - kept


def hash_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _hash_or_none(path: Path) -> str | None:
    try:
        return hash_of(path)
    except FileNotFoundError:
        return None


def _below(media: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file below, also what is linked to; raises OSError where a folder cannot be read."""
    walked = set()
    for folder, folders, names in os.walk(media, onerror=_raise_unless_none_yet(media), followlinks=True):
        # A link that leads back up would be walked for ever.
        found = {name: (there.st_dev, there.st_ino) for name in folders if (there := (Path(folder) / name).stat())}
        folders[:] = sorted(name for name, there in found.items() if there not in walked)
        walked |= set(found.values())
        for name in sorted(names):
            path = Path(folder) / name
            # A line break in a name would be a line of files.txt; the portal gives names of its own, without.
            if "\n" in name:
                continue
            try:
                yield path.relative_to(media).as_posix(), path.stat()
            except FileNotFoundError:
                continue


def _raise_unless_none_yet(media: Path):
    """A portal nobody has given a file yet has no such folder; what is missing of one that had is told by the trial."""

    def failed(error: OSError) -> None:
        if media.exists():
            raise error

    return failed


def _linked(earlier: Path, target: Path) -> bool:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(earlier, target)
    except OSError:
        # Some shares of other machines know no second names, and any file has a most: then it is a copy.
        return False
    return True


def _copied(source: Path, target: Path, name: str) -> Kept | None:
    """Copy a file and return what it was while it was read; None when it is gone."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = source.open("rb")
    except FileNotFoundError:
        return None
    digest, size = sha256(), 0
    with file, _new(target) as out:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += out.write(piece)
        written = os.fstat(file.fileno()).st_mtime_ns
    os.utime(target, ns=(written, written))
    return Kept(name, size, digest.hexdigest(), written)


def _new(path: Path):
    """Open a new file for writing that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def drop(archive: Archive) -> None:
    """Delete a backup; while it goes it is no longer one."""
    going = archive.folder.with_suffix(UNFINISHED)
    archive.folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)
