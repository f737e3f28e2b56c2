"""Signing in and out, and the own password."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from journal.acting import act_in
from journal.services import choices_of
from organizations import services
from organizations.forms.account import ChangePasswordForm, MailForm, ResetCodeForm
from organizations.models import Person
from organizations.services.attempts import begin_attempt, forgive
from organizations.services.passwords import CodeRefused
from organizations.sign_in import too_many_attempts
from organizations.views.second_factor import shown_first


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
def stay(request):
    """Tell that somebody is at work, which SessionEndsMiddleware notes; static/js/idle.js asks, warns and ends it."""
    return HttpResponse(status=204)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@shown_first
def change_password(request):
    """Change the own password; every other session of the person ends."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid() and _is_own_password(request, form):
        person = services.change_password(request.user, form.cleaned_data["new_password"], at=timezone.now())
        update_session_auth_hash(request, person)
        messages.success(request, _("Đã đổi mật khẩu. Các máy khác đang đăng nhập bằng tài khoản này đều bị thoát."))
        return redirect("home")
    return _answer(request, "account/password_change.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request):
    """Choose whether, where and in which language the daily mail comes, and of what one is told where."""
    person = request.user
    kept = {name: getattr(person, name) for name in ("email", "wants_mail", "mail_language")}
    form = MailForm(request.POST if request.method == "POST" else None, initial=kept, places=choices_of(person))
    if form.is_bound and form.is_valid():
        services.choose_mail(person, **form.mail(), notices=form.places(), at=timezone.now())
        messages.success(request, _("Đã lưu cách nhận lời nhắc."))
        return redirect("account_mail")
    context = {"form": form, "mail_on": settings.MAIL_ON}
    return render(request, "account/mail.html", context, status=422 if form.is_bound else 200)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_by_code(request):
    """Choose a new password by a one-time code, and be signed in."""
    form = ResetCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (person := _who_used_the_code(request, form)):
        return perform_login(request, Login(user=person))
    return _answer(request, "account/reset_code.html", form)


def _answer(request, template, form):
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)


def _is_own_password(request, form) -> bool:
    who, address = request.user.username, get_adapter().get_client_ip(request)
    if wait := begin_attempt(who, address, at=timezone.now()):
        form.add_error(None, too_many_attempts(wait))
        return False
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("Mật khẩu hiện nay không đúng."))
        return False
    forgive(who, address)
    return True


def _who_used_the_code(request, form) -> Person | None:
    given, address = form.cleaned_data, get_adapter().get_client_ip(request)
    if wait := begin_attempt(given["login"], address, at=timezone.now()):
        return form.add_error(None, too_many_attempts(wait))
    try:
        person = services.use_reset_code(given["login"], given["code"], given["new_password"], at=timezone.now())
    except CodeRefused:
        said = _("Mã không đúng, đã dùng rồi hoặc đã quá 72 giờ. Hãy xin quản trị viên mã mới.")
        return form.add_error("code", said)
    except ValidationError as weak:
        # Whoever has the code is who it was given to, and has not guessed at anything.
        forgive(given["login"], address)
        return form.add_error("new_password", weak)
    forgive(given["login"], address)
    return person


@require_POST
def switch_post(request):
    """Act in another of one's own current posts; where `next` leads follows, else the home page of that post."""
    chosen = request.POST.get("post", "")
    post = next((post for post in request.posts if str(post.pk) == chosen), None)
    if post is None or not act_in(request, post.pk):
        raise Http404
    if post.pk != request.user.post.pk:
        messages.success(request, _("Bây giờ bạn làm việc với vai trò %(role)s.") % {"role": post})
    wanted = request.POST.get("next", "")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "home")
