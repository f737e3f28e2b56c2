"""Long work, and what the tree does by itself: a move decided for a later day takes effect on it."""

import shutil
import tempfile
from pathlib import Path

from celery import shared_task
from celery.schedules import crontab
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.jobs import JobRefused, job_task
from journal.lists import asked_again, record_taking
from organizations import services
from organizations.models import Person, Post, Roster
from organizations.permissions import Action, may
from organizations.queries import owner_acting
from organizations.rosters.checking import check
from organizations.rosters.reading import read
from organizations.services.rosters import load
from organizations.sessions import SessionStore
from vietnamese.workbooks import workbook

SCHEDULE = {
    "organizations.place_where_due": {
        "task": "organizations.tasks.place_where_due",
        "schedule": crontab(minute="1", hour="0,3,6"),
    },
    "organizations.forget_ended_sessions": {
        "task": "organizations.tasks.forget_ended_sessions",
        "schedule": crontab(minute="20"),
    },
}


@shared_task
def place_where_due() -> int:
    return services.place_where_due(at=timezone.now())


@shared_task
def forget_ended_sessions() -> None:
    """Delete the sessions that have expired, and with them where they were opened from."""
    SessionStore.clear_expired()


LOADED = ("units", "people", "posts", "head_counts")
SHOWN = 200  # problems kept with the job


@job_task
def check_roster(run) -> dict:
    """Read a roster and say what loading it would do, or what is wrong at which cell."""
    roster, by = _roster_of(run)
    with roster.file.open("rb") as file:
        contents = read(file)
    plan = check(contents, by=by, today=timezone.localdate(), advance=lambda done: run.advance(done, contents.total))
    return _outcome(roster, plan)


@job_task
def load_roster(run) -> dict:
    """Check a roster once more and write all of it, or nothing."""
    roster, by = _roster_of(run)
    with roster.file.open("rb") as file:
        contents = read(file)
    try:
        with transaction.atomic():
            locked = Roster.objects.select_for_update().get(pk=roster.pk)
            plan = check(contents, by=by, today=timezone.localdate())
            if not plan.problems:
                total = sum(len(getattr(plan, name)) for name in LOADED)
                load(plan, roster=locked, by=by, at=timezone.now(), advance=lambda done: run.advance(done, total))
    except IntegrityError as taken:
        raise JobRefused(_("Dữ liệu vừa thay đổi trong lúc nhập nên chưa ghi gì. Hãy kiểm tra lại tệp.")) from taken
    return _outcome(roster, plan)


def _roster_of(run) -> tuple[Roster, Person]:
    """Return the file and its owner acting in the post it was uploaded from; refused when that post has ended."""
    roster = Roster.objects.select_related("owner").get(pk=run.arguments["roster"])
    post = Post.objects.current(timezone.now()).select_related("unit").filter(pk=run.arguments["post"]).first()
    by = roster.owner.acting_as(post if post and post.person_id == roster.owner_id else None)
    if not by.is_active or not may(by, Action.MANAGE_UNITS):
        raise JobRefused(_("Vai trò quản trị của người tải tệp đã kết thúc nên không nhập."))
    return roster, by


def _outcome(roster: Roster, plan) -> dict:
    return {
        "url": reverse("organizations:roster", args=[roster.pk]),
        "counts": {name: len(getattr(plan, name)) for name in LOADED} | {"known": plan.known},
        "problems": [problem.text for problem in plan.problems[:SHOWN]],
        "problem_count": len(plan.problems),
    }


@job_task
def write_list(run) -> dict:
    """Write a long list as a workbook, as whoever asked for it sees it now, in the post it was asked from."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]), tempfile.TemporaryDirectory() as folder:
        by = owner_acting(run.job, at=now)
        listing = asked_again(asked["path"], asked["address"], by)
        if listing is None:
            raise JobRefused(_("Bạn không còn quyền xem danh sách này."))
        total = listing.count()
        written = workbook([listing.page()], on_row=lambda number: run.advance(number, total))
        with written, (path := Path(folder) / "list.xlsx").open("wb") as file:
            shutil.copyfileobj(written, file)
        record_taking(listing, asked["path"], total, by=by, at=now)
        run.keep(listing.file_name(timezone.localdate(now)), path)
        return {}
