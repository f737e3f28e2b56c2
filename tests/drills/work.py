"""Long work as people ask for it, its job's row, and a way to hold it in the middle."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit

import openpyxl
import psycopg2

from tests.drills.person import Answer, Person
from tests.drills.portal import Portal
from tests.drills.writing import OWN_DOSSIER
from tests.servers.processes import until

JOB = "SELECT state, attempts, message FROM journal_job WHERE id = %s"
DRAFT_SHEET = """
    SELECT dossier.id FROM models_registry_dossier dossier
    JOIN organizations_post post ON post.unit_id = dossier.unit_id
    JOIN organizations_person person ON person.id = post.person_id
    WHERE person.username = %s AND dossier.state = 'draft' AND dossier.kind = 'registration_sheet'
    ORDER BY dossier.id LIMIT 1
"""
SHEET = "SELECT 1 FROM models_registry_dossier WHERE id = %s FOR UPDATE"  # what bringing in waits for
BROUGHT_IN = "Việc đưa từ tệp, số"


def state(portal: Portal, job: int) -> str:
    return portal.rows(JOB, job)[0][0]


def attempts(portal: Portal, job: int) -> int:
    return portal.rows(JOB, job)[0][1]


def is_over(portal: Portal, job: int) -> bool:
    return state(portal, job) in ("done", "failed")


def job_of(answer: Answer) -> int:
    """Return the number of the job whose page an answer leads to."""
    assert answer.status == 302, f"no work began: {answer.status}"
    return int(answer.leads_to.rstrip("/").split("/")[-1])


def ask_for_pdf(person: Person) -> int:
    """Ask for the paper of an own dossier; returns the number of the job that draws it."""
    path = f"/registry/dossiers/{person.portal.one(OWN_DOSSIER, person.username)}/paper/"
    return job_of(person.send(person.get(path), "/pdf/", path=path))


def sheet_of(person: Person) -> int:
    return person.portal.one(DRAFT_SHEET, person.username)


def ask_to_bring_in(person: Person, count: int) -> int:
    """Hand in a workbook of so many works of individuals and, once it was checked, ask to load it; returns that job."""
    portal, sheet = person.portal, sheet_of(person)
    path = f"/registry/dossiers/{sheet}/edit/individual/import/"
    file = ("viec.xlsx", _workbook(person, sheet, count))
    checked = job_of(person.send(person.get(path), "", path=path, files={"file": file}))
    until(lambda: is_over(portal, checked), within=60)
    report = f"{path}{checked}/"
    return job_of(person.send(person.get(report), "/load/", path=report))


def _workbook(person: Person, sheet: int, count: int) -> bytes:
    """Return the sheet's own template with so many people put in, each with one work."""
    template = person.get(f"/registry/dossiers/{sheet}/edit/individual/sheet.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    page, year = book.worksheets[0], date.today().year
    page.delete_rows(3, page.max_row)
    for number in range(count):
        days = [f"01/12/{year}", f"31/12/{year}"]
        work = [f"{BROUGHT_IN} {number}", "Chi ủy", *days, None, "Một buổi được tổ chức", None, None, None]
        page.append([f"Đảng viên {number} (giả lập)", "Đảng viên", None, *work])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def brought_in(portal: Portal) -> list[int]:
    """Return how often each work of the workbook stands in the database."""
    question = "SELECT count(*) FROM models_registry_workitem WHERE title LIKE %s GROUP BY title"
    return [times for (times,) in portal.rows(question, f"{BROUGHT_IN}%")]


@contextmanager
def held(portal: Portal, statement: str, *values) -> Iterator[None]:
    """Hold what a statement locks until the block ends: whoever needs it waits in the middle of the work."""
    folder = urlsplit(portal.database.url).query.removeprefix("host=")
    connection = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        yield
    finally:
        connection.close()


def waiting(portal: Portal) -> int:
    """Return how many stand before what is held, those killed there too: their backends notice when it is let go."""
    return portal.one("SELECT count(*) FROM pg_locks WHERE NOT granted")
