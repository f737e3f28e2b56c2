"""Files handed in for a job: kept under a name nobody can guess until the job is over, and no longer.

A process may be killed between keeping a file and writing its job, or between ending a job and dropping its file:
what is left then is dropped by a periodic task.
"""

import secrets
from datetime import datetime, timedelta

from django.core.files import File
from django.core.files.storage import default_storage

from journal.models import Job

FOLDER = "handed-in"
ARGUMENT = "upload"  # the argument of a job that names its file
FORGOTTEN_AFTER = timedelta(hours=1)


def takes_at_most(size: int):
    """Let a view take forms of so many bytes from anybody; what declares itself longer is refused before it is read."""

    def marked(view):
        view.takes_at_most = size
        return view

    return marked


def keep(file: File) -> str:
    """Store a file and return the name it is kept under."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)


def opened(job: Job) -> File:
    """Return the file handed in with a job, opened for reading; raises FileNotFoundError when it is gone."""
    return default_storage.open(job.arguments[ARGUMENT], "rb")


def drop(job: Job) -> None:
    if name := job.arguments.get(ARGUMENT):
        default_storage.delete(name)


def drop_forgotten(*, at: datetime) -> int:
    """Drop files of no job that still waits or runs; returns how many. One query."""
    # Asked first: what is handed in or dropped meanwhile is then young, or wanted.
    wanted = {job.arguments.get(ARGUMENT) for job in Job.objects.unfinished()}
    try:
        kept = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return 0
    old = at - FORGOTTEN_AFTER
    forgotten = [name for name in kept if name not in wanted and default_storage.get_modified_time(name) < old]
    for name in forgotten:
        default_storage.delete(name)
    return len(forgotten)
