"""The only writer of year-end extracts: keeps the files of one, lets them go after a while, notes who took them."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from completion.models import Extract, ExtractFile, Revision
from completion.models.packs import DIGESTS
from completion.services import note_taking
from journal.services import record
from organizations.models import Person, Unit
from organizations.permissions import Action, may, reaches

MADE, TAKEN = "extract.made", "extract.taken"
KEPT = timedelta(days=400)  # until the year after is classified


@dataclass(frozen=True, slots=True)
class DrawnExtract:
    """An extract with its code in it, drawn: `files` are rewound, by form; no PDF where the system cannot draw one."""

    unit: Unit
    year: int
    sources: Sequence[Revision]
    is_final: bool
    with_names: bool
    code: str
    issuer: str
    title: str
    files: Mapping[str, BinaryIO]


@transaction.atomic
def keep_extract(drawn: DrawnExtract, *, by: Person, at: datetime) -> Extract:
    """Keep a drawn extract; the same code again returns what it was kept as. Raises PermissionDenied."""
    if not may(by, Action.READ_FIGURES) or not reaches(by, drawn.unit):
        raise PermissionDenied
    Person.objects.select_for_update().get(pk=by.pk)  # one at a time, so that a job begun anew finds what it kept
    if before := Extract.objects.filter(code=drawn.code).first():
        return before
    made = Extract.objects.create(
        code=drawn.code,
        unit=drawn.unit,
        year=drawn.year,
        is_final=drawn.is_final,
        with_names=drawn.with_names,
        issuer=drawn.issuer[:300],
        title=drawn.title[:400],
        made_at=at,
        made_by=by,
        made_in=by.post,
        **{f"{DIGESTS[form]}_sha256": _digest(file) for form, file in drawn.files.items()},
    )
    made.sources.set(drawn.sources)
    for form, file in drawn.files.items():
        file.seek(0)
        kept = ExtractFile(extract=made, form=form)
        kept.file.save(f"{secrets.token_hex(16)}.{form}", File(file), save=False)
        kept.size = kept.file.size
        kept.save()
    _record(MADE, made, by=by, at=at)
    return made


@transaction.atomic
def note_extract_taken(extract: Extract, form: str, *, by: Person, at: datetime) -> None:
    """Record that somebody took an extract away: of each seal it tells of, and where it names people also that."""
    for revision in extract.sources.values_list("pk", flat=True):
        note_taking(revision, extract.unit, form, by=by, at=at)
    _record(TAKEN, extract, by=by, at=at, form=form)


def drop_extract_files(*, at: datetime) -> int:
    """Delete the files of extracts that were kept long enough; the rows stay and say so. Returns how many."""
    dropped = 0
    for old in ExtractFile.objects.filter(extract__made_at__lt=at - KEPT):
        old.file.storage.delete(old.file.name)
        dropped += old.delete()[0]
    return dropped


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _record(verb: str, extract: Extract, *, by: Person, at: datetime, **more) -> None:
    detail = {"year": extract.year, "code": extract.code, "names": extract.with_names} | more
    record(verb, subject="extract", subject_id=extract.pk, unit_id=extract.unit_id, by=by, at=at, detail=detail)
