"""The second factor beside the password: setting it up, showing it at sign-in, and the codes for when it is lost."""

import base64
import struct
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as keys
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations import services
from organizations.forms.second_factor import AppForm, CodeForm, KeyForm, PasswordForm, RecoveryForm, ShownKeyForm
from organizations.models import Person
from organizations.second_factor import has_passed, has_second_factor, is_needed, pass_on
from organizations.services.attempts import begin_attempt, begin_code, forgive, forgive_code
from organizations.services.passwords import CodeRefused
from organizations.services.second_factor import LastFactor
from organizations.sign_in import is_as_typed, too_many_attempts
from organizations.views.units import FORM_METHODS, posted

Kind = Authenticator.Type
# What reading a credential may raise that no browser made.
UNREADABLE = (ValidationError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error)
WAYS = {"app": CodeForm, "key": ShownKeyForm, "recovery": RecoveryForm}


# --- at sign-in -------------------------------------------------------------------------------------------------------
@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request):
    """Ask for the second factor: of who has just typed the password, or is signed in where it is needed only now."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    person = stage.login.user if stage else request.user
    if stage is None and (not request.user.is_authenticated or has_passed(request)):
        return redirect(_next(request))
    if stage and not is_as_typed(request, person):
        messages.error(request, _("Mật khẩu vừa được đổi. Hãy đăng nhập lại."))
        return stage.abort()
    if stage and "leave" in request.POST:
        return stage.abort()
    ways = _ways_of(person)
    if not ways:
        return redirect("account_second_factor")
    way = request.GET.get("way") if request.GET.get("way") in ways else ways[0]
    if way == "key" and "begin" in request.POST:
        return JsonResponse(keys.begin_authentication(person))
    form = WAYS[way](posted(request))
    if form.is_valid() and _is_shown(request, person, way, form):
        pass_on(request.session, person)
        return stage.exit() if stage else redirect(_next(request))
    context = {"form": form, "way": way, "ways": ways, "leaves": stage is not None, "next": _next(request)}
    return render(request, "account/second_factor_show.html", context, status=422 if form.is_bound else 200)


def _ways_of(person) -> list[str]:
    """Return how a person may show it: the app first, recovery codes last; nothing where none is set up. One query."""
    kinds = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    ways = [way for way, kind in (("app", Kind.TOTP), ("key", Kind.WEBAUTHN)) if kind in kinds]
    return [*ways, "recovery"] if ways else []


def _is_shown(request, person, way: str, form) -> bool:
    """Whether what was sent is the person's second factor; slowed, and said at the form, where it is not."""
    now, address = timezone.now(), get_adapter().get_client_ip(request)
    if wait := begin_code(person, address, at=now):
        form.add_error(None, too_many_attempts(wait))
        return False
    try:
        _use(request, person, way, form.cleaned_data, now)
    except CodeRefused:
        form.add_error(None if way == "key" else "code", REFUSED[way]())
        return False
    forgive_code(person, address)
    return True


REFUSED = {
    "app": lambda: _("Mã không đúng hoặc đã dùng rồi. Hãy đợi mã mới trong ứng dụng rồi nhập lại."),
    "key": lambda: _("Không nhận ra khóa này. Hãy thử lại, hoặc dùng cách khác."),
    "recovery": lambda: _("Mã khôi phục không đúng hoặc đã dùng rồi."),
}


def _use(request, person, way: str, typed: dict, now) -> None:
    if way == "app":
        services.use_app(person, typed["code"], at=now)
    elif way == "key":
        try:
            keys.parse_authentication_response(typed["credential"])
            keys.complete_authentication(person, typed["credential"]).record_usage()
        except UNREADABLE as wrong:
            raise CodeRefused from wrong
    else:
        left = services.use_recovery_code(person, typed["code"], at=now)
        text = _("Bạn vừa dùng một mã khôi phục; còn %(left)d mã. Nếu mất điện thoại, hãy cài lại ứng dụng xác thực.")
        messages.warning(request, text % {"left": left})


def shown_first(view):
    """Let nobody change a second factor who has not shown it: not by a session from before it was set up."""

    @wraps(view)
    def asked(request):
        if not has_passed(request) and has_second_factor(request.user):
            return redirect_to_login(request.path, reverse("mfa_authenticate"))
        return view(request)

    return asked


# --- one's own --------------------------------------------------------------------------------------------------------
@require_safe
def own(request):
    """What stands of one's own second factor; without one, why, and how to set it up."""
    rows = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    context = {
        "app": next((row for row in rows if row.type == Kind.TOTP), None),
        "keys": [row for row in rows if row.type == Kind.WEBAUTHN],
        "is_on": bool(rows),
        "codes_left": request.user.recovery_codes.open().count() if rows else 0,
        "is_needed": is_needed(request.user),
        "must": settings.SECOND_FACTOR == "required",
        "takes_keys": _takes_keys(request),
        "next": _next(request),
        "at_sign_in": "next" in request.GET,
    }
    return render(request, "account/second_factor.html", context)


