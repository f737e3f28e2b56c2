"""Recognition: the list with its counts, the 19/5 list, one fact, recording it and taking it back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.jobs import start_job
from journal.sending import once
from models_registry.documents import pdf as pdf_file
from models_registry.documents import word as word_file
from models_registry.documents.honours import file_name, paper_for
from models_registry.forms.recognition import (
    ModelRecognitionForm,
    RecognitionFilter,
    UnitRecognitionForm,
    WithdrawRecognitionForm,
)
from models_registry.lifecycle import State
from models_registry.models import Dossier, Recognition
from models_registry.queries import recognition as queries
from models_registry.queries.adoption import units_adopting
from models_registry.services import recognition as services
from models_registry.tables import recognition_workbook
from models_registry.views.dossiers.held import posted
from organizations.permissions import Action, may

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def recognitions(request):
    """What was recognised within reach: counts by year, level and recipient, and the rows behind them; six queries."""
    user = _reader(request)
    form = RecognitionFilter(request.GET, years=queries.years_recorded(user))
    page = Paginator(queries.listed(user, **form.wanted()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "adopting": units_adopting([one.dossier_id for one in page if one.dossier_id]),
        "counts": queries.counts(user),
        "recipients": Recognition.Recipient,
        "records": may(user, Action.RECOGNISE),
        "this_year": localdate().year,
    }
    for one in page:
        one.adopting = context["adopting"].get(one.dossier_id, 0)
    return render(request, "models_registry/recognition/list.html", context)


@require_safe
def recognitions_xlsx(request):
    """The list as the address filters it."""
    user = _reader(request)
    form = RecognitionFilter(request.GET, years=queries.years_recorded(user))
    return _workbook(queries.listed(user, **form.wanted()), _("Ghi nhận, khen thưởng"), "ghi-nhan.xlsx")


@require_safe
def honours(request, year):
    """Who is proposed and who is commended for 19/5 of a year, to read and to print; three queries."""
    user = _reader(request)
    page = Paginator(queries.honoured(user, year), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "year": year, "body": user.post.unit, "draws_pdf": pdf_file.can_draw()}
    return render(request, "models_registry/recognition/honours.html", context)


@require_safe
def honours_xlsx(request, year):
    title = _("Danh sách đề nghị, khen thưởng dịp 19/5/%(year)d") % {"year": year}
    return _workbook(queries.honoured(_reader(request), year), title, f"{file_name(year)}.xlsx")


@require_safe
def honours_word(request, year):
    """The same as DOCX, in the layout of the own unit, to be signed; five queries."""
    user, now = _reader(request), timezone.now()
    answer = HttpResponse(word_file.draw(paper_for(user, year, at=now), at=now), content_type=word_file.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(year)}.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def honours_pdf(request, year):
    """Start drawing the same as PDF, and lead to where its progress is shown."""
    user = _reader(request)
    if not pdf_file.can_draw():
        raise Http404
    with once(request) as sending:
        job = start_job(
            "models_registry.tasks.draw_honours",
            title=_("Tạo PDF: danh sách 19/5/%(year)d") % {"year": year},
            arguments={"year": year, "post": user.post.pk, "language": request.LANGUAGE_CODE},
            owner=user,
            at=timezone.now(),
        )
        sending.leads_to = reverse("journal:job", args=[job.pk])
    return redirect(sending.leads_to)


@require_http_methods(["GET", "HEAD", "POST"])
def recognition(request, pk):
    """One fact; who records may take it back, or take out a name."""
    user, now = _reader(request), timezone.now()
    found = get_object_or_404(Recognition.objects.visible_to(user).with_names().select_related("recorded_by"), pk=pk)
    records = services.recognises(user, found.unit)
    form = WithdrawRecognitionForm(posted(request)) if records and not found.withdrawn_at else None
    if request.method == "POST":
        if not records:
            raise PermissionDenied
        if "unname" in request.POST:
            services.unname_recognition(pk, by=user, at=now)
            messages.success(request, _("Đã xóa họ tên; chỗ ấy ghi chức danh."))
            return redirect("models_registry:recognition", pk)
        if form is None or form.is_valid():
            services.withdraw_recognition(pk, reason=form.cleaned_data["reason"] if form else "", by=user, at=now)
            messages.success(request, _("Đã rút ghi nhận này."))
            return redirect("models_registry:recognition", pk)
    context = {"one": found, "form": form, "records": records}
    status = 422 if form is not None and form.errors else 200
    return render(request, "models_registry/recognition/one.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recognise(request):
    """Record a fact about a collective or an individual within reach."""
    user = _recorder(request)
    form = UnitRecognitionForm(posted(request), user=user, initial={"on": localdate()})

    def write(given):
        return services.recognise_unit(given.pop("unit"), by=user, at=timezone.now(), **given)

    return _recorded(request, form, write, {"title": _("Ghi nhận tập thể, cá nhân")})


@require_http_methods(["GET", "HEAD", "POST"])
def recognise_model(request, pk):
    """Record a fact about an approved model."""
    seen = Dossier.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(seen, pk=pk)
    if not found.is_model or found.state != State.APPROVED or not services.recognises(request.user, found.unit):
        raise PermissionDenied
    form = ModelRecognitionForm(posted(request), initial={"on": localdate()})

    def write(given):
        return services.recognise_model(pk, by=request.user, at=timezone.now(), **given)

    return _recorded(request, form, write, {"title": _("Ghi nhận mô hình"), "dossier": found})


def _recorded(request, form, write: Callable, context: dict):
    if form.is_bound and form.is_valid():
        try:
            with once(request) as sending:
                made = write(dict(form.cleaned_data))
                sending.leads_to = reverse("models_registry:recognition", args=[made.pk])
        except Dossier.DoesNotExist:
            raise Http404 from None
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Đã ghi nhận."))
            return redirect(sending.leads_to)
    context |= {"form": form}
    status = 422 if form.errors else 200
    return render(request, "models_registry/recognition/record.html", context, status=status)


def _workbook(rows, title: str, filename: str):
    book = recognition_workbook(rows.iterator(chunk_size=1000), title=title)
    return FileResponse(book, as_attachment=True, filename=filename, content_type=XLSX)


def _reader(request):
    if not may(request.user, Action.READ_FIGURES):
        raise PermissionDenied
    return request.user


def _recorder(request):
    if not may(request.user, Action.RECOGNISE):
        raise PermissionDenied
    return request.user
