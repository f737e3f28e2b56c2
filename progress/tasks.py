"""What the year does by itself: remind people every morning of what is due, and look for signals against formalism."""

from datetime import timedelta

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.jobs import JobRefused, job_task
from models_registry.services import releasing
from organizations.models import AppraisalLink
from organizations.permissions import Action, may
from organizations.queries import owner_acting
from organizations.services import remind
from progress.models import Evidence
from progress.queries.reminding import REMINDERS
from progress.services.formalism import look_at_dossiers, look_at_new_files, look_at_year
from progress.services.lagging import remind_lagging
from progress.services.planning import carry_out_due
from progress.services.reporting import place_of_evidence

SCHEDULE = {
    "progress.remind": {"task": "progress.tasks.remind_of_what_is_due", "schedule": crontab(minute="30", hour="6")},
    "progress.release_files": {"task": "progress.tasks.release_files", "schedule": 60},
    "progress.carry_out_plans": {"task": "progress.tasks.carry_out_plans", "schedule": 60},
    "progress.signals": {"task": "progress.tasks.look_at_what_came_in", "schedule": crontab(minute="*/5")},
    "progress.signals_nightly": {"task": "progress.tasks.look_for_signals", "schedule": crontab(minute="10", hour="1")},
}
# What came in within this long is looked at every five minutes, so that a lost turn is made up for by the next.
LATELY = timedelta(minutes=20)
# Until then in the year last year's works are still reported and confirmed.
LAST_YEAR_UNTIL_MONTH = 3


@shared_task
def remind_of_what_is_due() -> None:
    """Keep the reminders of this morning; the journal makes digests of them half an hour later."""
    for kind in REMINDERS:
        remind(kind, at=timezone.now())


@shared_task
def release_files() -> int:
    return releasing.release_files(Evidence, place_of_evidence, at=timezone.now())


@job_task
def remind_lagging_shown(run) -> dict:
    """Remind the units somebody was shown to lag, those and no others, for that somebody who watches."""
    asked = run.arguments
    with override(asked["language"]):
        at = timezone.now()
        by = owner_acting(run.job, at=at)
        if not may(by, Action.URGE):
            raise JobRefused(_("Vai trò của người bắt đầu việc này đã kết thúc nên không làm."))
        shown = {int(pk): name for pk, name in asked["units"].items()}
        watched = {"job": run.job.pk, "progress": run.advance}
        run.message = remind_lagging(asked["what"], shown, asked["values"], by=by, at=at, **watched).told()
    return {"url": asked["back"], "url_label": asked["back_label"]}


@shared_task
def carry_out_plans() -> int:
    """Carry out the decisions on the organisation whose day has come; one query on every other day."""
    return carry_out_due(at=timezone.now())


@shared_task
def look_at_what_came_in() -> None:
    """Look for like texts and known files in what was sent lately, so that the appraiser finds the questions there."""
    now = timezone.now()
    for body in _boards():
        look_at_dossiers(body, since=now - LATELY, at=now)
        look_at_new_files(body, since=now - LATELY, at=now)


@shared_task
def look_for_signals() -> None:
    """Send one look for each board: each may fail, and be sent again, by itself."""
    for body in _boards():
        look_for_signals_of.delay(body)


@shared_task
def look_for_signals_of(body_id: int) -> None:
    """Look through all that one board appraises and its units did this year, early in a year also the last."""
    now = timezone.now()
    today = localdate(now)
    look_at_dossiers(body_id, at=now)
    for year in range(today.year - (today.month <= LAST_YEAR_UNTIL_MONTH), today.year + 1):
        look_at_year(body_id, year, at=now)


def _boards() -> list[int]:
    return list(AppraisalLink.objects.on(localdate()).order_by("body").values_list("body", flat=True).distinct())
