"""Which of one's posts one acts in, kept in the session and chosen in the header."""

from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from journal.acting import SESSION_KEY


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Ask for a sign-in, and lead on to the page then: of a form that was sent, to the one it stood on."""

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        stood_on = request.headers.get("Referer", "")
        same = url_has_allowed_host_and_scheme(stood_on, {request.get_host()}, request.is_secure())
        return redirect_to_login(urlsplit(stood_on)._replace(scheme="", netloc="").geturl() if same else "/")


class ActingPostMiddleware:
    """Set `request.user.post` to the chosen post, or the first current one; None when no post is current.

    The posts are read anew at every request with the person (`at_the_door`), so that access ends with the post. All
    current ones are left on `request.posts` for the switch in the header; no query.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
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

    OPEN = frozenset({"account_change_password", "account_logout", "account_stay", "set_language"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        waits = request.user.is_authenticated and request.user.must_change_password
        if waits and request.resolver_match.view_name not in self.OPEN:
            return redirect("account_change_password")
        return None
