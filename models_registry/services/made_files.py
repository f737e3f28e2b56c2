"""Files made earlier that may hold a name somebody takes back: let go in the transaction that takes the name out.

Each is made again in seconds. What a board issued stays as it was issued (its bytes carry a number and a code), within
the sight of those it was issued to (ADR 34).
"""

from django.apps import apps
from django.db import transaction
from django.db.models import F, Q

from journal.models import Job
from organizations.models import Unit
from organizations.paths import STEP

OF_ONE_DOSSIER = "models_registry.tasks.draw_pdf"
# Work that only makes a file, so that beginning it anew does nothing twice.
DRAWING = (
    OF_ONE_DOSSIER,
    "models_registry.tasks.draw_honours",
    "organizations.tasks.write_list",
    "reviews.tasks.export_queue",
)
# Files of individuals' works of one sheet, handed in by the cell itself, and one's own data.
OF_OTHERS = ("models_registry.tasks.check_individuals", "privacy.tasks.write_own_data")
# Of a pack the workbook lists works; its report names nobody, and is kept for the next year.
KEPT_FILES = (("completion.ExtractFile", "extract", {}), ("completion.PackFile", "pack", {"form": "xlsx"}))


def let_go_of_files(unit: Unit, *, dossier_id: int | None = None) -> int:
    """Delete the files that jobs made and that may tell of a unit's dossier, and report files up the tree.

    Returns how many. Work that runs just now is begun anew, so that what it read before does not outlive this. Three
    queries, and two for each kind of report file.
    """
    jobs = Job.objects.exclude(task__in=OF_OTHERS)
    jobs = jobs.filter(~Q(task=OF_ONE_DOSSIER) | Q(arguments__dossier=dossier_id))
    # Another attempt than the worker's may not end the job; silent, it is sent again (journal/jobs.py).
    drawing = jobs.filter(task__in=DRAWING)
    drawing.filter(state=Job.State.RUNNING).update(attempts=F("attempts") + 1)
    made = list(jobs.exclude(file=""))
    jobs.filter(pk__in=[job.pk for job in made]).update(file="")
    _delete_later(job.file for job in made)
    line = [unit.path[:end] for end in range(STEP, len(unit.path) + 1, STEP)]
    return len(made) + sum(_let_go(model, of | {f"{paper}__unit__path__in": line}) for model, paper, of in KEPT_FILES)


def _let_go(model: str, of: dict) -> int:
    files = apps.get_model(model).objects
    gone = list(files.filter(**of))
    files.filter(pk__in=[one.pk for one in gone]).delete()
    _delete_later(one.file for one in gone)
    return len(gone)


def _delete_later(files) -> None:
    for file in files:
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))
