"""Work for the workers of these tests: slow enough to be watched and to be killed."""

import os
import time
from pathlib import Path

from celery import shared_task
from django.db import transaction

from journal.jobs import job_task


@job_task
def count(run):
    """Count to `to`, `pause` seconds apart; leaves a line in `diary` at the beginning and at the end."""
    _write(run, "begun")
    for number in range(run.arguments["to"]):
        time.sleep(run.arguments.get("pause", 0))
        run.advance(number + 1, run.arguments["to"])
    _write(run, "ended")


@job_task
def count_in_one_transaction(run):
    with transaction.atomic():
        run.job.refresh_from_db()
        for number in range(30):
            time.sleep(0.1)
            run.advance(number + 1, 30)


@job_task
def wait_for(run):
    """Hold a process until `path` is there, a minute at most."""
    for _ in range(600):
        if Path(run.arguments["path"]).exists():
            return
        time.sleep(0.1)


@job_task
def write_file(run):
    path = Path(run.arguments["folder"]) / "made.csv"
    path.write_text("a,b")
    run.keep("Danh sách.csv", path)


@shared_task
def tick(diary: str) -> None:
    with Path(diary).open("a") as file:
        file.write("tick\n")


def _write(run, word: str) -> None:
    if "diary" in run.arguments:
        with Path(run.arguments["diary"]).open("a") as file:
            file.write(f"{run.job.pk} {word} {os.getpid()}\n")
