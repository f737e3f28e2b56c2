"""The portal's own addresses, and one that fails with what somebody typed at hand."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from journal.jobs import job_task
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@csrf_exempt
@login_not_required
def fail(request):
    typed = request.POST.get("name", "nobody")
    raise LookupError(f"no row for {typed}")


@job_task
def say(run):
    logging.getLogger("tests").info("said something")


urlpatterns = [*urlpatterns, path("fail/", fail)]
