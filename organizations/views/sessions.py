"""Where one is signed in, and ending it there."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organizations import services
from organizations.devices import DEVICE, device_text
from organizations.models import Session
from organizations.services.sessions import mark_of


@require_safe
def sessions(request):
    """The browsers one is signed in by, this one first, then as they were used."""
    now = timezone.now()
    found = Session.objects.visible_to(request.user).lasting(now).order_by("-seen_at")
    rows = [_row(one, request.session.session_key) for one in found if not request.sign_in_ends.is_over(one, now)]
    rows.sort(key=lambda row: not row["present"])
    return render(request, "account/sessions.html", {"rows": rows, "ends": request.sign_in_ends})


def _row(session: Session, present: str) -> dict:
    told = session.get_decoded().get(DEVICE, {})
    return {
        "mark": mark_of(session),
        "device": device_text(told.get("agent", "")),
        "address": told.get("address", ""),
        "began_at": session.began_at,
        "seen_at": session.seen_at,
        "present": session.session_key == present,
    }


@require_POST
def end(request):
    """End the session a mark names, or without one all but this."""
    present, mark = request.session.session_key, request.POST.get("mark", "")
    ended = services.end_sessions(request.user, present=present, mark=mark, at=timezone.now())
    if ended:
        said = ngettext("Đã đăng xuất %(count)d máy.", "Đã đăng xuất %(count)d máy.", ended) % {"count": ended}
        messages.success(request, said)
    else:
        messages.info(request, _("Máy đó đã đăng xuất từ trước."))
    return redirect("account_sessions")
