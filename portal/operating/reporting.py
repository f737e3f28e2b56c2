"""Failures told to an error collector (SENTRY_DSN): what failed, where, under which reference; nothing of anybody.

What is sent is built anew from a short list, so that whatever a later collector's client adds stays here.
"""

from django.conf import settings
from structlog.contextvars import get_contextvars

KEPT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "transaction")
OF_FRAME = ("filename", "function", "module", "lineno", "context_line", "pre_context", "post_context", "in_app")
NAMED = ("request_id", "task", "task_id", "job")


def start() -> None:
    """Begin to report; does nothing without a DSN, and loads nothing then."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        before_send=without_people,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        shutdown_timeout=1,
    )


def without_people(event: dict, hint: dict) -> dict:
    """Return what may leave the house of a failure: its kinds, its places in the code, whose number, which reference.

    Not its words, which quote what was typed or what a row holds: they stand in the log, under the same reference.
    """
    bound = get_contextvars()
    told = {key: event[key] for key in KEPT if key in event}
    told["tags"] = {key: str(bound[key]) for key in NAMED if bound.get(key)}
    if "person" in bound:
        told["user"] = {"id": str(bound["person"])}
    if "logentry" in event:
        told["logentry"] = {"message": event["logentry"].get("message", "")}
    if found := event.get("exception", {}).get("values"):
        told["exception"] = {"values": [_kind_and_place(one) for one in found]}
    return told


def _kind_and_place(failure: dict) -> dict:
    frames = (failure.get("stacktrace") or {}).get("frames", [])
    return {
        "type": failure.get("type"),
        "module": failure.get("module"),
        "stacktrace": {"frames": [{key: frame[key] for key in OF_FRAME if key in frame} for frame in frames]},
    }
