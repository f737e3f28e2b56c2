"""Notices and jobs belong to a person, not to a unit: the reader's own are seen, anybody else's are not there."""

from django.core.files.base import ContentFile

from journal.models import Digest, Job, Notice
from journal.services import record, tell_about_new_events
from tests import factories


def a_foreign_notice(world, unit) -> Notice:
    event = record(
        "dossier.approve",
        subject="dossier",
        subject_id=1,
        by=None,
        at=factories.AT,
        tell=[world.b_people["secretary"]],
        text="Đã duyệt",
    )
    tell_about_new_events(at=factories.AT)
    return event.notices.get()


def a_foreign_job(world, unit) -> Job:
    job = Job(task="x", title="x", owner=world.b_people["secretary"], created_at=factories.AT)
    job.file.save("x.csv", ContentFile(b"a"))
    return job


def a_foreign_digest(world, unit) -> Digest:
    return Digest.objects.create(recipient=world.b_people["secretary"], day=factories.AT.date(), made_at=factories.AT)


OBJECTS = {
    "journal:digest": lambda world, unit: {"pk": a_foreign_digest(world, unit).pk},
    "journal:open_notice": lambda world, unit: {"pk": a_foreign_notice(world, unit).pk},
    "journal:job": lambda world, unit: {"pk": a_foreign_job(world, unit).pk},
    "journal:job_file": lambda world, unit: {"pk": a_foreign_job(world, unit).pk},
}
# What a person's own notice, job and file answer stands in test_views.py.
ROWS = """
# url                 method place ano sec dep cle com app hea lea adm non
journal:notices       GET    -     302 200*
journal:notices       POST   -     302 405*
journal:read_all      GET    -     302 405*
journal:read_all      POST   -     302*
journal:open_notice   GET    any   302 405*
journal:open_notice   POST   any   302 404*
journal:digest        GET    any   302 404*
journal:digest        POST   any   302 405*
journal:typed         GET    -     302 204*
journal:typed         POST   -     302 204*
journal:job           GET    any   302 404*
journal:job           POST   any   302 405*
journal:job_file      GET    any   302 404*
journal:job_file      POST   any   302 405*
"""
