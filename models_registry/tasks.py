"""What registering does by itself every morning, and its long work: files of individuals' works, PDFs."""

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from celery import shared_task
from celery.schedules import crontab
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.jobs import JobRefused, job_task
from journal.models import Job
from models_registry import gate, services
from models_registry.documents import pdf
from models_registry.documents.honours import file_name, paper_for
from models_registry.documents.paper import Paper
from models_registry.documents.printing import printed
from models_registry.forms.individual_files import Filled, read, workbook
from models_registry.forms.individual_lines import Line, Standing, changed_cells, cleaned, judge
from models_registry.forms.individual_rows import HEADERS, SHEET, measures_by_name, typed_of
from models_registry.lifecycle import EDITS, Edit
from models_registry.models import Attachment, Consent, Dossier, MeasureUnit
from models_registry.queries.reminding import REMINDERS
from models_registry.reopening import NotReopened
from models_registry.services import releasing
from models_registry.services.papers import record_printing
from organizations.models import Person
from organizations.permissions import Action, may
from organizations.queries import owner_acting
from organizations.services import remind
from organizations.workbooks import Problem

SCHEDULE = {
    "models_registry.release_files": {"task": "models_registry.tasks.release_files", "schedule": 60},
    "models_registry.remind": {
        "task": "models_registry.tasks.remind_of_what_is_due",
        "schedule": crontab(minute="30", hour="6"),
    },
}
SHOWN = 200  # problems, warnings and changes kept with the job
Judged = tuple[Filled, list[Line], list[Problem]]


@shared_task
def remind_of_what_is_due() -> None:
    """Keep the reminders of this morning; the journal makes digests of them half an hour later."""
    for kind in REMINDERS:
        remind(kind, at=timezone.now())


@shared_task
def release_files() -> int:
    at = timezone.now()
    released = releasing.release_files(Attachment, releasing.place_of_attachment, at=at)
    return released + releasing.release_files(Consent, releasing.place_of_consent, at=at)


@job_task
def check_individuals(run) -> dict:
    """Say what loading a file of individuals' works would do, or what is wrong at which cell; writes nothing."""
    with override(run.arguments["language"]), run.upload() as file:
        dossier, _by = _asked(run)
        found, lines, problems = _judged(file, dossier, run)
        _keep(run, file, lines, problems)
        return _outcome(run, dossier, found, lines, problems)


@job_task
def load_individuals(run) -> dict:
    """Write all rows of a checked file, or nothing: when it is wrong by now, or the sheet has changed since."""
    with override(run.arguments["language"]):
        dossier, by = _asked(run)
        checked = Job.objects.get(pk=run.arguments["checked"], owner=run.job.owner)
        with _kept(checked) as file:
            found, lines, problems = _judged(file, dossier, run)
        if problems:
            raise JobRefused(_("Tệp không còn đúng nên chưa ghi gì. Hãy kiểm tra lại tệp."))
        rows = [line.row() for line in lines if line.standing.is_written]
        outcome = _outcome(run, dossier, found, lines, problems)
        try:
            # Begun anew after it was done, nothing is left to write.
            if rows:
                edition = checked.result["edition"]
                services.save_works(dossier.pk, rows, by=by, at=timezone.now(), edition=edition)
        except NotReopened as closed:
            raise JobRefused(closed.sentence()) from closed
        except gate.StepNotOpen as shut:
            raise JobRefused(
                _("Bản đăng ký đã thay đổi từ lúc kiểm tra tệp nên chưa ghi gì. Hãy kiểm tra lại tệp.")
            ) from shut
        return outcome


def _asked(run) -> tuple[Dossier, Person]:
    """Return the sheet and who asked, in the post they asked from; refused where they may no longer write in it."""
    by = owner_acting(run.job, at=timezone.now())
    seen = Dossier.objects.visible_to(by).select_related("unit", "round")
    dossier = seen.filter(pk=run.arguments["dossier"]).first()
    if dossier is None or Edit.SAVE not in gate.open_steps(dossier, EDITS, by=by):
        raise JobRefused(_("Bản đăng ký hiện không sửa được, hoặc vai trò của bạn đã kết thúc."))
    return dossier, by


def _kept(checked: Job) -> BinaryIO:
    try:
        return checked.file.open("rb")
    except (FileNotFoundError, ValueError) as gone:
        raise JobRefused(_("Tệp tải lên không còn. Hãy tải lại.")) from gone


