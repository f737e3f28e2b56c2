"""Which pages show personal data, and how a look at one is kept without asking the database anything.

A page that only reads writes nothing (its transaction may be read-only), and a missing broker must lose nothing. So a
look is a line appended to a file of its minute in VAR_DIR; a task makes rows of the files of minutes gone by. The line
is with the kernel before the answer goes out: a killed process loses none, a machine that loses power those of the
last seconds, a disk that is full those it could not take, which the log tells.
"""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
PERSON, PEOPLE, SHEET, WORK = "person", "people", "sheet", "work"

# view → (what is seen, the argument that names it; "" for a list of the reach one acts in)
PAGES = {
    "organizations:person": (PERSON, "pk"),
    "organizations:edit_person": (PERSON, "pk"),
    "organizations:people": (PEOPLE, ""),
    "privacy:person": (PERSON, "pk"),
    "privacy:ask_erasure": (PERSON, "pk"),
    "models_registry:dossier": (SHEET, "pk"),
    "models_registry:print": (SHEET, "pk"),
    "models_registry:paper": (SHEET, "pk"),
    "models_registry:word": (SHEET, "pk"),
    "models_registry:individuals": (SHEET, "pk"),
    "models_registry:individuals_table": (SHEET, "pk"),
    "models_registry:individuals_export": (SHEET, "pk"),
    "reviews:appraise": (SHEET, "pk"),
    "reviews:compare": (SHEET, "pk"),
    "progress:item": (WORK, "pk"),
}
# A file of these is what it holds, taken away.
TAKEN_VIEWS = frozenset({"models_registry:word", "models_registry:individuals_export"})


def folder() -> Path:
    return Path(settings.LOOKS_ROOT)


def note(view: str, *, viewer, pk: int | None, taken: bool, at: datetime) -> None:
    """Append one look to the file of its minute; one that cannot be written is told to the log, the page stands."""
    post = viewer.post
    line = {
        "at": at.isoformat(timespec="seconds"),
        "viewer": viewer.pk,
        "unit": post.unit_id if post else None,
        "view": view,
        "pk": pk,
        "taken": taken,
    }
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with (folder() / f"{at:%Y%m%d%H%M}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as refused:
        log.error("a look could not be noted: %s", refused)


def files_over(at: datetime) -> list[Path]:
    """Return the files of minutes nobody writes in any more, oldest first."""
    last = f"{at - timedelta(minutes=2):%Y%m%d%H%M}"
    return sorted(one for one in folder().glob("*.jsonl") if one.stem <= last) if folder().exists() else []


def lines_of(path: Path) -> Iterator[dict]:
    """Yield the looks of one file; a line a power cut left half written is told to the log and left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            log.error("a look cannot be read: %s", path.name)
