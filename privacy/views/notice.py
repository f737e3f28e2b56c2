"""What everybody may read: what is held, why, for how long, and whom to ask."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.lists import Listing, listed
from models_registry.documents import word as word_file
from privacy.documents import paper_for
from privacy.forms import ControllerForm, RetentionForm
from privacy.models import Controller
from privacy.register import CATEGORIES
from privacy.retention import FIXED, RULES
from privacy.services.controller import keeps_register, say_who_answers
from privacy.services.retaining import choose_retention, days_chosen


def _register_file(request) -> Listing:
    return Listing(
        title=_("Sổ đăng ký hoạt động xử lý dữ liệu cá nhân"),
        heads=[
            _("Dữ liệu"), _("Của ai"), _("Mục đích"), _("Căn cứ"), _("Ai xem"), _("Giữ bao lâu"), _("Nhạy cảm"),
        ],
        rows=list(CATEGORIES.values()),
        line=lambda one: [
            str(value)
            for value in (
                one.name, one.whose, one.purpose, one.basis, one.seen_by, one.kept, _("Có") if one.sensitive else "",
            )
        ],
    )  # fmt: skip


@listed(_register_file)
@require_safe
def notice(request):
    """The register as everybody reads it, to print as well; one query."""
    context = {
        "controller": Controller.objects.visible_to(request.user).first(),
        "categories": CATEGORIES.items(),
        "keeps_register": keeps_register(request.user),
        "kept": _kept(),
        "fixed": FIXED,
    }
    return render(request, "privacy/notice.html", context)


@require_safe
def register_word(request):
    """The same as DOCX, to be signed and shown; two queries."""
    now, latest = timezone.now(), Controller.objects.visible_to(request.user).first()
    paper = paper_for(latest, _kept(), at=now)
    answer = HttpResponse(word_file.draw(paper, at=now), content_type=word_file.CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="so-dang-ky-xu-ly-du-lieu.docx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _kept():
    """Return (rule, days) of the retention table; one query."""
    chosen = days_chosen()
    return [(rule, chosen[key]) for key, rule in RULES.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def retention(request):
    """How long what is kept, how many rows go tonight, and choosing other days within the limits; ten queries."""
    if not keeps_register(request.user):
        raise PermissionDenied
    now, refused = timezone.now(), {}
    if request.method == "POST":
        form = RetentionForm(request.POST)
        if form.is_valid():
            try:
                choose_retention(**form.cleaned_data, by=request.user, at=now)
            except ValidationError as outside:
                form.add_error("days", outside.messages)
            else:
                messages.success(request, _("Đã lưu."))
                return redirect("privacy:retention")
        refused = {request.POST.get("key"): (request.POST.get("days", ""), form.errors.get("days", []))}
    chosen = days_chosen()
    rows = [
        {
            "key": key,
            "rule": rule,
            "days": chosen[key],
            "due": rule.due(_tonight(now) - timedelta(days=chosen[key])).count(),
            "typed": refused.get(key, (chosen[key], []))[0],
            "errors": refused.get(key, ("", []))[1],
        }
        for key, rule in RULES.items()
    ]
    context = {"rows": rows, "fixed": FIXED}
    return render(request, "privacy/retention.html", context, status=422 if request.method == "POST" else 200)


def _tonight(now):
    """Return the instant the nightly task runs next."""
    night = localtime(now).replace(hour=2, minute=40, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def controller(request):
    """Say who answers for the data of this installation."""
    if not keeps_register(request.user):
        raise PermissionDenied
    latest = Controller.objects.visible_to(request.user).first()
    sent = request.POST if request.method == "POST" else None
    form = ControllerForm(sent, initial=ControllerForm.kept(latest))
    if sent is not None and form.is_valid():
        say_who_answers(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Đã lưu."))
        return redirect("privacy:notice")
    return render(request, "privacy/controller.html", {"form": form}, status=422 if form.errors else 200)
