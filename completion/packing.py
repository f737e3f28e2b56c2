"""The only writers of report packs: keeps the files of one, lets them go after a while, and notes who took any away."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from completion.models import Pack, PackFile, Revision
from completion.models.packs import DIGESTS
from completion.services import note_taking
from journal.jobs import FILES_KEPT
from journal.services import record
from organizations.models import Person, Unit
from organizations.permissions import Action, may, reaches

MADE = "pack.made"
# A workbook lists the works, perhaps by name, and is made again in a minute; a report may be asked for until the next
# year's is compared with it.
KEPT = {PackFile.Form.XLSX: FILES_KEPT, PackFile.Form.DOCX: timedelta(days=400), PackFile.Form.PDF: timedelta(days=400)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pack with its code in it, drawn: `files` are rewound, by form; no PDF where the system cannot draw one."""

    unit: Unit
    span: str
    revision: Revision
    sources: Sequence[Revision]
    code: str
    issuer: str
    title: str
    item_count: int
    files: Mapping[str, BinaryIO]


@transaction.atomic
def keep_pack(drawn: Drawn, *, by: Person, at: datetime) -> Pack:
    """Keep a drawn pack; the same code again returns what it was kept as. Raises PermissionDenied."""
    if not may(by, Action.READ_FIGURES) or not reaches(by, drawn.unit):
        raise PermissionDenied
    Person.objects.select_for_update().get(pk=by.pk)  # one at a time, so that a job begun anew finds what it kept
    if before := Pack.objects.filter(code=drawn.code).first():
        return before
    digests = {f"{DIGESTS[form]}_sha256": _digest(file) for form, file in drawn.files.items()}
    pack = Pack.objects.create(
        code=drawn.code,
        unit=drawn.unit,
        span=drawn.span,
        revision=drawn.revision,
        issuer=drawn.issuer[:300],
        title=drawn.title[:400],
        item_count=drawn.item_count,
        made_at=at,
        made_by=by,
        made_in=by.post,
        **digests,
    )
    pack.sources.set(drawn.sources)
    for form, file in drawn.files.items():
        _keep(pack, form, file)
    detail = {"span": drawn.span, "revision": drawn.revision.pk, "code": drawn.code, "works": drawn.item_count}
    record(MADE, subject="pack", subject_id=pack.pk, unit_id=drawn.unit.pk, by=by, at=at, detail=detail)
    return pack


def note_pack_taken(pack: Pack, form: str, *, by: Person, at: datetime) -> None:
    """Note that somebody took a pack away, of each seal it tells of, so that a newer one is told to them."""
    for revision in pack.sources.values_list("pk", flat=True):
        note_taking(revision, pack.unit, form, by=by, at=at)


def drop_pack_files(*, at: datetime) -> int:
    """Delete the files of packs that were kept long enough; the rows stay and say so. Returns how many."""
    dropped = 0
    for form, kept in KEPT.items():
        for old in PackFile.objects.filter(form=form, pack__made_at__lt=at - kept):
            old.file.storage.delete(old.file.name)
            dropped += old.delete()[0]
    return dropped


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(pack: Pack, form: str, file: BinaryIO) -> None:
    file.seek(0)
    kept = PackFile(pack=pack, form=form)
    kept.file.save(f"{secrets.token_hex(16)}.{form}", File(file), save=False)
    kept.size = kept.file.size
    kept.save()
