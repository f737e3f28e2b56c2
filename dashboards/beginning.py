"""Begins the making of a unit's papers by a job, with what every one of them needs."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from journal.jobs import start_job
from journal.sending import once
from organizations.models import Unit
from reviews.check_codes import new_code
from reviews.queries.checked import verifying_at


def begin(request, unit: Unit, task: str, title: str, **arguments):
    """Start `task` for a unit, once for a form sent twice, and lead to its progress.

    It is told a new check code, where papers are checked, and the post and language it was asked in.
    """
    arguments |= {
        "unit": unit.pk,
        "code": new_code(),
        "site": verifying_at(request.build_absolute_uri("/")),
        "post": request.user.post.pk,
        "language": request.LANGUAGE_CODE,
    }
    with once(request) as sending:
        job = start_job(task, title=title, arguments=arguments, owner=request.user, at=timezone.now())
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)
