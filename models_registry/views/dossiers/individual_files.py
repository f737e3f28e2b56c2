"""Individuals' works as an XLSX file: take it away with the rows that stand, hand it in, see what it would do, load."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.jobs import start_job, with_progress
from journal.models import Job
from models_registry.forms.individual_files import IndividualsFileForm, lines_of, workbook
from models_registry.forms.individual_rows import standing
from models_registry.models import Dossier, MeasureUnit
from models_registry.views.dossiers import held
from models_registry.views.dossiers.individual_table import sheet_or_404, shut_out
from vietnamese.folding import nfc

CHECK, LOAD = "models_registry.tasks.check_individuals", "models_registry.tasks.load_individuals"


@require_safe
def individuals_export(request, pk):
    """The template with the works that stand, ready to be filled in and handed in again."""
    dossier = sheet_or_404(request, pk)
    file = workbook(lines_of(standing(dossier)), MeasureUnit.objects.all())
    return FileResponse(file, as_attachment=True, filename=_("viec-cua-ca-nhan-%(year)d.xlsx") % {"year": dossier.year})


@require_http_methods(["GET", "HEAD", "POST"])
def individuals_import(request, pk):
    """Hand a filled-in file in, which starts its dry run."""
    dossier = sheet_or_404(request, pk)
    if not held.may_edit(request, dossier):
        return held.not_editable(request, dossier)
    if shut := shut_out(request, dossier):
        return shut
    form = IndividualsFileForm(held.posted(request), files=request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name = nfc(file.name)[:150]
        job = _start(request, dossier, CHECK, _("Kiểm tra tệp %(name)s") % {"name": name}, upload=file, name=name)
        return redirect("models_registry:individuals_report", dossier.pk, job.pk)
    context = _context(dossier, form=form, earlier=_jobs(request, dossier).filter(task=CHECK)[:5])
    return render(
        request, "models_registry/dossiers/individuals_import.html", context, status=422 if form.errors else 200
    )


@require_safe
def individuals_report(request, pk, job):
    """What loading a file would do, what is wrong at which cell, or what it did."""
    dossier = sheet_or_404(request, pk)
    shown = with_progress(_job_or_404(request, dossier, job))
    checked = shown.state == Job.State.DONE and "counts" in shown.result
    counts = shown.result.get("counts", {})
    context = _context(
        dossier,
        job=shown,
        result=shown.result if checked else None,
        is_loaded=shown.task == LOAD,
        nothing_new=checked and not shown.result["problem_count"] and not (counts["new"] or counts["changed"]),
        may_load=checked and _may_load(request, dossier, shown),
        is_stale=checked and shown.task == CHECK and shown.result["edition"] != dossier.edition,
    )
    return render(request, "models_registry/dossiers/individuals_report.html", context)


@require_POST
def individuals_load(request, pk, job):
    """Write all of a checked file, or nothing."""
    dossier = sheet_or_404(request, pk)
    checked = _job_or_404(request, dossier, job)
    if not _may_load(request, dossier, checked):
        messages.warning(
            request,
            _("Không nhập được: tệp chưa kiểm tra xong, còn lỗi, hoặc bản đăng ký đã thay đổi từ lúc kiểm tra."),
        )
        return redirect("models_registry:individuals_report", dossier.pk, checked.pk)
    title = _("Nhập tệp %(name)s") % {"name": checked.arguments["name"]}
    load = _start(request, dossier, LOAD, title, checked=checked.pk, name=checked.arguments["name"])
    return redirect("models_registry:individuals_report", dossier.pk, load.pk)


def _may_load(request, dossier: Dossier, job: Job) -> bool:
    result = job.result
    right = job.task == CHECK and job.state == Job.State.DONE and result.get("problem_count") == 0
    news = right and (result["counts"]["new"] or result["counts"]["changed"])
    return bool(news) and result["edition"] == dossier.edition and held.may_edit(request, dossier)


def _start(request, dossier: Dossier, task: str, title: str, *, upload=None, **arguments) -> Job:
    arguments |= {"dossier": dossier.pk, "post": request.user.post.pk, "language": get_language()}
    return start_job(task, title=title, arguments=arguments, owner=request.user, at=timezone.now(), upload=upload)


def _jobs(request, dossier: Dossier):
    return Job.objects.visible_to(request.user).filter(task__in=[CHECK, LOAD], arguments__dossier=dossier.pk)


def _job_or_404(request, dossier: Dossier, pk: int) -> Job:
    found = _jobs(request, dossier).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _context(dossier: Dossier, **more) -> dict:
    section = held.sections_of(is_model=False)[held.INDIVIDUAL]
    return {"dossier": dossier, "section": section, "back": held.step_url(dossier, held.INDIVIDUAL), **more}
