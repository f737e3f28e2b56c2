"""Anybody checks a paper by its code, without signing in: what it is, never what it says."""

import hashlib

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from journal.uploads import takes_at_most
from reviews.check_codes import Malformed, is_sound, read, shown
from reviews.forms.papers import CodeForm
from reviews.queries.checked import Checked, checked

# A commune shares one address, and a code cannot be guessed: the limits only keep one machine from asking all day.
MOST_A_MINUTE = 60
MISSES_A_MINUTE = 10
LARGEST = 50 * 1024 * 1024
MALFORMED = _("Mã không đúng: cần đủ 16 chữ và số như in trên văn bản. Hãy xem lại từng ký tự rồi nhập lại.")


@login_not_required
@never_cache
@require_safe
def verify(request):
    """Ask for a code; a sound one leads to its page."""
    if _asks_too_much(request):
        return render(request, "429.html", status=429)
    if "code" not in request.GET:
        return render(request, "reviews/papers/verify.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if form.is_valid():
        try:
            return redirect("verify_code", shown(read(form.cleaned_data["code"])))
        except Malformed:
            form.add_error("code", MALFORMED)
    return render(request, "reviews/papers/verify.html", {"form": form}, status=422)


@takes_at_most(LARGEST)
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_code(request, typed):
    """Say which paper a code belongs to; a file sent along is compared and not kept.

    A code nobody was given and one with a slip of the pen get one answer, and after a few of them none for a minute.
    """
    if _asks_too_much(request) or _times(request, "missed", more=0) >= MISSES_A_MINUTE:
        return render(request, "429.html", status=429)
    try:
        code = read(typed)
    except Malformed:
        form = CodeForm({"code": typed[:60]})
        form.add_error("code", MALFORMED)
        return render(request, "reviews/papers/verify.html", {"form": form}, status=404)
    found = checked(code) if is_sound(code) else None
    context = {"form": CodeForm(), "code": shown(code), "paper": found}
    if found is None:
        _times(request, "missed")
        return render(request, "reviews/papers/verify.html", context, status=404)
    if request.method == "POST":
        context["compared"] = _compared(request.FILES.get("file"), found)
    return render(
        request, "reviews/papers/verify.html", context, status=422 if context.get("compared") == "none" else 200
    )


def _compared(file, paper: Checked) -> str:
    """Return "same", "other", or "none" where no file came that could be read."""
    if file is None or not file.size or file.size > LARGEST:
        return "none"
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return "same" if digest.hexdigest() in paper.digests else "other"


def _asks_too_much(request) -> bool:
    return _times(request, "asked") > MOST_A_MINUTE


def _times(request, what: str, *, more: int = 1) -> int:
    """Count so many `more` of this address within the minute and return how many; kept in the cache, whose loss only
    lets more through."""
    address = get_adapter().get_client_ip(request)
    key = f"verify-{what}-" + salted_hmac("verifying", address, algorithm="sha256").hexdigest()[:32]
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key, more)
    except ValueError:  # it ended between the two
        return more
