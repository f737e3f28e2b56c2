"""Signing in and out, and the own password."""

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.middleware import SESSION_KEY


class SignIn(LoginView):
    """allauth's own view, whose stages later carry the second factor; a refused form answers 422 as all ours do."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@require_POST
def sign_out(request):
    """Only by POST: a link somewhere else must not sign anybody out."""
    logout(request)
    return redirect("account_login")


@require_POST
def switch_post(request):
    """Act in another of one's own current posts; the home page of that post follows."""
    chosen = request.POST.get("post", "")
    post = next((post for post in request.posts if str(post.pk) == chosen), None)
    if post is None:
        raise Http404
    request.session[SESSION_KEY] = post.pk
    messages.success(request, _("Bây giờ bạn làm việc với vai trò %(role)s.") % {"role": post})
    return redirect("home")
