"""A sheet's individuals taken away as a workbook, filled in and handed in again."""

import datetime as dt
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.models import Job
from models_registry.forms.individual_rows import SHEET
from tests.models_registry.dossiers.pages import url

LINE = {
    "A": "Lê Thị Mẫu",
    "B": "Chi ủy viên",
    "D": "Kể chuyện về Bác",
    "E": "Chi ủy",
    "F": dt.date(2026, 2, 1),
    "G": dt.date(2026, 5, 19),
    "I": "Mười câu chuyện",
    "J": 1150.5,
    "K": "buổi",
}


def filled(client, sheet, *lines, change=None) -> bytes:
    """The export of a sheet with lines added below, and whatever `change(book, page)` does to it."""
    book = openpyxl.load_workbook(io.BytesIO(exported(client, sheet)))
    page = book[SHEET.name]
    for number, line in enumerate(lines, page.max_row + 1):
        for column, value in line.items():
            page[f"{column}{number}"] = value
    if change:
        change(book, page)
    return saved(book)


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def exported(client, sheet) -> bytes:
    return b"".join(client.get(url("individuals_export", sheet.pk)).streaming_content)


def hand_in(client, sheet, content: bytes, name="ca-nhan.xlsx"):
    return client.post(url("individuals_import", sheet.pk), {"file": SimpleUploadedFile(name, content)})


def checked(client, sheet, run_jobs, content: bytes) -> Job:
    answer = hand_in(client, sheet, content)
    (job,) = run_jobs()
    assert answer.url == url("individuals_report", sheet.pk, job.pk)
    return job


def load(client, sheet, run_jobs, job) -> list[Job]:
    client.post(url("individuals_load", sheet.pk, job.pk))
    return run_jobs()
