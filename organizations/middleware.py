"""What stands between who signed in and the pages: how long, after what, and in which of the own posts."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from structlog.contextvars import bind_contextvars

from journal.acting import SESSION_KEY
from organizations.held import HELD, held_of
from organizations.models import Session
from organizations.second_factor import has_passed, has_second_factor, is_needed
from organizations.session_ends import SEEN_EVERY, ends_of


class SessionEndsMiddleware:
    """End a sign-in that was left alone, or has lasted, longer than the person's roles allow; note one that is in use.

    A form that was sent too late is held for its sender (`held`).

    Costs a query every SEEN_EVERY, no page one of its own. What the roles allow is left on `request.sign_in_ends`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._measure(request, request.session.kept, timezone.now())
        return self.get_response(request)

    def _measure(self, request, row, now):
        request.sign_in_ends = ends_of(request.user.current_posts)
        if request.sign_in_ends.is_over(row, now):
            held = held_of(request)
            request.session.flush()
            request.user = AnonymousUser()
            if held:
                request.session[HELD] = held
        elif now - row.seen_at > SEEN_EVERY and self._is_of_somebody(request):
            Session.objects.filter(pk=row.pk).update(seen_at=now)
            row.seen_at = now

    def _is_of_somebody(self, request) -> bool:
        """Whether somebody acts, and not a page left open, asking by itself; of such `account_stay` tells."""
        by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        return by_hand or request.path == reverse("account_stay")


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Ask for a sign-in, and lead on to the page then: of a form that was sent, to the one it stood on."""

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(_stood_on(request))


def _stood_on(request) -> str:
    """Return the path of the page a form was sent from, the home page where it is not told or not ours."""
    page = request.headers.get("Referer", "")
    same = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if same else "/"


class ActingPostMiddleware:
    """Set `request.user.post` to the chosen post, or the first current one; None when no post is current.

    The posts are read anew at every request with the person (`at_the_door`), so that access ends with the post. All
    current ones are left on `request.posts` for the switch in the header; no query.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            bind_contextvars(person=request.user.pk)
            request.posts = request.user.current_posts
            chosen = request.session.get(SESSION_KEY)
            request.user.post = next((post for post in request.posts if post.pk == chosen), None) or next(
                iter(request.posts), None
            )
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Let no browser or proxy keep what a signed-in person saw: after signing out, Back shows nothing.

    An answer that says itself how it may be kept is left alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        return response


class NewPasswordMiddleware:
    """Whoever must choose a new password gets no other page before."""

    # Who has a second factor shows it before choosing.
    OPEN = frozenset({"account_change_password", "mfa_authenticate", "account_logout", "account_stay", "set_language"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        waits = request.user.is_authenticated and request.user.must_change_password
        if waits and request.resolver_match.view_name not in self.OPEN:
            return redirect("account_change_password")
        return None


class SecondFactorMiddleware:
    """Whose role needs a second factor gets no other page before it was set up, or shown in this session.

    Asked anew at every request, so that a role given meanwhile asks for it too; no query but on the way there.
    """

    OPEN = NewPasswordMiddleware.OPEN | {
        "account_second_factor",
        "account_add_app",
        "account_add_key",
        "appearance",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.SECOND_FACTOR != "required" or not request.user.is_authenticated or has_passed(request):
            return None
        if not is_needed(request.user) or request.resolver_match.view_name in self.OPEN:
            return None
        asks = "mfa_authenticate" if has_second_factor(request.user) else "account_second_factor"
        back = request.get_full_path() if request.method in ("GET", "HEAD") else _stood_on(request)
        return redirect_to_login(back, reverse(asks))
