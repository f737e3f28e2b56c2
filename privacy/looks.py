"""Which pages show personal data, and how a look at one is kept without asking the database anything.

A page that only reads writes nothing (its transaction may be read-only), and a missing broker must lose nothing. So a
look is a line appended to a file of its minute in VAR_DIR; a task makes rows of the files of minutes gone by. The line
is with the kernel before the answer goes out: a killed process loses none, a machine that loses power those of the
last seconds, a disk that is full those it could not take, which the log tells.
"""

import json
import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
PERSON, PEOPLE, SHEET, SCAN, WORK = "person", "people", "sheet", "scan", "work"

# view → what is seen, as its `pk` names it, or of the reach one acts in. Whose individuals are named at their works is
# not told by an address, but by `names_shown`.
PAGES = {
    "organizations:person": PERSON,
    "organizations:edit_person": PERSON,
    "organizations:people": PEOPLE,
    "privacy:person": PERSON,
    "privacy:ask_erasure": PERSON,
    "models_registry:dossier": SHEET,
    "models_registry:print": SHEET,
    "models_registry:paper": SHEET,
    "models_registry:word": SHEET,
    "models_registry:check": SHEET,
    "models_registry:individual": SHEET,
    "models_registry:individuals": SHEET,
    "models_registry:individuals_table": SHEET,
    "models_registry:individuals_export": SHEET,
    "models_registry:consent_scan": SCAN,
    "reviews:appraise": SHEET,
    "reviews:compare": SHEET,
    "reviews:return": SHEET,
}
# A file of these is what it holds, taken away.
TAKEN_VIEWS = frozenset({"models_registry:word", "models_registry:individuals_export", "models_registry:consent_scan"})


def folder() -> Path:
    return Path(settings.LOOKS_ROOT)


def note(view: str, *, viewer, pk: int | None, units: Collection[int], taken: bool, at: datetime) -> None:
    """Append one look to the file of its minute; one that cannot be written is told to the log, the page stands.

    `units` are those whose individuals it named at work.
    """
    post = viewer.post
    line = {
        "at": at.isoformat(timespec="seconds"),
        "viewer": viewer.pk,
        "unit": post.unit_id if post else None,
        "view": view,
        "pk": pk,
        "units": list(units),
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
