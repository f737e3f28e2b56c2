"""Bringing units, people and posts in from XLSX: hand in, see what it would do, then load."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.jobs import start_job, with_progress
from journal.models import Job
from organizations.forms.rosters import RosterForm
from organizations.models import Roster
from organizations.permissions import Action
from organizations.rosters.columns import SHEETS, template
from organizations.services.rosters import keep_roster
from organizations.views.units import FORM_METHODS, posted, require

CHECK, LOAD = "organizations.tasks.check_roster", "organizations.tasks.load_roster"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@FORM_METHODS
def rosters(request):
    """Hand a file in, which starts its dry run; below it the files handed in before."""
    require(request, Action.MANAGE_UNITS)
    form = RosterForm(posted(request), files=request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = keep_roster(form.cleaned_data["file"], by=request.user, at=timezone.now())
        _start(request, kept, CHECK, _("Kiểm tra tệp %(name)s") % {"name": kept.name})
        return redirect("organizations:roster", kept.pk)
    context = {"form": form, "sheets": SHEETS, "earlier": Roster.objects.visible_to(request.user)[:20]}
    return render(request, "organizations/rosters.html", context, status=422 if form.is_bound else 200)


@require_safe
def roster_template(request):
    require(request, Action.MANAGE_UNITS)
    answer = HttpResponse(template(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="mau-nhap-to-chuc.xlsx"'
    return answer


@require_safe
def roster(request, pk: int):
    """What became of one file: the dry run's result or its problems, and the button that loads it."""
    found = get_object_or_404(Roster.objects.visible_to(request.user), pk=pk)
    jobs = _jobs(request, found)
    last = with_progress(jobs[0]) if jobs else None
    checked = last is not None and last.state == Job.State.DONE and "counts" in last.result
    context = {
        "roster": found,
        "job": last,
        "result": last.result if checked else None,
        "is_loaded": found.loaded_at is not None,
        "may_load": checked and last.task == CHECK and not last.result["problem_count"] and found.loaded_at is None,
    }
    return render(request, "organizations/roster.html", context)


@require_POST
def load_roster(request, pk: int):
    found = get_object_or_404(Roster.objects.visible_to(request.user), pk=pk)
    jobs = _jobs(request, found)
    if not jobs or jobs[0].task != CHECK or jobs[0].state != Job.State.DONE or jobs[0].result.get("problem_count"):
        messages.warning(request, _("Tệp này chưa kiểm tra xong, còn lỗi hoặc đã được nhập."))
    else:
        _start(request, found, LOAD, _("Nhập tệp %(name)s") % {"name": found.name})
    return redirect("organizations:roster", found.pk)


def _start(request, found: Roster, task: str, title: str) -> Job:
    arguments = {"roster": found.pk, "post": request.user.post.pk}
    return start_job(task, title=title, arguments=arguments, owner=request.user, at=timezone.now())


def _jobs(request, found: Roster) -> list[Job]:
    mine = Job.objects.visible_to(request.user).filter(task__in=[CHECK, LOAD], arguments__roster=found.pk)
    return list(mine.order_by("-id")[:1])