def _judged(file, dossier: Dossier, run) -> Judged:
    """Return what a file holds, its lines judged, and all its problems in their order; five queries."""
    found = read(file)
    lines = [Line(row.number, row.cells) for row in found.rows]
    measures = measures_by_name()
    cleaned(lines, year=dossier.year, measures=measures, advance=lambda done: run.advance(done, len(lines)))
    judge(lines, dossier, day=timezone.localdate())
    problems = list(found.problems)
    unread = {(problem.row, problem.column) for problem in problems}
    for line in lines:
        told = (Problem(SHEET.name, line.number, SHEET.letter(key), text) for key, text in line.errors)
        problems += [problem for problem in told if (problem.row, problem.column) not in unread]
    return found, lines, sorted(problems, key=lambda problem: problem.row)


def _keep(run, file, lines: list[Line], problems: list[Problem]) -> None:
    """Keep the file for its loading; one with problems as a copy that tells them at the cells."""
    name = run.arguments["name"]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        if problems:
            keys = {SHEET.letter(key): key for key in HEADERS}
            comments = {(one.row, keys[one.column]): one.reason for one in problems if one.column in keys and one.row}
            told = workbook(
                [(line.number, {**line.typed, **line.values}) for line in lines], MeasureUnit.objects.all(), comments
            )
            name = _("chỗ sai %(name)s") % {"name": name}
        else:
            told = file
        told.seek(0)
        shutil.copyfileobj(told, copy)
        copy.flush()
        run.keep(name, Path(copy.name))


def _outcome(run, dossier: Dossier, found: Filled, lines: list[Line], problems: list[Problem]) -> dict:
    begun = [line for line in lines if line.standing == Standing.BEGUN]
    judged = [line for line in lines if line.standing != Standing.BEGUN]
    warnings = [(line, key, text) for line in judged for key, text in (*line.warnings, *line.notes)]
    standings = [line.standing for line in lines]
    return {
        "url": reverse("models_registry:individuals_report", args=[dossier.pk, run.job.pk]),
        "edition": dossier.edition,
        "counts": {standing.value: standings.count(standing) for standing in Standing},
        "problems": [_told(one.row, one.column, one.reason) for one in problems[:SHOWN]],
        "problem_count": len(problems),
        "warnings": [_told(line.number, SHEET.letter(key), text) for line, key, text in warnings[:SHOWN]],
        "warning_count": len(warnings),
        "left_out": [
            _told(line.number, SHEET.letter(key), text) for line in begun[:SHOWN] for key, text in line.warnings
        ],
        "changes": _changes(lines),
        "remarks": found.remarks,
    }


def _told(row: int, column: str, text: str) -> list[str]:
    headers = {SHEET.letter(key): header for key, header in HEADERS.items()}
    return [f"{column}{row or ''}", headers.get(column, ""), text]


def _changes(lines: list[Line]) -> list[list[str]]:
    """Return [cell, header, before, after] of the first changed cells; names stay out of a job's record."""
    changes = []
    for line in lines:
        if line.standing == Standing.CHANGED and not line.errors:
            stood = typed_of(line.item)
            for key in changed_cells(line):
                named = key == "subject_name"
                after = "…" if named else line.typed.get(key, "")
                changes.append([f"{SHEET.letter(key)}{line.number}", HEADERS[key], "…" if named else stood[key], after])
        if len(changes) >= SHOWN:
            break
    return changes


@job_task
def draw_pdf(run) -> dict:
    """Draw a document as PDF for whoever asked, of what that person may see in the post it was asked from."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]):
        by = owner_acting(run.job, at=now)
        seen = Dossier.objects.visible_to(by).select_related("unit", "round", "practice")
        dossier = seen.filter(pk=asked["dossier"]).first()
        document = dossier and printed(dossier, asked["which"], asked["version"], by=by, at=now)
        if document is None:
            raise JobRefused(_("Bạn không còn xem được hồ sơ này, hoặc tài liệu này không còn."))
        _draw(run, document.paper, document.name)
        if document.names_people:
            record_printing(dossier, document=f"{asked['which']}.pdf", version=document.version, by=by, at=now)
        return {"url": reverse("models_registry:paper", args=[dossier.pk]), "url_label": _("Về trang bản giấy")}


@job_task
def draw_honours(run) -> dict:
    """Draw the 19/5 list of a year as PDF, of what its owner may see in the post it was asked from."""
    now, year = timezone.now(), run.arguments["year"]
    with override(run.arguments["language"]):
        by = owner_acting(run.job, at=now)
        if not may(by, Action.READ_FIGURES):
            raise JobRefused(_("Bạn không còn quyền xem danh sách này."))
        _draw(run, paper_for(by, year, at=now), file_name(year))
        return {"url": reverse("models_registry:honours", args=[year])}


def _draw(run, paper: Paper, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.pdf"
        try:
            file.write_bytes(pdf.draw(paper))
        except pdf.NoPango as missing:
            raise JobRefused(_("Máy chủ chưa tạo được PDF. Hãy tải bản Word.")) from missing
        run.keep(f"{name}.pdf", file)
