"""What programs ask of the portal itself: whether it lives, whether it is ready, what it counts."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from portal.operating import counting, gauges, health


@login_not_required
@require_safe
def healthz(request):
    """Say that this process answers; asks nothing of anything."""
    return _unkept(HttpResponse("ok\n", content_type="text/plain"))


@login_not_required
@require_safe
def readyz(request):
    """Answer 200 where everything is within its limit, else 503; `?pages` asks only what a page cannot do without.

    Names and states to anybody; what was measured to whoever shows the token.
    """
    answers = [one for one in health.answers_at(timezone.now()) if one.check.for_pages or "pages" not in request.GET]
    ready = all(one.state == "ok" for one in answers)
    in_full = _shows_token(request)
    body = {"ready": ready, "checks": {one.check.name: one.as_row() if in_full else one.state for one in answers}}
    return _unkept(JsonResponse(body, status=200 if ready else 503))


@login_not_required
@require_safe
def metrics(request):
    """Return counts and gauges in the text format of Prometheus; without the token there is no such page."""
    if not _shows_token(request):
        raise Http404
    text = gauges.exposition(timezone.now()) + counting.exposition()
    return _unkept(HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8"))


class WatchedMiddleware:
    """Answer these before a host is checked or a session read: they are asked by number, from the machine itself."""

    WATCHED = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = self.WATCHED.get(request.path_info, self.get_response)
        return view(request)


def _shows_token(request) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(shown, settings.METRICS_TOKEN)


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
