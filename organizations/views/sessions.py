"""Where one is signed in, and ending it there; and what was sent just after a sign-in had ended."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations import services
from organizations.devices import DEVICE, device_text
from organizations.held import HELD, held_for
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


@require_http_methods(["GET", "HEAD", "POST"])
def held_form(request):
    """Show the form that was sent too late; a POST forgets it, and with "send" the browser sends it once more."""
    held, wanted = held_for(request), request.POST.get("next") or request.GET.get("next", "")
    back = wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "home"
    if held is None:
        return redirect(back)
    if request.method == "POST":
        del request.session[HELD]
        # 307: with everything that stands in this form, which is all that was sent before.
        return HttpResponse(status=307, headers={"Location": held["path"]}) if "send" in request.GET else redirect(back)
    # Keys, marks and choices go along unseen.
    texts = [text for _name, text in held["fields"] if " " in text.strip()]
    context = {"held": held, "texts": texts, "at": datetime.fromisoformat(held["at"]), "next": resolve_url(back)}
    return render(request, "account/held.html", context)
