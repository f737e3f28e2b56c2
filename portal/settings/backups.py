"""Backups, the trial of each, and where heads of the journal's chain are written besides."""

from pathlib import Path

from portal.settings.environment import VAR_DIR, env

BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
BACKUP_SECOND_DIR = Path(second) if (second := env.str("BACKUP_SECOND_DIR", default="")) else None
# The last of so many days, and of so many weeks.
BACKUP_KEEP = tuple(env.list("BACKUP_KEEP", cast=int, default=[14, 8]))
# To read the database past a pooler, and to bring a backup back as a trial where the role may make no database.
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
TRIAL_DATABASE_URL = env.str("TRIAL_DATABASE_URL", default="")
# Every night: folders of other machines, and addresses while mail is on.
JOURNAL_HEADS_TO = env.list("JOURNAL_HEADS_TO", default=[])
