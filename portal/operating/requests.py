"""Every request has an id: on each line logged of it, on its error page, in its answer, in the tasks it starts."""

import logging
import re
import secrets
import time
from contextlib import ExitStack

from django.conf import settings
from django.db import connections
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from portal.operating.counting import count_request

log = logging.getLogger(__name__)
# Read out over the telephone: no letter that is taken for a digit.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SANE = re.compile(r"[A-Za-z0-9-]{8,64}")
LONGEST_PATH = 300


def reference() -> str:
    """Return the id of the request being answered, "" outside of one."""
    return get_contextvars().get("request_id", "")


class RequestMiddleware:
    """Name the request, and log it in one line once it is answered; outermost, so that no failure is missed."""

    def __init__(self, get_response):
        self.get_response = get_response
        # Asked every few seconds, or a dozen times a page: only a refusal is told.
        self.silent = ("/healthz", "/readyz", "/metrics", f"/{settings.STATIC_URL.strip('/')}/")

    def __call__(self, request):
        clear_contextvars()
        bind_contextvars(request_id=_id_of(request))
        began, queries = time.perf_counter(), Queries()
        try:
            with queries.counted():
                response = self.get_response(request)
            response.headers["X-Request-ID"] = reference()
            # Django would say once more that it was refused.
            response._has_been_logged = True
            if response.status_code >= 400 or not request.path.startswith(self.silent):
                seconds = time.perf_counter() - began
                _tell(request, response.status_code, ms=round(seconds * 1000), queries=queries.count)
                if settings.METRICS_TOKEN and not request.path.startswith(self.silent):
                    count_request(request, response.status_code, seconds)
            return response
        finally:
            clear_contextvars()


class Queries:
    """Counts what this thread asks of its databases; asks nothing itself."""

    def __init__(self):
        self.count = 0

    def counted(self) -> ExitStack:
        stack = ExitStack()
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(self._ask))
        return stack

    def _ask(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def _tell(request, status: int, **measured) -> None:
    fields = {"method": request.method, "path": request.path[:LONGEST_PATH], "status": status, **measured}
    log.log(logging.WARNING if status >= 500 else logging.INFO, "request", extra={"fields": fields})


def _id_of(request) -> str:
    """Return the id our own proxy gave the request, where it did; else a new one (50 bits)."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and SANE.fullmatch(given):
        return given
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"
