"""Long work: the broker, what each queue is for, how tasks are given out."""

from kombu import Queue

from portal.settings.data import REDIS_URL
from portal.settings.environment import VAR_DIR, env

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Longer than twice the longest task, or a slow task is handed out again while it still runs.
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # A page that starts a job gives a missing broker one moment, not the six seconds of the default.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
else:
    (VAR_DIR / "broker").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "polling_interval": 0.1,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 8
# Seconds after which a job whose worker gives no sign of life is begun anew (journal/jobs.py).
JOB_SILENCE = env.int("JOB_SILENCE", default=30)
# Long work may hold every process that takes from "celery" for minutes, so what others wait for within seconds has
# queues and a worker of its own (portal/processes.py). A worker told of no queue takes from all.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "quick", "closing")]
CELERY_TASK_ROUTES = {
    "completion.tasks.close_due_quarters": {"queue": "quick"},
    "completion.tasks.close_period": {"queue": "closing"},
    "completion.tasks.close_period_shown": {"queue": "closing"},
    "completion.tasks.fold_changes": {"queue": "quick"},
    "journal.tasks.chain_events": {"queue": "quick"},
    "journal.tasks.send_jobs_again": {"queue": "quick"},
    "journal.tasks.tell_about_new_events": {"queue": "quick"},
    "reviews.tasks.announce_what_is_due": {"queue": "quick"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 1500
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "portal.scheduler:LeasedScheduler"