@sensitive_post_parameters()
@never_cache
@FORM_METHODS
@shown_first
def add_app(request):
    """Show a new secret as a picture and as text, and take the app's first code; then the recovery codes."""
    person, fresh = request.user, _is_fresh(request)
    form = AppForm(posted(request), person=person, secret=generate_totp_secret(), fresh=fresh)
    if form.is_valid() and _is_own(request, form):
        try:
            codes = services.add_app(person, form.secret, form.cleaned_data["code"], **_here_and_now(request))
        except CodeRefused:
            form.add_error("code", _("Mã không đúng. Hãy nhập mã 6 số đang hiện trong ứng dụng."))
        else:
            return _added(request, codes)
    address = get_mfa_adapter().build_totp_url(person, form.secret)
    picture = base64.b64encode(get_mfa_adapter().build_totp_svg(address).encode()).decode()
    context = {"form": form, "address": address, "picture": picture, "next": _next(request)}
    return render(request, "account/second_factor_app.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@FORM_METHODS
@shown_first
def add_key(request):
    """Set up a key, or what the device offers (a fingerprint, a face); static/js/security-key.js asks for it."""
    if not _takes_keys(request):
        raise Http404
    form = KeyForm(posted(request), fresh=_is_fresh(request))
    if form.is_valid() and _is_own(request, form):
        if not (credential := form.cleaned_data["credential"]):
            return JsonResponse(keys.begin_registration(request.user, False))
        try:
            keys.parse_registration_response(credential)
            keys.complete_registration(credential)
        except UNREADABLE:
            form.add_error(None, _("Máy này không tạo được khóa. Hãy thử lại, hoặc dùng ứng dụng xác thực."))
        else:
            name = form.cleaned_data["name"] or _("Khóa bảo mật")
            return _added(request, services.add_key(request.user, name, credential, **_here_and_now(request)))
    context = {"form": form, "next": _next(request)}
    return render(request, "account/second_factor_key.html", context, status=422 if form.is_bound else 200)


def _here_and_now(request) -> dict:
    return {"at": timezone.now(), "present": request.session.session_key}


@require_POST
@shown_first
def remove_key(request):
    """Remove a key; to remove the only one is to turn the second factor off, whose page asks for the password."""
    try:
        services.remove_key(request.user, int(request.POST.get("key", "")), at=timezone.now())
    except (ValueError, Authenticator.DoesNotExist) as unknown:
        raise Http404 from unknown
    except LastFactor:
        return redirect("account_second_factor_off")
    messages.success(request, _("Đã gỡ khóa bảo mật."))
    return redirect("account_second_factor")


@sensitive_post_parameters()
@never_cache
@FORM_METHODS
@shown_first
def recovery_codes(request):
    """Make new recovery codes and show them this once; those before end."""
    if not Authenticator.objects.filter(user=request.user).exists():
        raise Http404
    form = PasswordForm(posted(request), fresh=_is_fresh(request))
    if form.is_bound and form.is_valid() and _is_own(request, form):
        return _codes_page(request, services.make_recovery_codes(request.user, at=timezone.now()))
    context = {"form": form, "left": request.user.recovery_codes.open().count()}
    return render(request, "account/recovery_codes_new.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@FORM_METHODS
@shown_first
def turn_off(request):
    """Turn the own second factor off; who needs one only ever changes it."""
    if is_needed(request.user):
        raise PermissionDenied
    form = PasswordForm(posted(request), fresh=False)
    if form.is_valid() and _is_own(request, form):
        services.drop_second_factor(request.user, at=timezone.now())
        messages.success(request, _("Đã tắt xác thực hai lớp."))
        return redirect("account_second_factor")
    return render(request, "account/second_factor_off.html", {"form": form}, status=422 if form.is_bound else 200)


FRESH_MINUTES = 15


def _is_fresh(request) -> bool:
    """Whether the password was typed so lately that it need not be typed again."""
    return (timezone.now() - request.session.kept.began_at).total_seconds() < FRESH_MINUTES * 60


def _is_own(request, form) -> bool:
    """Whether the password typed again is the own one, guessing slowed as at the door; where none is asked for, yes."""
    if "password" not in form.fields:
        return True
    who, address = request.user.username, get_adapter().get_client_ip(request)
    if wait := begin_attempt(who, address, at=timezone.now()):
        form.add_error(None, too_many_attempts(wait))
        return False
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("Mật khẩu hiện nay không đúng."))
        return False
    forgive(who, address)
    return True


def _added(request, codes: list[str]):
    """Go on with a second factor just set up: this session has shown it; recovery codes made with it are read first."""
    pass_on(request.session, request.user)
    messages.success(request, _("Đã bật xác thực hai lớp."))
    return _codes_page(request, codes) if codes else redirect(_next(request))


def _codes_page(request, codes: list[str]):
    person: Person = request.user
    context = {"codes": codes, "person": person, "made_at": timezone.now(), "next": _next(request)}
    return render(request, "account/recovery_codes.html", context)


def _takes_keys(request) -> bool:
    """Whether a browser makes keys for this address: over HTTPS, or on the machine itself under its name."""
    host = request.get_host().partition(":")[0]
    return host == "localhost" or (request.is_secure() and not host.replace(".", "").isdigit())


def _next(request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if fits else resolve_url("home")
