"""How a person is recognised at the door: by user name or telephone, one slow knock at a time."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.devices import DEVICE
from organizations.held import held_for
from organizations.models import Person
from organizations.second_factor import has_second_factor, is_needed
from organizations.services.attempts import begin_attempt, forgive

TYPED = "password_typed"


def is_as_typed(request, person) -> bool:
    """Whether the password is still the one that began the sign-in of this session."""
    return constant_time_compare(request.session.get(TYPED, ""), person.get_session_auth_hash())


class UserNameOrPhone(AuthenticationBackend):
    """Accept an active person's password under the user name or the telephone number."""

    def get_user(self, user_id):
        """Return the person of a session, while active, with what every page needs of them; one query."""
        person = Person.objects.at_the_door(user_id, timezone.now())
        return person if person is not None and self.user_can_authenticate(person) else None

    def _authenticate_by_username(self, username, password):
        person = Person.objects.known_as(username)
        if person is None or not self.user_can_authenticate(person):
            return None
        return self._check_password(person, password)


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "Tên đăng nhập (hoặc số điện thoại) và mật khẩu không khớp. Hãy thử lại."
        ),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def pre_authenticate(self, request, **credentials):
        """Count the attempt before looking at the password, so that guesses in parallel are counted too."""
        wait = begin_attempt(credentials["username"], self.get_client_ip(request), at=timezone.now())
        if wait:
            raise ValidationError(too_many_attempts(wait), code="too_many_login_attempts")

    def authenticate(self, request, **credentials):
        person = super().authenticate(request, **credentials)
        if person is not None:
            forgive(credentials["username"], self.get_client_ip(request))
        return person

    def pre_login(self, request, user, **kwargs):
        """Note which password was right: while the second factor is asked for, it may be changed."""
        request.session[TYPED] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """Sign in under a new session key, and note where from, for the list of one's own sessions."""
        super().login(request, user)
        request.session.pop(TYPED, None)
        agent = request.headers.get("User-Agent", "")[:300]
        request.session[DEVICE] = {"agent": agent, "address": self.get_client_ip(request)}

    def post_login(self, request, user, **kwargs) -> HttpResponse:
        """Lead on, past a form that was sent too late, and the page that asks for a second factor where it is needed
        and there is none."""
        response = super().post_login(request, user, **kwargs)
        if held_for(request):
            response = redirect_to_login(response.url, reverse("account_held"))
        if is_needed(Person.objects.at_the_door(user.pk, timezone.now())) and not has_second_factor(user):
            return redirect_to_login(response.url, reverse("account_second_factor"))
        return response

    def _rollback_login_failed_rl_usage(self):
        """Nothing to roll back: `forgive` wipes our own count."""


def too_many_attempts(wait) -> str:
    """Return the sentence that says how long to wait; `wait` is a timedelta."""
    seconds = int(wait.total_seconds()) + 1
    if seconds < 60:
        return _("Thử quá nhiều lần. Hãy đợi %(count)d giây rồi thử lại.") % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Thử quá nhiều lần. Hãy đợi %(count)d phút rồi thử lại.",
        "Thử quá nhiều lần. Hãy đợi %(count)d phút rồi thử lại.",
        minutes,
    ) % {"count": minutes}
