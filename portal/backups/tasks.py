"""The night's backup and its trial. Asked every hour whether they are due, so that a machine that slept catches up."""

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.jobs import JobRefused, job_task
from portal.backups.due import backup_due, trial_due
from portal.backups.making import make_backup
from portal.backups.refusals import BackupRefused
from portal.backups.trying import try_backup

log = logging.getLogger(__name__)
# Tens of gigabytes take longer than any page's work.
LONGEST = 6 * 3600
SCHEDULE = {
    "backups.back_up": {"task": "portal.backups.tasks.back_up", "schedule": crontab(minute="15")},
    "backups.try_restoring": {"task": "portal.backups.tasks.try_restoring", "schedule": crontab(minute="45")},
}


@shared_task(time_limit=LONGEST)
def back_up() -> bool:
    """Make the backup of the night, where none has begun well since one o'clock."""
    at = timezone.now()
    if not backup_due(at):
        return False
    try:
        make_backup(at=at)
    except BackupRefused as refused:
        log.error("backup failed: %s", refused)
        return False
    return True


@shared_task(time_limit=LONGEST)
def try_restoring() -> bool:
    """Bring the newest backup back as a trial, once, before the morning; later only when the last trial is too old."""
    backup = trial_due(timezone.now())
    if backup is None:
        return False
    tried = try_backup(backup)
    if tried.trial not in (tried.Trial.GOOD, tried.Trial.NONE):
        log.error("trial of backup %s: %s, %s", tried.pk, tried.trial, tried.trial_reason or tried.differences[:3])
    return tried.trial == tried.Trial.GOOD


@job_task
def back_up_now(run):
    """Make a backup because somebody asked for one."""
    try:
        made = make_backup(at=timezone.now(), by=run.job.owner, progress=run.advance)
    except BackupRefused as refused:
        raise JobRefused(str(refused)) from refused
    run.message = _("Đã sao lưu.")
    return {"url": made.get_absolute_url()}


back_up_now.time_limit = LONGEST
