"""What a task knows of where it came from, and how its lines look. Connected by portal/celery.py."""

import logging
import logging.config
import time

from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun
from celery.states import SUCCESS
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars

from portal.operating.requests import reference

log = logging.getLogger(__name__)
SLOW = 1000  # milliseconds


@before_task_publish.connect
def send_along(headers=None, **_) -> None:
    """Put the id of the request, or of the task that sends, into the message."""
    if headers is not None and (known := reference()):
        headers["request_id"] = known


@task_prerun.connect
def begin(task_id, task, **_) -> None:
    clear_contextvars()
    task.request.began = time.perf_counter()
    known = getattr(task.request, "request_id", None)
    bind_contextvars(**({"request_id": known} if known else {}), task=task.name, task_id=task_id)


@task_postrun.connect
def end(task, state, retval, **_) -> None:
    """Log a task that did something or took long; those that every few seconds find nothing to do, only for DEBUG."""
    ms = round((time.perf_counter() - task.request.began) * 1000)
    level = logging.INFO if retval or ms >= SLOW or state != SUCCESS else logging.DEBUG
    log.log(level, "task", extra={"fields": {"state": state.lower(), "ms": ms}})
    clear_contextvars()


@setup_logging.connect
def look_alike(**_) -> None:
    """Let worker and scheduler log as settings.LOGGING says; connected, Celery leaves logging alone."""
    logging.config.dictConfig(settings.LOGGING)
