"""Loads an archive past the gate: facts, not steps. All or nothing, set-based, the same whether run once or twice."""

from collections.abc import Callable
from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from completion.history.archive import read_archive
from completion.history.matching import match
from completion.history.rows import SUCCESSIONS, Folder
from completion.history.writing import write
from journal.jobs import start_job
from journal.models import Job
from journal.services import record
from vietnamese.folding import nfc

Progress = Callable[[int, int], None]


@transaction.atomic
def load_archive(folder: Folder, *, at: datetime, by=None, progress: Progress | None = None) -> dict[str, int]:
    """Load an archive of CSV files and return how many rows of each file were new.

    Raises ArchiveRefused and then writes nothing. Marks what it writes as imported, writes one journal row a file
    unless nothing was new, tells nobody, and drops provisional figures of the years it touched.
    """
    told = progress or (lambda done, total: None)
    archive = read_archive(folder)
    total = 2 * (len(archive.units) + len(archive.items) + archive.event_count)
    told(total // 2, total)
    load = match(archive)
    archive.stop_at_problems()
    counts = {
        "units.csv": len(load.new_units),
        "items.csv": len(load.new_items),
        "events.csv": sum(map(len, load.new_facts.values())),
    }
    if archive.successions:
        counts[SUCCESSIONS] = len(load.new_successions)
    if any(counts.values()):
        write(load, counts, at=at, by=by, progress=lambda done: told(min(total, total // 2 + done), total))
    told(total, total)
    return counts


@transaction.atomic
def start_loading(file: File, *, by, at: datetime) -> Job:
    """Start the loading of an archive handed in as a ZIP, for somebody who watches; the file goes when that is over."""
    name = nfc(file.name)[:150]
    job = start_job(
        "completion.tasks.load_archive_shown",
        title=_("Nạp sổ cũ từ tệp %(name)s") % {"name": name},
        arguments={"post": by.post.pk, "language": get_language()},
        owner=by,
        at=at,
        upload=file,
    )
    detail = {"file": name, "bytes": file.size, "job": job.pk}
    record("archive.handed_in", subject="archive", subject_id=None, by=by, at=at, detail=detail)
    return job
