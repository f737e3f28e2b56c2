"""What everybody may read: what is held, why, for how long, and whom to ask."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journal.lists import Listing, listed
from privacy.forms import ControllerForm
from privacy.models import Controller
from privacy.register import CATEGORIES
from privacy.services.controller import keeps_register, say_who_answers


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
    }
    return render(request, "privacy/notice.html", context)


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
